"""When a whole domain waits: its host puts everybody off, or could not be reached. Pure.

Nobody else of the domain is asked then, only to be put off as well: all wait until the same time and come
back together, those first that were put off. Each such session is a round; the first one needs three
recipients in a row that came away with nothing at their first question, since one or two may do so for
themselves. Recipients that had no question of their own yet have waited through the earlier rounds too, so
that a large domain is not given up later than a small one. A host that lets in who comes back, but puts off
each new one for itself, is asked for all at once.
"""

from collections.abc import Iterable, Sequence

from engine.batch import DomainFacts, Outcome
from engine.question import Heard
from engine.reading import read_reply
from engine.reason import Reason
from engine.reply import Answer, Meaning, Unreached
from engine.retry import comes_later
from engine.value import replace

MEMORY_S = 900.0
"""How long after a hold the next session counts as the next round."""

LEAST_PUT_OFF = 3
"""Recipients in a row that come away with nothing at their first question, before the others wait."""

_NOBODY_HOME = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.DROPPED})


def count_round(facts: DomainFacts, heard: Sequence[Heard], now: float) -> DomainFacts:
    """Note whether a session ended without an answer to anybody, and whether waiting has helped."""
    if not heard:
        return facts
    if not _is_round(facts, heard):
        return _after_answer(facts, heard) if _has_waited(facts) else facts
    facts = replace(facts, put_off=facts.put_off + sum(not each.recipient.attempts for each in heard))
    earlier = facts.rounds if now - facts.held_until <= MEMORY_S else 0
    has_begun = earlier > 0 or facts.put_off >= LEAST_PUT_OFF
    return replace(facts, rounds=earlier + 1 if has_begun else 0)


def _has_waited(facts: DomainFacts) -> bool:
    return bool(facts.rounds or facts.held_until or facts.held_for or facts.put_off)


def _after_answer(facts: DomainFacts, heard: Iterable[Heard]) -> DomainFacts:
    """Let a domain's rounds be over, as somebody was answered."""
    has_passed = facts.has_passed or _has_let_in(facts, heard)
    return replace(facts, rounds=0, held_until=0.0, held_for=None, has_passed=has_passed, put_off=0)


def _is_round(facts: DomainFacts, heard: Sequence[Heard]) -> bool:
    """Tell whether all were put off, or nobody was reached; of each for itself, only the second counts."""
    if facts.has_passed:
        return all(isinstance(each.answer, Unreached) and _is_of_host(each.answer, "") for each in heard)
    return all(_is_of_host(each.answer, facts.provider) for each in heard)


def _is_of_host(answer: Answer, provider: str) -> bool:
    """Tell whether an answer puts us off whoever we ask for: a full mailbox does not."""
    if isinstance(answer, Unreached):
        return answer.failure in _NOBODY_HOME
    is_full = read_reply(answer, provider).meaning is Meaning.FULL_FOR_NOW
    return comes_later(answer, provider) and not is_full


def _has_let_in(facts: DomainFacts, heard: Iterable[Heard]) -> bool:
    """Tell whether somebody was let in who had been put off, and not just found nobody home."""
    was_put_off = facts.held_for is not None and facts.held_for not in _NOBODY_HOME
    returned = (each.answer for each in heard if each.recipient.attempts)
    return was_put_off and any(not comes_later(answer, facts.provider) for answer in returned)


def with_rounds(heard: Iterable[Heard], rounds: int) -> tuple[Heard, ...]:
    """Let recipients that waited with the others have as many attempts behind them as these."""
    if rounds <= 1:
        return tuple(heard)
    return tuple(
        replace(each, recipient=replace(each.recipient, attempts=max(each.recipient.attempts, rounds - 1)))
        for each in heard
    )


def hold_together(outcome: Outcome, now: float) -> Outcome:
    """Let everybody who was put off in a round come back together, and the rest of the domain with them."""
    facts = outcome.domain
    if not facts.rounds:
        return outcome
    due_at = max((each.due_at for each in outcome.deferrals), default=now)
    why = outcome.deferrals[0].why if outcome.deferrals else None
    together = tuple(replace(each, due_at=due_at) for each in outcome.deferrals)
    held = replace(facts, held_until=due_at, held_for=why)
    return replace(outcome, domain=held, deferrals=together)
