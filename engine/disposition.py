"""What becomes of each recipient after a session: settled, deferred or given back. Pure."""

from dataclasses import replace

from engine.accept_all import decide_accept_all, wants_decoy
from engine.address import Address
from engine.batch import Batch, Deferral, DomainFacts, Outcome, Recipient
from engine.exchange import LookupFailed, MailHosts
from engine.interview import Heard
from engine.judge import judge
from engine.prober import Probing
from engine.provider import provider_named
from engine.reason import Reason
from engine.reply import Answer, Reply, Stage, Unreached
from engine.retry import Terms, comes_later, delays_of, is_yes, why_of
from engine.settings import Settings
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, Finding, Policy, Status, TraceLine

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
WHOLE_DOMAIN = 500
"""Recipients a batch may hold where none of them needs to be asked."""


def portion(facts: DomainFacts, settings: Settings) -> int:
    """Say how many recipients of a domain one batch may hold."""
    if is_settled_by_domain(facts):
        return WHOLE_DOMAIN
    allowed = provider_named(facts.provider).rcpts_per_session or settings.rcpts_per_session
    if not facts.session_limit:
        return allowed
    return min(allowed, max(facts.session_limit - 1, 1))  # with room for the decoy


def is_settled_by_domain(facts: DomainFacts) -> bool:
    """Tell whether what is known of the domain answers for all its mailboxes, so that none is asked."""
    if not isinstance(facts.route, MailHosts) or facts.accept_all is AcceptAll.YES:
        return True
    return traits_of(Address("postmaster", facts.name)).is_disposable


def settle_by_domain(batch: Batch, facts: DomainFacts, terms: Terms) -> Outcome:
    """Settle recipients whose domain says it all; those whose lookup failed come back later."""
    if isinstance(facts.route, LookupFailed):
        unasked = Unreached(Stage.DNS, facts.route.failure, facts.route.detail)
        heard = tuple(Heard(recipient, unasked) for recipient in batch.recipients)
        return _gather(batch, facts, heard, (), "", terms)
    findings = tuple(_finding(recipient, facts, terms) for recipient in batch.recipients)
    return Outcome(batch, facts, findings=findings)


def dispose(batch: Batch, facts: DomainFacts, probing: Probing, terms: Terms) -> Outcome:
    """Decide what becomes of a batch after its session."""
    decided = decide_accept_all(facts, probing, terms)
    heard = probing.heard or _all_stopped(batch, probing)
    waiting = tuple(recipient for recipient in batch.recipients if recipient.answer is not None)
    lines = (*decided.trace, *probing.trace)
    decided = replace(decided, session_limit=_session_limit(facts, probing))
    decided = replace(decided, portion=portion(decided, terms.settings))
    everybody = (*heard, *(Heard(recipient, recipient.answer) for recipient in waiting if recipient.answer))
    return _gather(batch, decided, everybody, lines, probing.mx_host, terms)


def _session_limit(facts: DomainFacts, probing: Probing) -> int:
    """Learn how many RCPTs a host bears in a session, from one it cut short; each whole one adds one more."""
    if isinstance(probing.stopped, Reply) and probing.heard:
        return len(probing.heard)
    return facts.session_limit + 1 if facts.session_limit and probing.heard else facts.session_limit


def _all_stopped(batch: Batch, probing: Probing) -> tuple[Heard, ...]:
    """Let what kept a session from answering anybody count for everybody it was opened for."""
    if probing.stopped is None:
        return ()
    return tuple(Heard(r, probing.stopped) for r in batch.recipients if r.answer is None)


def _gather(
    batch: Batch,
    facts: DomainFacts,
    heard: tuple[Heard, ...],
    lines: tuple[TraceLine, ...],
    mx_host: str,
    terms: Terms,
) -> Outcome:
    findings: list[Finding] = []
    deferrals: list[Deferral] = []
    released: list[Recipient] = []
    for each in heard:
        recipient = _told(each, lines, mx_host)
        wait = _wait(recipient, facts, terms)
        if wait is None:
            findings.append(_finding(replace(recipient, attempts=recipient.attempts + 1), facts, terms))
        elif wait.due_at <= terms.now:
            released.append(wait.recipient)
        else:
            deferrals.append(wait)
    known = {each.recipient.mailbox for each in heard}
    released.extend(recipient for recipient in batch.recipients if recipient.mailbox not in known)
    return Outcome(batch, facts, tuple(findings), tuple(deferrals), tuple(released))


