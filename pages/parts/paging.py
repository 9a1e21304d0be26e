"""Next and Previous for a table that is too long for one page; the session remembers the way back."""

from collections.abc import Hashable

import streamlit as st

START = (-1, -1)
"""The place before a list's first entry."""

Place = tuple[int, int]


def current_place(table: str, question: Hashable) -> Place:
    """Tell behind which place a table's page begins; another question begins at the start."""
    asked, places = st.session_state.get(table, (None, [START]))
    if asked != question:
        places = [START]
    st.session_state[table] = (question, places)
    place: Place = places[-1]
    return place


def page_number(table: str) -> int:
    """Say which page a table is at, counted from 1."""
    return len(st.session_state[table][1])


def page_buttons(table: str, end: Place | None) -> None:
    """Show Previous, the page's number and Next; `end` is the page's last place, None on the last page."""
    number = page_number(table)
    if number == 1 and end is None:
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
        st.markdown(f"Page {number:,}", width="content")
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            key=f"{table} next",
            disabled=end is None,
            on_click=_on,
            args=(table, end),
        )


def _on(table: str, end: Place) -> None:
    question, places = st.session_state[table]
    st.session_state[table] = (question, [*places, end])


def _back(table: str) -> None:
    question, places = st.session_state[table]
    st.session_state[table] = (question, places[:-1])
