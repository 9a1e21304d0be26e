"""Rows to a frame of text: as wide as the widest row, without the empty rows at both ends."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat, zip_longest

import pandas as pd

from engine.intake.delimited import Row

_CHUNK = 20_000  # rows


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows put together. `widths` counts rows by their number of fields (0: an empty row)."""

    frame: pd.DataFrame
    widths: Counter[int]
    skipped: int


def build_table(rows: Iterable[Row]) -> Table:
    """Put rows together in chunks; columns are numbered from 0, and missing fields are `""`."""
    start, counted = _skip_empty(iter(rows))
    widths: Counter[int] = Counter()
    chunks = []
    filled = _without_empty_end(start)
    while chunk := list(islice(filled, _CHUNK)):
        widths.update(map(len, chunk))
        chunks.append(_frame_of(chunk))
    return Table(_joined(chunks, max(widths, default=0)), widths, counted)


def _skip_empty(rows: Iterator[Row]) -> tuple[Iterator[Row], int]:
    for skipped, row in enumerate(rows):
        if _is_filled(row):
            return chain([row], rows), skipped
    return iter(()), 0


def _without_empty_end(rows: Iterator[Row]) -> Iterator[Row]:
    empty = 0
    for row in rows:
        if not _is_filled(row):
            empty += 1
            continue
        yield from repeat([], empty)
        empty = 0
        yield row


def _is_filled(row: Row) -> bool:
    return bool("".join(row).strip())


def _frame_of(rows: list[Row]) -> pd.DataFrame:
    columns = enumerate(zip_longest(*rows, fillvalue=""))
    return pd.DataFrame(
        {place: pd.Series(cells, dtype="str") for place, cells in columns}, index=range(len(rows))
    )


def _joined(chunks: list[pd.DataFrame], width: int) -> pd.DataFrame:
    if not chunks:
        return pd.DataFrame(dtype="str")
    even = [chunk.reindex(columns=range(width), fill_value="") for chunk in chunks]
    return pd.concat(even, ignore_index=True).astype("str")
