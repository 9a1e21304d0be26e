"""Names by the time at which to look at them again."""

import heapq
from dataclasses import dataclass, field


@dataclass(slots=True)
class Timetable:
    """Names with their times, in seconds of one clock; a name may stand in it more than once."""

    _times: list[tuple[float, str]] = field(default_factory=list)

    @property
    def first_at(self) -> float | None:
        """The earliest time; None where no name stands in it."""
        return self._times[0][0] if self._times else None

    def add(self, at: float, name: str) -> None:
        """Look at a name again at a time."""
        heapq.heappush(self._times, (at, name))

    def due(self, now: float) -> list[str]:
        """Take the names out whose time has come."""
        names = []
        while self._times and self._times[0][0] <= now:
            names.append(heapq.heappop(self._times)[1])
        return names
