"""Lets hosts alone that do not answer: a circuit breaker for each domain and each lane.

After BREAKER_FAILURES sessions in a row in which nobody took our connection, or greeted us, it opens for
BREAKER_MINUTES (0: never): nobody is asked, and all wait. A lane's opens where at least three of its domains
failed. Then it is half open: one session goes out as a probe. An answer closes it, a
failure opens it again. After as many openings in a row as an address has attempts (OUTAGE_RETRY_SECONDS, and
the first), it is no use to wait: who is due is settled as unknown, unreachable, without a question. What was
heard of a host is never changed by it, and nothing becomes invalid. After a restart open breakers stay open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from engine.batch import Circle, DomainFacts, Pause, Scope, place_of
from engine.pace_report import BreakerState
from engine.reason import Reason
from engine.settings import Settings

MINUTE_S = 60.0
DOMAINS_OF_A_LANE = 3
LEAST_MEMORY_S = 900.0
"""How long at least after an opening the next failure counts as the next in a row."""
MOST_ROWS = 20_000
LATE_S = 5.0
"""How late a batch may be checked after it was claimed."""


@dataclass(slots=True)
class _Row:
    """Failures in a row: how many, of which domains (some), and when the last was (Unix seconds)."""

    failures: int = 0
    domains: set[str] = field(default_factory=set)
    latest: float = 0.0


class Breaker:
    """The breakers that are not closed, and failures in a row. `clock` gives Unix seconds."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._failures = settings.breaker_failures
        self._span_s = settings.breaker_minutes * MINUTE_S
        self._borne = len(settings.outage_retry_seconds) + 1
        self._clock = clock
        self._rows: dict[Circle, _Row] = {}
        self._opened: dict[Circle, Pause] = {}

    def remember(self, pauses: Iterable[Pause]) -> None:
        """Go on with the breakers that an earlier engine opened, and may not have closed since."""
        now = self._clock()
        unreachable = (pause for pause in pauses if pause.why is Reason.UNREACHABLE)
        lately = (pause for pause in unreachable if now <= self._follows_until(pause))
        self._opened.update({(pause.scope, pause.name): pause for pause in lately})

    def _follows_until(self, pause: Pause) -> float:
        """Say until when the next opening counts as the next in a row."""
        return pause.until + max(self._span_s, LEAST_MEMORY_S)

    def failed(self, facts: DomainFacts, *, is_lane_alive: bool = False) -> Pause | None:
        """Take in that no session was opened; give the pause that begins with it, if one does.

        Hosts that talk with others meanwhile (`is_lane_alive`) are not out, though they may take no more.
        """
        if not self._span_s:
            return None
        now = self._clock()
        circles = _circles_of(facts)
        failing = circles[:1] if is_lane_alive else circles
        begun = [self._begin(each, now) for each in failing if self._fails(each, facts.name, now)]
        return begun[-1] if begun else None

    def answered(self, facts: DomainFacts) -> tuple[Pause, ...]:
        """Take in that a session was opened; give the pauses that end with it, be they half open already."""
        circles = _circles_of(facts)
        for circle in circles:
            self._rows.pop(circle, None)
        closed = (self._opened.pop(circle, None) for circle in circles)
        return tuple(each for each in closed if each is not None)

    def _fails(self, circle: Circle, domain: str, now: float) -> bool:
        """Count a failure; tell whether the breaker opens with it. What was under way then is no news."""
        opened = self._opened.get(circle)
        if opened is not None:
            return now >= opened.until
        row = self._rows.setdefault(circle, _Row())
        row.failures += 1
        row.latest = now
        if len(row.domains) < DOMAINS_OF_A_LANE:
            row.domains.add(domain)
        if len(self._rows) > MOST_ROWS:
            self._forget_rows(now)
        is_wide = circle[0] is Scope.DOMAIN or len(row.domains) >= DOMAINS_OF_A_LANE
        return row.failures >= self._failures and is_wide

    def _begin(self, circle: Circle, now: float) -> Pause:
        earlier = self._opened.get(circle)
        is_again = earlier is not None and now <= self._follows_until(earlier)
        rounds = earlier.rounds + 1 if earlier and is_again else 1
        pause = Pause(*circle, now, now + self._span_s, rounds, why=Reason.UNREACHABLE, borne=self._borne)
        self._opened[circle] = pause
        self._rows.pop(circle, None)
        return pause

    def _forget_rows(self, now: float) -> None:
        """Let go of rows whose last failure is too old for the next to follow."""
        before = now - max(self._span_s, LEAST_MEMORY_S)
        self._rows = {circle: row for circle, row in self._rows.items() if row.latest >= before}

    def pauses(self) -> tuple[Pause, ...]:
        """Give the pauses under which nobody is to be asked now, nor settled."""
        now = self._clock()
        return tuple(each for each in self._opened.values() if now < each.until and not each.is_final)

    def pause_over(self, facts: DomainFacts) -> Pause | None:
        """Give the widest pause that a domain's hosts are under now."""
        now = self._clock()
        found = (self._opened.get(circle) for circle in reversed(_circles_of(facts)))
        return next((each for each in found if each is not None and now < each.until), None)

    def half_open(self) -> frozenset[Circle]:
        """Name what was open and gets one session as a probe."""
        now = self._clock()
        return frozenset(circle for circle, each in self._opened.items() if now >= each.until)

    def given_up(self) -> frozenset[Circle]:
        """Name what nobody waits for any more just now: who is due there is settled unasked.

        It ends a little before the breaker is half open: nobody is asked who was claimed to be settled.
        """
        now = self._clock() + min(self._span_s / 10, LATE_S)
        return frozenset(
            circle for circle, each in self._opened.items() if each.is_final and now < each.until
        )

    def states(self) -> dict[Circle, tuple[BreakerState, float]]:
        """Give each breaker that is not closed: how it is, and when it is or was half open (Unix seconds)."""
        now = self._clock()
        return {
            circle: (BreakerState.OPEN if now < each.until else BreakerState.HALF_OPEN, each.until)
            for circle, each in self._opened.items()
        }


def _circles_of(facts: DomainFacts) -> tuple[Circle, Circle]:
    """Name what breakers there are for a domain: its own, and its lane's."""
    return (Scope.DOMAIN, facts.name), place_of(facts)
