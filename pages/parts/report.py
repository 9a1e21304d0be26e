"""One address's report as plain text, for a message or a ticket."""

from datetime import UTC, datetime

from engine.value import value
from engine.verdict import LedgerLine, TraceLine

_SPEAKERS = {"dns": "DNS ", "us": "We: ", "host": "Host: ", "note": "Note: "}


@value
class Said:
    """What a report says: of which text, in sentences (empty ones are left out), and what they rest on.

    `checked_at` is Unix seconds.
    """

    text: str
    sentences: tuple[str, ...]
    checked_at: float | None
    ledger: tuple[LedgerLine, ...]
    trace: tuple[TraceLine, ...]


def report(said: Said) -> str:
    """Write a report, one part below the other."""
    parts = ([said.text, *filter(None, said.sentences), *_when(said)], _ledger(said), _trace(said))
    return "\n\n".join("\n".join(part) for part in parts if part)


def _when(said: Said) -> list[str]:
    if said.checked_at is None:
        return []
    return [f"Checked {datetime.fromtimestamp(said.checked_at, UTC):%Y-%m-%d %H:%M} UTC"]


def _ledger(said: Said) -> list[str]:
    if not said.ledger:
        return []
    total = sum(line.points for line in said.ledger)
    lines = (f"{line.points:+4d}  {line.cause}" for line in said.ledger)
    return ["Why its confidence is what it is", *lines, f"{total:4d}  confidence, of 100"]


def _trace(said: Said) -> list[str]:
    if not said.trace:
        return []
    return ["What was said (no message was sent)", *(_line(line) for line in said.trace)]


def _line(line: TraceLine) -> str:
    return _SPEAKERS[line.speaker] + line.text.replace("\n", "\n      ")
