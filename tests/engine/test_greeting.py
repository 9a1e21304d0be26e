import asyncio

import pytest

from engine.greeting import Tls, introduce, is_tls_demanded, opening
from engine.reason import Reason
from engine.reply import Reply, Stage, is_yes
from engine.trace import Trace

GO = b"220 2.0.0 go ahead\r\n"
OFFERING = b"250-mx1.plum.sandbox\r\n250 STARTTLS\r\n"
INTERNATIONAL = b"250-mx1.plum.sandbox\r\n250-SIZE 1000\r\n250 smtputf8\r\n"
DEMAND = b"530 5.7.0 Must issue a STARTTLS command first\r\n"
MAIL = "MAIL FROM:<verify@prober.sandbox>"
EHLO = "EHLO prober.sandbox"
HELO = "HELO prober.sandbox"


def introducing(tls=Tls.OFFERED, *, has_utf8=False):
    async def work(session, settings):
        answer = await introduce(session, settings, tls)
        return await naming(session, settings, has_utf8=has_utf8) if is_yes(answer) else answer

    return work


async def naming(session, settings, *, has_utf8=False):
    """Say what names the sender: the last answer to it."""
    answer = (await session.converse(opening(session, settings, has_utf8=has_utf8)))[-1].answer
    session.has_sender = session.has_sender or is_yes(answer)
    return answer


def test_a_host_hears_ehlo_and_who_asks(converse, scripted):
    script = scripted()

    assert converse(script, introducing()) == Reply(250, "ok", Stage.MAIL)
    assert script.lines == [EHLO, MAIL, "QUIT"]


def test_helo_is_said_where_ehlo_is_refused(converse, scripted):
    script = scripted(EHLO=b"502 5.5.1 not implemented\r\n")

    assert is_yes(converse(script, introducing()))
    assert script.lines[:3] == [EHLO, HELO, MAIL]


def test_helo_is_not_said_to_a_host_that_has_ended_the_session(converse, scripted):
    script = scripted(EHLO=b"421 4.3.2 closing\r\n")

    assert converse(script, introducing()) == Reply(421, "4.3.2 closing", Stage.EHLO)
    assert script.lines == [EHLO, "QUIT"]


def test_what_a_sender_is_refused_with_is_an_answer_to_mail_from(converse, scripted):
    script = scripted(MAIL=b"550 5.7.1 sender blocked\r\n")

    assert converse(script, introducing()) == Reply(550, "5.7.1 sender blocked", Stage.MAIL)


def test_tls_is_used_where_it_is_offered_and_the_greeting_is_said_again(converse, scripted, tls_of):
    trace = Trace()
    script = scripted(EHLO=[OFFERING, b"250 mx1.plum.sandbox\r\n"], STARTTLS=(GO, tls_of()))

    assert is_yes(converse(script, introducing(), trace=trace))
    assert script.lines == [EHLO, "STARTTLS", EHLO, MAIL, "QUIT"]
    assert script.encrypted == ["TLSv1.3"]
    assert "encrypted with TLSv1.3" in [line.text for line in trace.lines]


def test_what_the_host_offers_under_tls_counts(converse, scripted, tls_of):
    under_tls = scripted(EHLO=[OFFERING, INTERNATIONAL], STARTTLS=(GO, tls_of()))
    assert is_yes(converse(under_tls, introducing(has_utf8=True)))
    assert f"{MAIL} SMTPUTF8" in under_tls.lines

    only_before = scripted(
        EHLO=[OFFERING.replace(b"250 ", b"250-") + b"250 SMTPUTF8\r\n", b"250 mx\r\n"],
        STARTTLS=(GO, tls_of()),
    )
    assert is_yes(converse(only_before, introducing(has_utf8=True)))
    assert MAIL in only_before.lines


def test_tls_is_used_only_when_we_want_it(converse, scripted):
    script = scripted(EHLO=OFFERING)

    assert is_yes(converse(script, introducing(Tls.NEVER)))
    assert script.lines == [EHLO, MAIL, "QUIT"]


