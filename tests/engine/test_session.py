import asyncio

import pytest

from engine.address import Address
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.session import Trace, clean, introduce, is_routable, is_yes, open_session

HOST = "127.20.0.1"
FIG = Address("fig", "plum.sandbox")


async def opened(settings, trace=None):
    session = await open_session(HOST, trace or Trace(), settings)
    assert not isinstance(session, Unreached)
    return session


@pytest.fixture
def converse(playing, settings_of):
    """Open a session with a script, do some work in it, quit, and give what the work gave."""

    def run(script, work, **changed):
        async def hold():
            async with playing(script) as port:
                settings = settings_of(smtp_port=port, **changed)
                session = await opened(settings)
                try:
                    return await work(session, settings)
                finally:
                    await session.quit(1.0)

        return asyncio.run(hold())

    return run


async def _introduce(session, settings):
    return await introduce(session, settings, has_utf8=False)


async def _ask(session, settings):
    assert is_yes(await _introduce(session, settings))
    return await session.ask(FIG, 5.0)


def test_a_session_greets_names_the_sender_asks_and_takes_leave(converse, scripted):
    script = scripted()

    assert converse(script, _ask) == Reply(250, "ok", Stage.RCPT)
    assert script.heard == [
        ["EHLO prober.sandbox", "MAIL FROM:<verify@prober.sandbox>", "RCPT TO:<fig@plum.sandbox>", "QUIT"]
    ]


def test_nothing_is_said_before_the_last_line_of_the_banner(playing, scripted, settings_of, until):
    async def hold():
        rest = asyncio.Event()
        script = scripted(banner=(b"220-mx.plum.sandbox\r\n220-wait\r\n", rest.wait, b"220 now\r\n"))
        async with playing(script) as port:
            settings = settings_of(smtp_port=port)
            session = await opened(settings)
            introducing = asyncio.create_task(_introduce(session, settings))
            await until(lambda: b"220-wait" in session._protocol._buffer)
            before = list(script.lines)
            rest.set()
            answer = await introducing
            await session.quit(1.0)
        return before, answer

    before, answer = asyncio.run(hold())
    assert before == []
    assert answer == Reply(250, "ok", Stage.MAIL)


def test_helo_is_said_where_ehlo_is_refused(converse, scripted):
    script = scripted(EHLO=b"502 5.5.1 not implemented\r\n")

    assert is_yes(converse(script, _introduce))
    assert script.lines[:3] == [
        "EHLO prober.sandbox",
        "HELO prober.sandbox",
        "MAIL FROM:<verify@prober.sandbox>",
    ]


def test_helo_is_not_said_to_a_host_that_has_ended_the_session(converse, scripted):
    script = scripted(EHLO=b"421 4.3.2 closing\r\n")

    assert converse(script, _introduce) == Reply(421, "4.3.2 closing", Stage.EHLO)
    assert script.lines == ["EHLO prober.sandbox", "QUIT"]


@pytest.mark.parametrize(
    ("banner", "code"),
    [(b"554 5.7.1 go away\r\n", 554), (b"421 4.7.0 busy\r\n", 421), (b"450 later\r\n", 450)],
)
def test_a_refusing_banner_is_an_answer_and_is_taken_leave_of(converse, scripted, banner, code):
    script = scripted(banner=banner)

    answer = converse(script, _introduce)
    assert (answer.code, answer.stage) == (code, Stage.BANNER)
    assert script.lines == ["QUIT"]


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize(
    ("reply", "failure"),
    [(None, Reason.TIMEOUT), ("drop", Reason.DROPPED), (b"what is this\r\n", Reason.UNCLEAR)],
)
def test_silence_a_drop_and_garbage_are_no_answers(converse, scripted, verb, reply, failure):
    script = scripted(**{verb: scripted.DROP if reply == "drop" else reply})

    async def work(session, settings):
        answer = await _introduce(session, settings)
        return (await session.ask(FIG, 0.2) if is_yes(answer) else answer), session.is_open

    answer, is_open = converse(script, work, smtp_op_timeout_ms=200)
    assert (answer.stage.value[:4], answer.failure) == (verb.lower(), failure)
    assert not is_open
    assert failure is Reason.DROPPED or script.lines[-1] == "QUIT"


@pytest.mark.parametrize(
    ("banner", "failure"),
    [(None, Reason.TIMEOUT), ("drop", Reason.DROPPED), (b"* OK ready\r\n", Reason.UNCLEAR)],
)
def test_a_host_that_never_greets_hears_nothing(converse, scripted, banner, failure):
    script = scripted(banner=scripted.DROP if banner == "drop" else banner)

    assert converse(script, _introduce, smtp_op_timeout_ms=200).failure is failure
    assert script.lines == []


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT"])
def test_a_second_reply_in_the_same_packet_is_never_taken_for_the_next_answer(converse, scripted, verb):
    script = scripted(**{verb: b"250 ok\r\n550 5.1.1 no such user\r\n"})

    answer = converse(script, _ask) if verb == "RCPT" else converse(script, _introduce)
    assert (answer.failure, answer.stage.value[:4]) == (Reason.UNCLEAR, verb.lower())
    assert script.lines[-1] == "QUIT"


