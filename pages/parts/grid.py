"""A table whose rows open: a click on any cell opens the row it stands in."""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from pages.parts.turns import begin_anew, chosen_in, keyed

T = TypeVar("T")
_ROW_PX = 35
_MOST_ROWS_SEEN = 15


def clickable_table(
    name: str,
    table: pd.DataFrame,
    lines: Sequence[T],
    opened: Callable[[T], None],
    *,
    told_by: Callable[[T], Hashable],
    columns: dict[str, Any],
    order: Sequence[str],
    alt: str,
) -> None:
    """Show a table, one line a row; a click on a cell hands its line to `opened`, then is let go of.

    A click tells a row's number only. So other rows stand under another key: `told_by` gives what tells a
    line from all others, of other lists too, and stays while its figures change.
    """
    key = f"{keyed(name)} {hash(tuple(map(told_by, lines)))}"
    st.session_state[_drawn(name)] = key, lines
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height=_ROW_PX * (min(len(lines), _MOST_ROWS_SEEN) + 1) + 3,
        column_config=columns,
        column_order=order,
        on_select=partial(_click, name, key, opened),
        selection_mode="single-cell",
        alt=alt,
    )


def _click(name: str, key: str, opened: Callable[[T], None]) -> None:
    """Open what was clicked, and begin a grid in which nothing is: the same cell can be clicked again.

    A late click, on rows in whose place others stand by now, opens nothing. Streamlit keeps the callbacks of
    all keys, so none of them holds lines: the visit does, those drawn last.
    """
    drawn, lines = st.session_state.get(_drawn(name), ("", ()))
    cells = chosen_in(key).get("cells") if key == drawn else None
    if cells:
        opened(lines[cells[0][0]])
        begin_anew(name)


def _drawn(name: str) -> str:
    return f"{name} drawn"
