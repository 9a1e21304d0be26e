"""Limits that hosts teach us: more while they bear it, half at a warning (AIMD, RFC 5681). Pure values.

A level at which we were warned is remembered for an hour, and the limit stays below it for so long. Between
two limits that a warning may have been about nobody can tell, so both are lowered.
"""

from math import sqrt

from engine.value import replace, value

MEMORY_S = 3600.0
"""How long a level is remembered at which we were warned."""
STRAIN_S = 300.0
"""How long a level is remembered at which a connection was missing: that may have been for anything."""
GROWS_FOR_S = 600.0
"""How long a rate takes to grow from half to what is just below the warned level; later, to double."""
MARGIN = 0.9
"""How much of a rate that was borne is used again: our minute is not exactly the host's."""
BELOW = 0.65
"""How near sessions at once come to a warned level: of those we count, some have ended at the host."""
START = 5
"""Sessions at once with hosts that we know nothing of."""
_HALF = 0.5
_MINUTE_S = 60.0


@value
class SessionLimit:
    """How many sessions may be open at once: at most `ceiling`, and fewer than at the last warning.

    `warned_level` sessions were open when we were warned (0: never), at `warned_at` (seconds); that is
    remembered for `kept_s`.
    """

    limit: float = START
    ceiling: int | None = None
    warned_level: int = 0
    warned_at: float | None = None
    kept_s: float = MEMORY_S

    def at(self, now: float) -> int:
        """Give the limit as it is now, never under 1."""
        return max(int(min(self.limit, self._most(now))), 1)

    @property
    def is_as_begun(self) -> bool:
        """Whether nothing has been learned, or it led back to where it began."""
        return self.warned_at is None and self.limit == _first(self.ceiling)

    def grown(self, now: float, used: int) -> "SessionLimit":
        """Allow more after a clean session, where as many as `used` were open at once.

        One more for each, up to twice what was used, so that it doubles with each round; while a warning is
        remembered one more for each round, and only where the limit was used in full.
        """
        is_warned = self.is_remembered(now)
        is_used = used >= self.at(now) if is_warned else 2 * used > self.limit
        step = 1 / self.limit if is_warned else 1.0
        return replace(self, limit=min(self.limit + step, self._most(now))) if is_used else self

    def warned(self, now: float, level: int) -> "SessionLimit":
        """Allow half of what was open (`level`) at a warning."""
        level = min(level, self.warned_level) if self.is_remembered(now) else level
        half = max(min(level, self.at(now)) // 2, 1)
        return replace(self, limit=half, warned_level=max(level, 1), warned_at=now, kept_s=MEMORY_S)

    def strained(self, now: float, level: int) -> "SessionLimit":
        """Allow half of what was open (`level`) where a connection is missing, and remember it for less long.

        What a warning taught stands.
        """
        warned = self.warned(now, level)
        if self.is_remembered(now) and self.kept_s > STRAIN_S:
            return replace(self, limit=warned.limit)
        return replace(warned, kept_s=STRAIN_S)

    def corrected(self) -> "SessionLimit":
        """Count one fewer at the warning: one more of those that were open then was not borne either."""
        level = max(self.warned_level - 1, 1)
        return replace(self, warned_level=level, limit=max(min(self.limit, level // 2), 1))

    def is_remembered(self, now: float) -> bool:
        """Tell whether a warning is remembered."""
        return self.warned_at is not None and now - self.warned_at < self.kept_s

    def _most(self, now: float) -> float:
        ceiling = float("inf") if self.ceiling is None else self.ceiling
        below = max(int(self.warned_level * BELOW), 1)
        return min(ceiling, below) if self.is_remembered(now) else ceiling


def first_limit(ceiling: int | None) -> SessionLimit:
    """Give the limit to begin with: the provider's own where there is one, which is never passed."""
    return SessionLimit(_first(ceiling), ceiling)


def _first(ceiling: int | None) -> int:
    return START if ceiling is None else ceiling


@value
class RateLimit:
    """How much may be done in a minute: no limit until a warning, then half of what was borne.

    `level` was borne in the minute before the warning at `warned_at` (seconds). What was borne by chance may
    be very little: so no limit falls under half of `least`, nor ends under that.
    """

    least: int
    level: int = 0
    warned_at: float | None = None

    def at(self, now: float) -> int | None:
        """Give the limit as it is now; None where there is none."""
        if self.warned_at is None:
            return None
        age_s = now - self.warned_at
        if age_s >= 2 * MEMORY_S:
            return None
        beyond = max(age_s - MEMORY_S, 0.0) / GROWS_FOR_S
        share = min(age_s / GROWS_FOR_S, 1.0)
        return int((self._half + (self._most - self._half) * share) * 2**beyond)

    @property
    def _most(self) -> int:
        return max(int(self.level * MARGIN), self.least)

    @property
    def _half(self) -> int:
        return max(self.level, self.least) // 2

    def warned(self, now: float, level: int) -> "RateLimit":
        """Allow half of what was borne (`level`) in the minute before a warning."""
        is_again = self.warned_at is not None and now - self.warned_at < MEMORY_S
        return replace(self, level=min(level, self.level) if is_again else level, warned_at=now)

    def corrected(self, number: int) -> "RateLimit":
        """Count so much less as borne: it was under way at the warning, and was not answered."""
        return replace(self, level=max(self.level - number, 0))


@value
class Growth:
    """A limit of what may be done in a minute that grows from `now` to `most` within `grows_s` seconds."""

    now: float
    most: float
    grows_s: float = 0.0

    def takes_s(self, number: int) -> float:
        """Say how many seconds so many take."""
        grown = (self.now + self.most) / 2 * self.grows_s / _MINUTE_S
        if number >= grown:
            return self.grows_s + (number - grown) * _MINUTE_S / self.most
        steepness = (self.most - self.now) / self.grows_s
        return (sqrt(self.now**2 + 2 * steepness * number * _MINUTE_S) - self.now) / steepness


def growth_of(limit: int, age_s: float) -> Growth:
    """Say how a rate goes on that is `limit` so many seconds after its warning: up to just below the level.

    What comes after an hour is left out: it grows until the next warning, and falls again.
    """
    share = min(age_s / GROWS_FOR_S, 1.0)
    most = max(limit, 1) * MARGIN / (_HALF + (MARGIN - _HALF) * share)
    return Growth(max(limit, 1), most, GROWS_FOR_S * (1 - share))
