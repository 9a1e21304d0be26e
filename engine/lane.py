"""What one lane bears of us: sessions at once, and sessions and RCPTs in a minute, as its hosts taught us."""

from dataclasses import dataclass, field
from math import ceil

from engine.adaptive import MEMORY_S, RateLimit, SessionLimit
from engine.bearing import SIGNS, Bearing
from engine.pace_report import LaneReport
from engine.window import MINUTE_S, Window

SLACK_S = 2.0
"""How much longer than a minute ours is: what we say early may arrive late, and what we say late early."""
LEAST_RCPTS = 45
LEAST_SESSIONS = 4
_RCPTS_FOR = {Bearing.WARNED: 0, Bearing.CUT: LEAST_RCPTS, Bearing.SLOWED: LEAST_RCPTS}
"""From how many RCPTs in a minute on such a sign is a warning: after fewer, that rate is hardly its cause.

How many sessions were open may be, so that is remembered as long as at a warning.
"""

_NEWS = 0.2
"""How much one session changes what size of session is usual."""
_ANY_RCPTS = RateLimit(LEAST_RCPTS)
_ANY_OPENINGS = RateLimit(LEAST_SESSIONS)


def _window() -> Window:
    return Window(MINUTE_S + SLACK_S)


@dataclass(slots=True)
class Outing:
    """One session of a lane, from claim to end: begun when, RCPTs expected, granted and answered."""

    lane: str
    begun_at: float
    expected: int
    granted: int = 0
    answered: int = 0
    bearing: Bearing | None = None

    @property
    def promised(self) -> int:
        """RCPTs that it has still to say."""
        return max(self.expected - self.granted, 0)


