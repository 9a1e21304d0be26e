from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.accept_all import is_decoy_due, wants_decoy
from engine.address import Address
from engine.batch import Batch, DomainFacts, Pause, Recipient, Scope
from engine.disposition import (
    MOST_CUT_SHORT,
    WHOLE_DOMAIN,
    dispose,
    is_settled_by_domain,
    is_to_be_asked,
    portion,
    put_aside,
    settle_by_domain,
)
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.finding import DAY_S, HOUR_S
from engine.judge import judge
from engine.policy import Policy
from engine.probing import Probing
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.retry import Terms
from engine.settings import Settings
from engine.verdict import AcceptAll, Status, TraceLine, Vantage

NOW = 1000.0
SETTINGS = Settings(greylist_retry_seconds=(45, 900), outage_retry_seconds=(300,), rcpts_per_session=20)
TERMS = Terms(SETTINGS, NOW)
HOSTS = MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),))
DECOY = "k3f9a2b7"
FACTS = DomainFacts("plum.example", HOSTS, "key", "other", decoy=DECOY)
KNOWN = replace(FACTS, accept_all=AcceptAll.NO, accept_all_at=1.0)
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
LATER = Reply(451, "4.7.1 greylisted, try again later", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 blocked", Stage.RCPT)
CLOSING = Reply(421, "4.7.0 enough for now", Stage.RCPT)
DROP = Unreached(Stage.RCPT, Reason.DROPPED)
SHUT = Unreached(Stage.CONNECT, Reason.UNREACHABLE)


def recipients(count: int, **known) -> tuple[Recipient, ...]:
    return tuple(Recipient(n, Address(f"pear{n}", "plum.example"), **known) for n in range(count))


def disposed(probing: Probing, facts: DomainFacts = KNOWN, due=None, terms: Terms = TERMS):
    due = recipients(len(probing.heard) or 1) if due is None else due
    return dispose(Batch(facts, due), facts, probing, terms)


def session(*answers, due=None, **more) -> Probing:
    due = due or recipients(len(answers))
    heard = tuple(Heard(recipient, answer) for recipient, answer in zip(due, answers, strict=False))
    return Probing(heard, mx_host="mx.plum.example", has_connected=True, **more)


def statuses(outcome) -> list[tuple[Status, Reason]]:
    verdicts = [judge(finding.evidence, Policy()) for finding in outcome.findings]
    return [(verdict.status, verdict.reason) for verdict in verdicts]


def test_a_4xx_comes_back_by_the_greylist_delays_and_settles_unknown_after_the_last():
    first = disposed(session(LATER))
    again = first.deferrals[0]
    assert (again.due_at, again.why, again.recipient.attempts) == (NOW + 45, Reason.GREYLISTED, 1)
    assert again.recipient.answer is None

    second = disposed(session(LATER, due=(again.recipient,)), due=(again.recipient,))
    assert (second.deferrals[0].due_at, second.deferrals[0].recipient.attempts) == (NOW + 900, 2)

    third = disposed(
        session(LATER, due=(second.deferrals[0].recipient,)), due=(second.deferrals[0].recipient,)
    )
    assert statuses(third) == [(Status.UNKNOWN, Reason.GREYLISTED)]
    assert third.findings[0].attempts == 3


@pytest.mark.parametrize("failure", [Reason.UNREACHABLE, Reason.TIMEOUT, Reason.DROPPED])
def test_an_unreachable_host_comes_back_by_the_outage_delays_and_settles_unknown(failure):
    stopped = Probing(stopped=Unreached(Stage.CONNECT, failure))

    first = disposed(stopped).deferrals[0]
    assert (first.due_at, first.why, first.recipient.attempts) == (NOW + 300, failure, 1)
    assert statuses(disposed(stopped, due=(first.recipient,))) == [(Status.UNKNOWN, failure)]


@pytest.mark.parametrize("failure", [Reason.BUDGET, Reason.UNROUTABLE_MX, Reason.SMTPUTF8_NEEDED])
def test_what_time_will_not_mend_is_settled_at_once(failure):
    assert statuses(disposed(session(Unreached(Stage.RCPT, failure)))) == [(Status.UNKNOWN, failure)]


def test_refusals_are_settled_before_the_decoy_is_answered_and_yes_answers_are_not():
    outcome = disposed(session(YES, NO, decoy=LATER), FACTS)

    assert [finding.mailbox for finding in outcome.findings] == [1]
    assert statuses(outcome) == [(Status.INVALID, Reason.MAILBOX_MISSING)]
    waiting = outcome.deferrals[0]
    assert (waiting.recipient.mailbox, waiting.recipient.answer, waiting.due_at) == (0, YES, NOW + 45)
    assert waiting.why is Reason.GREYLISTED


@pytest.mark.parametrize(
    ("facts", "withheld", "is_asked"),
    [
        (KNOWN, None, True),
        (KNOWN, Reason.NEVER_PROBED, False),
        (replace(KNOWN, accept_all=AcceptAll.YES), None, False),
        (replace(KNOWN, route=LookupFailed(Reason.DNS_FAILED)), None, False),
    ],
)
def test_hosts_are_asked_unless_that_is_withheld_or_their_domain_says_it_all(facts, withheld, is_asked):
    assert is_to_be_asked(Batch(facts, recipients(2), withheld=withheld)) is is_asked


def test_the_decoy_is_kept_unchanged_and_has_retries_of_its_own():
    outcome = disposed(session(YES, decoy=LATER), FACTS)
    facts = outcome.domain

    assert (facts.decoy, facts.decoy_attempts, facts.accept_all) == (DECOY, 1, None)
    assert not is_decoy_due(facts, NOW + 44)
    assert is_decoy_due(facts, NOW + 45)


def test_sessions_before_the_decoys_retry_do_not_use_its_attempts_up():
    facts = disposed(session(YES, decoy=LATER), FACTS).domain

    for _ in range(10):
        outcome = disposed(session(YES), facts, terms=Terms(SETTINGS, NOW + 5))
        assert outcome.deferrals[0].due_at == NOW + 45
        facts = outcome.domain

    assert (facts.decoy_attempts, facts.accept_all) == (1, None)


@pytest.mark.parametrize(
    ("decoy", "accept_all", "decision"),
    [
        (YES, AcceptAll.YES, (Status.ACCEPT_ALL, Reason.ACCEPT_ALL)),
        (NO, AcceptAll.NO, (Status.VALID, Reason.ACCEPTED)),
        (BLOCKED, AcceptAll.UNKNOWN, (Status.VALID, Reason.ACCEPTED)),
    ],
)
def test_the_decoys_answer_decides_what_a_waiting_yes_is_worth(decoy, accept_all, decision):
    waiting = recipients(1, answer=YES, mx_host="mx.plum.example", trace=(TraceLine("host", "250 ok"),))

    outcome = disposed(Probing(decoy=decoy, second_decoy=decoy, has_connected=True), FACTS, waiting)

    assert (outcome.domain.accept_all, outcome.domain.accept_all_at) == (accept_all, NOW)
    assert statuses(outcome) == [decision]
    assert outcome.findings[0].trace[:1] == waiting[0].trace
    assert all("which we made up" in line.text for line in outcome.findings[0].trace[1:])


def test_a_decoy_that_is_never_answered_leaves_accept_all_unknown():
    facts, now = FACTS, NOW
    waiting = recipients(1, answer=YES)
    for _ in range(2):
        facts = disposed(
            Probing(decoy=LATER, has_connected=True), facts, waiting, Terms(SETTINGS, now)
        ).domain
        now = facts.decoy_due_at

    outcome = disposed(Probing(decoy=LATER, has_connected=True), facts, waiting, Terms(SETTINGS, now))

    assert outcome.domain.accept_all is AcceptAll.UNKNOWN
    assert statuses(outcome) == [(Status.VALID, Reason.ACCEPTED)]


@pytest.mark.parametrize(
    "stopped",
    [SHUT, Unreached(Stage.BANNER, Reason.BUDGET), Reply(554, "5.7.1 no service for you", Stage.BANNER)],
)
def test_a_session_that_never_began_says_nothing_of_accept_all(stopped):
    facts = FACTS
    for _ in range(4):
        facts = disposed(Probing(stopped=stopped, has_connected=True), facts).domain

    assert facts.accept_all is None
    assert is_decoy_due(facts, NOW)


def test_a_yes_whose_session_ended_before_the_decoy_is_given_back_with_its_answer():
    due = recipients(2)
    outcome = disposed(session(YES, due=due, stopped=DROP), FACTS, due)

    assert not outcome.findings
    assert not outcome.deferrals
    assert {(each.mailbox, each.answer) for each in outcome.released} == {(0, YES), (1, None)}
    assert outcome.domain.decoy_attempts == 0


@pytest.mark.parametrize("stopped", [CLOSING, DROP, Reply(452, "4.5.3 too many recipients", Stage.RCPT)])
def test_a_session_that_ends_with_progress_gives_the_rest_back_as_it_was(stopped):
    due = recipients(3)
    outcome = disposed(session(NO, due=due, stopped=stopped), due=due)

    assert [finding.mailbox for finding in outcome.findings] == [0]
    assert outcome.released == due[1:]


@pytest.mark.parametrize("stopped", [CLOSING, DROP, Reply(452, "4.5.3 too many recipients", Stage.RCPT)])
def test_a_session_that_ends_without_progress_is_an_attempt_of_all(stopped):
    due = recipients(3)
    outcome = disposed(Probing(stopped=stopped, has_connected=True), due=due)

    assert [deferral.recipient.attempts for deferral in outcome.deferrals] == [1, 1, 1]
    assert not outcome.released
    assert not outcome.findings


@pytest.mark.parametrize("stopped", [CLOSING, DROP, Unreached(Stage.RCPT, Reason.BUDGET)])
def test_who_a_session_ends_at_is_charged_alone_but_not_for_ever(stopped):
    due = recipients(3)
    cut = Probing(stopped=stopped, ended_by=due[0], has_connected=True)
    first = disposed(cut, due=due)
    last = disposed(cut, replace(first.domain, cut_short=MOST_CUT_SHORT), due)

    assert first.released == due[1:]
    assert (first.domain.cut_short, first.domain.held_until) == (1, 0.0)
    assert not last.released
    assert last.domain.cut_short == 0
    assert disposed(session(NO), first.domain).domain.cut_short == 0


@pytest.mark.parametrize(
    "text",
    [
        "4.2.1 receiving mail at a rate",
        "4.2.2 mailbox full",
        "4.7.1 blocked using our list",
        "5.1.1 no such user",
    ],
)
def test_a_421_at_the_first_recipient_settles_nobody_whatever_it_says(text):
    outcome = disposed(Probing(stopped=Reply(421, text, Stage.RCPT), has_connected=True), due=recipients(3))

    assert len(outcome.deferrals) == 3


@given(st.integers(400, 499), st.sampled_from(["", "4.7.1 blocked", "5.1.1 no such user", "4.2.2 full", "x"]))
def test_any_4xx_that_says_nothing_of_the_mailbox_comes_back(code, text):
    assert len(disposed(session(Reply(code, text, Stage.RCPT))).deferrals) == 1


def test_once_everybody_is_accepted_the_rest_is_settled_unasked():
    everybody = replace(FACTS, accept_all=AcceptAll.YES, accept_all_at=1.0)
    assert is_settled_by_domain(everybody)
    assert portion(everybody, SETTINGS) == WHOLE_DOMAIN

    outcome = settle_by_domain(Batch(everybody, recipients(3)), everybody, TERMS)

    assert statuses(outcome) == [(Status.ACCEPT_ALL, Reason.ACCEPT_ALL)] * 3
    assert all(finding.evidence.rcpt is None for finding in outcome.findings)
    assert outcome.findings[0].evidence.mx_host == "mx.plum.example"


@pytest.mark.parametrize("refusal", [Reason.NULL_MX, Reason.NO_SUCH_DOMAIN, Reason.NO_MAIL_HOST])
def test_a_domain_without_mail_settles_all_its_mailboxes(refusal):
    facts = replace(FACTS, route=NoMail(refusal))

    outcome = settle_by_domain(Batch(facts, recipients(2)), facts, TERMS)

    assert statuses(outcome) == [(Status.INVALID, refusal)] * 2


def test_a_disposable_domain_is_settled_without_asking():
    facts = replace(FACTS, name="mailinator.com")
    due = (Recipient(0, Address("fig", "mailinator.com")),)

    assert is_settled_by_domain(facts)
    assert statuses(settle_by_domain(Batch(facts, due), facts, TERMS)) == [(Status.RISKY, Reason.DISPOSABLE)]


def test_a_domain_whose_mail_goes_to_a_throwaway_service_is_settled_without_asking():
    facts = replace(FACTS, route=MailHosts((MailHost("mx.yopmail.com", 10),)))

    assert not is_settled_by_domain(FACTS)
    assert is_settled_by_domain(facts)
    settled = settle_by_domain(Batch(facts, recipients(1)), facts, TERMS)
    assert statuses(settled) == [(Status.RISKY, Reason.DISPOSABLE)]


def test_a_failed_look_up_comes_back_by_the_outage_delays_and_settles_unknown():
    facts = replace(FACTS, route=LookupFailed(Reason.DNS_FAILED, "SERVFAIL"))

    first = settle_by_domain(Batch(facts, recipients(1)), facts, TERMS).deferrals[0]
    assert (first.due_at, first.why) == (NOW + 300, Reason.DNS_FAILED)
    last = settle_by_domain(Batch(facts, (first.recipient,)), facts, TERMS)
    assert statuses(last) == [(Status.UNKNOWN, Reason.DNS_FAILED)]


def test_without_any_delays_everything_is_settled_at_the_first_answer():
    terms = Terms(Settings(greylist_retry_seconds=(), outage_retry_seconds=()), NOW)

    assert len(disposed(session(LATER), terms=terms).findings) == 1
    assert len(disposed(Probing(stopped=SHUT), FACTS, terms=terms).findings) == 1


def test_each_status_stays_fresh_for_its_own_time():
    due = recipients(3, attempts=9)
    outcome = disposed(session(YES, NO, DROP, due=due), due=due)

    expiries = {
        status: f.expires_at - NOW for (status, _), f in zip(statuses(outcome), outcome.findings, strict=True)
    }
    assert expiries == {Status.VALID: 60 * DAY_S, Status.INVALID: 30 * DAY_S, Status.UNKNOWN: 24 * HOUR_S}


@pytest.mark.parametrize(
    ("provider", "wants", "size"), [("other", True, 20), ("outlook", False, 1), ("yahoo", False, 20)]
)
def test_a_provider_says_whether_it_bears_a_decoy_and_how_many_recipients(provider, wants, size):
    facts = replace(FACTS, provider=provider)

    assert wants_decoy(facts) is wants
    assert portion(facts, SETTINGS) == size


def test_where_no_decoy_may_be_asked_a_yes_does_not_wait():
    outcome = disposed(session(YES), replace(FACTS, provider="outlook"))

    assert outcome.domain.accept_all is AcceptAll.UNKNOWN
    assert statuses(outcome) == [(Status.VALID, Reason.ACCEPTED)]


def test_who_was_put_off_comes_back_together_when_the_host_says_and_the_domain_waits_with_them():
    hints = [Reply(451, f"greylisted, come back in {n} minutes", Stage.RCPT) for n in (3, 4, 5)]
    outcome = disposed(session(*hints))

    assert {each.due_at for each in outcome.deferrals} == {NOW + 300}
    assert (outcome.domain.held_until, outcome.domain.held_for) == (NOW + 300, Reason.GREYLISTED)


def test_recipients_that_waited_with_a_greylisted_domain_are_not_put_off_for_longer_than_the_first():
    facts = replace(KNOWN, rounds=2, held_until=NOW, held_for=Reason.GREYLISTED)
    outcome = disposed(session(LATER), facts)
    assert statuses(outcome) == [(Status.UNKNOWN, Reason.GREYLISTED)]
    assert outcome.findings[0].attempts == 3


def test_a_domain_that_answers_somebody_holds_nobody():
    outcome = disposed(session(LATER, NO))
    assert (outcome.domain.held_until, len(outcome.deferrals), len(outcome.findings)) == (0.0, 1, 1)


PAUSE = Pause(Scope.PROVIDER, "other", NOW, NOW + 2700, share=0.6)
IN_TROUBLE = replace(TERMS, pause=PAUSE, vantage=Vantage(refused_share=0.6))
FINALLY = replace(IN_TROUBLE, pause=replace(PAUSE, rounds=2))


def test_hosts_that_have_turned_against_us_are_believed_in_nothing_but_a_yes():
    outcome = disposed(session(YES, NO, BLOCKED, LATER, DROP), terms=IN_TROUBLE)

    assert statuses(outcome) == [(Status.VALID, Reason.ACCEPTED)]
    assert {(each.due_at, each.why) for each in outcome.deferrals} == {(NOW + 2700, Reason.BLOCKED)}
    assert {each.recipient.answer for each in outcome.deferrals} == {None}
    assert {each.recipient.attempts for each in outcome.deferrals} == {0}, "it was no attempt"
    assert outcome.domain.held_until == 0.0


def test_at_a_final_pause_what_they_say_is_settled_as_unknown():
    outcome = disposed(session(YES, NO, BLOCKED, LATER, DROP), terms=FINALLY)

    assert statuses(outcome) == [(Status.VALID, Reason.ACCEPTED), *[(Status.UNKNOWN, Reason.BLOCKED)] * 4]
    assert {finding.evidence.vantage.refused_share for finding in outcome.findings} == {0.6}
    assert "60% of the last answers" in outcome.findings[1].trace[-1].text


def test_while_hosts_are_against_us_nothing_is_learned_of_accept_all():
    outcome = disposed(session(YES, LATER, decoy=NO), FACTS, terms=IN_TROUBLE)
    assert (outcome.domain.accept_all, outcome.domain.decoy_answer) == (None, None)
    lately = replace(KNOWN, accept_all_at=NOW - 60)
    assert disposed(session(BLOCKED), lately, terms=IN_TROUBLE).domain.accept_all is None


def test_a_pause_lets_recipients_wait_as_they_are():
    waiting = recipients(2, answer=YES, attempts=1)
    outcome = put_aside(Batch(FACTS, waiting), PAUSE, TERMS)
    assert tuple(each.recipient for each in outcome.deferrals) == waiting
    assert {(each.due_at, each.why) for each in outcome.deferrals} == {(NOW + 2700, Reason.BLOCKED)}


def test_a_final_pause_settles_who_is_due_without_a_question():
    accepted, unasked = recipients(2)
    batch = Batch(FACTS, (replace(accepted, answer=YES), unasked))
    outcome = put_aside(batch, FINALLY.pause, FINALLY)

    assert statuses(outcome) == [(Status.VALID, Reason.ACCEPTED), (Status.UNKNOWN, Reason.BLOCKED)]
    assert outcome.batch == batch


def test_hosts_that_do_not_answer_let_wait_and_in_the_end_settle_as_unreachable():
    pause = replace(PAUSE, why=Reason.UNREACHABLE, borne=3)
    batch = Batch(FACTS, recipients(2))
    waiting = put_aside(batch, replace(pause, rounds=3), TERMS)
    assert {(each.due_at, each.why) for each in waiting.deferrals} == {(NOW + 2700, Reason.UNREACHABLE)}

    settled = put_aside(batch, replace(pause, rounds=4), TERMS)
    assert statuses(settled) == [(Status.UNKNOWN, Reason.UNREACHABLE)] * 2


def test_a_yes_of_a_host_that_took_one_made_up_address_and_refused_another_is_marked():
    outcome = disposed(session(YES, NO, decoy=YES, second_decoy=NO), FACTS)
    assert outcome.domain.is_yes_doubtful
    assert outcome.findings[0].evidence.is_yes_doubtful


codes = st.one_of(st.sampled_from([250, 252, 421, 450, 451, 452, 550, 552, 554]), st.integers(200, 599))
words = st.sampled_from(
    [
        "ok",
        "5.1.1 no such user",
        "4.7.1 greylisted",
        "5.2.2 full",
        "4.2.1 receiving mail at a rate",
        "5.7.1 blocked",
    ]
)
replies = st.builds(Reply, codes, words, st.just(Stage.RCPT))
answers = replies | st.builds(Unreached, st.sampled_from(Stage), st.sampled_from(Reason))


@st.composite
def sessions(draw):
    due = draw(
        st.lists(st.tuples(st.integers(0, 4), st.none() | replies), min_size=1, max_size=6).map(
            lambda drawn: tuple(
                Recipient(n, Address(f"pear{n}", "plum.example"), attempts, answer)
                for n, (attempts, answer) in enumerate(drawn)
            )
        )
    )
    open_ones = [recipient for recipient in due if recipient.answer is None]
    heard = open_ones[: draw(st.integers(0, len(open_ones)))]
    is_cut = len(heard) < len(open_ones) and draw(st.booleans())
    known = draw(st.sampled_from([None, YES, BLOCKED, LATER]))
    decoy = draw(st.none() | answers)
    probing = Probing(
        tuple(Heard(recipient, draw(answers)) for recipient in heard),
        decoy=decoy,
        second_decoy=draw(st.none() | answers) if decoy or known in {YES, BLOCKED} else None,
        control=draw(st.none() | replies),
        stopped=draw(answers) if is_cut else draw(st.none() | answers),
        has_connected=True,
        ended_by=open_ones[len(heard)] if is_cut else None,
    )
    facts = replace(
        FACTS,
        accept_all=draw(st.none() | st.sampled_from(AcceptAll)),
        decoy_attempts=draw(st.integers(0, 3)),
        decoy_answer=known,
        decoy_due_at=draw(st.sampled_from([0.0, NOW, NOW + 60])),
        provider=draw(st.sampled_from(["other", "outlook", "yahoo", "mimecast"])),
        rounds=draw(st.integers(0, 5)),
        held_until=draw(st.sampled_from([0.0, NOW])),
        has_passed=draw(st.booleans()),
        has_missing=draw(st.booleans()),
        cut_short=draw(st.integers(0, MOST_CUT_SHORT)),
    )
    return Batch(facts, due), probing


terms_of_all_kinds = st.sampled_from([TERMS, IN_TROUBLE, FINALLY])


@given(sessions(), terms_of_all_kinds)
def test_every_recipient_of_a_batch_has_exactly_one_outcome(drawn, terms):
    batch, probing = drawn
    outcome = dispose(batch, batch.domain, probing, terms)

    told = [finding.mailbox for finding in outcome.findings]
    told += [deferral.recipient.mailbox for deferral in outcome.deferrals]
    told += [recipient.mailbox for recipient in outcome.released]
    assert sorted(told) == [recipient.mailbox for recipient in batch.recipients]
    assert all(deferral.due_at > NOW for deferral in outcome.deferrals)


@given(sessions(), terms_of_all_kinds)
def test_only_what_spoke_of_the_recipient_is_ever_settled_as_invalid(drawn, terms):
    batch, probing = drawn
    outcome = dispose(batch, batch.domain, probing, terms)

    for finding in outcome.findings:
        if judge(finding.evidence, Policy()).status is Status.INVALID:
            assert isinstance(finding.evidence.rcpt, Reply)
            assert finding.evidence.rcpt.code >= 500


@given(sessions())
def test_the_decoy_never_changes(drawn):
    batch, probing = drawn

    assert dispose(batch, batch.domain, probing, TERMS).domain.decoy == DECOY


def test_what_a_session_bore_of_other_domains_counts_where_it_was_closed_and_not_where_they_were_too_many():
    due = recipients(3)
    closed = disposed(session(YES, NO, due=due, stopped=CLOSING, borne=8), due=due)
    assert closed.domain.session_limit == 10

    enough = Reply(452, "4.5.3 too many recipients", Stage.RCPT)
    assert disposed(session(YES, NO, due=due, stopped=enough, borne=8), due=due).domain.session_limit == 2
