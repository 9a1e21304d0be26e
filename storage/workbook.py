"""Draws a list on the sheets of a workbook: what is more than text as such, all else as text, never run."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from storage.cells import READERS, Column

SHEET_ROWS = 1_048_575
"""The most rows of a sheet, below its header."""
CELL_SIGNS = 32_767
"""The most characters of a cell."""
_NAME_OCTETS = 62  # of UTF-16: 31 characters
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_NARROWEST, _WIDEST = 8, 50  # characters
_WRITERS = {
    float: Worksheet.write_number,
    bool: Worksheet.write_boolean,
    datetime: Worksheet.write_datetime,
}
_ROOM = 4  # characters beside a cell's own: its margins, and in the header the filter's arrow


class Drawing:
    """A list on its way into an xlsxwriter workbook, drawn from the top to the bottom."""

    def __init__(
        self, book: Any, title: str, columns: Sequence[Column], *, sheet_rows: int = SHEET_ROWS
    ) -> None:
        self._book = book
        self._title = title
        self._columns = columns
        self._readers = [READERS[column.cells] for column in columns]
        self._sheet_rows = sheet_rows
        self._bold = book.add_format({"bold": True})
        self._formats: dict[str, Any] = {}
        self._sheet: Any = None
        self._number = self._last = 0

    def draw(self, rows: Iterator[Sequence[str]]) -> None:
        """Draw all rows, on a further sheet wherever one is full."""
        for row in rows:
            self.add(row)
        self.close()

    def open(self) -> None:
        """Begin a further sheet: a bold header that stays in sight, columns as wide as their cells."""
        self._number += 1
        self._last = 0
        self._sheet = self._book.add_worksheet(sheet_name(self._title, self._number))
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, _width(column))
            self._sheet.write_string(0, place, column.name[:CELL_SIGNS], self._bold)

    def add(self, row: Sequence[str]) -> None:
        """Draw a row below the last one, on a further sheet if this one is full."""
        if self._sheet is None:
            self.open()
        elif self._last == self._sheet_rows:
            self.close()
            self.open()
        self._last += 1
        self._draw_row(self._sheet, self._last, row)

    def close(self) -> None:
        """Give the sheet a filter over all its rows; where there are none, it is a header."""
        if self._sheet is None:
            self.open()
        everything = (0, 0, self._last, len(self._columns) - 1)
        self._sheet.autofilter(*everything)
        self._sheet.ignore_errors({"number_stored_as_text": xl_range(*everything)})

    def _draw_row(self, sheet: Any, number: int, row: Sequence[str]) -> None:
        for place, cell in enumerate(row):
            read = self._readers[place]
            if read and (found := read(cell)):
                write = _WRITERS[type(found.value)]
                write(sheet, number, place, found.value, self._format(found.shown))
            elif cell:
                sheet.write_string(number, place, cell[:CELL_SIGNS])

    def _format(self, shown: str) -> Any:
        if shown not in self._formats:
            self._formats[shown] = self._book.add_format({"num_format": shown})
        return self._formats[shown]


def sheet_name(title: str, number: int = 1) -> str:
    """Make a name that spreadsheets take: 31 characters, none of some signs; `(2)` for a second sheet."""
    clean = "".join(sign if sign.isprintable() else "_" for sign in title.translate(_FORBIDDEN)).strip(" '")
    ending = f" ({number})" if number > 1 or clean.casefold() == "history" else ""
    room = _NAME_OCTETS - 2 * len(ending)
    return (clean.encode("utf-16-le", "replace")[:room].decode("utf-16-le", "ignore") or "List") + ending


def _width(column: Column) -> int:
    """Give the width in characters in which a column shows its cells, unless they are very long."""
    return min(max(column.longest, len(column.name), _NARROWEST) + _ROOM, _WIDEST)
