"""What becomes of each recipient after a session: settled, deferred or given back. Pure."""

from engine.about import is_about_us
from engine.accept_all import decide_accept_all, wants_decoy, without_doubted
from engine.batch import Batch, Deferral, DomainFacts, Outcome, Pause, Recipient
from engine.circle_window import WINDOW_S
from engine.exchange import LookupFailed, MailHosts
from engine.finding import finding_of, without_answer
from engine.hold import count_round, hold_together, with_rounds
from engine.probing import Probing
from engine.provider import provider_named
from engine.question import Heard
from engine.reason import Reason
from engine.reply import CLOSING, Answer, Reply, Stage, Unreached
from engine.retry import Terms, comes_later, is_yes, wait_s, why_of
from engine.settings import Settings
from engine.traits import is_disposable_domain
from engine.value import replace
from engine.verdict import AcceptAll, Finding, TraceLine

WHOLE_DOMAIN = 500
"""Recipients a batch may hold where none of them needs to be asked."""
MOST_CUT_SHORT = 2
"""Sessions in a row that may end at their first recipient before the host is at fault, and not these."""


def portion(facts: DomainFacts, settings: Settings) -> int:
    """Say how many recipients of a domain one batch may hold."""
    if is_settled_by_domain(facts):
        return WHOLE_DOMAIN
    return _portion_asked(facts, facts.session_limit, settings)


def _portion_asked(facts: DomainFacts, session_limit: int, settings: Settings) -> int:
    allowed = provider_named(facts.provider).rcpts_per_session or settings.rcpts_per_session
    return min(allowed, max(session_limit - 1, 1)) if session_limit else allowed  # with room for the decoy


def is_settled_by_domain(facts: DomainFacts) -> bool:
    """Tell whether what is known of the domain answers for all its mailboxes, so that none is asked."""
    if not isinstance(facts.route, MailHosts) or facts.accept_all is AcceptAll.YES:
        return True
    return is_disposable_domain(facts.name, facts.route)


def is_to_be_asked(batch: Batch) -> bool:
    """Tell whether a batch needs a session: its hosts may be asked, and its domain does not say it all."""
    return batch.withheld is None and not is_settled_by_domain(batch.domain)


def settle_by_domain(batch: Batch, facts: DomainFacts, terms: Terms) -> Outcome:
    """Settle recipients whose domain says it all; those whose lookup failed come back later."""
    if isinstance(facts.route, LookupFailed):
        unasked = Unreached(Stage.DNS, facts.route.failure, facts.route.detail)
        heard = tuple(Heard(recipient, unasked) for recipient in batch.recipients)
        return _gather(batch, facts, heard, (), "", terms)
    findings = tuple(finding_of(recipient, facts, terms) for recipient in batch.recipients)
    return Outcome(batch, facts, findings=findings)


def settle_withheld(batch: Batch, why: Reason, terms: Terms) -> Outcome:
    """Settle recipients that may not be asked, without a question; they can be asked as soon as they may."""
    findings = (finding_of(replace(each, answer=None), batch.domain, terms) for each in batch.recipients)
    withheld = tuple(without_answer(each, why, terms.now) for each in findings)
    return Outcome(batch, batch.domain, findings=withheld)


def put_aside(batch: Batch, pause: Pause, terms: Terms) -> Outcome:
    """Let recipients wait for a pause to end, with what they have answered; in a final one, settle them."""
    if not pause.is_final:
        deferrals = tuple(Deferral(each, pause.until, pause.why) for each in batch.recipients)
        return Outcome(batch, batch.domain, deferrals=deferrals)
    undecided = replace(batch.domain, accept_all=batch.domain.accept_all or AcceptAll.UNKNOWN)
    accepted = tuple(finding_of(each, undecided, terms) for each in batch.recipients if each.answer)
    unasked = replace(batch, recipients=tuple(each for each in batch.recipients if each.answer is None))
    withheld = settle_withheld(unasked, pause.why, terms)
    return replace(withheld, batch=batch, findings=(*accepted, *withheld.findings))


def dispose(batch: Batch, facts: DomainFacts, probing: Probing, terms: Terms) -> Outcome:
    """Decide what becomes of a batch after its session."""
    if terms.pause is None and is_of_one(facts, probing):
        return _blame_one(batch, facts, probing, terms)
    heard = probing.heard or _all_stopped(batch, probing)
    decided = _learned(batch, facts, heard, probing, terms)
    everybody = (*with_rounds(heard, decided.rounds), *_waiting(batch))
    lines = (*decided.trace, *probing.trace)
    outcome = _gather(batch, decided, everybody, lines, probing.mx_host, terms)
    return hold_together(outcome, terms.now) if heard and not terms.pause else outcome


def is_of_one(facts: DomainFacts, probing: Probing) -> bool:
    """Tell whether a session that answered nobody may have ended for the one recipient it asked about."""
    is_first = probing.ended_by is not None and not probing.heard
    return is_first and facts.cut_short < MOST_CUT_SHORT


