import asyncio

import pytest

from engine.address import Address
from engine.asking import Asker
from engine.batch import Recipient
from engine.greeting import Tls, introduce
from engine.interview import MAX_REFUSALS, Interview
from engine.question import Question
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached, is_yes

YES = b"250 2.1.5 ok\r\n"
NO = b"550 5.1.1 no such user\r\n"
VAGUE = b"550 address rejected\r\n"
BLOCKED = b"554 5.7.1 client host blocked, see our block list\r\n"
LATER = b"451 4.7.1 greylisted\r\n"
DEMAND = b"530 5.7.0 Must issue a STARTTLS command first\r\n"
ENOUGH = b"452 4.5.3 too many recipients\r\n"
DECOY = Address("k3f9a2b7", "plum.sandbox")
CONTROL = Address("postmaster", "plum.sandbox")
QUINCE = Recipient(90, Address("quitté", "plum.sandbox"))


def recipients(count: int, **known) -> tuple[Recipient, ...]:
    return tuple(Recipient(n, Address(f"pear{n}", "plum.sandbox"), **known) for n in range(count))


def question(count=1, **more) -> Question:
    return Question(**({"hosts": (), "recipients": recipients(count), "provider": "other"} | more))


@pytest.fixture
def interview(converse):
    """Hold an interview in a session with a script, and give it."""

    def run(asked, script, *, ends_in_s=60.0, **changed):
        async def work(session, settings):
            assert is_yes(await introduce(session, settings, Tls.OFFERED))
            ends_at = asyncio.get_running_loop().time() + ends_in_s
            held = Interview(Asker(session, settings), asked, ends_at)
            await held.hold()
            return held

        return converse(script, work, **changed)

    return run


def codes(held) -> list[int]:
    return [heard.answer.code for heard in held.heard]


def test_all_recipients_are_asked_and_the_decoy_last(interview, scripted):
    script = scripted(RCPT=lambda line: NO if DECOY.local_part in line or "pear1" in line else YES)

    held = interview(question(3, decoy=DECOY, control=CONTROL), script)

    assert codes(held) == [250, 550, 250]
    assert held.decoy == Reply(550, "5.1.1 no such user", Stage.RCPT)
    assert script.rcpts() == ["pear0@plum.sandbox", "pear1@plum.sandbox", "pear2@plum.sandbox", str(DECOY)]


def test_each_recipient_has_its_own_lines_of_the_trace(interview, scripted):
    held = interview(question(2), scripted(RCPT=[YES, NO]))

    assert [[line.text for line in heard.trace] for heard in held.heard] == [
        ["RCPT TO:<pear0@plum.sandbox>", "250 2.1.5 ok"],
        ["RCPT TO:<pear1@plum.sandbox>", "550 5.1.1 no such user"],
    ]


def test_who_has_an_answer_already_is_not_asked_again(interview, scripted):
    script = scripted()
    answered = recipients(2, answer=Reply(250, "ok", Stage.RCPT))

    held = interview(question(recipients=answered, decoy=DECOY), script)

    assert (script.rcpts(), held.heard) == ([str(DECOY)], [])
    assert held.decoy is not None


def test_the_decoy_is_not_asked_where_everybody_was_refused(interview, scripted):
    script = scripted(RCPT=NO)

    assert interview(question(2, decoy=DECOY), script).decoy is None
    assert len(script.rcpts()) == 2


@pytest.mark.parametrize("refusal", [NO, BLOCKED, LATER, VAGUE], ids=["missing", "blocked", "later", "vague"])
@pytest.mark.parametrize(
    "more", [{}, {"decoy": DECOY}, {"control": CONTROL}, {"decoy": DECOY, "control": CONTROL}]
)
def test_a_session_has_at_most_nine_refusals_the_made_up_and_control_addresses_included(
    interview, scripted, refusal, more
):
    script = scripted(RCPT=lambda line: YES if "pear0@" in line else refusal)

    held = interview(question(20, **more), script)

    refused = len(script.rcpts()) - 1
    assert refused <= MAX_REFUSALS
    assert len(held.heard) >= MAX_REFUSALS - 1


def test_without_refusals_a_session_asks_everybody(interview, scripted):
    assert len(interview(question(20, decoy=DECOY), scripted()).heard) == 20