@pytest.mark.parametrize("refusal", [b"454 4.7.0 TLS not available\r\n", b"502 5.5.1 what?\r\n"])
def test_a_host_that_takes_its_offer_back_is_asked_without_tls(converse, scripted, refusal):
    script = scripted(EHLO=OFFERING, STARTTLS=refusal)

    assert is_yes(converse(script, introducing()))
    assert script.lines == [EHLO, "STARTTLS", MAIL, "QUIT"]


def test_a_host_that_ends_the_session_at_starttls_has_ended_it(converse, scripted):
    script = scripted(EHLO=OFFERING, STARTTLS=b"421 4.7.0 busy\r\n")

    assert converse(script, introducing()) == Reply(421, "4.7.0 busy", Stage.STARTTLS)
    assert script.lines == [EHLO, "STARTTLS", "QUIT"]


def test_a_failed_handshake_is_told_by_its_stage(converse, scripted):
    script = scripted(EHLO=OFFERING, STARTTLS=(GO, scripted.HEAR, scripted.DROP))

    answer = converse(script, introducing())
    assert (answer.stage, answer.failure) == (Stage.STARTTLS, Reason.DROPPED)


@pytest.mark.parametrize("end", ["DROP", "RESET"])
def test_a_host_that_hangs_up_right_after_the_handshake_has_failed_at_it(converse, scripted, tls_of, end):
    script = scripted(EHLO=[OFFERING, getattr(scripted, end)], STARTTLS=(GO, tls_of()))

    assert converse(script, introducing()).stage is Stage.STARTTLS


def test_smtputf8_is_named_where_it_is_needed_and_offered(converse, scripted):
    offering = scripted(EHLO=INTERNATIONAL)
    assert is_yes(converse(offering, introducing(has_utf8=True)))
    assert f"{MAIL} SMTPUTF8" in offering.lines

    for script, has_utf8 in ((scripted(), True), (scripted(EHLO=INTERNATIONAL), False)):
        assert is_yes(converse(script, introducing(has_utf8=has_utf8)))
        assert MAIL in script.lines


def test_the_sender_is_named_anew_after_a_reset(converse, scripted):
    script = scripted(RSET=b"250 flushed\r\n", EHLO=INTERNATIONAL)

    async def work(session, settings):
        await introducing()(session, settings)
        return await naming(session, settings, has_utf8=True)

    assert is_yes(converse(script, work))
    assert script.lines[2:4] == ["RSET", f"{MAIL} SMTPUTF8"]


def test_a_host_that_does_not_know_rset_is_not_told_the_sender_twice(converse, scripted):
    script = scripted()

    async def work(session, settings):
        await introducing()(session, settings)
        return await naming(session, settings)

    assert converse(script, work).code == 500
    assert script.lines.count(MAIL) == 1


@pytest.mark.parametrize(
    ("reply", "is_demand"),
    [
        (Reply(530, "5.7.0 Must issue a STARTTLS command first", Stage.MAIL), True),
        (Reply(550, "5.7.10 encryption needed to send to this recipient", Stage.RCPT), True),
        (Reply(550, "5.7.1 go away", Stage.MAIL), False),
        (Reply(250, "ok", Stage.MAIL), False),
    ],
)
def test_a_demand_for_tls_is_read_from_the_reply(reply, is_demand):
    assert is_tls_demanded(reply) is is_demand


def test_a_slow_handshake_has_an_end(converse, scripted):
    script = scripted(EHLO=OFFERING, STARTTLS=(GO, scripted.HEAR, scripted.HEAR, scripted.DROP))

    async def work(session, settings):
        async with asyncio.timeout(5):
            return await introduce(session, settings, Tls.OFFERED)

    assert converse(script, work, smtp_op_timeout_ms=100).stage is Stage.STARTTLS
