"""Makes a finding of a recipient: its evidence, how long that holds, and its trace. Pure."""

from collections.abc import Iterator

from engine.batch import DomainFacts, Recipient
from engine.exchange import MailHosts
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.reply import Reply
from engine.retry import Terms, is_yes
from engine.settings import Settings
from engine.traits import traits_of
from engine.value import replace
from engine.verdict import Evidence, Finding, Status, TraceLine, Verdict

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
NOTABLE_SHARE = 0.3


def finding_of(recipient: Recipient, facts: DomainFacts, terms: Terms, asked: int = 0) -> Finding:
    """Settle a recipient by what it was answered, `asked` times now, and what is known of its domain."""
    route = facts.route
    evidence = Evidence(
        address=recipient.address,
        traits=traits_of(recipient.address, route),
        route=route,
        provider=facts.provider,
        rcpt=recipient.answer,
        accept_all=facts.accept_all if isinstance(route, MailHosts) else None,
        control=facts.control,
        mx_host=recipient.mx_host or _first_host(facts),
        vantage=terms.vantage,
        decoy=facts.decoy_answer if isinstance(facts.decoy_answer, Reply) else None,
        is_yes_doubtful=facts.is_yes_doubtful,
    )
    verdict = judge(evidence, DEFAULT_POLICY)
    return Finding(
        mailbox=recipient.mailbox,
        evidence=evidence,
        verdict=verdict,
        attempts=recipient.attempts + asked,
        checked_at=terms.now,
        expires_at=terms.now + _lifetime_s(verdict, terms.settings),
        trace=(*(recipient.trace or facts.trace), *_notes(recipient, facts, terms)),
    )


def without_answer(finding: Finding, why: Reason, now: float) -> Finding:
    """Take out of a finding what its hosts said, since they may not be asked; it holds for no time."""
    evidence = replace(finding.evidence, rcpt=None, withheld=why)
    verdict = judge(evidence, DEFAULT_POLICY)
    return replace(finding, evidence=evidence, verdict=verdict, expires_at=now)


def _notes(recipient: Recipient, facts: DomainFacts, terms: Terms) -> tuple[TraceLine, ...]:
    """Tell what else an outcome rests on, after the session's last line."""
    at_ms = recipient.trace[-1].at_ms if recipient.trace else 0
    said = (*_on_decoys(recipient, facts), *_on_vantage(terms))
    return tuple(TraceLine("note", text, at_ms) for text in said)


def _on_decoys(recipient: Recipient, facts: DomainFacts) -> Iterator[str]:
    """Tell what the made-up addresses were answered, where a yes or the want of a question rests on it."""
    if recipient.answer is not None and not is_yes(recipient.answer, facts.provider):
        return
    pairs = ((facts.decoy, facts.decoy_answer), (facts.second_decoy, facts.second_answer))
    for decoy, answer in pairs:
        if isinstance(answer, Reply):
            yield f"{decoy}@{facts.name}, which we made up, was answered {answer.code} {answer.text}"


def _on_vantage(terms: Terms) -> Iterator[str]:
    share = terms.vantage.refused_share
    if share > NOTABLE_SHARE:
        yield f"{share:.0%} of the last answers of these hosts were refusals of us"


def _first_host(facts: DomainFacts) -> str:
    return facts.route.hosts[0].name if isinstance(facts.route, MailHosts) else ""


def unasked_finding(mailbox: int, evidence: Evidence, now: float) -> Finding:
    """Settle a mailbox that was not asked about; it may be as soon as that is allowed."""
    return Finding(mailbox, evidence, judge(evidence, DEFAULT_POLICY), 0, now, now)


def _lifetime_s(verdict: Verdict, settings: Settings) -> float:
    """Say how long an answer stays fresh, in seconds."""
    if verdict.status is Status.UNKNOWN:
        return settings.unknown_ttl_hours * HOUR_S
    is_invalid = verdict.status is Status.INVALID
    days = settings.invalid_ttl_days if is_invalid else settings.email_validation_ttl_days
    return days * DAY_S
