"""What a claim of the queue in memory takes: the domains with the most recipients first, and their mates."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence

from engine.batch import Closed, DomainFacts, Recipient
from engine.convoy import SLACK_S, Space, space_beside
from engine.disposition import is_settled_by_domain

Due = Callable[[DomainFacts, float], tuple[Recipient, ...]]
"""Gives who of a domain is due until a time, as many as go out together."""
Load = tuple[DomainFacts, tuple[Recipient, ...]]


class Picker:
    """Looks through `domains` in their order, once, for sessions to be opened at `now` (Unix seconds).

    Nobody comes along with the mailboxes that are `watched`.
    """

    def __init__(
        self, domains: Sequence[DomainFacts], due: Due, closed: Closed, now: float, watched: Container[int]
    ) -> None:
        self._domains = domains
        self._due = due
        self._closed = closed
        self._now = now
        self._watched = watched
        self._room = defaultdict(lambda: closed.usual_room, closed.room)
        self._taken: set[str] = set()

    def sessions(self, limit: int) -> Iterator[list[Load]]:
        """Give what up to `limit` sessions are to be opened for, and what needs none."""
        for facts in self._domains:
            is_asked = not is_settled_by_domain(facts)
            if (is_asked and limit <= 0) or not self._is_open(facts):
                continue
            if due := self._due(facts, self._now):
                limit -= is_asked
                yield self._session(facts, due)

    def _session(self, facts: DomainFacts, due: tuple[Recipient, ...]) -> list[Load]:
        self._taken.add(facts.name)
        if is_settled_by_domain(facts):
            return [(facts, due)]
        is_alone = due[0].mailbox in self._watched
        mates = [] if is_alone else list(self._mates(facts, space_beside(facts, due)))
        self._room[facts.lane] -= 1
        return [(facts, due), *mates]

    def _mates(self, leader: DomainFacts, space: Space) -> Iterator[Load]:
        """Give domains behind the same MX hosts, the smallest first, while there is space for them."""
        for facts in reversed(self._domains) if space.is_left else ():
            if facts.route_key != leader.route_key or is_settled_by_domain(facts) or not self._is_open(facts):
                continue
            due = self._due(facts, self._now + SLACK_S)
            if space.take(facts, due):
                self._taken.add(facts.name)
                yield facts, due

    def _is_open(self, facts: DomainFacts) -> bool:
        if facts.route is None or facts.name in self._closed.domains or facts.name in self._taken:
            return False
        if is_settled_by_domain(facts):
            return True
        is_held = facts.held_until > self._now or self._closed.pause_over(facts) is not None
        return self._room[facts.lane] > 0 and not (is_held or self._closed.is_probing_off)
