import socket
import time

import pytest

from sandbox import Domain, Open, OwnHost, Sandbox, SharedHosts, Shut, Silent, Slammed, Tls, world_of


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


def test_a_host_may_offer_tls_and_then_forgets_what_it_heard_before(serve, call):
    sandbox = serve(domain_with(Open(tls=Tls.OFFERED)))
    caller = call(sandbox, "rye.sandbox")
    assert caller.read().startswith("220")
    assert "250 STARTTLS" in caller.say("EHLO prober.sandbox")

    assert caller.start_tls() == "TLSv1.3"

    assert caller.say("MAIL FROM:<>").startswith("503")
    assert "STARTTLS" not in caller.say("EHLO prober.sandbox")
    assert caller.say("STARTTLS").startswith("503")
    assert caller.say("MAIL FROM:<>").startswith("250")
    assert caller.rcpt("postmaster@rye.sandbox").startswith("250")
    assert caller.say("QUIT").startswith("221")
    counters = sandbox.counters()
    assert (counters.sessions, counters.encrypted, counters.abandoned) == (1, 1, 0)


def test_a_host_that_offers_tls_can_be_asked_without_it(serve, rcpt):
    sandbox = serve(domain_with(Open(tls=Tls.OFFERED)))

    assert rcpt(sandbox, "postmaster@rye.sandbox").startswith("250")
    assert sandbox.counters().encrypted == 0


def test_what_is_slipped_in_before_the_handshake_is_not_heard(serve, call):
    caller = call(serve(domain_with(Open(tls=Tls.OFFERED))), "rye.sandbox")
    assert caller.read().startswith("220")
    caller.say("EHLO prober.sandbox")
    caller.write(b"STARTTLS\r\nNOOP\r\n")

    assert caller.read().startswith("220 ")
    caller.shake_hands()
    assert caller.say("EHLO prober.sandbox").startswith("250-")


def test_a_host_may_let_nobody_in_without_tls(serve, rcpt, call):
    sandbox = serve(domain_with(Open(tls=Tls.REQUIRED)))
    caller = call(sandbox, "rye.sandbox")
    assert caller.read().startswith("220")
    caller.say("EHLO prober.sandbox")

    assert caller.say("MAIL FROM:<>").startswith("530 5.7.0")
    assert rcpt(sandbox, "postmaster@rye.sandbox", under_tls=True).startswith("250")


@pytest.mark.parametrize("tls", [Tls.BROKEN, Tls.BROKEN_REQUIRED])
def test_a_host_may_fail_at_the_handshake(serve, call, tls):
    sandbox = serve(domain_with(Open(tls=tls)))
    caller = call(sandbox, "rye.sandbox")
    assert caller.read().startswith("220")
    caller.say("EHLO prober.sandbox")

    with pytest.raises(OSError, match=r"."):
        caller.start_tls()

    counters = sandbox.counters()
    assert (counters.encrypted, counters.forced_disconnects, counters.abandoned) == (0, 1, 0)


def test_a_host_without_tls_knows_nothing_of_it(serve, call):
    caller = call(serve(domain_with(Open())), "rye.sandbox")
    assert caller.read().startswith("220")

    assert "STARTTLS" not in caller.say("EHLO prober.sandbox")
    assert caller.say("STARTTLS").startswith("503")
