import asyncio
import logging
from dataclasses import replace

import pytest

from engine.address import Address
from engine.flight import Command, rcpt
from engine.reason import Reason
from engine.reply import Reply, Stage, is_yes
from engine.session import TOO_SLOW
from engine.trace import Trace

FIG = Address("fig", "plum.sandbox")
GO = b"220 2.0.0 go ahead\r\n"


async def _begin(session, settings):
    """Say what comes before the recipients, and nothing that is not asked for."""
    answer = await session.hear_banner()
    if is_yes(answer):
        answer = await session.greet("EHLO", settings.helo)
    if is_yes(answer):
        return await session.say(Stage.MAIL, f"MAIL FROM:<{settings.mail_from}>")
    return answer


async def _ask(session, settings):
    answer = await _begin(session, settings)
    return await session.ask(FIG) if is_yes(answer) else answer


def test_a_session_greets_names_the_sender_asks_and_takes_leave(converse, scripted):
    script = scripted()

    assert converse(script, _ask) == Reply(250, "ok", Stage.RCPT)
    assert script.heard == [
        ["EHLO prober.sandbox", "MAIL FROM:<verify@prober.sandbox>", "RCPT TO:<fig@plum.sandbox>", "QUIT"]
    ]


def test_nothing_is_said_before_the_last_line_of_the_banner(converse, scripted, until):
    rest = asyncio.Event()
    script = scripted(banner=(b"220-mx.plum.sandbox\r\n220-wait\r\n", rest.wait, b"220 now\r\n"))

    async def work(session, settings):
        beginning = asyncio.create_task(_begin(session, settings))
        await until(lambda: b"wait" in session._wire._lines)
        before = list(script.lines)
        rest.set()
        return before, await beginning

    assert converse(script, work) == ([], Reply(250, "ok", Stage.MAIL))


@pytest.mark.parametrize(
    ("banner", "code"),
    [(b"554 5.7.1 go away\r\n", 554), (b"421 4.7.0 busy\r\n", 421), (b"450 later\r\n", 450)],
)
def test_a_refusing_banner_is_an_answer_and_is_taken_leave_of(converse, scripted, banner, code):
    script = scripted(banner=banner)

    answer = converse(script, _begin)
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
        answer = await _begin(session, settings)
        return (await session.ask(FIG) if is_yes(answer) else answer), session.is_open

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

    assert converse(script, _begin, smtp_op_timeout_ms=200).failure is failure
    assert script.lines == []


def test_a_banner_may_take_longer_than_other_answers(converse, scripted):
    slow = scripted(banner=(lambda: asyncio.sleep(0.2), b"220 mx.plum.sandbox\r\n"))

    async def work(session, _settings):
        session.allowance.patience = replace(session.allowance.patience, banner_s=2.0)
        return await session.hear_banner()

    assert is_yes(converse(slow, work, smtp_op_timeout_ms=100))


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT"])
def test_a_second_reply_in_the_same_packet_is_never_taken_for_the_next_answer(converse, scripted, verb):
    script = scripted(**{verb: b"250 ok\r\n550 5.1.1 no such user\r\n"})

    async def work(session, settings):
        return await _ask(session, settings), session.is_in_step

    answer, is_in_step = converse(script, work)
    assert (answer.failure, answer.stage.value[:4]) == (Reason.UNCLEAR, verb.lower())
    assert not is_in_step
    assert script.lines[-1] == "QUIT"


def test_two_banners_in_one_packet_are_left(converse, scripted):
    script = scripted(banner=b"220 a\r\n220 b\r\n")

    assert converse(script, _begin).failure is Reason.UNCLEAR
    assert script.lines == []


def test_what_comes_between_two_questions_is_no_answer_to_the_second(converse, scripted, until):
    more = asyncio.Event()
    script = scripted(RCPT=(b"250 ok\r\n", more.wait, b"550 5.1.1 no such user\r\n"))

    async def work(session, settings):
        assert is_yes(await _ask(session, settings))
        more.set()
        await until(lambda: session._wire.surplus)
        return await session.ask(FIG), session.is_in_step

    answer, is_in_step = converse(script, work)
    assert (answer.failure, is_in_step) == (Reason.UNCLEAR, False)
    assert script.rcpts() == ["fig@plum.sandbox"]


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("code", [b"220", b"354", b"999", b"100", b"25", b"-25", b"2_5"])
def test_a_code_that_cannot_be_the_answer_shows_the_host_out_of_step(converse, scripted, verb, code):
    async def work(session, settings):
        return (await _ask(session, settings)).failure, session.is_in_step

    assert converse(scripted(**{verb: code + b" ok\r\n"}), work) == (Reason.UNCLEAR, False)