def _told(heard: Heard, lines: tuple[TraceLine, ...], mx_host: str) -> Recipient:
    if heard.recipient.answer is not None:
        return heard.recipient
    trace = (*heard.recipient.trace, *lines, *heard.trace)
    return replace(heard.recipient, answer=heard.answer, mx_host=mx_host, trace=trace)


def _wait(recipient: Recipient, facts: DomainFacts, terms: Terms) -> Deferral | None:
    """Say until when a recipient waits, and for what; None when it can be settled."""
    answer = recipient.answer
    assert answer is not None
    if comes_later(answer, facts.provider):
        return _next_attempt(replace(recipient, answer=None), answer, facts, terms)
    if not is_yes(answer, facts.provider) or not wants_decoy(facts):
        return None
    return _wait_for_decoy(recipient, facts)


def _next_attempt(recipient: Recipient, answer: Answer, facts: DomainFacts, terms: Terms) -> Deferral | None:
    delays = delays_of(answer, terms.settings)
    if recipient.attempts >= len(delays):
        return None
    due_at = terms.now + delays[recipient.attempts]
    later = replace(recipient, attempts=recipient.attempts + 1)
    return Deferral(later, due_at, why_of(answer, facts.provider))


def _wait_for_decoy(recipient: Recipient, facts: DomainFacts) -> Deferral:
    """Keep a yes until the made-up address has been answered: at once, or when it may be asked again."""
    answer = facts.decoy_answer
    why = why_of(answer, facts.provider) if answer else Reason.GREYLISTED
    return Deferral(recipient, facts.decoy_due_at, why)


def _finding(recipient: Recipient, facts: DomainFacts, terms: Terms) -> Finding:
    route = facts.route
    evidence = Evidence(
        address=recipient.address,
        traits=traits_of(recipient.address),
        route=route,
        provider=facts.provider,
        rcpt=recipient.answer,
        accept_all=facts.accept_all if isinstance(route, MailHosts) else None,
        control=facts.control,
        mx_host=recipient.mx_host or _first_host(facts),
    )
    return Finding(
        mailbox=recipient.mailbox,
        evidence=evidence,
        attempts=recipient.attempts,
        checked_at=terms.now,
        expires_at=terms.now + _lifetime_s(evidence, terms.settings),
        trace=(*(recipient.trace or facts.trace), *_decoy_line(recipient, facts)),
    )


def _decoy_line(recipient: Recipient, facts: DomainFacts) -> tuple[TraceLine, ...]:
    """Tell what the made-up address was answered, where a yes or the want of a question rests on it."""
    answer = facts.decoy_answer
    is_resting_on_it = recipient.answer is None or is_yes(recipient.answer, facts.provider)
    if not isinstance(answer, Reply) or not is_resting_on_it:
        return ()
    said = f"{facts.decoy}@{facts.name}, which we made up, was answered {answer.code} {answer.text}"
    at_ms = recipient.trace[-1].at_ms if recipient.trace else 0
    return (TraceLine("note", said, at_ms),)


def _first_host(facts: DomainFacts) -> str:
    return facts.route.hosts[0].name if isinstance(facts.route, MailHosts) else ""


def _lifetime_s(evidence: Evidence, settings: Settings) -> float:
    """Say how long an answer stays fresh, in seconds: by what the default policy makes of it."""
    status = judge(evidence, Policy()).status
    return {
        Status.INVALID: settings.invalid_ttl_days * DAY_S,
        Status.UNKNOWN: settings.unknown_ttl_hours * HOUR_S,
    }.get(status, settings.email_validation_ttl_days * DAY_S)