def _blame_one(batch: Batch, facts: DomainFacts, probing: Probing, terms: Terms) -> Outcome:
    """Let the end of a session count for whom it ended at; the others are asked without that one."""
    assert probing.ended_by is not None
    assert probing.stopped is not None
    blamed = Heard(probing.ended_by, probing.stopped)
    facts = replace(facts, cut_short=facts.cut_short + 1)
    return _gather(batch, facts, (blamed,), probing.trace, probing.mx_host, terms)


def _learned(
    batch: Batch, facts: DomainFacts, heard: tuple[Heard, ...], probing: Probing, terms: Terms
) -> DomainFacts:
    """Take into what is known of a domain what a session told of it; nothing of hosts turned against us."""
    if terms.pause is None:
        facts = count_round(decide_accept_all(facts, batch, probing, terms), heard, terms.now)
    else:
        facts = without_doubted(facts, terms.pause.since - WINDOW_S)
    limit = _session_limit(facts, probing)
    is_asked = not is_settled_by_domain(facts)
    return replace(
        facts,
        session_limit=limit,
        offers_tls=facts.offers_tls if probing.offers_tls is None else probing.offers_tls,
        cut_short=0,
        portion=_portion_asked(facts, limit, terms.settings) if is_asked else WHOLE_DOMAIN,
    )


def _waiting(batch: Batch) -> tuple[Heard, ...]:
    """Give the recipients that were accepted before and wait for the decoy."""
    return tuple(Heard(each, each.answer) for each in batch.recipients if each.answer is not None)


def _session_limit(facts: DomainFacts, probing: Probing) -> int:
    """Learn how many RCPTs a host bears in a session, from one it cut short; each whole one adds one more.

    A session that is closed (421) counts what it bore of other domains; "too many recipients" does not.
    """
    if isinstance(probing.stopped, Reply) and probing.heard:
        earlier = probing.borne if probing.stopped.code == CLOSING else 0
        return earlier + len(probing.heard)
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
            findings.append(_settled(recipient, facts, terms))
        elif wait.due_at <= terms.now:
            released.append(wait.recipient)
        else:
            deferrals.append(wait)
    known = {each.recipient.mailbox for each in heard}
    released.extend(recipient for recipient in batch.recipients if recipient.mailbox not in known)
    return Outcome(batch, facts, tuple(findings), tuple(deferrals), tuple(released))


def _told(heard: Heard, lines: tuple[TraceLine, ...], mx_host: str) -> Recipient:
    asked = heard.recipient
    if asked.answer is not None:
        return asked
    trace = (*asked.trace, *lines, *heard.trace)
    return Recipient(asked.mailbox, asked.address, asked.attempts, heard.answer, mx_host, trace)


def _wait(recipient: Recipient, facts: DomainFacts, terms: Terms) -> Deferral | None:
    """Say until when a recipient waits, and for what; None when it can be settled."""
    answer = recipient.answer
    assert answer is not None
    if terms.pause is not None and not is_yes(answer, facts.provider):
        return _after_pause(recipient, terms.pause)
    if comes_later(answer, facts.provider):
        return _next_attempt(replace(recipient, answer=None), answer, facts, terms)
    if not is_yes(answer, facts.provider) or not wants_decoy(facts):
        return None
    return _wait_for_decoy(recipient, facts)


def _next_attempt(recipient: Recipient, answer: Answer, facts: DomainFacts, terms: Terms) -> Deferral | None:
    delay_s = wait_s(answer, recipient.attempts, terms.settings)
    if delay_s is None:
        return None
    later = replace(recipient, attempts=recipient.attempts + 1)
    return Deferral(later, terms.now + delay_s, why_of(answer, facts.provider))


def _after_pause(recipient: Recipient, pause: Pause) -> Deferral | None:
    """Believe nothing that hosts say which have turned against us: ask again when they are asked again."""
    if pause.is_final:
        return None
    return Deferral(replace(recipient, answer=None), pause.until, Reason.BLOCKED)


def _wait_for_decoy(recipient: Recipient, facts: DomainFacts) -> Deferral:
    """Keep a yes until the made-up address has been answered: at once, or when it may be asked again."""
    answer = facts.second_answer or facts.decoy_answer
    why = why_of(answer, facts.provider) if answer else Reason.GREYLISTED
    return Deferral(recipient, facts.decoy_due_at, why)


def _settled(recipient: Recipient, facts: DomainFacts, terms: Terms) -> Finding:
    """Settle a recipient by its answer, or without it where the host has turned against us for good."""
    answer = recipient.answer
    assert answer is not None
    finding = finding_of(recipient, facts, terms, asked=1)
    if terms.pause is None or is_yes(answer, facts.provider) or is_about_us(answer, facts.provider):
        return finding
    return without_answer(finding, Reason.BLOCKED, terms.now)
