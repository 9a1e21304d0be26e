import socket
import time

import pytest

from sandbox import Domain, Open, OwnHost, Sandbox, SharedHosts, Shut, Silent, Slammed, world_of


def domain_with(door):
    return Domain("rye.sandbox", delivery=OwnHost(door))


def test_a_slow_banner_comes_after_its_time_and_then_all_is_well(serve, call, rcpt):
    sandbox = serve(domain_with(Open(after_s=0.2)))
    began = time.monotonic()

    reply = rcpt(sandbox, "postmaster@rye.sandbox")

    assert reply.startswith("250")
    assert time.monotonic() - began >= 0.2


def test_what_is_said_before_the_banner_waits_for_it(serve, call):
    caller = call(serve(domain_with(Open(after_s=0.1))), "rye.sandbox")
    caller.write(b"NOOP\r\n")

    assert caller.read().startswith("220 ")
    assert caller.read().startswith("250 ")


def test_a_banner_may_have_several_lines(serve, call):
    banner = call(serve(domain_with(Open(lines=3))), "rye.sandbox").read().split("\n")

    assert [line[:4] for line in banner] == ["220-", "220-", "220 "]


def test_a_silent_host_takes_the_connection_and_says_nothing(serve, call, eventually):
    sandbox = serve(domain_with(Silent()))
    caller = call(sandbox, "rye.sandbox")
    eventually(lambda: sum(sandbox.counters().connections_by_host.values()) == 1)
    caller.socket.settimeout(0.2)

    with pytest.raises(TimeoutError):
        caller.say("EHLO prober.sandbox")

    assert sandbox.counters().sessions == 0


def test_a_host_may_drop_the_connection_at_once(serve, call):
    sandbox = serve(domain_with(Slammed()))

    assert call(sandbox, "rye.sandbox").read() == ""
    assert sandbox.counters().forced_disconnects == 1


def test_a_shut_host_refuses_the_connection_and_keeps_its_port_free_of_others(serve, call):
    sandbox = serve(domain_with(Shut()))
    ip = next(iter(sandbox.world.hosts))

    with pytest.raises(ConnectionRefusedError):
        call(sandbox, "rye.sandbox")
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((ip, sandbox.smtp_port))


def test_421_is_the_banner_above_the_limit_of_sessions_and_only_there(serve, call, eventually):
    sandbox = serve(domain_with(Open(at_once=2)))
    first, second = (call(sandbox, "rye.sandbox").introduce() for _ in range(2))
    third = call(sandbox, "rye.sandbox")

    assert third.read().startswith("421 ")
    assert third.read() == ""
    assert first.say("QUIT").startswith("221")
    assert call(sandbox, "rye.sandbox").read().startswith("220 ")
    assert second.rcpt("postmaster@rye.sandbox").startswith("250")
    assert sandbox.counters().sessions == 3


def test_domains_may_share_hosts_and_have_a_backup(call):
    plum = Domain("plum.sandbox", delivery=SharedHosts(("dead.sandbox", "mx1.sandbox")))
    pear = Domain(
        "pear.sandbox", delivery=SharedHosts(("mx1.sandbox",), known_as="pear-sandbox.edge.sandbox")
    )
    world = world_of([plum, pear], shared={"dead.sandbox": Shut(), "mx1.sandbox": Open()})

    with Sandbox(world) as sandbox:
        caller = call(sandbox, "pear.sandbox").introduce()

        assert caller.rcpt("postmaster@plum.sandbox").startswith("250")
        assert caller.rcpt("postmaster@pear.sandbox").startswith("250")
        with pytest.raises(ConnectionRefusedError):
            call(sandbox, "plum.sandbox")


def test_a_round_trip_delays_each_reply(serve, call):
    sandbox = serve(domain_with(Open()), round_trip_ms=40)
    caller = call(sandbox, "rye.sandbox").introduce()
    began = time.monotonic()

    assert caller.rcpt("postmaster@rye.sandbox").startswith("250")
    assert caller.say("QUIT").startswith("221")

    assert time.monotonic() - began >= 0.08
    assert caller.read() == ""