@pytest.mark.parametrize(
    ("refusal", "is_asked"), [(NO, False), (BLOCKED, False), (LATER, False), (VAGUE, True)]
)
def test_postmaster_is_asked_only_where_a_refusal_is_vague_and_before_the_decoy(
    interview, scripted, refusal, is_asked
):
    script = scripted(RCPT=[YES, refusal, NO])

    held = interview(question(2, decoy=DECOY, control=CONTROL), script)

    assert (held.control is not None) is is_asked
    assert script.rcpts()[2:] == [str(CONTROL), str(DECOY)][not is_asked :]


@pytest.mark.parametrize("end", [b"421 4.7.0 enough\r\n", ENOUGH, b"552 too many recipients\r\n"])
def test_a_limit_of_the_host_ends_the_session_with_what_was_heard(interview, scripted, end):
    script = scripted(RCPT=[YES, end])

    held = interview(question(3, decoy=DECOY), script)

    assert codes(held) == [250]
    assert (held.stopped.code, held.decoy) == (int(end[:3]), None)
    assert len(script.rcpts()) == 2


@pytest.mark.parametrize("end", [b"421 4.7.0 enough\r\n", ENOUGH])
def test_a_limit_that_the_control_or_the_decoy_meets_is_no_answer_about_them(interview, scripted, end):
    of_control = interview(question(1, control=CONTROL, decoy=DECOY), scripted(RCPT=[VAGUE, end]))
    assert (codes(of_control), of_control.control, of_control.decoy) == ([550], None, None)
    assert of_control.stopped.code == int(end[:3])

    of_decoy = interview(question(1, decoy=DECOY), scripted(RCPT=[YES, end]))
    assert (codes(of_decoy), of_decoy.decoy, of_decoy.stopped.code) == ([250], None, int(end[:3]))


def test_a_demand_for_tls_that_cannot_be_met_is_of_the_session(interview, scripted):
    script = scripted(RCPT=DEMAND, STARTTLS=b"454 4.7.0 not now\r\n")

    held = interview(question(3, decoy=DECOY), script)

    assert (held.heard, held.stopped.code) == ([], 530)
    assert len(script.rcpts()) == 1


def test_a_sender_who_is_refused_in_the_middle_is_of_the_session(interview, scripted):
    script = scripted(RCPT=[YES, b"503 5.5.1 need MAIL\r\n"], RSET=YES, MAIL=[YES, b"550 5.7.1 blocked\r\n"])

    held = interview(question(3), script)

    assert (codes(held), held.stopped.stage) == ([250], Stage.MAIL)


def test_a_provider_is_asked_about_no_more_recipients_than_it_bears(interview, scripted):
    outlook = scripted(RCPT=VAGUE)
    held = interview(question(3, provider="outlook", control=CONTROL), outlook)
    assert (len(outlook.rcpts()), len(held.heard), held.control) == (1, 1, None)

    qq = scripted(RCPT=lambda line: NO if DECOY.local_part in line else YES)
    held = interview(question(10, provider="qq", decoy=DECOY), qq)
    assert (len(qq.rcpts()), len(held.heard), held.decoy.code) == (7, 6, 550)


FLYING = b"250-mx.plum.sandbox\r\n250 PIPELINING\r\n"


def test_recipients_are_asked_in_flights_and_the_decoy_as_the_last_of_them(interview, scripted):
    refused = (DECOY.local_part, "pear1@")
    script = scripted(EHLO=FLYING, RCPT=lambda line: NO if any(each in line for each in refused) else YES)

    held = interview(question(12, decoy=DECOY, control=CONTROL), script)

    assert codes(held) == [250, 550] + [250] * 10
    assert held.decoy.code == 550
    assert script.rcpts() == [*(f"pear{n}@plum.sandbox" for n in range(12)), str(DECOY)]
    assert held.asker.session.flights == 2


@pytest.mark.parametrize("greeting", [FLYING, b"250 mx.plum.sandbox\r\n"], ids=["flight", "lockstep"])
def test_one_recipient_and_the_decoy_are_one_flight_only_where_the_host_takes_flights(
    interview, scripted, greeting
):
    script = scripted(EHLO=greeting, RCPT=[YES, NO])

    held = interview(question(decoy=DECOY), script)

    assert (codes(held), held.decoy.code) == ([250], 550)
    assert held.asker.session.flights == int(greeting == FLYING)


