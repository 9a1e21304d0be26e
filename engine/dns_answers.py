"""What the DNS answered lately, kept in memory."""

from collections import OrderedDict
from collections.abc import Callable

from engine.lookup import Question, Records

LONGEST_S = 300.0
"""Seconds after which a name is asked for again, whatever its TTL."""


class Answers:
    """Answers by question, each for its TTL; of more than `most` the oldest go. `clock` gives seconds."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Question, tuple[float, Records]] = OrderedDict()

    def get(self, question: Question) -> Records | None:
        """Give the answer while it holds."""
        kept = self._kept.get(question)
        if kept is None or kept[0] <= self._clock():
            return None
        return kept[1]

    def keep(self, question: Question, found: Records) -> None:
        """Keep an answer, and let go of the oldest that hold no more."""
        now = self._clock()
        self._kept.pop(question, None)
        self._kept[question] = (now + min(found.ttl, LONGEST_S), found)
        while self._kept and (len(self._kept) > self._most or self._is_oldest_over(now)):
            self._kept.popitem(last=False)

    def _is_oldest_over(self, now: float) -> bool:
        return next(iter(self._kept.values()))[0] <= now
