from dataclasses import replace

import pytest

from engine.accept_all import (
    decide_accept_all,
    due_decoys,
    fresh_control,
    is_decoy_due,
    keep_answers,
    with_decoys,
    without_doubted,
)
from engine.address import Address
from engine.batch import Batch, DomainFacts, Recipient
from engine.exchange import MailHost, MailHosts
from engine.probing import Probing
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.retry import Terms
from engine.settings import Settings
from engine.verdict import AcceptAll

NOW = 10_000.0
TERMS = Terms(Settings(greylist_retry_seconds=(45, 900), outage_retry_seconds=(300,)), NOW)
HOSTS = MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),))
FACTS = DomainFacts(
    "plum.example", HOSTS, "key", "other", decoy="k3f9a2b7", second_decoy="dopego.zisepidi", resolved_at=NOW
)
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
VAGUE = Reply(550, "address rejected", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
LATER = Reply(451, "4.7.1 greylisted", Stage.RCPT)


def decided(*answers, facts=FACTS, waiting=(), terms=TERMS, **probing) -> DomainFacts:
    due = tuple(Recipient(n, Address(f"pear{n}", "plum.example")) for n in range(len(answers)))
    heard = tuple(Heard(recipient, answer) for recipient, answer in zip(due, answers, strict=True))
    waits = tuple(
        Recipient(9 + n, Address("fig", "plum.example"), answer=each) for n, each in enumerate(waiting)
    )
    batch = Batch(facts, (*due, *waits))
    return decide_accept_all(facts, batch, Probing(heard, has_connected=True, **probing), terms)


def test_a_decoy_that_contradicts_nothing_decides_at_once():
    assert decided(YES, decoy=YES).accept_all is AcceptAll.YES
    facts = decided(YES, NO, decoy=NO)
    assert (facts.accept_all, facts.accept_all_at, facts.is_yes_doubtful) == (AcceptAll.NO, NOW, False)


def test_a_second_decoy_answered_in_the_same_session_decides_with_the_first():
    facts = decided(YES, NO, decoy=YES, second_decoy=NO)
    assert (facts.accept_all, facts.is_yes_doubtful) == (AcceptAll.UNKNOWN, True)
    assert decided(YES, NO, decoy=YES, second_decoy=YES).accept_all is AcceptAll.YES
    assert decided(YES, decoy=BLOCKED, second_decoy=NO).accept_all is AcceptAll.NO


def test_a_second_decoy_that_did_not_fit_is_asked_alone_in_the_next_session():
    facts = decided(YES, NO, decoy=YES)

    assert (facts.accept_all, facts.decoy_answer) == (None, YES)
    assert due_decoys(facts, NOW) == ("", "dopego.zisepidi")
    assert decided(facts=facts, waiting=[YES], second_decoy=YES).accept_all is AcceptAll.YES


def test_who_was_refused_as_missing_in_an_earlier_session_contradicts_an_accepted_decoy():
    facts = decided(NO, NO)
    assert facts.has_missing
    assert decided(YES, facts=facts, decoy=YES).accept_all is None


def test_a_greylisted_second_decoy_comes_back_as_it_was():
    facts = decided(YES, NO, decoy=YES, second_decoy=LATER)

    assert (facts.accept_all, facts.decoy_due_at) == (None, NOW + 45)
    assert due_decoys(facts, NOW + 44) == ("", "")
    assert due_decoys(facts, NOW + 45) == ("", "dopego.zisepidi")
    later = replace(TERMS, now=NOW + 45)
    assert decided(facts=facts, waiting=[YES], second_decoy=NO, terms=later).is_yes_doubtful


def test_a_second_decoy_that_is_never_answered_leaves_a_doubtful_yes():
    facts, now = decided(YES, NO, decoy=YES, second_decoy=LATER), NOW
    for _ in range(2):
        now = facts.decoy_due_at
        facts = decided(facts=facts, waiting=[YES], second_decoy=LATER, terms=replace(TERMS, now=now))
    assert (facts.accept_all, facts.is_yes_doubtful) == (AcceptAll.UNKNOWN, True)


def test_a_decoy_refused_where_nobody_was_accepted_is_asked_again_another_time():
    facts = decided(LATER, decoy=BLOCKED)

    assert (facts.accept_all, facts.decoy_answer, facts.decoy_attempts) == (None, None, 0)
    assert due_decoys(facts, NOW) == ("k3f9a2b7", "dopego.zisepidi")


def test_a_session_that_never_began_is_an_attempt_of_a_decoy_that_somebody_waits_for():
    shut = Unreached(Stage.CONNECT, Reason.UNREACHABLE)
    assert decided(stopped=shut) == FACTS, "else a domain would be given up that was never asked"
    facts = decided(stopped=shut, waiting=[YES])
    assert (facts.decoy_attempts, facts.decoy_due_at) == (1, NOW + 300)
    assert not is_decoy_due(facts, NOW + 299)


def test_the_hosts_hint_holds_for_the_decoy_as_well():
    facts = decided(LATER, decoy=Reply(451, "greylisted, come back in 5 minutes", Stage.RCPT))
    assert facts.decoy_due_at == NOW + 300


@pytest.mark.parametrize("provider", ["outlook", "yahoo"])
def test_where_no_decoy_may_be_asked_nobody_knows(provider):
    facts = decided(YES, facts=replace(FACTS, provider=provider))
    assert facts.accept_all is AcceptAll.UNKNOWN
    assert due_decoys(replace(FACTS, provider=provider), NOW) == ("", "")


def test_made_up_addresses_are_made_up_once():
    made = with_decoys(DomainFacts("plum.example"))
    assert made.decoy
    assert made.second_decoy
    assert with_decoys(made) == made


def test_a_refusal_of_postmaster_holds_for_a_quarter_of_an_hour():
    facts = decided(VAGUE, control=VAGUE)
    assert (facts.control, facts.control_at) == (VAGUE, NOW)
    assert fresh_control(facts, NOW + 900) == VAGUE
    assert fresh_control(facts, NOW + 901) is None
    assert decided(VAGUE, facts=facts).control == VAGUE
    assert decided(VAGUE, facts=facts, terms=replace(TERMS, now=NOW + 901)).control is None


def test_that_postmaster_was_let_in_shows_nothing_of_a_later_session():
    facts = decided(VAGUE, control=YES)
    assert (facts.control, facts.control_at) == (YES, NOW)
    assert fresh_control(facts, NOW) is None
    assert decided(VAGUE, facts=facts).control is None


def test_who_was_let_in_after_a_refusal_in_doubt_is_kept_as_the_control():
    assert decided(VAGUE, YES).control == YES
    assert decided(YES, VAGUE).control is None


def test_a_control_that_is_put_off_is_none():
    assert decided(VAGUE, control=LATER).control is None


KNOWN = replace(FACTS, accept_all=AcceptAll.NO, accept_all_at=NOW - 100, session_limit=7, control=YES)
DAY_S = 86_400.0


def looked_up(after_s: float = 0.0, route_key: str = "key") -> DomainFacts:
    return DomainFacts("plum.example", HOSTS, route_key, "other", resolved_at=NOW + after_s, lookups=2)


def test_a_look_up_that_finds_the_same_hosts_keeps_a_fresh_answer():
    kept = keep_answers(looked_up(), KNOWN, DAY_S)
    assert (kept.accept_all, kept.accept_all_at, kept.session_limit) == (AcceptAll.NO, NOW - 100, 7)
    assert (kept.resolved_at, kept.lookups) == (NOW, 2)


def test_an_answer_grows_old_though_its_domain_was_put_off_since():
    known = replace(KNOWN, accept_all_at=NOW - DAY_S - 1, held_until=NOW, decoy_due_at=NOW)
    assert keep_answers(looked_up(), known, DAY_S).accept_all is None


@pytest.mark.parametrize(
    "found", [looked_up(route_key="other-key"), looked_up(route_key=""), looked_up(DAY_S)]
)
def test_other_hosts_or_an_old_answer_forget_all_but_the_decoys(found):
    kept = keep_answers(found, KNOWN, DAY_S)
    assert (kept.accept_all, kept.session_limit, kept.control) == (None, 0, None)
    assert (kept.decoy, kept.second_decoy) == (KNOWN.decoy, KNOWN.second_decoy)


def test_a_decoy_that_waits_is_not_asked_sooner_for_a_new_look_up():
    waiting = replace(FACTS, decoy_answer=LATER, decoy_attempts=1, decoy_due_at=NOW + 45)
    assert not is_decoy_due(keep_answers(looked_up(10), waiting, DAY_S), NOW + 10)


def test_only_a_no_that_was_learned_in_doubt_is_forgotten():
    assert without_doubted(KNOWN, NOW - 100).accept_all is None
    assert without_doubted(KNOWN, NOW - 99) == KNOWN
    everybody = replace(KNOWN, accept_all=AcceptAll.YES)
    assert without_doubted(everybody, 0) == everybody
