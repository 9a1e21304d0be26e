"""The pages of a long table: which part is shown, Next and Previous. The session knows the way back."""

from collections.abc import Hashable
from typing import Any

import streamlit as st

from pages.parts.counting import count

PAGE_ROWS = 50

Place = tuple[int, Any]
"""Where a row stands in its table; None is the place before the first one."""


def current_place(table: str, question: Hashable) -> Place | None:
    """Tell behind which place a table's page begins; another question begins at the start."""
    asked, places = st.session_state.get(table, (None, (None,)))
    if asked != question:
        places = (None,)
    st.session_state[table] = (question, places)
    place: Place | None = places[-1]
    return place


def page_number(table: str) -> int:
    """Say which page a table is at, counted from 1."""
    return len(st.session_state[table][1])


def page_buttons(table: str, rows: int, end: Place | None, total: int | None) -> None:
    """Show which rows a page holds, and Previous and Next where there are more.

    The page holds `rows` of `total` rows (None: nobody has counted them); `end` is its last place, None where
    it is the last page.
    """
    number = page_number(table)
    shown = page_span(number, rows, total, has_more=end is not None) if rows else ""
    if number == 1 and end is None:
        st.caption(shown)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            key=f"{table} previous",
            disabled=number == 1,
            on_click=_back,
            args=(table,),
        )
        st.markdown(shown, width="content")
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            key=f"{table} next",
            disabled=end is None,
            on_click=_on,
            args=(table, end),
        )


def page_span(number: int, rows: int, total: int | None, *, has_more: bool) -> str:
    """Say which rows a page holds, of how many where that is known: "51–100 of 4,980"."""
    first, last = (number - 1) * PAGE_ROWS + 1, (number - 1) * PAGE_ROWS + rows
    span = f"{count(first)}–{count(last)}"
    if not has_more:
        return f"{span} of {count(last)}"
    return f"{span} of {count(total)}" if total is not None and total > last else f"{span}, and more"


def _on(table: str, end: Place) -> None:
    question, places = st.session_state[table]
    st.session_state[table] = (question, (*places, end))


def _back(table: str) -> None:
    question, places = st.session_state[table]
    st.session_state[table] = (question, places[:-1])
