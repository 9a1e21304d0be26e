"""Which columns of a list hold the addresses: chosen by a click on the preview, or by name."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.sheet import Sheet
from pages.parts.counting import several
from pages.parts.turns import begin_anew, keyed, selection_of

PREVIEW_ROWS = 5
_MARK = {"background-color": "rgba(11, 107, 91, 0.16)"}


def choose_columns(sheet: Sheet, name: str, earlier: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ask for the address columns, those of the `earlier` time or else the likeliest one chosen already.

    `name` tells one list from another. Where there is one column, which holds addresses, there is nothing to
    choose.
    """
    key, guessed = f"columns of {name}", guess_columns(sheet)
    if len(sheet.frame.columns) == len(guessed) == 1:
        _show_first_rows(sheet)
        return guessed
    st.session_state.setdefault(key, list(earlier or guessed[:1]))
    columns = tuple(
        st.multiselect(
            "Columns with e-mail addresses: choose here, or click a column below",
            list(sheet.frame.columns),
            key=key,
            help="Click a column of the table to choose it, and once more to let it go.",
        )
    )
    _preview(sheet, columns, key, addresses_first(sheet, (*earlier, *guessed)))
    return columns


IN_ORDER = "Columns with addresses stand first here; your list keeps its order."
AS_GIVEN = "The first rows of your list."


def addresses_first(sheet: Sheet, holding: Sequence[str]) -> list[str]:
    """Give a list's columns, those that hold addresses first: on a narrow screen others are out of sight."""
    columns = list(sheet.frame.columns)
    return [*(name for name in columns if name in holding), *(n for n in columns if n not in holding)]


def _preview(sheet: Sheet, columns: tuple[str, ...], key: str, order: list[str]) -> None:
    """Show a list's first rows, the chosen columns marked; a click chooses a column or lets it go.

    A line stands above the table: at its upper edge, on what is there, Streamlit draws signs.
    """
    st.caption(AS_GIVEN if order == list(sheet.frame.columns) else IN_ORDER)
    st.dataframe(
        _first_rows(sheet).style.set_properties(subset=list(columns), **_MARK),
        key=keyed(_grid(key)),
        on_select=lambda: _click(sheet, key),
        selection_mode=["single-column", "single-cell"],
        column_order=order,
        alt="The first rows of the list, with the chosen columns marked",
    )
    _tell_of_more(sheet)


def _show_first_rows(sheet: Sheet) -> None:
    st.dataframe(_first_rows(sheet), alt="The first rows of the list")
    _tell_of_more(sheet)


def _first_rows(sheet: Sheet) -> pd.DataFrame:
    """Give the first rows by their numbers in a spreadsheet."""
    first = sheet.frame.head(PREVIEW_ROWS)
    return first.set_index(pd.Index([sheet.row_number(row) for row in range(len(first))], name="Row"))


def _tell_of_more(sheet: Sheet) -> None:
    if (more := len(sheet.frame) - PREVIEW_ROWS) > 0:
        st.caption(f"… and {several(more, 'more row')}")


def _grid(key: str) -> str:
    """Name the grid; each click has it begin anew, with nothing selected."""
    return f"preview {key}"


def _click(sheet: Sheet, key: str) -> None:
    selected = selection_of(_grid(key))
    clicked = [*selected.get("columns", ()), *(column for _, column in selected.get("cells", ()))]
    st.session_state[key] = toggled(st.session_state[key], clicked[:1], list(sheet.frame.columns))
    begin_anew(_grid(key))


def toggled(chosen: list[str], clicked: list[str], columns: list[str]) -> list[str]:
    """Take clicked columns into the choice, or out of it, in the list's order; what is none is ignored."""
    wanted = set(chosen) ^ set(clicked)
    return [column for column in columns if column in wanted]