def test_two_banners_in_one_packet_are_left(converse, scripted):
    assert converse(scripted(banner=b"220 a\r\n220 b\r\n"), _introduce).failure is Reason.UNCLEAR


def test_a_reply_of_many_lines_is_one_reply_and_a_long_one_is_cut(converse, scripted):
    script = scripted(RCPT=b"550-5.1.1 no such\r\n550-5.1.1 user\r\n550 5.1.1 " + b"x" * 600 + b"\r\n")

    answer = converse(script, _ask)
    assert answer.text.startswith("5.1.1 no such\n5.1.1 user\n5.1.1 xxx")
    assert len(answer.text) == 512


def test_after_a_421_the_session_is_open_no_more(converse, scripted):
    async def work(session, settings):
        answer = await _ask(session, settings)
        return answer.code, session.is_open

    assert converse(scripted(RCPT=b"421 4.7.0 enough\r\n"), work) == (421, False)


def test_smtputf8_is_named_where_it_is_needed_and_offered(converse, scripted):
    async def work(session, settings):
        return is_yes(await introduce(session, settings, has_utf8=True)), session.has_utf8

    offering = scripted(EHLO=b"250-mx.plum.sandbox\r\n250-SIZE 1000\r\n250 smtputf8\r\n")
    assert converse(offering, work) == (True, True)
    assert "MAIL FROM:<verify@prober.sandbox> SMTPUTF8" in offering.lines

    plain = scripted()
    assert converse(plain, work) == (True, False)
    assert "MAIL FROM:<verify@prober.sandbox>" in plain.lines


def test_leave_is_taken_of_a_host_that_does_not_answer_it(converse, scripted):
    script = scripted(QUIT=None)

    async def leave(session, settings):
        await _introduce(session, settings)
        await session.quit(0.05)

    converse(script, leave)
    assert script.lines[-1] == "QUIT"


def test_the_source_address_is_the_one_that_is_set(converse, scripted):
    script = scripted()
    converse(script, _introduce, source_address="127.0.0.9")

    assert script.peers == ["127.0.0.9"]


def test_the_trace_holds_what_was_said_in_order(playing, scripted, settings_of):
    async def hold():
        trace = Trace()
        async with playing(scripted()) as port:
            session = await opened(settings_of(smtp_port=port), trace)
            await _introduce(session, settings_of(smtp_port=port))
            await session.quit(1.0)
        return trace.lines

    lines = asyncio.run(hold())
    assert [(line.speaker, line.text.split(" ")[0]) for line in lines] == [
        ("note", "connecting"), ("host", "220"), ("us", "EHLO"), ("host", "250"), ("us", "MAIL"),
        ("host", "250"), ("us", "QUIT"),
    ]  # fmt: skip
    assert [line.at_ms for line in lines] == sorted(line.at_ms for line in lines)


def test_a_closed_port_is_unreachable(playing, scripted, settings_of):
    async def hold():
        async with playing(scripted()) as port:
            pass
        return await open_session(HOST, Trace(), settings_of(smtp_port=port))

    answer = asyncio.run(hold())
    assert (answer.stage, answer.failure) == (Stage.CONNECT, Reason.UNREACHABLE)


def test_an_address_that_is_not_global_is_not_connected_to(playing, scripted, settings_of):
    async def hold():
        script = scripted()
        async with playing(script) as port:
            settings = settings_of(smtp_port=port, allow_private_networks=False)
            answers = [await open_session(ip, Trace(), settings) for ip in (HOST, f"::ffff:{HOST}")]
            allowed = await opened(settings_of(smtp_port=port))
            await allowed.hear_banner(1.0)
            await allowed.quit(1.0)
        return answers, script.heard

    answers, heard = asyncio.run(hold())
    assert answers == [
        Unreached(Stage.CONNECT, Reason.UNROUTABLE_MX, HOST),
        Unreached(Stage.CONNECT, Reason.UNROUTABLE_MX, f"::ffff:{HOST}"),
    ]
    assert heard == [["QUIT"]]


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.168.1.1",
        "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::",
        "2001:db8::1", "fc00::1",
        "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "100::1",
    ],
)  # fmt: skip
def test_no_route_leads_to_a_reserved_address_in_whatever_form(ip):
    assert not is_routable(ip)


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
)
def test_global_addresses_are_routable(ip):
    assert is_routable(ip)


def test_a_hosts_text_is_made_storable():
    assert clean("no\x00\x1b[1m \udcff\nway" + "y" * 600).startswith("no  [1m ?\nwayyy")
    assert len(clean("y" * 600)) == 512
    clean("\udc80 Größe 用户").encode()
