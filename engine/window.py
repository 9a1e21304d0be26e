"""A sliding minute: how much was done in the last 60 seconds, and when it will be less."""

from dataclasses import dataclass, field

MINUTE_S = 60.0
_MANY = 64


@dataclass(slots=True)
class Window:
    """Marks of the last `span_s` seconds, each with a number. Times are seconds of one clock.

    A list and where it begins, not a deque: there is one for each domain, and most hold one mark.
    """

    span_s: float = MINUTE_S
    latest: float = 0.0
    """When something was last added; 0 for never."""
    _marks: list[tuple[float, int]] = field(default_factory=list)
    _first: int = 0
    _sum: int = 0

    def add(self, now: float, number: int = 1) -> None:
        """Note that so much is done now."""
        self._marks.append((now, number))
        self._sum += number
        self.latest = now

    def take_back(self) -> None:
        """Take back the latest mark, unless it is too old and gone already."""
        if len(self._marks) > self._first:
            self._sum -= self._marks.pop()[1]

    def count(self, now: float) -> int:
        """Say how much was done in the span."""
        while self._first < len(self._marks) and self._marks[self._first][0] <= now - self.span_s:
            self._sum -= self._marks[self._first][1]
            self._first += 1
        if self._first > _MANY and 2 * self._first > len(self._marks):
            del self._marks[: self._first]
            self._first = 0
        return self._sum

    def falls_to(self, most: int, now: float) -> float:
        """Say when the count is no higher than this, if nothing is added: `now` where it is not."""
        left, place = self.count(now), self._first
        while left > most and place < len(self._marks):
            at, number = self._marks[place]
            now, left, place = at + self.span_s, left - number, place + 1
        return now
