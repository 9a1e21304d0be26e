import time

import pytest

from engine.address import Address
from engine.asking import Asker, needs_utf8
from engine.greeting import Tls, introduce
from engine.reason import Reason
from engine.reply import Reply, Stage, is_yes

FIG = Address("fig", "plum.sandbox")
QUINCE = Address("quitté", "plum.sandbox")
YES = b"250 ok\r\n"
GO = b"220 go\r\n"
DEMAND = b"530 5.7.0 Must issue a STARTTLS command first\r\n"
LOST = b"503 5.5.1 bad sequence of commands, need MAIL before RCPT\r\n"
INTERNATIONAL = b"250-mx1.plum.sandbox\r\n250 SMTPUTF8\r\n"
EHLO = "EHLO prober.sandbox"
MAIL = "MAIL FROM:<verify@prober.sandbox>"
RCPT = "RCPT TO:<fig@plum.sandbox>"


@pytest.fixture
def ask(converse):
    """Ask about these addresses, one after the other, in one session."""

    def run(script, *addresses, tls=Tls.OFFERED, setup_s=0.0, **changed):
        async def work(session, settings):
            session.begin(session.trace, session.allowance.patience, time.monotonic() - setup_s)
            assert is_yes(await introduce(session, settings, tls))
            asker = Asker(session, settings, tls)
            return [(await asker.ask([address]))[0].answer for address in addresses], asker.asked

        return converse(script, work, **changed)

    return run


def test_an_address_is_asked_about_in_our_own_spelling(ask, scripted):
    script = scripted()

    assert ask(script, FIG) == ([Reply(250, "ok", Stage.RCPT)], 1)
    assert script.lines == [EHLO, MAIL, RCPT, "QUIT"]


def test_tls_that_is_demanded_at_rcpt_is_started_and_the_question_asked_again(ask, scripted, tls_of):
    script = scripted(RCPT=[DEMAND, YES], STARTTLS=(GO, tls_of()))

    assert ask(script, FIG) == ([Reply(250, "ok", Stage.RCPT)], 2)
    assert script.lines == [EHLO, MAIL, RCPT, "STARTTLS", EHLO, MAIL, RCPT, "QUIT"]


def test_tls_that_is_demanded_but_fails_leaves_the_demand_as_the_answer(ask, scripted):
    script = scripted(RCPT=DEMAND, STARTTLS=(GO, scripted.HEAR, scripted.DROP))

    assert ask(script, FIG)[0][0].code == 530


def test_tls_that_is_demanded_at_mail_from_is_started_and_the_sender_named_again(ask, scripted, tls_of):
    script = scripted(MAIL=[DEMAND, YES], STARTTLS=(GO, tls_of()))

    assert ask(script, FIG)[0] == [Reply(250, "ok", Stage.RCPT)]
    assert script.lines == [EHLO, MAIL, "STARTTLS", EHLO, MAIL, RCPT, "QUIT"]


def test_tls_that_is_demanded_at_mail_from_but_not_to_be_had_is_the_answer(ask, scripted, tls_of):
    refused = scripted(MAIL=DEMAND, STARTTLS=b"454 4.7.0 TLS not available\r\n")
    assert ask(refused, FIG)[0][0].code == 530
    assert refused.lines == [EHLO, MAIL, "STARTTLS", "QUIT"]

    broken = scripted(MAIL=DEMAND, STARTTLS=(GO, scripted.HEAR, scripted.DROP))
    assert ask(broken, FIG)[0][0].code == 530

    unwanted = scripted(MAIL=DEMAND)
    assert ask(unwanted, FIG, tls=Tls.NEVER)[0][0].code == 530
    assert unwanted.lines == [EHLO, MAIL, "QUIT"]

    for_ever = scripted(EHLO=b"250-mx\r\n250 STARTTLS\r\n", MAIL=DEMAND, STARTTLS=(GO, tls_of()))
    assert ask(for_ever, FIG)[0][0].code == 530
    assert for_ever.lines.count("STARTTLS") == 1


