"""Whether a domain takes mail for any address: what made-up ones are asked, and what is kept of it. Pure."""

from dataclasses import replace
from typing import Any

from engine.batch import Batch, DomainFacts
from engine.control import HOLDS_S, let_in_after
from engine.decoy import (
    Conclusion,
    Crowd,
    Next,
    Said,
    conclude,
    crowd_of,
    is_missing,
    make_decoy,
    make_second_decoy,
    said_of,
)
from engine.probing import Probing
from engine.provider import Worth, provider_named
from engine.reading import LASTING
from engine.reply import Answer, Reply
from engine.retry import Terms, comes_later, wait_s
from engine.verdict import AcceptAll

_CONTRADICTING = frozenset({Said.ACCEPTED, Said.OTHER})


def wants_decoy(facts: DomainFacts) -> bool:
    """Tell whether a made-up address is still to be asked: once per domain, where its provider bears it."""
    provider = provider_named(facts.provider)
    return facts.accept_all is None and provider.is_decoy_allowed and provider.yes is not Worth.WORTHLESS


def is_decoy_due(facts: DomainFacts, now: float) -> bool:
    """Tell whether a made-up address may be asked now: at first, and at its own retries after that."""
    return wants_decoy(facts) and facts.decoy_due_at <= now


def with_decoys(facts: DomainFacts) -> DomainFacts:
    """Make up what has not been made up yet; once made up, a local part is kept (RFC 6647)."""
    if facts.decoy and facts.second_decoy:
        return facts
    return replace(
        facts,
        decoy=facts.decoy or make_decoy(),
        second_decoy=facts.second_decoy or make_second_decoy(),
    )


def due_decoys(facts: DomainFacts, now: float) -> tuple[str, str]:
    """Give the local parts of both made-up addresses, the second for the case of need; `""` for none.

    A first one whose answer has contradicted the others' is not asked again.
    """
    if not is_decoy_due(facts, now):
        return "", ""
    return "" if _is_contradicting(facts) else facts.decoy, facts.second_decoy


def _is_contradicting(facts: DomainFacts) -> bool:
    answer = facts.decoy_answer
    return answer is not None and said_of(answer, facts.provider) in _CONTRADICTING


def fresh_control(facts: DomainFacts, now: float) -> Reply | None:
    """Give a refusal of a control, as long as that holds.

    That postmaster@ was let in shows nothing of a later session: the host may refuse us by then.
    """
    is_refused = facts.control is not None and facts.control.code >= LASTING
    return facts.control if is_refused and now - facts.control_at <= HOLDS_S else None


def decide_accept_all(facts: DomainFacts, batch: Batch, probing: Probing, terms: Terms) -> DomainFacts:
    """Take the answers to the decoys and the control into what is known of the domain.

    A session in which nobody was answered counts as an attempt of the decoy too, where somebody who was
    accepted waits for it. Otherwise it says nothing: the decoy is asked when the host is back.
    """
    facts = _with_control(facts, probing, terms.now)
    told = _told(batch, probing)
    has_missing = facts.has_missing or any(is_missing(answer, facts.provider) for answer in told)
    if has_missing and not facts.has_missing:
        facts = replace(facts, has_missing=True)
    if not wants_decoy(facts):
        return facts if facts.accept_all else replace(facts, accept_all=AcceptAll.UNKNOWN)
    if not is_decoy_due(facts, terms.now):
        return facts
    if probing.decoy is None and probing.second_decoy is None:
        return _unasked(facts, batch, probing, terms)
    crowd = crowd_of(told, facts.provider, has_missing=has_missing)
    return _with_decoys(facts, probing, crowd, terms)


def _with_control(facts: DomainFacts, probing: Probing, now: float) -> DomainFacts:
    """Keep who was let in though others were refused, or what postmaster@ was told."""
    answers = [heard.answer for heard in probing.heard]
    control = probing.control or let_in_after(answers, facts.provider)
    if control is None or comes_later(control, facts.provider):
        return facts if facts.control is None else replace(facts, control=fresh_control(facts, now))
    return replace(facts, control=control, control_at=now)


