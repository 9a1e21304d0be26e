"""Rows to addresses: what one row of a list asks us to check."""

from collections.abc import Iterable, Iterator, Sequence

from engine.address import Address, Malformed
from engine.intake.cell import ALONE, Found, addresses_in, read_whole
from engine.intake.sheet import Sheet
from engine.reason import Reason
from engine.value import value


@value
class EntryDraft:
    """One address of one row. `row` counts from 0; so does `ordinal`, over the row's chosen columns.

    Where `is_corrected`, the address to ask is another than the one the text says.
    """

    row: int
    column: str
    ordinal: int
    text: str
    result: Address | Malformed
    is_corrected: bool = False


def read_entries(sheet: Sheet, columns: Sequence[str]) -> Iterator[EntryDraft]:
    """Yield the entries of all rows, row by row and in each the chosen columns in their order.

    An empty cell beside a filled one is no entry; a row with nothing in any chosen column has exactly one.
    """
    cells = [sheet.frame[column].tolist() for column in columns]
    if len(columns) == 1:
        return _entries_of_one(cells[0], columns[0])
    return _entries_of_many(zip(*cells, strict=True), columns)


def _entries_of_one(cells: list[str], column: str) -> Iterator[EntryDraft]:
    is_alone = ALONE.fullmatch
    for row, cell in enumerate(cells):
        if is_alone(cell):
            yield EntryDraft(row, column, 0, cell, read_whole(cell))
            continue
        for ordinal, found in enumerate(addresses_in(cell)):
            yield EntryDraft(row, column, ordinal, found.text, found.result)


def _entries_of_many(rows: Iterable[tuple[str, ...]], columns: Sequence[str]) -> Iterator[EntryDraft]:
    for row, cells in enumerate(rows):
        found = [
            (name, each) for name, cell in zip(columns, cells, strict=True) for each in addresses_in(cell)
        ]
        filled = [pair for pair in found if not _is_empty(pair[1])]
        for ordinal, (column, each) in enumerate(filled or found[:1]):
            yield EntryDraft(row, column, ordinal, each.text, each.result)


def _is_empty(found: Found) -> bool:
    return isinstance(found.result, Malformed) and found.result.why is Reason.EMPTY