@pytest.mark.parametrize("answer", [YES, BLOCKED, LATER, NO], ids=["yes", "blocked", "later", "missing"])
def test_where_everybody_was_refused_a_decoy_in_the_flight_tells_only_that_the_host_knows_who_is_missing(
    interview, scripted, answer
):
    held = interview(question(2, decoy=DECOY), scripted(EHLO=FLYING, RCPT=[NO, NO, answer]))

    assert codes(held) == [550, 550]
    assert (held.decoy is not None, held.cut_short) == ((True, 0) if answer == NO else (False, 1))


@pytest.mark.parametrize("postmaster", [YES, VAGUE, None], ids=["let in", "refused", "not asked"])
def test_a_host_that_may_refuse_us_all_tells_nothing_by_refusing_the_decoy_too(
    interview, scripted, postmaster
):
    """Else a domain that takes any address would count as one that does not, once the host lets us in."""
    control = CONTROL if postmaster else None

    held = interview(
        question(2, decoy=DECOY, control=control),
        scripted(EHLO=FLYING, RCPT=[VAGUE, VAGUE, VAGUE, postmaster]),
    )

    assert codes(held) == [550, 550]
    assert (held.decoy is not None, held.cut_short) == ((True, 0) if postmaster == YES else (False, 1))


@pytest.mark.parametrize("last", ["recipient", "decoy"])
def test_a_farewell_that_comes_with_the_replies_of_a_flight_takes_none_of_them_back(
    interview, scripted, last
):
    enough = NO + b"421 4.7.0 too many errors\r\n"
    script = scripted(EHLO=FLYING, RCPT=[YES, NO, enough])

    asked = question(3) if last == "recipient" else question(2, decoy=DECOY)
    held = interview(asked, script)

    assert codes(held) == ([250, 550, 550] if last == "recipient" else [250, 550])
    assert (held.decoy is not None) == (last == "decoy")
    assert not held.asker.session.is_open
    assert held.asker.session.is_in_step


def test_a_limit_that_a_decoy_meets_in_a_flight_is_no_answer_about_it(interview, scripted):
    held = interview(question(decoy=DECOY), scripted(EHLO=FLYING, RCPT=[YES, ENOUGH]))

    assert (codes(held), held.decoy, held.stopped.code, held.cut_short) == ([250], None, 452, 1)


def test_a_decoy_waits_for_the_last_flight_and_for_its_own_grant(interview, scripted):
    granted = [3, 0, 0]
    script = scripted(EHLO=FLYING)

    held = interview(question(3, decoy=DECOY, allow=lambda _: granted.pop(0)), script, ends_in_s=600)

    assert (len(held.heard), held.decoy, granted) == (3, None, [])
    assert str(DECOY) not in script.rcpts()


def test_a_decoy_goes_in_no_flight_with_smtputf8(interview, scripted):
    script = scripted(EHLO=b"250-mx\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n", RSET=YES, RCPT=[YES, YES, NO])

    held = interview(question(recipients=(*recipients(1), QUINCE), decoy=DECOY), script)

    assert held.decoy.code == 550
    assert held.asker.session.flights == 2


@pytest.mark.parametrize("refusal", [NO, BLOCKED, LATER, VAGUE], ids=["missing", "blocked", "later", "vague"])
@pytest.mark.parametrize(
    "more", [{}, {"decoy": DECOY}, {"control": CONTROL}, {"decoy": DECOY, "control": CONTROL}]
)
def test_no_flight_is_so_big_that_it_could_meet_the_error_limits(interview, scripted, refusal, more):
    script = scripted(EHLO=FLYING, RCPT=lambda line: YES if "pear0@" in line else refusal)

    held = interview(question(20, **more), script)

    assert len(script.rcpts()) - 1 <= MAX_REFUSALS
    assert len(held.heard) >= MAX_REFUSALS - 1


def test_a_flight_is_no_bigger_than_a_provider_bears_and_than_is_granted(interview, scripted):
    qq = scripted(EHLO=FLYING, RCPT=lambda line: NO if DECOY.local_part in line else YES)
    held = interview(question(10, provider="qq", decoy=DECOY), qq)
    assert (len(qq.rcpts()), len(held.heard), held.decoy.code) == (7, 6, 550)

    asked: list[int] = []
    granted = [2, 1, 0, 0]
    few = scripted(EHLO=FLYING)
    granting = question(9, decoy=DECOY, allow=lambda n: asked.append(n) or granted.pop(0))
    held = interview(granting, few, ends_in_s=600)
    assert (len(held.heard), held.stopped, held.decoy) == (3, None, None)
    assert asked == [8, 7, 6, 1]
    assert few.lines[-1] == "QUIT"