def test_tls_is_not_started_where_we_do_not_want_it_or_have_it(ask, scripted, tls_of):
    plain = scripted(RCPT=DEMAND, STARTTLS=(GO, tls_of()))
    assert ask(plain, FIG, tls=Tls.NEVER)[0][0].code == 530
    assert "STARTTLS" not in plain.lines

    encrypted = scripted(EHLO=b"250-mx\r\n250 STARTTLS\r\n", RCPT=DEMAND, STARTTLS=(GO, tls_of()))
    assert ask(encrypted, FIG)[0][0].code == 530
    assert encrypted.lines.count("STARTTLS") == 1


def test_a_host_that_has_lost_the_sender_is_told_it_again_once(ask, scripted):
    script = scripted(RCPT=[LOST, YES], RSET=YES)
    assert ask(script, FIG)[0] == [Reply(250, "ok", Stage.RCPT)]
    assert script.lines == [EHLO, MAIL, RCPT, "RSET", MAIL, RCPT, "QUIT"]

    for_ever = scripted(RCPT=LOST, RSET=YES)
    assert [answer.code for answer in ask(for_ever, FIG, FIG)[0]] == [503, 503]
    assert for_ever.lines.count("RSET") == 1


def test_what_the_sender_is_refused_with_the_second_time_is_the_answer(ask, scripted):
    script = scripted(RCPT=LOST, RSET=YES, MAIL=[YES, b"550 5.7.1 blocked\r\n"])

    assert ask(script, FIG)[0] == [Reply(550, "5.7.1 blocked", Stage.MAIL)]


def test_smtputf8_is_named_for_the_first_address_that_needs_it(ask, scripted):
    script = scripted(EHLO=INTERNATIONAL, RSET=YES)

    assert all(is_yes(answer) for answer in ask(script, FIG, QUINCE, QUINCE)[0])
    assert script.lines[2:-1] == [
        RCPT, "RSET", f"{MAIL} SMTPUTF8", "RCPT TO:<quitté@plum.sandbox>", "RCPT TO:<quitté@plum.sandbox>",
    ]  # fmt: skip


def test_an_address_that_needs_smtputf8_is_not_named_to_a_host_without_it(ask, scripted):
    script = scripted()
    (unasked, asked), _ = ask(script, QUINCE, FIG)

    assert unasked.failure is Reason.SMTPUTF8_NEEDED
    assert is_yes(asked)
    assert script.rcpts() == ["fig@plum.sandbox"]


def test_a_host_that_refuses_smtputf8_after_all_refuses_the_sender(ask, scripted):
    script = scripted(EHLO=INTERNATIONAL, RSET=YES, MAIL=[YES, b"555 5.5.4 option not known\r\n"])

    assert ask(script, FIG, QUINCE)[0][1].stage is Stage.MAIL
    assert script.rcpts() == ["fig@plum.sandbox"]


def test_an_address_has_the_time_that_the_set_up_has_left(ask, scripted):
    silent = scripted(RCPT=None)
    budget = {"smtp_op_timeout_ms": 20_000, "total_budget_ms": 500}

    assert ask(silent, FIG, setup_s=0.45, **budget)[0][0].failure is Reason.BUDGET
    assert ask(scripted(RCPT=None), FIG, smtp_op_timeout_ms=100)[0][0].failure is Reason.TIMEOUT


def test_a_sender_who_is_named_once_more_has_time_for_it_of_its_own(converse, scripted):
    async def work(session, settings):
        assert is_yes(await introduce(session, settings, Tls.OFFERED))
        asker = Asker(session, settings)
        await asker.ask([FIG])
        session.allowance.set_up_by = 0.0  # long ago, after many questions
        return (await asker.ask([QUINCE]))[0].answer

    assert is_yes(converse(scripted(EHLO=INTERNATIONAL, RSET=YES), work))


