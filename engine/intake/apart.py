"""Lists without a header: every address of a line gets a row of its own."""

import re

import pandas as pd

from engine.intake.cell import addresses_in


def part_lines(frame: pd.DataFrame) -> pd.DataFrame:
    """Part the lines of a one-column frame that hold several addresses and nothing else."""
    cells = frame.iloc[:, 0]
    if not cells.str.contains(r"@.*@", flags=re.DOTALL).any():
        return frame
    rows = [row for cell in cells.tolist() for row in _rows_of(cell)]
    return pd.DataFrame({frame.columns[0]: pd.Series(rows, dtype="str")})


def _rows_of(cell: str) -> list[str]:
    if cell.count("@") < 2:  # noqa: PLR2004 (several)
        return [cell]
    found = [each.text for each in addresses_in(cell)]
    return found if all("@" in text for text in found) else [cell]