def _told(batch: Batch, probing: Probing) -> list[Answer]:
    waiting = [recipient.answer for recipient in batch.recipients if recipient.answer]
    return [*waiting, *(heard.answer for heard in probing.heard)]


def _unasked(facts: DomainFacts, batch: Batch, probing: Probing, terms: Terms) -> DomainFacts:
    is_waited_for = any(recipient.answer for recipient in batch.recipients)
    if probing.stopped is None or probing.heard or not is_waited_for:
        return facts
    return _put_off(facts, probing.stopped, terms)


def _with_decoys(facts: DomainFacts, probing: Probing, crowd: Crowd, terms: Terms) -> DomainFacts:
    latest = probing.second_decoy or probing.decoy
    assert latest is not None
    facts = replace(
        facts,
        decoy_answer=probing.decoy or facts.decoy_answer,
        second_answer=probing.second_decoy or facts.second_answer,
    )
    if comes_later(latest, facts.provider):
        return _put_off(facts, latest, terms)
    return _concluded(facts, crowd, terms.now)


def _concluded(facts: DomainFacts, crowd: Crowd, now: float) -> DomainFacts:
    assert facts.decoy_answer is not None
    second = said_of(facts.second_answer, facts.provider) if facts.second_answer else None
    found = conclude(crowd, said_of(facts.decoy_answer, facts.provider), second)
    if found is Next.AGAIN:
        return replace(facts, decoy_answer=None)
    if isinstance(found, Conclusion):
        return _decided(facts, found, now)
    return facts


def _decided(facts: DomainFacts, found: Conclusion, now: float) -> DomainFacts:
    return replace(
        facts, accept_all=found.accept_all, accept_all_at=now, is_yes_doubtful=found.is_yes_doubtful
    )


def _put_off(facts: DomainFacts, answer: Answer, terms: Terms) -> DomainFacts:
    """Ask the same one again later; after the last attempt nobody knows."""
    is_doubtful = _is_contradicting(facts)
    delay_s = wait_s(answer, facts.decoy_attempts, terms.settings)
    if delay_s is None:
        return _decided(facts, Conclusion(AcceptAll.UNKNOWN, is_doubtful), terms.now)
    return replace(
        facts,
        decoy_answer=facts.decoy_answer if is_doubtful else answer,
        decoy_attempts=facts.decoy_attempts + 1,
        decoy_due_at=terms.now + delay_s,
    )


def keep_answers(fresh: DomainFacts, earlier: DomainFacts, ttl_s: float) -> DomainFacts:
    """Carry over to a new look-up what was learned in sessions with the same hosts, unless it is too old.

    The decoys are kept in any case. `ttl_s` is seconds.
    """
    fresh = replace(fresh, decoy=earlier.decoy, second_decoy=earlier.second_decoy)
    learned_at = earlier.accept_all_at or max(earlier.decoy_due_at, earlier.held_until)
    is_old = (fresh.resolved_at or 0.0) - learned_at > ttl_s
    if not fresh.route_key or fresh.route_key != earlier.route_key or is_old:
        return fresh
    learned: dict[str, Any] = {name: getattr(earlier, name) for name in _LEARNED}
    return replace(fresh, **learned)


def without_doubted(facts: DomainFacts, since: float) -> DomainFacts:
    """Forget that a domain does not accept all where that was learned since (Unix seconds), in doubt."""
    is_in_doubt = facts.accept_all is AcceptAll.NO and (facts.accept_all_at or 0.0) >= since
    return replace(facts, **_UNDECIDED) if is_in_doubt else facts


_UNDECIDED: dict[str, Any] = {
    "accept_all": None,
    "accept_all_at": None,
    "decoy_answer": None,
    "decoy_attempts": 0,
    "decoy_due_at": 0.0,
    "second_answer": None,
}
_LEARNED = (
    "accept_all",
    "accept_all_at",
    "decoy_answer",
    "decoy_attempts",
    "decoy_due_at",
    "second_answer",
    "is_yes_doubtful",
    "has_missing",
    "control",
    "control_at",
    "session_limit",
    "held_until",
    "held_for",
    "rounds",
    "has_passed",
)