def test_a_host_that_closes_right_after_an_answer_has_given_it(converse, scripted):
    async def work(session, settings):
        return await _ask(session, settings), session.is_open, session.is_in_step

    script = scripted(RCPT=b"550 5.1.1 no such user\r\n421 4.7.0 too many errors\r\n")
    assert converse(script, work) == (Reply(550, "5.1.1 no such user", Stage.RCPT), False, True)


def test_a_host_that_closes_between_two_questions_has_said_so_to_the_second(converse, scripted, until):
    over = asyncio.Event()
    script = scripted(RCPT=(b"250 ok\r\n", over.wait, b"421 4.4.2 idle\r\n"))

    async def work(session, settings):
        await _ask(session, settings)
        over.set()
        await until(lambda: session._wire.surplus)
        return await session.ask(FIG), session.is_open, session.is_in_step

    assert converse(script, work) == (Reply(421, "4.4.2 idle", Stage.RCPT), False, True)


def test_a_reply_of_many_lines_is_one_reply_and_a_long_one_is_cut(converse, scripted):
    script = scripted(RCPT=b"550-5.1.1 no such\r\n550-5.1.1 user\r\n550 5.1.1 " + b"x" * 600 + b"\r\n")

    answer = converse(script, _ask)
    assert answer.text.startswith("5.1.1 no such\n5.1.1 user\n5.1.1 xxx")
    assert len(answer.text) == 512


def test_extensions_are_known_however_many_come_before_them(converse, scripted):
    many = b"".join(b"250-XNOTHING%d\r\n" % n for n in range(100))

    async def work(session, settings):
        await _begin(session, settings)
        return session.has_utf8, session.offers_tls

    assert converse(scripted(EHLO=b"250-mx\r\n" + many + b"250-STARTTLS\r\n250 smtputf8\r\n"), work) == (
        True,
        True,
    )
    assert converse(scripted(), work) == (False, False)


def test_whether_tls_is_offered_is_unknown_until_the_host_has_greeted(converse, scripted):
    async def work(session, settings):
        await _begin(session, settings)
        return session.offers_tls

    assert converse(scripted(banner=b"421 busy\r\n"), work) is None


def test_after_a_421_the_session_is_open_no_more(converse, scripted):
    async def work(session, settings):
        answer = await _ask(session, settings)
        return answer.code, session.is_open

    assert converse(scripted(RCPT=b"421 4.7.0 enough\r\n"), work) == (421, False)


OFFERING = b"250-mx.plum.sandbox\r\n250 PIPELINING\r\n"
FLIGHT = [Command(Stage.MAIL, "MAIL FROM:<verify@prober.sandbox>"), rcpt(FIG), rcpt(FIG), rcpt(FIG)]


async def _fly(session, settings):
    """Say four commands to a host that was greeted."""
    await session.hear_banner()
    await session.greet("EHLO", settings.helo)
    return [spoken.answer for spoken in await session.converse(FLIGHT)]


def test_commands_go_in_one_flight_where_the_host_offers_it(converse, scripted):
    script = scripted(EHLO=OFFERING, MAIL=(scripted.HEAR, b"250 a\r\n250 b\r\n550 c\r\n250 d\r\n"))

    answers = converse(script, _fly)
    assert [(answer.code, answer.stage) for answer in answers] == [
        (250, Stage.MAIL), (250, Stage.RCPT), (550, Stage.RCPT), (250, Stage.RCPT),
    ]  # fmt: skip


def test_commands_go_one_by_one_where_it_is_not_offered_and_none_after_a_refused_sender(converse, scripted):
    script = scripted(MAIL=b"550 5.7.1 blocked\r\n")
    assert [answer.code for answer in converse(script, _fly)] == [550]
    assert script.rcpts() == []

    assert len(converse(scripted(RCPT=b"550 5.1.1 no\r\n"), _fly)) == 4


def test_the_offer_that_counts_is_the_one_under_tls(converse, scripted, tls_of):
    script = scripted(EHLO=[OFFERING, b"250 mx.plum.sandbox\r\n"], STARTTLS=(GO, tls_of()))

    async def work(session, settings):
        await session.hear_banner()
        await session.greet("EHLO", settings.helo)
        before = session.takes_flights
        await session.start_tls()
        await session.greet("EHLO", settings.helo)
        return before, session.takes_flights

    assert converse(script, work) == (True, False)


