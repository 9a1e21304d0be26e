"""The list given back: the user's rows and columns in order, then what was found, streamed row by row."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address, parse_address
from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status
from storage.database import Database
from storage.uploads import upload_row

OUTCOME_COLUMNS = (
    "email",
    "status",
    "reason",
    "confidence",
    "flags",
    "suggestion",
    "mx_host",
    "provider",
    "attempts",
    "checked_at",
)
OTHER_RESULTS = "other_results"
_SIGNS = r"\s<>\"'(),:;\[\]"
_BARE_ADDRESS = re.compile(rf"[^{_SIGNS}]+@[^{_SIGNS}]*[^{_SIGNS}.]")
FETCH_ROWS = 2_000
FLAG_WORDS = {flag.name.lower(): flag for flag in Flag if flag.name}
WORDS = (*(status.value for status in Status), *FLAG_WORDS)


class UnknownWord(ValueError):
    """A selection names something that is neither a status nor a flag; the message says which."""


@value
class Selection:
    """Which rows to keep, by words that are statuses or flags.

    A row is kept that has one of `include` (or `include` is empty), and none of `exclude`.
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    def keeps(self, status: Status, flags: Flag) -> bool:
        """Tell whether a row with this status and these flags is kept."""
        words = {status.value, *flags.names}
        return not (words & self.exclude) and (not self.include or bool(words & self.include))


def parse_selection(include: str = "", exclude: str = "") -> Selection:
    """Read two comma lists of statuses and flags. Raises UnknownWord."""
    return Selection(_parse_words(include), _parse_words(exclude))


def _parse_words(text_list: str) -> frozenset[str]:
    words = frozenset(word.strip().lower().replace("-", "_") for word in text_list.split(",") if word.strip())
    if unknown := sorted(words - set(WORDS)):
        raise UnknownWord(f"{', '.join(unknown)}: not a status or flag. There are {', '.join(WORDS)}")
    return words


@value
class Export:
    """A list's rows to write: which upload, which rows, and whether those or the removed ones."""

    upload: int
    selection: Selection = Selection()
    columns: tuple[str, ...] = OUTCOME_COLUMNS
    is_removed_wanted: bool = False

    def wants(self, status: Status, flags: Flag) -> bool:
        """Tell whether a row is to be written."""
        return self.selection.keeps(status, flags) is not self.is_removed_wanted


def export_header(database: Database, export: Export) -> list[str]:
    """Give the exported file's column names: the list's own, then what was found.

    An outcome column whose name the list already uses is prefixed `winnow_`; `email` is left out where the
    address column itself is called so.
    """
    with database.reading() as connection:
        return _header(connection, export)[0]


def export_title(database: Database, export: Export) -> str:
    """Name what is exported: the workbook's sheet as it was handed in, else the file without its ending."""
    with database.reading() as connection:
        upload = upload_row(connection, export.upload)
    assert upload is not None, "an export names a list that exists"
    return str(upload.sheet_name or PurePath(upload.name).stem)


def _header(connection: Connection, export: Export) -> tuple[list[str], list[str]]:
    """Give the whole header, and which outcome columns stand in it."""
    upload = upload_row(connection, export.upload)
    assert upload is not None, "an export names a list that exists"
    own = json.loads(upload.header)
    taken = {name.casefold() for name in own}
    address_columns = {name.casefold() for name in json.loads(upload.address_columns)}
    outcome = [name for name in export.columns if not (name == "email" and address_columns == {"email"})]
    if _has_several(connection, export.upload):
        outcome.append(OTHER_RESULTS)
    named = [_free_name(name, taken) for name in outcome]
    return [*own, *named], outcome


def _free_name(name: str, taken: set[str]) -> str:
    """Prefix `winnow_` to a name that the list uses already, again where it uses that too."""
    while name in taken:
        name = f"winnow_{name}"
    return name


def _has_several(connection: Connection, upload: int) -> bool:
    found = connection.execute(
        text("SELECT 1 FROM entry WHERE upload_id = :upload AND ordinal > 0 LIMIT 1"), {"upload": upload}
    )
    return found.first() is not None


_ROWS = text(
    "SELECT sheet_row.number, sheet_row.cells, entry.ordinal, entry.text AS email, entry.status,"
    " coalesce(entry.reason, mailbox.why) AS reason, entry.confidence, entry.flags, entry.suggestion,"
    " coalesce(json_extract(mailbox.evidence, '$.mx_host'), domain.mx_host, '') AS mx_host,"
    " coalesce(domain.provider, '') AS provider, coalesce(mailbox.attempts, 0) AS attempts,"
    " mailbox.checked_at"
    " FROM sheet_row"
    " LEFT JOIN entry ON entry.upload_id = sheet_row.upload_id AND entry.row = sheet_row.number"
    " LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE sheet_row.upload_id = :upload ORDER BY sheet_row.number, entry.ordinal"
)


def export_rows(database: Database, export: Export) -> Iterator[list[str]]:
    """Stream the exported rows in the list's order, without the header, in constant memory."""
    with database.reading() as connection:
        _, outcome = _header(connection, export)
        rows = connection.execution_options(yield_per=FETCH_ROWS).execute(_ROWS, {"upload": export.upload})
        for group in _by_number(rows):
            found = _found(group)
            if export.wants(Status(found["status"]), Flag(group[0].flags or 0)):
                yield [*json.loads(group[0].cells), *(found[name] for name in outcome)]


def _by_number(rows: Any) -> Iterator[list[Row[Any]]]:
    """Gather the entries of one row of the list."""
    group: list[Row[Any]] = []
    for row in rows:
        if group and group[0].number != row.number:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _found(group: Sequence[Row[Any]]) -> dict[str, str]:
    """Say what was found of a row's first address, and in `other_results` of the others."""
    first = group[0]
    return {
        "email": _as_read(first.email or ""),
        "status": _status(first),
        "reason": _reason(first),
        "confidence": "" if first.confidence is None else str(first.confidence),
        "flags": " ".join(Flag(first.flags or 0).names),
        "suggestion": first.suggestion or "",
        "mx_host": first.mx_host,
        "provider": first.provider,
        "attempts": str(first.attempts),
        "checked_at": _time(first.checked_at if first.status else None),
        OTHER_RESULTS: "; ".join(
            f"{_as_read(row.email)}: {_status(row)} ({_reason(row)})" for row in group[1:]
        ),
    }


def _as_read(found: str) -> str:
    """Give an address as it was read, without the name, brackets or signs that stood round it."""
    text_read = found.strip()
    if _BARE_ADDRESS.fullmatch(text_read):
        return text_read
    address = parse_address(text_read)
    return str(address) if isinstance(address, Address) else text_read


def _status(row: Row[Any]) -> str:
    return str(row.status or Status.UNKNOWN.value)


def _reason(row: Row[Any]) -> str:
    return str(row.reason or Reason.NOT_CHECKED.value)


def _time(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
