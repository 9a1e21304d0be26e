"""What was said in a session, kept so that a person can read it."""

import time
from dataclasses import dataclass, field
from typing import Literal

from engine.verdict import TraceLine

TEXT_LIMIT = 512
_Speaker = Literal["us", "host", "note"]


@dataclass(slots=True)
class Trace:
    """What was said and what happened, in order, each line with the milliseconds since it began."""

    began_at: float = field(default_factory=time.monotonic)
    lines: list[TraceLine] = field(default_factory=list)

    def us(self, text: str) -> None:
        """Note what we said."""
        self._add("us", text)

    def host(self, text: str) -> None:
        """Note what the host said."""
        self._add("host", text)

    def note(self, text: str) -> None:
        """Note what happened without words."""
        self._add("note", text)

    def since(self, start: int) -> tuple[TraceLine, ...]:
        """Give the lines from the n-th on."""
        return tuple(self.lines[start:])

    def cut(self, start: int) -> None:
        """Leave out the lines from the n-th on: they speak of single recipients, not of the session."""
        del self.lines[start:]

    def _add(self, speaker: _Speaker, text: str) -> None:
        self.lines.append(TraceLine(speaker, text, round((time.monotonic() - self.began_at) * 1000)))


def clean(text: str) -> str:
    """Make a host's text storable: no lone surrogates, no control characters, at most 512 characters."""
    printable = text[:TEXT_LIMIT].encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c == "\n" or c.isprintable() else " " for c in printable)
