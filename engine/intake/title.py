"""What stands above a list's header, such as a title or a date: told of, and no row of the list."""

from collections import Counter

import pandas as pd

from engine.intake.header import names_addresses
from engine.intake.table import Table

MOST_LINES = 9
"""Lines above a header that are looked at; below that it is the list itself that stands there."""


def without_title(table: Table) -> tuple[Table, tuple[str, ...]]:
    """Cut off the lines above a header; give the table from its header on, and what the lines say.

    Lines of at most one filled cell each, none with an @ sign, are a title where a row of several cells
    follows that speaks of addresses. Else there is none: the table is given as it is.
    """
    place = _header_place(table.frame)
    if not place:
        return table, ()
    title = table.frame.iloc[:place]
    widths = table.widths - Counter(_width(row, table.widths) for row in title.itertuples(index=False))
    below = table.frame.iloc[place:].reset_index(drop=True)
    said = tuple(cell.strip() for row in title.itertuples(index=False) for cell in row if cell.strip())
    return Table(below, widths, table.skipped + place), said


def _header_place(frame: pd.DataFrame) -> int:
    """Say how many lines stand above the header; 0 where there is no title, or no such header."""
    for place, row in enumerate(frame.head(MOST_LINES + 1).itertuples(index=False)):
        filled = [str(cell) for cell in row if str(cell).strip()]
        if len(filled) > 1:
            return place if names_addresses(filled) else 0
        if any("@" in cell for cell in filled):
            return 0
    return 0


def _width(row: tuple[str, ...], widths: Counter[int]) -> int:
    """Say how many fields a line was read with: as many as are filled, or as all where it was padded."""
    filled = max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)
    return filled if widths[filled] else max(widths)