@pytest.mark.parametrize("end", [b"421 4.7.0 enough\r\n", "drop"])
def test_an_end_in_the_middle_of_a_flight_is_of_whose_reply_was_due(interview, scripted, end):
    script = scripted(EHLO=FLYING, RCPT=[YES, NO, scripted.DROP if end == "drop" else end, YES])

    held = interview(question(5, decoy=DECOY), script)

    assert codes(held) == [250, 550]
    assert held.ended_by == held.question.recipients[2]
    assert (held.decoy, held.cut_short) == (None, 1)


def test_the_rest_of_a_flight_that_is_too_many_is_not_put_off(interview, scripted):
    script = scripted(EHLO=FLYING, RCPT=[YES, ENOUGH, ENOUGH, NO, ENOUGH])

    held = interview(question(5), script)

    assert [(each.recipient.mailbox, each.answer.code) for each in held.heard] == [(0, 250), (3, 550)]
    assert (held.stopped.code, held.ended_by, held.cut_short) == (452, None, 3)


def test_each_recipient_of_a_flight_has_its_own_lines_of_the_trace(interview, scripted):
    held = interview(question(2), scripted(EHLO=FLYING, RCPT=[YES, NO]))

    assert [[line.text for line in heard.trace] for heard in held.heard] == [
        ["RCPT TO:<pear0@plum.sandbox>", "250 2.1.5 ok"],
        ["RCPT TO:<pear1@plum.sandbox>", "550 5.1.1 no such user"],
    ]


def test_recipients_that_need_smtputf8_go_in_a_flight_of_their_own(interview, scripted):
    both = (QUINCE, *recipients(2))
    script = scripted(EHLO=b"250-mx\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n", RSET=YES)

    assert codes(interview(question(recipients=both), script)) == [250] * 3
    assert [line.split(" ")[0] for line in script.lines] == [
        "EHLO", "MAIL", "RCPT", "RCPT", "RSET", "MAIL", "RCPT", "QUIT",
    ]  # fmt: skip


def test_recipients_that_need_smtputf8_are_asked_after_the_others(interview, scripted):
    both = (QUINCE, *recipients(2))
    script = scripted(EHLO=b"250-mx\r\n250 SMTPUTF8\r\n", RSET=YES)

    assert codes(interview(question(recipients=both), script)) == [250] * 3
    assert script.rcpts() == ["pear0@plum.sandbox", "pear1@plum.sandbox", "quitté@plum.sandbox"]


def test_a_host_without_smtputf8_still_answers_for_the_others(interview, scripted):
    held = interview(question(recipients=(QUINCE, *recipients(2)), decoy=DECOY), scripted())

    assert [type(heard.answer) for heard in held.heard] == [Reply, Reply, Unreached]
    assert held.heard[-1].answer.failure is Reason.SMTPUTF8_NEEDED
    assert held.decoy.code == 250


def test_a_drop_keeps_what_was_heard(interview, scripted):
    held = interview(question(3), scripted(RCPT=[YES, scripted.DROP]))

    assert codes(held) == [250]
    assert held.stopped.failure is Reason.DROPPED
    assert held.ended_by == held.question.recipients[1]


def test_a_limit_that_the_host_names_is_nobodys_fault(interview, scripted):
    held = interview(question(3), scripted(RCPT=[YES, ENOUGH]))

    assert held.stopped.code == 452
    assert held.ended_by is None


def test_a_silent_answer_after_others_belongs_to_its_recipient(interview, scripted):
    held = interview(question(3), scripted(RCPT=[YES, None]), smtp_op_timeout_ms=150)

    assert [type(heard.answer) for heard in held.heard] == [Reply, Unreached]
    assert held.heard[1].answer.failure is Reason.TIMEOUT
    assert held.stopped is None


def test_a_silent_first_answer_belongs_to_the_host(interview, scripted):
    held = interview(question(3), scripted(RCPT=None), smtp_op_timeout_ms=150)

    assert held.heard == []
    assert (held.stopped.stage, held.stopped.failure) == (Stage.RCPT, Reason.TIMEOUT)


def test_nobody_is_asked_for_whom_there_may_be_no_time_left(interview, scripted):
    script = scripted(RCPT=(lambda: asyncio.sleep(0.15), YES))

    held = interview(question(9, decoy=DECOY), script, smtp_op_timeout_ms=500, ends_in_s=0.7)

    assert 1 <= len(held.heard) < 5
    assert held.decoy is None
