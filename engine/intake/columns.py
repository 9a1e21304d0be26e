"""Which columns of a sheet hold addresses."""

import pandas as pd

from engine.address import Address
from engine.intake.cell import addresses_in
from engine.intake.header import is_address_word
from engine.intake.sheet import Sheet

_SAMPLE = 200  # cells of a column
_WORD_BONUS = 0.5  # what a telling header is worth beside the share of cells (0 to 1)


def guess_columns(sheet: Sheet) -> tuple[str, ...]:
    """Name the columns that hold addresses, best first; none where no cell of the sheet has one."""
    shares = {column: _share(sheet.frame[column]) for column in sheet.frame.columns}
    holding = [column for column, share in shares.items() if share]
    return tuple(sorted(holding, key=lambda column: -(shares[column] + _bonus(column))))


def _bonus(column: str) -> float:
    return _WORD_BONUS if is_address_word(column) else 0


def _share(cells: "pd.Series[str]") -> float:
    """Say which share of a column's cells has an address, judged by cells spread over the whole of it."""
    likely = cells[cells.str.contains("@", regex=False)]
    if likely.empty:
        return 0
    step = max(1, len(likely) // _SAMPLE)
    sample = likely.iloc[::step].tolist()
    found = sum(any(isinstance(each.result, Address) for each in addresses_in(cell)) for cell in sample)
    return found / len(sample) * len(likely) / len(cells)
