"""What was said in a session, kept so that a person can read it."""

import time
from dataclasses import dataclass, field
from typing import Literal

from engine.verdict import TraceLine

TEXT_LIMIT = 512
_Speaker = Literal["host", "note"]


@dataclass(slots=True)
class Trace:
    """What was said and what happened, in order, each line with the milliseconds since it began."""

    began_at: float = field(default_factory=time.monotonic)
    lines: list[TraceLine] = field(default_factory=list)

    def us(self, text: str, at_ms: int | None = None) -> None:
        """Note what we said, now or so many milliseconds after the beginning."""
        self.lines.append(TraceLine("us", text, self.now_ms() if at_ms is None else at_ms))

    def host(self, text: str) -> None:
        """Note what the host said."""
        self._add("host", text)

    def note(self, text: str) -> None:
        """Note what happened without words."""
        self._add("note", text)

    def now_ms(self) -> int:
        """Give the milliseconds since the beginning."""
        return round((time.monotonic() - self.began_at) * 1000)

    def since(self, start: int) -> tuple[TraceLine, ...]:
        """Give the lines from the n-th on."""
        return tuple(self.lines[start:])

    def cut(self, start: int) -> None:
        """Leave out the lines from the n-th on: they speak of single recipients, not of the session."""
        del self.lines[start:]

    def _add(self, speaker: _Speaker, text: str) -> None:
        self.lines.append(TraceLine(speaker, text, self.now_ms()))


def clean(text: str) -> str:
    """Make a host's text storable: no lone surrogates, no control characters, at most 512 characters."""
    text = text[:TEXT_LIMIT]
    if text.replace("\n", "").isprintable():  # as nearly all are; a lone surrogate is not
        return text
    printable = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c == "\n" or c.isprintable() else " " for c in printable)
