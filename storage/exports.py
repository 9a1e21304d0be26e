"""The list given back: the user's rows and columns in order, then what was found, streamed row by row."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address, parse_address
from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status
from storage.database import Database
from storage.selection import Outcome, Removal, Selection
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


@value
class Export:
    """A list's rows to write: which upload, which rows, and whether those or the removed ones.

    `names` calls outcome columns otherwise: pairs of the column and its name in the file.
    """

    upload: int
    selection: Selection = Selection()
    columns: tuple[str, ...] = OUTCOME_COLUMNS
    is_removed_wanted: bool = False
    names: tuple[tuple[str, str], ...] = ()


@value
class Given:
    """A row to give back: its cells, the outcome's among them; its status; what removes it (None: kept).

    A row that holds no address is invalid too, but `is_empty`.
    """

    cells: list[str]
    status: Status
    removal: Removal | None
    is_empty: bool = False


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
    wished = dict(export.names)
    named = [_free_name(wished.get(name) or name, taken) for name in outcome]
    return [*own, *named], outcome


def _free_name(name: str, taken: set[str]) -> str:
    """Prefix `winnow_` to a name that is taken already, again where that is too; it is taken from now on."""
    while name.casefold() in taken:
        name = f"winnow_{name}"
    taken.add(name.casefold())
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
    for row in given_rows(database, export):
        if (row.removal is not None) is export.is_removed_wanted:
            yield row.cells


def given_rows(database: Database, export: Export) -> Iterator[Given]:
    """Stream all rows of a list in their order, kept and removed ones, in constant memory."""
    with database.reading() as connection:
        _, outcome = _header(connection, export)
        rows = connection.execution_options(yield_per=FETCH_ROWS).execute(_ROWS, {"upload": export.upload})
        decide = cache(partial(_decide, export.selection))
        for group in _by_number(rows):
            first, found = group[0], _found(group)
            status, removal = decide(
                first.status, first.flags, first.reason, first.confidence, first.provider
            )
            cells = [*json.loads(first.cells), *(found[name] for name in outcome)]
            yield Given(cells, status, removal, is_empty=first.reason == Reason.EMPTY)


def _decide(
    selection: Selection,
    status: str | None,
    flags: int | None,
    reason: str | None,
    confidence: int | None,
    provider: str,
) -> tuple[Status, Removal | None]:
    """Say a row's status, and what removes it. One that waits is unknown, as it is where rows are counted."""
    told = Status(status or Status.UNKNOWN)
    why = Reason(reason) if status and reason else Reason.NOT_CHECKED
    found = Outcome(told, Flag(flags or 0), why, confidence or 0, provider)
    return told, selection.removes(found)


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
        "email": as_read(first.email or ""),
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
            f"{as_read(row.email)}: {_status(row)} ({_reason(row)})" for row in group[1:]
        ),
    }


def as_read(found: str) -> str:
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
