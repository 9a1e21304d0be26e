"""A list as handed in: rows and named columns of text, nothing lost and nothing guessed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # 0.25 s, which commands that read no list need not wait for


class UnreadableFile(ValueError):
    """A file nobody can read rows from; the message is one sentence for the person who sent it."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The rows of a file. `frame` holds text only, `""` where a cell is empty; its columns have unique names.

    `sheet_names` and `sheet_name` are set for workbooks only; `skipped` counts the empty rows and the lines
    of a title above the first row; `sha256` (hex) is that of the whole file; `notes` are sentences for the
    user.
    """

    name: str
    frame: pd.DataFrame
    has_header: bool
    sha256: str
    sheet_names: tuple[str, ...] = ()
    sheet_name: str = ""
    skipped: int = 0
    notes: tuple[str, ...] = ()

    def row_number(self, row: int) -> int:
        """Say the number a spreadsheet shows beside a row, counted from 1 with the header; `row` from 0."""
        return row + 1 + self.skipped + (1 if self.has_header else 0)