def test_each_reply_of_a_flight_has_its_own_time(converse, scripted):
    script = scripted(EHLO=OFFERING, RCPT=(lambda: asyncio.sleep(0.2), b"250 ok\r\n"))

    assert len(converse(script, _fly, smtp_op_timeout_ms=400)) == 4


@pytest.mark.parametrize(
    ("end", "answers"),
    [
        (b"421 4.7.0 enough\r\n", [250, 250, 421]),
        ("drop", [250, 250, Reason.DROPPED]),
        (None, [250, 250, Reason.TIMEOUT]),
        (b"what?\r\n", [250, 250, Reason.UNCLEAR]),
        (b"354 go ahead\r\n", [250, 250, Reason.UNCLEAR]),
    ],
)
def test_a_flight_that_breaks_off_has_the_answers_before_that(converse, scripted, end, answers):
    end = {"drop": scripted.DROP, None: (scripted.HEAR,)}.get(end, end)
    script = scripted(EHLO=OFFERING, RCPT=[b"250 ok\r\n", end, b"250 never\r\n"])

    found = converse(script, _fly, smtp_op_timeout_ms=200)
    assert [answer.code if isinstance(answer, Reply) else answer.failure for answer in found] == answers


@pytest.mark.parametrize("place", [3, 4, 5])
def test_a_host_that_leaves_a_reply_out_is_found_out_in_any_flight(converse, scripted, place):
    replies = [b"250 ok\r\n"] * 6
    replies[place] = None

    async def work(session, settings):
        first = await _fly(session, settings)
        was_confused = session.is_confused
        await session.converse([rcpt(FIG)] * 3)
        return len(first), was_confused, session.is_confused

    script = scripted(EHLO=OFFERING, RCPT=replies)
    assert converse(script, work, smtp_op_timeout_ms=200) == (4, False, True)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
def test_a_reply_too_many_in_a_flight_shows_the_host_out_of_step(converse, scripted, verb):
    async def work(session, settings):
        answers = await _fly(session, settings)
        return answers[-1].failure, session.is_in_step, session.breaks_flights

    doubled = [b"250 ok\r\n550 5.1.1 no\r\n", b"250 ok\r\n"]
    assert converse(scripted(EHLO=OFFERING, **{verb: doubled}), work) == (Reason.UNCLEAR, False, True)


def test_a_reply_too_many_that_comes_late_shows_the_host_out_of_step_at_the_end(converse, scripted):
    async def work(session, settings):
        answers = await _fly(session, settings)
        await session.quit()
        return len(answers), session.is_in_step

    late = b"250 late\r\n221 bye\r\n"
    assert converse(scripted(EHLO=OFFERING, QUIT=late), work) == (4, False)


def test_what_comes_before_a_flight_is_no_answer_to_it(converse, scripted, until):
    script = scripted(EHLO=(OFFERING, lambda: asyncio.sleep(0.05), b"250 early\r\n"))

    async def work(session, settings):
        await session.hear_banner()
        await session.greet("EHLO", settings.helo)
        await until(lambda: session.has_surplus)
        return [each.answer.failure for each in await session.converse(FLIGHT)], session.is_in_step

    assert converse(script, work) == ([Reason.UNCLEAR], False)
    assert script.rcpts() == []


def test_the_trace_of_a_flight_reads_as_a_conversation(converse, scripted):
    async def work(session, settings):
        await session.hear_banner()
        await session.greet("EHLO", settings.helo)
        return [[line.text for line in each.trace] for each in await session.converse(FLIGHT)]

    script = scripted(EHLO=OFFERING, RCPT=[b"250 one\r\n", b"550 two\r\n", b"250 three\r\n"])
    assert converse(script, work) == [
        ["MAIL FROM:<verify@prober.sandbox>", "250 ok"],
        ["RCPT TO:<fig@plum.sandbox>", "250 one"],
        ["RCPT TO:<fig@plum.sandbox>", "550 two"],
        ["RCPT TO:<fig@plum.sandbox>", "250 three"],
    ]


