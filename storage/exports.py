"""The list given back: the user's rows and columns in order, then what was found, streamed row by row."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter
from sqlalchemy import Connection, Row, text
from xlsxwriter.exceptions import FileCreateError

from engine.reason import Reason
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
FETCH_ROWS = 2_000
XLSX_ROWS = 1_048_575
XLSX_CELL = 32_767
"""The most characters a cell of a workbook can hold."""
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FLAG_WORDS = {flag.name.lower(): flag for flag in Flag if flag.name}
WORDS = (*(status.value for status in Status), *FLAG_WORDS)


class UnknownWord(ValueError):
    """A selection names something that is neither a status nor a flag; the message says which."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


def _header(connection: Connection, export: Export) -> tuple[list[str], list[str]]:
    """Give the whole header, and which outcome columns stand in it."""
    upload = upload_row(connection, export.upload)
    assert upload is not None, "an export names a list that exists"
    own = json.loads(upload.header)
    taken = {name.casefold() for name in own}
    address_columns = {name.casefold() for name in json.loads(upload.address_columns)}
    outcome = [name for name in export.columns if not (name == "email" and address_columns & {"email"})]
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
        "email": (first.email or "").strip(),
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
            f"{row.email.strip()}: {_status(row)} ({_reason(row)})" for row in group[1:]
        ),
    }


def _status(row: Row[Any]) -> str:
    return str(row.status or Status.UNKNOWN.value)


def _reason(row: Row[Any]) -> str:
    return str(row.reason or Reason.NOT_CHECKED.value)


def _time(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def csv_lines(database: Database, export: Export, *, is_for_spreadsheets: bool = False) -> Iterator[str]:
    """Stream the export as CSV (RFC 4180), some rows at a time.

    `is_for_spreadsheets` adds a byte-order mark, and an apostrophe before cells that a spreadsheet would
    run as a formula; without it every cell is written exactly.
    """
    guard = _harmless if is_for_spreadsheets else list
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    if is_for_spreadsheets:
        buffer.write("\ufeff")
    writer.writerow(guard(export_header(database, export)))
    for count, row in enumerate(export_rows(database, export)):
        writer.writerow(guard(row))
        if count % FETCH_ROWS == 0:
            yield _take(buffer)
    yield _take(buffer)


def _harmless(row: list[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell for cell in row]


def _take(buffer: io.StringIO) -> str:
    taken = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return taken


def write_csv(database: Database, export: Export, file: TextIO) -> None:
    """Write the export as exact CSV."""
    file.writelines(csv_lines(database, export))


def write_xlsx(database: Database, export: Export, path: Path) -> None:
    """Write the export as XLSX, every cell as text, a further sheet after each 1,048,575 rows.

    A cell of more than 32,767 characters is cut there. Raises OSError where the file cannot be written.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            _write_sheets(book, export_header(database, export), export_rows(database, export))
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from None


def _write_sheets(book: Any, header: list[str], rows: Iterator[list[str]]) -> None:
    sheet = _new_sheet(book, header)
    for count, row in enumerate(rows):
        if count and count % XLSX_ROWS == 0:
            sheet = _new_sheet(book, header)
        for column, cell in enumerate(row):
            sheet.write_string(count % XLSX_ROWS + 1, column, cell[:XLSX_CELL])


def _new_sheet(book: Any, header: list[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    return sheet
