"""An exported row as it is read, and what each outcome column says of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.as_written import as_read
from storage.listed_rows import HOW_LISTED, WITH_LISTED

CORRECTED = "corrected_email"
SEND_TO = "send_to"
OTHER_RESULTS = "other_results"


class Line(NamedTuple):
    """A row's own cells (JSON) with one of its entries and what was found of that; null where it has none.

    Of whom nobody asks for this list, no mail host, attempts or time are told: those are of others.
    """

    number: int
    cells: str
    email: str | None
    corrected: str | None
    status: str | None
    reason: str | None
    confidence: int | None
    flags: int | None
    suggestion: str | None
    mx_host: str
    provider: str
    attempts: int
    checked_at: float | None
    listed: int

    @property
    def is_empty(self) -> bool:
        """Whether the row holds no address."""
        return self.reason == Reason.EMPTY


_IS_UNASKED = "entry.reason IS 'never_probed'"
ROWS = (
    f"{WITH_LISTED} SELECT sheet_row.number, sheet_row.cells, entry.text, entry.corrected, entry.status,"  # noqa: S608
    " coalesce(entry.reason, mailbox.why), entry.confidence, entry.flags, entry.suggestion,"
    f" iif({_IS_UNASKED}, '', coalesce(json_extract(mailbox.evidence, '$.mx_host'), domain.mx_host, '')),"
    f" coalesce(domain.provider, ''), iif({_IS_UNASKED}, 0, coalesce(mailbox.attempts, 0)),"
    f" iif({_IS_UNASKED}, NULL, mailbox.checked_at),"
    f" iif(sheet_row.number IN (SELECT row FROM listed), {HOW_LISTED}, 0)"
    " FROM sheet_row"
    " LEFT JOIN entry ON entry.upload_id = sheet_row.upload_id AND entry.row = sheet_row.number"
    " LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE sheet_row.upload_id = :upload ORDER BY sheet_row.number, entry.ordinal"
)
"""The columns of `Line`, read as plain tuples: a list may have a million rows."""


@cache
def _flag_words(flags: int) -> str:
    return " ".join(Flag(flags).names)


TELLERS: dict[str, Callable[[Sequence[Line]], str]] = {
    "email": lambda lines: as_read(lines[0].email or ""),
    CORRECTED: lambda lines: lines[0].corrected or "",
    SEND_TO: lambda lines: lines[0].corrected or as_read(lines[0].email or ""),
    "status": lambda lines: _status(lines[0]),
    "reason": lambda lines: _reason(lines[0]),
    "confidence": lambda lines: "" if lines[0].confidence is None else str(lines[0].confidence),
    "flags": lambda lines: _flag_words(lines[0].flags or 0),
    "suggestion": lambda lines: lines[0].suggestion or "",
    "mx_host": lambda lines: lines[0].mx_host,
    "provider": lambda lines: lines[0].provider,
    "attempts": lambda lines: str(lines[0].attempts),
    "checked_at": lambda lines: _checked_at(lines[0]),
    OTHER_RESULTS: lambda lines: _others(lines[1:]),
}
"""What is said of the address that speaks for a row (its first line); in `other_results`, of the others."""


def tellers(empty_status: str) -> dict[str, Callable[[Sequence[Line]], str]]:
    """Give what tells each column, with this said for the status of a row that holds no address."""
    told = TELLERS["status"]
    return TELLERS | {"status": lambda lines: empty_status if lines[0].is_empty else told(lines)}


def _others(lines: Sequence[Line]) -> str:
    return "; ".join(f"{_named(each)}: {_status(each)} ({_reason(each)})" for each in lines)


def _named(line: Line) -> str:
    """Name an address as it was read, and what was asked instead."""
    read = as_read(line.email or "")
    return f"{read} -> {line.corrected}" if line.corrected else read


def _status(line: Line) -> str:
    return line.status or Status.UNKNOWN.value


def _reason(line: Line) -> str:
    return line.reason or Reason.NOT_CHECKED.value


def _checked_at(line: Line) -> str:
    return "" if not line.status or line.checked_at is None else _time(int(line.checked_at))


@lru_cache(maxsize=1_000)
def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
