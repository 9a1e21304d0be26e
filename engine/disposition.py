"""What becomes of each recipient after a session: settled, deferred or given back. Pure."""

from dataclasses import dataclass, replace

from engine.address import Address
from engine.batch import Batch, Deferral, DomainFacts, Outcome, Recipient
from engine.exchange import LookupFailed, MailHosts
from engine.interview import REFUSED, Heard
from engine.judge import judge, read_reply
from engine.prober import LASTING, Probing
from engine.provider import Worth, provider_named
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached, reason_of
from engine.settings import Settings
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, Finding, Policy, Status, TraceLine

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
WHOLE_DOMAIN = 500
"""Recipients a batch may hold where none of them needs to be asked."""

_LATER = frozenset(
    {
        Meaning.GREYLISTED,
        Meaning.RATE_LIMITED,
        Meaning.TEMPORARY,
        Meaning.FULL_FOR_NOW,
        Meaning.SESSION_LIMIT,
    }
)
_SAID = frozenset({Meaning.EXISTS, Meaning.CANNOT_VERIFY})
_FINAL_FAILURES = frozenset({Reason.SMTPUTF8_NEEDED, Reason.UNROUTABLE_MX, Reason.BUDGET})


@dataclass(frozen=True, slots=True)
class Terms:
    """What a disposition goes by besides the answers: the settings, and the time (Unix seconds)."""

    settings: Settings
    now: float


def portion(facts: DomainFacts, settings: Settings) -> int:
    """Say how many recipients of a domain one batch may hold."""
    if is_settled_by_domain(facts):
        return WHOLE_DOMAIN
    return provider_named(facts.provider).rcpts_per_session or settings.rcpts_per_session


def is_settled_by_domain(facts: DomainFacts) -> bool:
    """Tell whether what is known of the domain answers for all its mailboxes, so that none is asked."""
    if not isinstance(facts.route, MailHosts) or facts.accept_all is AcceptAll.YES:
        return True
    return traits_of(Address("postmaster", facts.name)).is_disposable


def wants_decoy(facts: DomainFacts) -> bool:
    """Tell whether the made-up address is still to be asked: once per domain, where its provider bears it."""
    provider = provider_named(facts.provider)
    return facts.accept_all is None and provider.is_decoy_allowed and provider.yes is not Worth.WORTHLESS


def is_decoy_due(facts: DomainFacts, now: float) -> bool:
    """Tell whether the made-up address may be asked now: at first, and at its own retries after that."""
    return wants_decoy(facts) and facts.decoy_due_at <= now


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
    decided = _decide_accept_all(facts, probing, terms)
    heard = probing.heard or _all_stopped(batch, probing)
    waiting = tuple(recipient for recipient in batch.recipients if recipient.answer is not None)
    lines = (*decided.trace, *probing.trace)
    decided = replace(decided, portion=portion(decided, terms.settings))
    everybody = (*heard, *(Heard(recipient, recipient.answer) for recipient in waiting if recipient.answer))
    return _gather(batch, decided, everybody, lines, probing.mx_host, terms)


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
    if _comes_later(answer, facts.provider):
        return _next_attempt(replace(recipient, answer=None), answer, facts, terms)
    if not _is_yes(answer, facts.provider) or not wants_decoy(facts):
        return None
    return _wait_for_decoy(recipient, facts)


def _comes_later(answer: Answer, provider: str) -> bool:
    if isinstance(answer, Unreached):
        return answer.failure not in _FINAL_FAILURES
    meaning = read_reply(answer, provider).meaning
    return meaning in _LATER or (answer.code < LASTING and meaning not in _SAID)


def _is_yes(answer: Answer, provider: str) -> bool:
    return isinstance(answer, Reply) and read_reply(answer, provider).meaning is Meaning.EXISTS


def _next_attempt(recipient: Recipient, answer: Answer, facts: DomainFacts, terms: Terms) -> Deferral | None:
    delays = _delays(answer, terms.settings)
    if recipient.attempts >= len(delays):
        return None
    due_at = terms.now + delays[recipient.attempts]
    later = replace(recipient, attempts=recipient.attempts + 1)
    return Deferral(later, due_at, _why(answer, facts.provider))


def _wait_for_decoy(recipient: Recipient, facts: DomainFacts) -> Deferral:
    """Keep a yes until the made-up address has been answered: at once, or when it may be asked again."""
    answer = facts.decoy_answer
    why = _why(answer, facts.provider) if answer else Reason.GREYLISTED
    return Deferral(recipient, facts.decoy_due_at, why)


def _delays(answer: Answer, settings: Settings) -> tuple[float, ...]:
    if isinstance(answer, Unreached):
        return settings.outage_retry_seconds
    return settings.greylist_retry_seconds


def _why(answer: Answer, provider: str) -> Reason:
    if isinstance(answer, Unreached):
        return answer.failure
    return reason_of(read_reply(answer, provider).meaning)


def _decide_accept_all(facts: DomainFacts, probing: Probing, terms: Terms) -> DomainFacts:
    """Take the decoy's answer, and the control's, into what is known of the domain.

    A session in which nobody was answered counts as an attempt of the decoy too.
    """
    facts = replace(facts, control=probing.control or facts.control)
    if not wants_decoy(facts):
        return replace(facts, accept_all=facts.accept_all or AcceptAll.UNKNOWN)
    answer = probing.decoy or (None if probing.heard else probing.stopped)
    if answer is None or not is_decoy_due(facts, terms.now):
        return facts
    if probing.decoy is None or _comes_later(answer, facts.provider):
        return _decoy_again(facts, answer, terms)
    accept_all = _accept_all(answer, facts.provider)
    return replace(facts, accept_all=accept_all, accept_all_at=terms.now, decoy_answer=answer)


def _decoy_again(facts: DomainFacts, answer: Answer, terms: Terms) -> DomainFacts:
    delays = _delays(answer, terms.settings)
    if facts.decoy_attempts >= len(delays):
        return replace(facts, accept_all=AcceptAll.UNKNOWN, accept_all_at=terms.now, decoy_answer=answer)
    return replace(
        facts,
        decoy_answer=answer,
        decoy_attempts=facts.decoy_attempts + 1,
        decoy_due_at=terms.now + delays[facts.decoy_attempts],
    )


def _accept_all(answer: Answer, provider: str) -> AcceptAll:
    if _is_yes(answer, provider):
        return AcceptAll.YES
    is_refused = isinstance(answer, Reply) and read_reply(answer, provider).meaning in REFUSED
    return AcceptAll.NO if is_refused else AcceptAll.UNKNOWN


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
    is_resting_on_it = recipient.answer is None or _is_yes(recipient.answer, facts.provider)
    if not isinstance(answer, Reply) or not is_resting_on_it:
        return ()
    said = f"{facts.decoy}@{facts.name}, which we made up, was answered {answer.code} {answer.text}"
    return (TraceLine("note", said),)


def _first_host(facts: DomainFacts) -> str:
    return facts.route.hosts[0].name if isinstance(facts.route, MailHosts) else ""


def _lifetime_s(evidence: Evidence, settings: Settings) -> float:
    """Say how long an answer stays fresh, in seconds: by what the default policy makes of it."""
    status = judge(evidence, Policy()).status
    return {
        Status.INVALID: settings.invalid_ttl_days * DAY_S,
        Status.UNKNOWN: settings.unknown_ttl_hours * HOUR_S,
    }.get(status, settings.email_validation_ttl_days * DAY_S)
