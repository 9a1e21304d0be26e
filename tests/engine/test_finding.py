from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import DomainFacts, Recipient
from engine.exchange import MailHost, MailHosts, NoMail
from engine.finding import DAY_S, HOUR_S, finding_of, unasked_finding, without_answer
from engine.judge import judge
from engine.never_probed import evidence_unasked
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.retry import Terms
from engine.settings import Settings
from engine.verdict import AcceptAll, Status, TraceLine, Vantage

NOW = 10_000.0
TERMS = Terms(Settings(), NOW)
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
HOSTS = MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),))
FACTS = DomainFacts(
    "plum.example",
    HOSTS,
    "key",
    "other",
    accept_all=AcceptAll.NO,
    decoy="k3f9a2b7",
    decoy_answer=YES,
    second_decoy="dopego.zisepidi",
    second_answer=NO,
)
ASKED = (TraceLine("us", "RCPT TO:<pear@plum.example>", 7), TraceLine("host", "250 2.1.5 ok", 9))


def found(answer=YES, facts=FACTS, terms=TERMS):
    recipient = Recipient(4, Address("pear", "plum.example"), 2, answer, "mx2.plum.example", ASKED)
    return finding_of(recipient, facts, terms)


def notes(finding) -> list[str]:
    return [line.text for line in finding.trace if line.speaker == "note"]


def test_a_finding_holds_what_was_answered_and_what_is_known_of_the_domain():
    finding = found(facts=replace(FACTS, is_yes_doubtful=True, control=YES))

    assert (finding.mailbox, finding.attempts, finding.checked_at) == (4, 2, NOW)
    evidence = finding.evidence
    assert (evidence.rcpt, evidence.mx_host, evidence.accept_all) == (YES, "mx2.plum.example", AcceptAll.NO)
    assert (evidence.control, evidence.decoy, evidence.is_yes_doubtful) == (YES, YES, True)


def test_a_trace_ends_with_what_both_made_up_addresses_were_answered():
    finding = found()
    assert finding.trace[:2] == ASKED
    assert notes(finding) == [
        "k3f9a2b7@plum.example, which we made up, was answered 250 2.1.5 ok",
        "dopego.zisepidi@plum.example, which we made up, was answered 550 5.1.1 no such user here",
    ]
    assert {line.at_ms for line in finding.trace[2:]} == {9}


def test_a_refusal_rests_on_no_made_up_address():
    assert notes(found(NO)) == []


@pytest.mark.parametrize(("share", "is_said"), [(0.0, False), (0.3, False), (0.45, True)])
def test_how_we_stood_is_kept_and_said_where_it_was_badly(share, is_said):
    finding = found(BLOCKED, terms=replace(TERMS, vantage=Vantage(refused_share=share)))
    assert finding.evidence.vantage.refused_share == share
    assert notes(finding) == (
        ["45% of the last answers of these hosts were refusals of us"] if is_said else []
    )


@pytest.mark.parametrize(("answer", "seconds"), [(YES, 60 * DAY_S), (NO, 30 * DAY_S), (BLOCKED, 24 * HOUR_S)])
def test_each_outcome_stays_fresh_for_its_own_time(answer, seconds):
    assert found(answer).expires_at == NOW + seconds


def test_without_a_question_the_look_up_is_the_trace_and_the_first_host_is_named():
    looked_up = (TraceLine("dns", "MX plum.example: 10 mx.plum.example"),)
    facts = replace(FACTS, trace=looked_up, accept_all=AcceptAll.YES)
    recipient = Recipient(4, Address("pear", "plum.example"))
    finding = finding_of(recipient, facts, TERMS)

    assert finding.trace[:1] == looked_up
    assert finding.evidence.mx_host == "mx.plum.example"
    nowhere = finding_of(recipient, replace(facts, route=NoMail(Reason.NULL_MX)), TERMS)
    assert (nowhere.evidence.mx_host, nowhere.evidence.accept_all) == ("", None)


@pytest.mark.parametrize("answer", [YES, NO, BLOCKED])
def test_its_verdict_is_the_usual_policys_of_its_evidence(answer):
    finding = found(answer)
    assert finding.verdict == judge(finding.evidence, DEFAULT_POLICY)


@pytest.mark.parametrize("answer", [YES, NO])
def test_without_its_answer_a_finding_is_judged_anew_as_unknown_and_holds_for_no_time(answer):
    finding = without_answer(found(answer), Reason.BLOCKED, NOW)
    assert (finding.evidence.rcpt, finding.expires_at) == (None, NOW)
    assert (finding.verdict.status, finding.verdict.reason) == (Status.UNKNOWN, Reason.BLOCKED)


def test_who_was_not_asked_is_unknown_and_can_be_asked_at_once():
    finding = unasked_finding(4, evidence_unasked(Address("pear", "plum.example")), NOW)
    assert (finding.verdict.status, finding.verdict.reason) == (Status.UNKNOWN, Reason.NEVER_PROBED)
    assert (finding.attempts, finding.expires_at) == (0, NOW)
