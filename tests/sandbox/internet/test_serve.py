"""The mail internet over real sockets, in a process of its own."""

import json
import signal
import socket
import subprocess
import sys
import time

import dnslib
import pytest

from sandbox.internet import Internet, Shape

START = [sys.executable, "-m", "sandbox.internet", "--rows", "200"]


@pytest.fixture
def program(tmp_path):
    running = []

    def start(*options: str):
        counters = tmp_path / "counters.json"
        process = subprocess.Popen(
            [*START, "--counters", str(counters), *options], stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        return process, json.loads(process.stdout.readline()), counters

    yield start
    for process in running:
        process.kill()
        process.stdout.close()
        process.wait()


def find_host(environment: dict[str, str], domain: str) -> str:
    ip, port = environment["RESOLVERS"].split(":")
    exchange = dnslib.DNSRecord.parse(dnslib.DNSRecord.question(domain, "MX").send(ip, int(port), timeout=10))
    host = str(exchange.rr[0].rdata.label)
    return str(dnslib.DNSRecord.parse(dnslib.DNSRecord.question(host, "A").send(ip, int(port))).rr[0].rdata)


def test_a_list_is_asked_about_in_one_flight_and_what_happened_is_counted(program, eventually):
    process, environment, file = program()
    listed = [each for each in Internet(Shape(200)).addresses() if each.endswith("@harvest.sandbox")][:5]
    asked = "".join(f"RCPT TO:<{address}>\r\n" for address in listed)

    with socket.create_connection(
        (find_host(environment, "harvest.sandbox"), int(environment["SMTP_PORT"])), timeout=10
    ) as client:
        heard = client.makefile("rb")
        assert heard.readline().startswith(b"220 ")
        client.sendall(f"EHLO a.sandbox\r\nMAIL FROM:<>\r\n{asked}QUIT\r\n".encode())
        replies = heard.read().decode().splitlines()
    process.send_signal(signal.SIGUSR1)
    eventually(file.exists)
    counted = json.loads(file.read_text())

    assert [line[:3] for line in replies if line[3] == " "][2:-1] == [
        {"valid": "250", "invalid": "550", "risky": "552"}[Internet(Shape(200)).truth(each).status]
        for each in listed
    ]
    assert (counted["sessions"], counted["rcpts"], counted["abandoned"]) == (1, 5, 0)
    assert counted["answered"]["consumer"] == 5
    assert counted["queries"] == 2
    process.terminate()
    assert process.wait(timeout=20) == 0


def test_the_banner_takes_two_round_trips_and_a_flight_one(program):
    _, environment, _ = program("--round-trip-ms", "60")
    ip = find_host(environment, "harvest.sandbox")

    began = time.monotonic()
    with socket.create_connection((ip, int(environment["SMTP_PORT"])), timeout=10) as client:
        heard = client.makefile("rb")
        heard.readline()
        greeted = time.monotonic()
        client.sendall(b"NOOP\r\nNOOP\r\nQUIT\r\n")
        assert len(heard.read().splitlines()) == 3
    assert greeted - began >= 0.115
    assert time.monotonic() - greeted >= 0.055


def test_a_ban_closes_the_sessions_that_are_open(program):
    process, environment, file = program("--strict-rows", "100")
    where = find_host(environment, "amaranth.strictpost.sandbox"), int(environment["SMTP_PORT"])
    admitted = [socket.create_connection(where, timeout=10) for _ in range(5)]
    for client in admitted:
        assert client.recv(100).startswith(b"220 ")
    with socket.create_connection(where, timeout=10) as sixth:
        assert sixth.recv(100).startswith(b"421 ")

    banner = b""
    while not banner.startswith(b"554 "):
        with socket.create_connection(where, timeout=10) as late:
            banner = late.recv(100)

    assert [client.recv(100) for client in admitted] == [b""] * 5
    for client in admitted:
        client.close()
    process.terminate()
    process.wait(timeout=20)
    assert (json.loads(file.read_text())["warnings"], json.loads(file.read_text())["bans"]) == (1, 1)
