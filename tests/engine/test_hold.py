from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import Batch, Deferral, DomainFacts, Outcome, Recipient
from engine.hold import MEMORY_S, count_round, hold_together, with_rounds
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached

NOW = 10_000.0
FACTS = DomainFacts("plum.example", provider="other")
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
LATER = Reply(451, "4.7.1 greylisted", Stage.RCPT)
FULL = Reply(452, "4.2.2 mailbox full", Stage.RCPT)
SHUT = Unreached(Stage.CONNECT, Reason.UNREACHABLE)
CLOSED = Reply(421, "4.3.2 busy", Stage.BANNER)
FAULT = Unreached(Stage.CONNECT, Reason.UNCLEAR)


def heard(*answers, attempts: int = 0) -> tuple[Heard, ...]:
    return tuple(
        Heard(Recipient(n, Address(f"pear{n}", "plum.example"), attempts), answer)
        for n, answer in enumerate(answers)
    )


@pytest.mark.parametrize("answers", [[LATER] * 3, [SHUT] * 3, [CLOSED] * 3, [LATER, LATER, SHUT]])
def test_a_session_that_answers_nobody_is_a_round(answers):
    first = count_round(FACTS, heard(*answers), NOW)
    assert first.rounds == 1
    second = count_round(replace(first, held_until=NOW + 45), heard(*answers), NOW + 46)
    assert second.rounds == 2


def test_one_or_two_who_are_put_off_may_be_so_for_themselves_but_not_three_in_a_row():
    first = count_round(FACTS, heard(LATER, LATER), NOW)
    assert (first.rounds, first.put_off) == (0, 2)
    assert count_round(first, heard(LATER), NOW).rounds == 1
    assert count_round(first, heard(NO), NOW).put_off == 0


def test_who_comes_back_and_is_put_off_again_shows_nothing_of_the_others():
    assert count_round(FACTS, heard(*[LATER] * 20, attempts=1), NOW).rounds == 0
    within = replace(FACTS, rounds=1, held_until=NOW)
    assert count_round(within, heard(LATER, attempts=1), NOW + 1).rounds == 2, "nobody was let in at all"


@pytest.mark.parametrize("answers", [(LATER, NO), (YES,), (FULL, FULL), (FAULT,)])
def test_a_session_in_which_somebody_is_answered_or_the_fault_is_not_the_hosts_ends_the_rounds(answers):
    facts = count_round(replace(FACTS, rounds=2, held_until=NOW), heard(*answers), NOW)
    assert (facts.rounds, facts.held_until) == (0, 0.0)


def test_a_session_in_which_nobody_was_asked_changes_nothing():
    held = replace(FACTS, rounds=2, held_until=NOW)
    assert count_round(held, (), NOW) == held


def test_rounds_of_long_ago_are_forgotten():
    held = replace(FACTS, rounds=3, held_until=NOW)
    assert count_round(held, heard(LATER), NOW + MEMORY_S + 1).rounds == 0
    assert count_round(held, heard(*[LATER] * 3), NOW + MEMORY_S + 1).rounds == 1


def test_a_host_that_lets_in_who_comes_back_puts_off_each_for_itself():
    facts = count_round(replace(FACTS, held_for=Reason.GREYLISTED), heard(YES, attempts=1), NOW)
    assert facts.has_passed
    assert count_round(facts, heard(LATER, LATER), NOW).rounds == 0
    assert count_round(facts, heard(*[SHUT] * 3), NOW).rounds == 1, "nobody home is nobody home"


def test_who_comes_back_to_a_host_that_was_down_was_not_put_off():
    down = replace(FACTS, held_for=Reason.UNREACHABLE)
    assert not count_round(down, heard(YES, attempts=1), NOW).has_passed


def test_who_waited_with_the_others_has_their_attempts_behind_it():
    fresh, tried = with_rounds((*heard(LATER), *heard(LATER, attempts=5)), rounds=3)
    assert (fresh.recipient.attempts, tried.recipient.attempts) == (2, 5)
    assert with_rounds(heard(LATER), rounds=0) == heard(LATER)


def put_off(*dues: float, rounds: int = 1) -> Outcome:
    facts = replace(FACTS, rounds=rounds)
    recipients = tuple(each.recipient for each in heard(*(LATER for _ in dues)))
    deferrals = tuple(
        Deferral(recipient, due, Reason.GREYLISTED) for recipient, due in zip(recipients, dues, strict=True)
    )
    return Outcome(Batch(facts, recipients), facts, deferrals=deferrals)


def test_all_that_were_put_off_in_a_round_come_back_together_and_hold_their_domain():
    outcome = hold_together(put_off(NOW + 45, NOW + 300), NOW)
    assert {each.due_at for each in outcome.deferrals} == {NOW + 300}
    assert (outcome.domain.held_until, outcome.domain.held_for) == (NOW + 300, Reason.GREYLISTED)


def test_outside_a_round_each_comes_back_at_its_own_time():
    outcome = put_off(NOW + 45, NOW + 300, rounds=0)
    assert hold_together(outcome, NOW) == outcome


def test_the_last_round_holds_nobody_up():
    assert hold_together(put_off(), NOW).domain.held_until == NOW
