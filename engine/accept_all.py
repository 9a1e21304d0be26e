"""Whether a domain takes mail for any address: what made-up ones are asked, and what is kept of it. Pure."""

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
from engine.provider import provider_named
from engine.reading import LASTING
from engine.reply import Answer, Reply
from engine.retry import Terms, comes_later, wait_s
from engine.value import replace
from engine.verdict import AcceptAll

Learned = dict[str, Any]
"""What a session changes in what is known of a domain, by the names of its fields."""

_CONTRADICTING = frozenset({Said.ACCEPTED, Said.OTHER})


def wants_decoy(facts: DomainFacts) -> bool:
    """Tell whether a made-up address is still to be asked: once per domain, where its provider bears it."""
    return facts.accept_all is None and provider_named(facts.provider).bears_decoys


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
    is_known = _is_contradicting(facts.decoy_answer, facts.provider)
    return "" if is_known else facts.decoy, facts.second_decoy


def _is_contradicting(first: Answer | None, provider: str) -> bool:
    return first is not None and said_of(first, provider) in _CONTRADICTING


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
    told = _told(batch, probing)
    has_missing = facts.has_missing or any(is_missing(answer, facts.provider) for answer in told)
    learned = _of_control(facts, probing, terms.now)
    if has_missing and not facts.has_missing:
        learned["has_missing"] = True
    if is_decoy_due(facts, terms.now):
        crowd = crowd_of(told, facts.provider, has_missing=has_missing)
        learned |= _of_decoys(facts, batch, probing, crowd, terms)
    elif facts.accept_all is None and not wants_decoy(facts):
        learned["accept_all"] = AcceptAll.UNKNOWN
    return replace(facts, **learned) if learned else facts


def _of_control(facts: DomainFacts, probing: Probing, now: float) -> Learned:
    """Keep who was let in though others were refused, or what postmaster@ was told."""
    answers = [heard.answer for heard in probing.heard]
    control = probing.control or let_in_after(answers, facts.provider)
    if control is None or comes_later(control, facts.provider):
        return {} if facts.control is None else {"control": fresh_control(facts, now)}
    return {"control": control, "control_at": now}


def _told(batch: Batch, probing: Probing) -> list[Answer]:
    waiting = [recipient.answer for recipient in batch.recipients if recipient.answer]
    return [*waiting, *(heard.answer for heard in probing.heard)]


def _of_decoys(facts: DomainFacts, batch: Batch, probing: Probing, crowd: Crowd, terms: Terms) -> Learned:
    latest = probing.second_decoy or probing.decoy
    if latest is None:
        return _unasked(facts, batch, probing, terms)
    first = probing.decoy or facts.decoy_answer
    second = probing.second_decoy or facts.second_answer
    answers: Learned = {"decoy_answer": first, "second_answer": second}
    if comes_later(latest, facts.provider):
        return answers | _put_off(facts, first, latest, terms)
    assert first is not None
    return answers | _concluded(crowd, first, second, facts.provider, terms.now)


def _unasked(facts: DomainFacts, batch: Batch, probing: Probing, terms: Terms) -> Learned:
    is_waited_for = any(recipient.answer for recipient in batch.recipients)
    if probing.stopped is None or probing.heard or not is_waited_for:
        return {}
    return _put_off(facts, facts.decoy_answer, probing.stopped, terms)


def _concluded(crowd: Crowd, first: Answer, second: Answer | None, provider: str, now: float) -> Learned:
    said = said_of(second, provider) if second else None
    found = conclude(crowd, said_of(first, provider), said)
    if found is Next.AGAIN:
        return {"decoy_answer": None}
    return _decided(found, now) if isinstance(found, Conclusion) else {}


def _decided(found: Conclusion, now: float) -> Learned:
    return {
        "accept_all": found.accept_all,
        "accept_all_at": now,
        "is_yes_doubtful": found.is_yes_doubtful,
    }


def _put_off(facts: DomainFacts, first: Answer | None, latest: Answer, terms: Terms) -> Learned:
    """Ask the same one again later; after the last attempt nobody knows."""
    is_doubtful = _is_contradicting(first, facts.provider)
    delay_s = wait_s(latest, facts.decoy_attempts, terms.settings)
    if delay_s is None:
        return _decided(Conclusion(AcceptAll.UNKNOWN, is_doubtful), terms.now)
    return {
        "decoy_answer": first if is_doubtful else latest,
        "decoy_attempts": facts.decoy_attempts + 1,
        "decoy_due_at": terms.now + delay_s,
    }


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