@pytest.mark.parametrize("is_expired", [False, True])
def test_tls_is_started_whatever_the_certificate(converse, scripted, tls_of, is_expired):
    trace = Trace()
    script = scripted(STARTTLS=(GO, tls_of(is_expired=is_expired)))

    async def work(session, settings):
        await _begin(session, settings)
        answer = await session.start_tls()
        await session.greet("EHLO", settings.helo)
        return answer

    assert converse(script, work, trace=trace) == Reply(220, "2.0.0 go ahead", Stage.STARTTLS)
    assert script.encrypted == ["TLSv1.3"]
    assert [line.text for line in trace.lines if line.speaker == "note"][1:] == ["encrypted with TLSv1.3"]
    assert script.lines[-2:] == ["EHLO prober.sandbox", "QUIT"]


@pytest.mark.parametrize(
    ("handshake", "fault"),
    [
        ("hang", "no answer in time"),
        ("garbage", "wrong version number"),
        ("reset", "the connection broke off"),
        ("drop", "the connection broke off"),
    ],
)
def test_a_handshake_that_fails_ends_the_session_and_says_why(converse, scripted, handshake, fault):
    how = {
        "hang": (scripted.HEAR, scripted.HEAR),
        "garbage": (scripted.HEAR, b"\x00\xff no TLS here", scripted.HEAR),
        "reset": (scripted.HEAR, scripted.RESET),
        "drop": (scripted.HEAR, scripted.DROP),
    }
    script = scripted(STARTTLS=(GO, *how[handshake], scripted.DROP))

    async def work(session, settings):
        await _begin(session, settings)
        return await session.start_tls(), session.is_open

    patience = {"smtp_op_timeout_ms": 200} if handshake == "hang" else {}
    answer, is_open = converse(script, work, **patience)
    assert (answer.stage, answer.detail) == (Stage.STARTTLS, f"the TLS handshake failed: {fault}")
    assert not is_open


def test_what_is_slipped_in_before_the_handshake_is_never_heard(converse, scripted, tls_of):
    script = scripted(STARTTLS=(GO + b"250 injected\r\n", tls_of()))

    async def work(session, settings):
        await _begin(session, settings)
        return await session.start_tls()

    answer = converse(script, work)
    assert (answer.stage, answer.failure) == (Stage.STARTTLS, Reason.UNCLEAR)
    assert script.encrypted == []


def test_steps_that_take_too_long_together_are_given_up(converse, scripted):
    async def work(session, settings):
        return await _begin(session, settings), session.is_open

    answer, is_open = converse(scripted(EHLO=None), work, total_budget_ms=50)
    assert (answer.stage, answer.failure, answer.detail) == (Stage.EHLO, Reason.BUDGET, TOO_SLOW)
    assert not is_open


def test_a_mistake_of_our_own_is_logged_once_and_without_addresses(converse, scripted, caplog):
    async def work(session, settings):
        await _begin(session, settings)
        await session.ask(FIG)
        await session.ask(FIG)

    with caplog.at_level(logging.WARNING, logger="winnow.engine"):
        converse(scripted(RCPT=b"501 5.5.4 syntax error in fig@plum.sandbox\r\n"), work)

    assert caplog.messages == ["mx1.plum.sandbox took our rcpt for a mistake (501)"]


def test_a_recipient_that_is_refused_for_its_spelling_is_no_mistake_of_ours(converse, scripted, caplog):
    with caplog.at_level(logging.WARNING, logger="winnow.engine"):
        converse(scripted(RCPT=b"501 5.1.3 bad recipient address\r\n"), _ask)

    assert caplog.messages == []


def test_the_trace_holds_what_was_said_in_order(converse, scripted):
    trace = Trace()
    converse(scripted(), _begin, trace=trace)

    assert [(line.speaker, line.text.split(" ")[0]) for line in trace.lines] == [
        ("note", "connecting"), ("host", "220"), ("us", "EHLO"), ("host", "250"), ("us", "MAIL"),
        ("host", "250"), ("us", "QUIT"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        (b"* OK IMAP4 ready\r\n", "unclear: no SMTP reply: * OK IMAP4 ready"),
        (b"\x16\x03\xff\xfe\x00\x80\r\n", "unclear: no SMTP reply"),
        (b"x" * 100_000, "unclear: no SMTP reply"),
    ],
)
def test_garbage_is_quoted_in_the_trace_only_where_it_can_be_read(converse, scripted, said, noted):
    trace = Trace()
    converse(scripted(banner=said), _begin, trace=trace)

    assert trace.lines[-1].text == noted
