import smtplib

import pytest

from sandbox import Domain
from sandbox.behaviour import User

PLUM = Domain("plum.sandbox", users={"pear7": User.EXISTING})


@pytest.fixture
def sandbox(serve):
    return serve(PLUM)


@pytest.fixture
def caller(sandbox, call):
    caller = call(sandbox, "plum.sandbox")
    assert caller.read().startswith("220 mx.plum.sandbox ")
    return caller


def test_smtplib_gets_along_with_a_host(sandbox):
    ip = next(iter(sandbox.world.hosts))
    with smtplib.SMTP(ip, sandbox.smtp_port, local_hostname="prober.sandbox", timeout=10) as client:
        assert client.ehlo()[0] == 250
        assert {"size", "pipelining", "8bitmime", "enhancedstatuscodes"} <= client.esmtp_features.keys()
        assert client.mail("verify@prober.sandbox", ["SIZE=100", "BODY=8BITMIME"])[0] == 250
        assert client.rcpt("pear7@plum.sandbox")[0] == 250
        assert client.rcpt("fig@plum.sandbox")[0] == 550
        assert client.rset()[0] == 250
        assert client.verify("pear7")[0] == 252
        assert client.noop()[0] == 250


def test_helo_is_enough(caller):
    assert caller.say("HELO prober.sandbox") == "250 mx.plum.sandbox"
    assert caller.say("MAIL FROM:<>").startswith("250")
    assert caller.say("RCPT TO:<pear7@plum.sandbox>").startswith("250")


def test_commands_are_known_in_any_case(caller):
    assert caller.say("eHLo prober.sandbox").startswith("250-")
    assert caller.say("mail from: <verify@prober.sandbox>").startswith("250")
    assert caller.say("rcpt to:<PEAR7@Plum.Sandbox>").startswith("250")
    assert caller.say("quit").startswith("221")


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (["MAIL FROM:<a@b.sandbox>"], "503"),
        (["EHLO x", "RCPT TO:<pear7@plum.sandbox>"], "503"),
        (["EHLO x", "MAIL FROM:<>", "MAIL FROM:<>"], "503"),
        (["EHLO x", "MAIL FROM:<>", "RSET", "RCPT TO:<pear7@plum.sandbox>"], "503"),
        (["EHLO x", "MAIL FROM:<>", "EHLO x", "RCPT TO:<pear7@plum.sandbox>"], "503"),
        (["EHLO"], "501"),
        (["HELO"], "501"),
        (["VRFY"], "501"),
        (["EHLO x", "MAIL FROM:a@b.sandbox"], "501"),
        (["EHLO x", "MAIL TO:<a@b.sandbox>"], "501"),
        (["EHLO x", "MAIL FROM:<>", "RCPT TO:<>"], "501"),
        (["EHLO x", "MAIL FROM:<>", "RCPT TO:<pear7>"], "501"),
        (["EHLO x", "MAIL FROM:<>", "RCPT TO:<pëar7@plum.sandbox>"], "501"),
        (["EHLO x", "MAIL FROM:<> SMTPUTF8"], "555"),
        (["EHLO x", "MAIL FROM:<>", "RCPT TO:<pear7@plum.sandbox> NOTIFY=NEVER"], "555"),
        (["TURN"], "500"),
        ([""], "500"),
    ],
)
def test_bad_commands_get_the_code_of_their_fault(caller, commands, code):
    *before, last = commands
    for command in before:
        assert caller.say(command).startswith("250")

    assert caller.say(last).startswith(code)
    assert caller.say("NOOP").startswith("250")


def test_pipelined_commands_are_answered_in_order(caller):
    caller.write(
        b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<pear7@plum.sandbox>\r\nRCPT TO:<fig@plum.sandbox>\r\nQUIT\r\n"
    )

    assert [caller.read()[:3] for _ in range(5)] == ["250", "250", "250", "550", "221"]
    assert caller.read() == ""


def test_data_and_bdat_are_refused_and_counted_and_the_chunk_is_passed_over(sandbox, caller):
    assert caller.say("DATA").startswith("554")
    caller.write(b"BDAT 12 LAST\r\nQUIT\r\nQUIT\r\nNOOP\r\n")

    assert caller.read().startswith("554")
    assert caller.read().startswith("250")
    assert sandbox.counters().data_commands == 2


def test_a_line_without_end_is_refused(caller):
    caller.write(b"x" * 5000)

    assert caller.read().startswith("500")
