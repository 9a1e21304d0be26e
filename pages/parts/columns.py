"""Which columns an export adds, what they are called in the file, and how its cells are written."""

from collections.abc import Mapping
from enum import Enum

import streamlit as st

from pages.parts.words import OUTCOMES
from storage.export_lines import SEND_TO
from storage.exports import OUTCOME_COLUMNS

LONGEST_NAME = 60
"""The most characters of a column's name."""


class Need(Enum):
    """How far a file needs the column of the address to write to: its others may say it, or no other does."""

    NONE = "none"
    OFFERED = "offered"
    ALWAYS = "always"


def choose_columns(send_to: Need) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Offer the columns and their names; give the chosen ones, and those that are called otherwise.

    One column more may hold the address to write to; where no other tells it, it is not a choice.
    """
    offered = (*OUTCOME_COLUMNS, SEND_TO) if send_to is Need.OFFERED else OUTCOME_COLUMNS
    columns = st.multiselect(
        "Columns to add",
        offered,
        default=offered,
        format_func=OUTCOMES.__getitem__,
        key=f"columns to add, {send_to.value}",  # what one list offers is not what another does
    )
    if send_to is Need.ALWAYS:
        columns.append(SEND_TO)
        st.caption(f"`{SEND_TO}` is added in any case: no other column says which address to write to.")
    st.caption(
        "Their names in the file are yours to choose. Where your list has a column of that name already, "
        "winnow_ is put before it. Your own columns stay as they are; below, formulas may be made harmless."
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
