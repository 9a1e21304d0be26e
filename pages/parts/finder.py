"""The table of a list's addresses: what to look for, the page found, and one address opened by a click."""

from functools import reduce
from operator import or_

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.charts import STATUS_COLOURS
from pages.parts.evidence import open_entry, show_opened
from pages.parts.frame import plain
from pages.parts.paging import current_place, page_buttons
from pages.parts.words import FLAGS, REASONS, STATUSES
from storage.database import Database
from storage.entries import EntryLine, Search, find_entries
from storage.summaries import Summary

PAGE_ROWS = 50
WAITING = "waiting"
_WAITING_NAME = "Waiting"
_TABLE = "entries page"
_SHOWN = "entries shown"
_GRID = "entries grid"
_TURN = "entries grid turn"
_WAITING_COLOUR = "#9A9A9A55"


@st.fragment
def address_finder(database: Database, summary: Summary) -> None:
    """Show filters and the addresses that fit, a page at a time; a clicked one opens."""
    upload = summary.standing.upload
    search = _ask(summary)
    found = find_entries(
        database, upload, search, after=current_place(_TABLE, (upload, search)), limit=PAGE_ROWS + 1
    )
    lines = found[:PAGE_ROWS]
    if lines:
        _show(lines)
    else:
        st.info("No address fits. Take a filter away to see more.", icon=":material/filter_alt_off:")
    page_buttons(_TABLE, lines[-1].place if len(found) > PAGE_ROWS else None)
    show_opened(database, upload)


def _ask(summary: Summary) -> Search:
    """Ask what to look for."""
    domain = st.query_params.get("domain", "")
    if domain:
        st.button(
            f"Only addresses at {plain(domain)}",
            icon=":material/close:",
            on_click=_all_domains,
        )
    status = st.pills(
        "Status",
        [*Status, WAITING],
        format_func=_status_name,
        key="find status",
        label_visibility="collapsed",
    )
    words, reasons, flags = st.columns([2, 2, 2])
    return Search(
        statuses=(Status(status),) if status in set(Status) else (),
        is_waiting=status == WAITING,
        words=words.text_input("Search", placeholder="Part of an address", key="find words").strip(),
        reasons=tuple(_ask_reasons(reasons, summary)),
        flags=_ask_flags(flags),
        domain=domain,
    )


def _all_domains() -> None:
    st.query_params.pop("domain", None)


def _status_name(status: str) -> str:
    return _WAITING_NAME if status == WAITING else STATUSES[Status(status)].name


def _ask_reasons(place: DeltaGenerator, summary: Summary) -> list[Reason]:
    reasons = list(dict.fromkeys(reason for _, reason, _ in summary.by_reason()))
    return place.multiselect(
        "Reason",
        reasons,
        format_func=lambda reason: REASONS[reason].name,
        placeholder="Any reason",
        key="find reasons",
    )


def _ask_flags(place: DeltaGenerator) -> Flag:
    flags = place.multiselect(
        "Also",
        list(Flag),
        format_func=lambda flag: FLAGS[flag].name,
        placeholder="Anything",
        key="find flags",
    )
    return reduce(or_, flags, NO_FLAGS)


def _show(lines: list[EntryLine]) -> None:
    """Show a page of addresses. A click is noted with what was shown when it was made, then let go of."""
    st.session_state[_SHOWN] = [line.entry for line in lines]
    st.dataframe(
        entries_table(lines),
        key=_grid_key(),
        hide_index=True,
        height=_height(len(lines)),
        column_config=_COLUMNS,
        on_select=_open_clicked,
        selection_mode="single-row",
        alt="Addresses of this list with their status, reason and confidence",
    )
    st.caption("Tick a row to see why.")


_ROW_PX = 35
_MOST_ROWS_SEEN = 15


def _height(rows: int) -> int:
    return _ROW_PX * (min(rows, _MOST_ROWS_SEEN) + 1) + 3


def _grid_key() -> str:
    return f"{_GRID} {st.session_state.setdefault(_TURN, 0)}"


def _open_clicked() -> None:
    """Open the entry of the clicked row, and begin a grid in which none is clicked."""
    rows = st.session_state[_grid_key()]["selection"]["rows"]
    if rows:
        open_entry(st.session_state[_SHOWN][rows[0]])
        st.session_state[_TURN] += 1


def entries_table(lines: list[EntryLine]) -> pd.DataFrame:
    """Write entries as rows in words; a row's number counts from 1, without the header."""
    return pd.DataFrame(
        {
            "Address": [line.text for line in lines],
            "Status": [[_line_status(line)] for line in lines],
            "Reason": [REASONS[line.reason].name if line.reason else "Not asked yet" for line in lines],
            "Confidence": pd.array([line.confidence for line in lines], dtype="Int64"),
            "Also": [", ".join(FLAGS[flag].name for flag in line.flags) for line in lines],
            "Suggestion": [line.suggestion for line in lines],
            "Row": [line.number for line in lines],
        }
    )


def _line_status(line: EntryLine) -> str:
    return STATUSES[line.status].name if line.status else _WAITING_NAME


_COLUMNS = {
    "Row": st.column_config.NumberColumn(width=70, format="localized", help="Counted without the header"),
    "Address": st.column_config.TextColumn(width=240),
    "Status": st.column_config.MultiselectColumn(
        width=110,
        options=[*(saying.name for saying in STATUSES.values()), _WAITING_NAME],
        color=[*(STATUS_COLOURS[status] for status in STATUSES), _WAITING_COLOUR],
    ),
    "Reason": st.column_config.TextColumn(width=190),
    "Also": st.column_config.TextColumn(width=160),
    "Suggestion": st.column_config.TextColumn(width=200),
    "Confidence": st.column_config.ProgressColumn(width=120, min_value=0, max_value=100, format="%d"),
}
