"""Writes an export as a file: CSV, streamed, or XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TextIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from engine.value import value
from storage.cells import survey_columns
from storage.database import Database
from storage.exports import FETCH_ROWS, Export, export_header, export_rows, export_title
from storage.workbook import Drawing

BYTE_ORDER_MARK = "\ufeff"
_FORMULA_SIGNS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
TEXT_IS_TEXT = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@value
class Dialect:
    """How CSV is written: what parts the cells, whether a byte-order mark leads, and whether it is exact.

    What is not `is_exact` has an apostrophe before each cell that a spreadsheet would run as a formula.
    """

    separator: str = ","
    has_mark: bool = False
    is_exact: bool = True


EXACT = Dialect()
FOR_SPREADSHEETS = Dialect(has_mark=True, is_exact=False)


def csv_lines(database: Database, export: Export, dialect: Dialect = EXACT) -> Iterator[str]:
    """Stream the export as CSV (RFC 4180), some rows at a time."""
    return lines_of(chain([export_header(database, export)], export_rows(database, export)), dialect)


def lines_of(rows: Iterable[Sequence[str]], dialect: Dialect) -> Iterator[str]:
    """Write rows as CSV, some at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=dialect.separator)
    buffer.write(BYTE_ORDER_MARK * dialect.has_mark)
    for count, row in enumerate(rows):
        writer.writerow(row if dialect.is_exact else harmless(row))
        if count % FETCH_ROWS == 0:
            yield _take(buffer)
    yield _take(buffer)


def harmless(row: Sequence[str]) -> list[str]:
    """Put an apostrophe before each cell that a spreadsheet would run as a formula."""
    return [f"'{cell}" if cell[:1] in _FORMULA_SIGNS else cell for cell in row]


def _take(buffer: io.StringIO) -> str:
    taken = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return taken


def write_csv(database: Database, export: Export, file: TextIO) -> None:
    """Write the export as exact CSV."""
    file.writelines(csv_lines(database, export))


def write_xlsx(database: Database, export: Export, path: Path) -> None:
    """Write the export as XLSX. Raises OSError where the file cannot be written.

    What is a number or a time, in the user's columns as in ours, is written as such where that is safe (see
    storage.cells); nothing is ever a formula. A cell of more than 32,767 characters is cut there.
    """
    columns = survey_columns(export_header(database, export), export_rows(database, export))
    try:
        with xlsxwriter.Workbook(str(path), TEXT_IS_TEXT) as book:
            Drawing(book, export_title(database, export), columns).draw(export_rows(database, export))
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from None


def write_file(database: Database, export: Export, path: Path) -> None:
    """Write the export as XLSX or CSV, by the path's ending; a break leaves no half file at its place.

    Raises OSError where it cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".xlsx":
            write_xlsx(database, export, draft)
        else:
            with draft.open("w", encoding="utf-8", newline="") as file:
                write_csv(database, export, file)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
