"""Writes a workbook of a whole list: the kept rows, the removed ones with the reason, and a summary."""

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from storage.cells import survey_columns
from storage.database import Database
from storage.exports import Given, export_header, given_rows
from storage.files import TEXT_IS_TEXT
from storage.order import Order
from storage.overview import draw_overview
from storage.progress import Tell, told
from storage.workbook import SHEET_ROWS, Drawing, sheet_name

PASSES = 2
"""How often each row is looked at: for what its columns hold, and to be drawn."""


def write_book(
    database: Database, order: Order, path: Path, tell: Tell, *, sheet_rows: int = SHEET_ROWS
) -> None:
    """Write the workbook row by row, telling what share is done.

    Why a row is removed stands with the removed ones alone.
    """
    surveyed = told(given_rows(database, order.export), order.rows, tell, of=PASSES)
    columns = survey_columns(export_header(database, order.export), (row.cells for row in surveyed))
    last = len(columns) - (order.export.in_words is not None)
    with xlsxwriter.Workbook(str(path), TEXT_IS_TEXT) as book:
        kept = Drawing(book, order.wording.kept, columns[:last], sheet_rows=sheet_rows)
        removed = Drawing(book, order.wording.removed, columns, sheet_rows=sheet_rows)
        kept.open()
        removed.open()
        rows = told(given_rows(database, order.export), order.rows, tell, after=1, of=PASSES)
        _draw(rows, last, kept, removed)
        draw_overview(book, sheet_name(order.wording.overview), order.overview)


def _draw(rows: Iterator[Given], last: int, kept: Drawing, removed: Drawing) -> None:
    """Draw each row on its sheet; of a kept one the cells before the `last` one."""
    for row in rows:
        if row.removal is None:
            kept.add(row.cells[:last])
        else:
            removed.add(row.cells)
    kept.close()
    removed.close()
