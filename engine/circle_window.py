"""The last answers in a circle of hosts: whether too many of them spoke of us. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

WINDOW_S = 900.0
WINDOW_ANSWERS = 100
ENOUGH_ANSWERS = 20
TROUBLE_SHARE = 0.3


class Spoken(NamedTuple):
    """One answer: when it was given (Unix seconds), by which part of the circle, whether it spoke of us."""

    at: float
    part: str
    is_of_us: bool


@dataclass(slots=True)
class CircleWindow:
    """The last answers in a circle, so many of each part; it is trouble when so many parts refuse us."""

    per_part: int = WINDOW_ANSWERS
    least_parts: int = 1
    _answers: dict[int, Spoken] = field(default_factory=dict)
    _of_part: dict[str, list[int]] = field(default_factory=dict)
    _number: int = 0
    _refusals: int = 0

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def latest(self) -> float:
        """When the last answer was given (Unix seconds)."""
        return self._answers[self._number].at

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts whose answers are remembered."""
        return tuple(self._of_part)

    def add(self, spoken: Spoken) -> None:
        """Take an answer in, and let go of what is too old or one too many, of its part or of all."""
        while self._answers and self._oldest().at < spoken.at - WINDOW_S:
            self._drop_oldest(self._oldest().part)
        if len(self._of_part.get(spoken.part, ())) >= self.per_part:
            self._drop_oldest(spoken.part)
        if len(self._answers) >= WINDOW_ANSWERS:
            self._drop_oldest(self._oldest().part)
        self._append(spoken)

    def _append(self, spoken: Spoken) -> None:
        self._number += 1
        self._answers[self._number] = spoken
        self._of_part.setdefault(spoken.part, []).append(self._number)
        self._refusals += spoken.is_of_us

    def _oldest(self) -> Spoken:
        return next(iter(self._answers.values()))

    def _drop_oldest(self, part: str) -> None:
        """Let go of the oldest answer of a part."""
        numbers = self._of_part[part]
        self._refusals -= self._answers.pop(numbers.pop(0)).is_of_us
        if not numbers:
            del self._of_part[part]

    @property
    def share(self) -> float:
        """The share (0-1) of the answers that spoke of us."""
        return self._refusals / len(self._answers) if self._answers else 0.0

    def is_trouble(self, in_a_row: int) -> bool:
        """Tell whether too many of the answers spoke of us, or so many in a row."""
        if not self._refusals:
            return False
        answers = self._answers.values()
        refused = [each for each in answers if each.is_of_us]
        row = list(takewhile(lambda each: each.is_of_us, reversed(answers)))
        if len(row) >= in_a_row and self._has_parts(row):
            return True
        is_share = len(answers) >= ENOUGH_ANSWERS and self.share > TROUBLE_SHARE
        return is_share and self._has_parts(refused)

    def _has_parts(self, answers: Iterable[Spoken]) -> bool:
        return len({each.part for each in answers}) >= self.least_parts
