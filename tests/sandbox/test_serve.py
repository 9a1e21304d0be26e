import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading

import pytest

from sandbox import Domain, Sandbox, build_world, world_of
from sandbox.names import ascii_name, find_mail


def test_the_environment_names_what_is_served(serve):
    sandbox = serve(Domain("plum.sandbox"))

    assert sandbox.environment() == {
        "RESOLVERS": f"127.0.0.1:{sandbox.dns_port}",
        "SMTP_PORT": str(sandbox.smtp_port),
        "ALLOW_PRIVATE_NETWORKS": "true",
    }
    assert sandbox.resolvers == f"127.0.0.1:{sandbox.dns_port}"


def test_the_ports_may_be_told_and_taken_again_after_use(call):
    with Sandbox(world_of([Domain("plum.sandbox")])) as first:
        call(first, "plum.sandbox").introduce().say("QUIT")
    ports = {"dns_port": first.dns_port, "smtp_port": first.smtp_port}

    with Sandbox(first.world, **ports) as second:
        assert (second.dns_port, second.smtp_port) == (first.dns_port, first.smtp_port)
        call(second, "plum.sandbox").introduce()


def test_a_taken_port_is_told_at_once_and_leaves_nothing_open(serve):
    sandbox = serve(Domain("plum.sandbox"))
    threads = threading.active_count()

    with pytest.raises(OSError, match="in use"), Sandbox(sandbox.world, smtp_port=sandbox.smtp_port):
        pass

    assert threading.active_count() == threads


def test_two_sandboxes_can_run_side_by_side(serve, rcpt):
    first, second = serve(Domain("plum.sandbox")), serve(Domain("fig.sandbox"))

    assert rcpt(first, "postmaster@plum.sandbox").startswith("250")
    assert rcpt(second, "postmaster@fig.sandbox").startswith("250")


def test_stopping_closes_everything(call, lookup):
    with Sandbox(world_of([Domain("plum.sandbox")])) as sandbox:
        caller = call(sandbox, "plum.sandbox").introduce()
        stream = socket.create_connection(("127.0.0.1", sandbox.dns_port), timeout=10)

    assert caller.read() == ""
    with stream, contextlib.suppress(ConnectionResetError):
        assert stream.recv(1) == b""
    assert all(thread.name != "sandbox" for thread in threading.enumerate())
    with pytest.raises(ConnectionRefusedError):
        call(sandbox, "plum.sandbox")


def test_a_world_without_hosts_can_be_served(serve):
    assert serve().smtp_port > 0


def test_every_domain_of_a_built_world_answers_as_its_truth_says(rcpt):
    world = build_world(11, 300)
    codes = {"accepted": "250", "mailbox_missing": "550", "mailbox_disabled": "550", "accept_all": "250"}
    with Sandbox(world) as sandbox:
        asked = [
            (address, reason)
            for address in world.addresses
            for reason in world.truth(address).reasons & codes.keys()
            if world.domains[ascii_name(address.rpartition("@")[2])].kind
            not in {"greylisting", "slow_banner", "backup_mx"}
        ]
        answers = {}
        for address, _ in asked:
            local_part, _, name = address.rpartition("@")
            under_tls = world.domains[ascii_name(name)].kind in {"tls_offered", "tls_required"}
            answers[address] = rcpt(sandbox, f"{local_part}@{ascii_name(name)}", under_tls=under_tls)

    assert len(asked) > 100
    assert all(answers[address].startswith(codes[reason]) for address, reason in asked)
    assert any("bücher" in address for address in answers)
    assert sandbox.counters().encrypted >= 10


@pytest.fixture
def program(tmp_path):
    command = [sys.executable, "-m", "sandbox", "--seed", "3", "--addresses", "60", "--greylist-delay", "0.5"]
    files = {name: tmp_path / name for name in ("sample.csv", "truth.csv", "counters.json")}
    options = [text for name, path in files.items() for text in (f"--{name.partition('.')[0]}", str(path))]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stdout.readline()), files
        finally:
            process.kill()


def test_the_program_serves_until_told_to_stop_and_writes_what_happened(program, eventually):
    process, environment, files = program
    world = build_world(3, 60, greylist_delay_s=0.5)
    ip = find_mail(world.zone, "gmail.com")[0]
    assert sum(1 for _ in files["truth.csv"].open(encoding="utf-8")) == 61
    assert "Customer no." in files["sample.csv"].read_text(encoding="utf-8")

    with socket.create_connection((ip, int(environment["SMTP_PORT"])), timeout=10) as client:
        assert client.recv(100).startswith(b"220 ")
        process.send_signal(signal.SIGUSR1)
        eventually(files["counters.json"].exists)
    assert json.loads(files["counters.json"].read_text())["sessions"] == 1
    assert process.poll() is None

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=20) == 0
    assert json.loads(files["counters.json"].read_text())["connections_by_host"] == {ip: 1}


def test_the_program_writes_its_counters_to_the_standard_output_without_a_file():
    command = [sys.executable, "-m", "sandbox", "--addresses", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert "RESOLVERS" in json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        counters = json.loads(process.stdout.readline())

    assert counters["sessions"] == 0
    assert process.returncode == 0
