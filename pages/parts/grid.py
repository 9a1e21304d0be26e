"""A table whose rows open: a click on any cell opens the row it stands in."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from pages.parts.turns import begin_anew, keyed, selection_of

T = TypeVar("T")
_ROW_PX = 35
_MOST_ROWS_SEEN = 15


def clickable_table(
    name: str,
    table: pd.DataFrame,
    lines: Sequence[T],
    opened: Callable[[T], None],
    *,
    columns: dict[str, Any],
    order: Sequence[str],
    alt: str,
) -> None:
    """Show a table, one line a row; a click on a cell hands its line to `opened`, then is let go of."""
    st.dataframe(
        table,
        key=keyed(name),
        hide_index=True,
        height=_ROW_PX * (min(len(lines), _MOST_ROWS_SEEN) + 1) + 3,
        column_config=columns,
        column_order=order,
        on_select=lambda: _click(name, lines, opened),
        selection_mode="single-cell",
        alt=alt,
    )


def _click(name: str, lines: Sequence[T], opened: Callable[[T], None]) -> None:
    """Open what was clicked, and begin a grid in which nothing is: the same cell can be clicked again."""
    if cells := selection_of(name).get("cells"):
        opened(lines[cells[0][0]])
        begin_anew(name)