@dataclass(slots=True)
class Lane:
    """The limits of one lane and what is used of them. Times are seconds of one clock."""

    sessions: SessionLimit
    rcpts: RateLimit = _ANY_RCPTS
    openings: RateLimit = _ANY_OPENINGS
    said: Window = field(default_factory=_window)
    opened: Window = field(default_factory=_window)
    out: int = 0
    promised: int = 0
    size: float = 1.0
    doubted: int = 0
    used: int = 0
    lowered_at: float | None = None
    warned_at: float | None = None

    def begin(self, outing: Outing) -> None:
        """Note that a session is opened."""
        self.out += 1
        self.used = max(self.used, self.out)
        self.opened.add(outing.begun_at)
        self.promised += outing.expected
        self.size += (outing.expected - self.size) * _NEWS

    def leave(self, outing: Outing) -> None:
        """Note that a session is over; one that asked nobody was none."""
        self.out -= 1
        self.promised -= outing.promised
        outing.expected = 0
        if outing.bearing is None and not outing.granted:
            self.opened.take_back()
        if not self.out:
            self.used = 0

    def grant(self, outing: Outing, wanted: int, now: float) -> int:
        """Allow so many RCPTs of those wanted to be said now, and count them."""
        limit = self.rcpts.at(now)
        granted = wanted if limit is None else min(wanted, max(limit - self.said.count(now), 0))
        if granted:
            before = outing.promised
            outing.granted += granted
            self.promised -= before - outing.promised
            self.said.add(now, granted)
        return granted

    def room(self, now: float) -> int:
        """Say how many more sessions may be opened now."""
        at_once = max(self.sessions.at(now) - self.out - self.doubted, 0)
        if not (at_once and self.is_timed):
            return at_once
        return max(min(at_once, self._room_of_openings(now), self._room_of_rcpts(now)), 0)

    @property
    def is_timed(self) -> bool:
        """Whether its room changes by time alone: it has, or had, a limit of what may be done in a minute."""
        return self.warned_at is not None

    def _room_of_openings(self, now: float) -> int:
        limit = self.openings.at(now)
        return self.sessions.at(now) if limit is None else limit - self.opened.count(now)

    def _room_of_rcpts(self, now: float) -> int:
        limit = self.rcpts.at(now)
        if limit is None:
            return self.sessions.at(now)
        free = limit - self.said.count(now) - self.promised
        return ceil(free / self.size) if free >= self._worth_opening(limit) else 0

    def _worth_opening(self, limit: int) -> int:
        """Say how many RCPTs must be free before a session is worth opening: not one for each of them."""
        return max(int(min(limit / 3, self.size)), 1)

    def opens_at(self, now: float) -> float:
        """Say when the limits of a minute let the next session be opened; `now` where they do."""
        opens_at = now
        if (openings := self.openings.at(now)) is not None:
            opens_at = self.opened.falls_to(openings - 1, now)
        if (rcpts := self.rcpts.at(now)) is not None:
            most = rcpts - self.promised - self._worth_opening(rcpts)
            opens_at = max(opens_at, self.said.falls_to(max(most, 0), now))
        return opens_at

    def hear(self, outing: Outing, bearing: Bearing, now: float) -> None:
        """Take in how the hosts bore a session. What was open at a warning counts with it, and once."""
        is_said, bearing = bearing in SIGNS, self._weighed(bearing, now)
        lowered_at = self.warned_at if bearing is Bearing.WARNED else self.lowered_at
        is_old = lowered_at is not None and outing.begun_at <= lowered_at
        unanswered = max(outing.granted - outing.answered, 0)
        if is_old:
            self._correct(bearing, unanswered)
        elif bearing is Bearing.EASY:
            self.sessions = self.sessions.grown(now, self.used)
        elif bearing is Bearing.WARNED:
            self._warn(now, unanswered)
        elif bearing is Bearing.STRAINED and self.out > 1:
            lowered = self.sessions.warned if is_said else self.sessions.strained
            self._lower(lowered(now, self.out), now)

    def _weighed(self, bearing: Bearing, now: float) -> Bearing:
        """Tell whether a sign is a warning, by how much we have asked of late."""
        if bearing not in _RCPTS_FOR:
            return bearing
        if self.said.count(now) >= _RCPTS_FOR[bearing]:
            return Bearing.WARNED
        return Bearing.STRAINED if bearing is Bearing.SLOWED or self.out > 1 else Bearing.ELSE

    def _correct(self, bearing: Bearing, unanswered: int) -> None:
        self.rcpts = self.rcpts.corrected(unanswered)
        if bearing in {Bearing.WARNED, Bearing.STRAINED}:
            self.sessions = self.sessions.corrected()
            self.openings = self.openings.corrected(1)

    def _lower(self, sessions: SessionLimit, now: float) -> None:
        self.sessions = sessions
        self.lowered_at = now
        self.used = 0

    def _warn(self, now: float, unanswered: int) -> None:
        """Lower what the warning may be about; at the second within an hour, the sessions of a minute too."""
        self.rcpts = self.rcpts.warned(now, self.said.count(now) - unanswered)
        is_again = self.warned_at is not None and now - self.warned_at < MEMORY_S
        opened = self.opened.count(now) - 1
        if is_again and opened >= LEAST_SESSIONS:
            self.openings = self.openings.warned(now, opened)
        self._lower(self.sessions.warned(now, self.out), now)
        self.warned_at = now

    def is_remembered(self, now: float) -> bool:
        """Tell whether it stands otherwise than a lane that was never seen."""
        is_taught = not self.sessions.is_as_begun or self.rcpts.at(now) is not None
        return bool(self.out or self.doubted) or is_taught

    def report(self, name: str, now: float, ahead_s: float) -> LaneReport:
        """Say how it stands; the time of day is so many seconds ahead of this clock."""
        return LaneReport(
            name,
            self.sessions.at(now),
            self.out,
            self.said.count(now),
            self.rcpts.at(now),
            warned_at=None if self.warned_at is None else self.warned_at + ahead_s,
            openings_limit=self.openings.at(now),
        )

    def rests_at(self, now: float) -> float:
        """Say when nothing of it is worth remembering, if nothing happens until then."""
        kept_s = 2 * MEMORY_S if self.is_remembered(now) else MINUTE_S + SLACK_S
        return max(self.opened.latest, self.lowered_at or 0.0) + kept_s
