"""Which columns an export adds, what they are called in the file, and how its cells are written."""

from collections.abc import Mapping

import streamlit as st

from pages.parts.words import OUTCOMES
from storage.export_lines import SEND_TO
from storage.exports import OUTCOME_COLUMNS

LONGEST_NAME = 60
"""The most characters of a column's name."""


def choose_columns(*, has_send_to: bool) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Offer the columns and their names; give the chosen ones, and those that are called otherwise.

    Where addresses were corrected, or rows hold several, one column more holds the address to write to.
    """
    offered = (*OUTCOME_COLUMNS, SEND_TO) if has_send_to else OUTCOME_COLUMNS
    columns = st.multiselect(
        "Columns to add",
        offered,
        default=offered,
        format_func=OUTCOMES.__getitem__,
        key="columns to add",
    )
    st.caption(
        "Their names in the file are yours to choose. Where your list has a column of that name already, "
        "winnow_ is put before it. Your own columns stay as they are."
    )
    left, right = st.columns(2)
    wished = {}
    for place, column in enumerate(columns):
        with right if place % 2 else left:
            wished[column] = st.text_input(
                OUTCOMES[column], value=column, max_chars=LONGEST_NAME, key=f"name {column}"
            )
    return tuple(columns), changed_names(wished)


def changed_names(wished: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Give the names that differ from the usual ones, on one line each; an empty one is no wish."""
    clean = {column: " ".join(name.split()) for column, name in wished.items()}
    return tuple((column, name) for column, name in clean.items() if name and name != column)