def test_what_a_host_wants_before_it_answers_has_to_come_in_time_too(ask, scripted):
    script = scripted(RCPT=LOST, RSET=None)

    assert ask(script, FIG, smtp_op_timeout_ms=20_000, total_budget_ms=300)[0][0].failure is Reason.BUDGET


FLYING = b"250-mx1.plum.sandbox\r\n250 PIPELINING\r\n"
PEARS = tuple(Address(f"pear{n}", "plum.sandbox") for n in range(3))


@pytest.fixture
def fly(converse):
    """Ask about three addresses at once, and give the answers, the lines of each, and the asker."""

    def run(script, *, tls=Tls.OFFERED, **changed):
        async def work(session, settings):
            assert is_yes(await introduce(session, settings, tls))
            asker = Asker(session, settings, tls)
            told = await asker.ask(PEARS)
            lines = [[line.text for line in each.trace] for each in told]
            return [each.answer for each in told], lines, asker

        return converse(script, work, **changed)

    return run


def test_the_sender_goes_in_one_flight_with_the_recipients(fly, scripted):
    script = scripted(EHLO=FLYING, MAIL=(scripted.HEAR, YES * 2 + b"550 5.1.1 no\r\n" + YES))

    answers, lines, asker = fly(script)
    assert [answer.code for answer in answers] == [250, 550, 250]
    assert lines[1] == ["RCPT TO:<pear1@plum.sandbox>", "550 5.1.1 no"]
    assert (asker.asked, asker.refused) == (3, 1)


def test_what_recipients_are_told_after_a_refused_sender_means_nothing(fly, scripted):
    script = scripted(EHLO=FLYING, MAIL=b"550 5.7.1 blocked\r\n", RCPT=b"503 5.5.1 need MAIL\r\n")

    answers, _, asker = fly(script)
    assert answers == [Reply(550, "5.7.1 blocked", Stage.MAIL)]
    assert not any("pear" in line.text for line in asker.session.trace.lines)


def test_a_flight_whose_sender_has_to_encrypt_first_is_said_again_under_tls(fly, scripted, tls_of):
    script = scripted(
        EHLO=FLYING, MAIL=[DEMAND, YES], RCPT=[DEMAND] * 3 + [YES], STARTTLS=(GO, tls_of())
    )  # fmt: skip

    assert [answer.code for answer in fly(script)[0]] == [250] * 3
    assert script.lines[5:7] == ["STARTTLS", EHLO]
    assert len(script.rcpts()) == 6


def test_those_of_a_flight_who_need_tls_are_asked_again_under_it(fly, scripted, tls_of):
    script = scripted(EHLO=FLYING, RCPT=[YES, DEMAND, DEMAND, YES], STARTTLS=(GO, tls_of()))

    answers, lines, _ = fly(script)
    assert [answer.code for answer in answers] == [250] * 3
    assert script.rcpts()[3:] == ["pear1@plum.sandbox", "pear2@plum.sandbox"]
    assert lines[0] == ["RCPT TO:<pear0@plum.sandbox>", "250 ok"]
    verbs = [line.split(" ")[0] for line in lines[1]]
    assert (verbs[:3], verbs[-2:]) == (["RCPT", "530", "STARTTLS"], ["RCPT", "250"])


@pytest.mark.parametrize("refusal", [b"500 5.5.1 what?\r\n", LOST, b"502 no\r\n"])
def test_a_host_that_takes_the_rest_of_a_flight_for_a_mistake_has_answered_nobody(fly, scripted, refusal):
    answers, _, asker = fly(scripted(EHLO=FLYING, RCPT=refusal))

    assert [answer.failure for answer in answers] == [Reason.UNCLEAR]
    assert asker.session.breaks_flights
    assert not any("pear" in line.text for line in asker.session.trace.lines)


@pytest.mark.parametrize(("local_part", "is_needed"), [("fig", False), ("feige+süß", True)])
def test_only_letters_beyond_ascii_need_smtputf8(local_part, is_needed):
    assert needs_utf8(Address(local_part, "plum.sandbox")) is is_needed
