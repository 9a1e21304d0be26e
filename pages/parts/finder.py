"""The table of a list's addresses: what to look for, the page found, and one address opened by a click."""

from functools import reduce
from operator import or_
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.reason import Reason
from engine.shown_domain import readable
from engine.spelling import as_domain
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.asked import (
    ADDRESSES,
    ANYWHERE,
    POINTS,
    STATUS,
    WHERE,
    WHOLE_SCALE,
    ask_of,
    clear,
    keep_to_domain,
)
from pages.parts.cards import LIVE
from pages.parts.clicks import come_here
from pages.parts.clock import just_now
from pages.parts.colours import STATUS_COLOURS
from pages.parts.evidence import open_entry, show_opened
from pages.parts.frame import plain
from pages.parts.grid import clickable_table
from pages.parts.outcome_words import flag_sayings
from pages.parts.paging import PAGE_ROWS, current_place, page_buttons
from pages.parts.reasons import REASONS
from pages.parts.tips import flags_tip, reasons_tip, statuses_tip
from pages.parts.words import FLAGS, NO_ADDRESS, STATUSES
from pages.parts.words import WAITING as WAITING_SAYING
from runtime import Runtime
from storage.as_written import as_read
from storage.entries import EntryLine, Search, count_entries, find_entries
from storage.summaries import Summary

EMPTY, WAITING = "empty", "waiting"
BEGIN, DOMAIN = "begin", "domain"
_PLACES = {ANYWHERE: "Anywhere in it", BEGIN: "At its start", DOMAIN: "Its whole domain"}
"""Where in an address the words of a search are looked for."""
SUGGESTION, CORRECTED = "Suggestion", "Written as"
_NAMES = {status: saying.name for status, saying in STATUSES.items()} | {
    EMPTY: NO_ADDRESS.name,
    WAITING: WAITING_SAYING.name,
}
EVERYTHING = Search(is_empty=False)
"""What is looked for where nobody asked: all addresses, but no rows without one."""
_TABLE = "entries page"
_PALE = "#9A9A9A55"


@st.fragment
def address_finder(runtime: Runtime, summary: Summary) -> None:
    """Show filters and the addresses that fit, a page at a time; a clicked one opens."""
    database, upload = runtime.database, summary.standing.upload
    ask_of(upload)
    with st.container():  # what stands in it comes and goes: what is asked below stays where it stands
        come_here(ADDRESSES)
        domain = keep_to_domain()
    search = _ask(summary, domain)
    after = current_place(_TABLE, (upload, search))
    found = find_entries(database, upload, search, after=after, limit=PAGE_ROWS + 1)
    lines = found[:PAGE_ROWS]
    _show_asked(search, is_live=summary.standing.state in LIVE)
    if lines:
        _show(lines)
    else:
        _show_none(search)
    end = lines[-1].place if len(found) > PAGE_ROWS else None
    page_buttons(_TABLE, len(lines), end, count_entries(database, upload, search))
    show_opened(runtime, upload)


def _ask(summary: Summary, domain: str) -> Search:
    """Ask what to look for, at a domain or at all."""
    status = st.pills(
        "Status",
        _kinds(summary),
        format_func=_NAMES.__getitem__,
        key=STATUS,
        label_visibility="collapsed",
    )
    words, where, reasons, flags, points = st.columns([4, 3, 4, 4, 4])
    asked = words.text_input("Search", placeholder="Part of an address", key="find words").strip()
    how = where.selectbox("Where", list(_PLACES), format_func=_PLACES.__getitem__, key=WHERE)
    at_domain = as_domain(asked.lower()) if how == DOMAIN else ""
    return Search(
        statuses=(Status(status),) if status in set(Status) else (),
        is_empty=status == EMPTY,
        is_waiting=status == WAITING,
        words="" if how == DOMAIN else asked,
        is_begin=how == BEGIN,
        reasons=tuple(_ask_reasons(reasons, summary)),
        flags=_ask_flags(flags),
        domain=at_domain or domain,
        confidence=_ask_points(points),
    )


def _kinds(summary: Summary) -> list[str]:
    """Give what addresses can be picked by: rows without one, and who waits, only where there are any."""
    rare = {EMPTY: summary.standing.empty, WAITING: summary.standing.waiting}
    return [kind for kind in _NAMES if rare.get(kind, True) or kind == st.session_state.get(STATUS)]


def _show_asked(search: Search, *, is_live: bool) -> None:
    """Say what is looked for, and offer to clear it; it is as high as the signs that lie above a table.

    The table of a list that is being checked stands still, so that nothing moves under who reads or clicks.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="asked"):
        st.caption(say_asked(search), width="content")
        if search != EVERYTHING:
            st.button("Clear filters", icon=":material/filter_alt_off:", type="tertiary", on_click=clear)
        if is_live:
            st.caption(f"As of {just_now()}.", width="content")
            st.button("Look again", icon=":material/refresh:", type="tertiary", key="look again")


def say_asked(search: Search) -> str:
    """Say in words which addresses the table holds: "Shown: Risky · at the start “qu” · Role account"."""
    low, high = search.confidence or WHOLE_SCALE
    where = _PLACES[BEGIN if search.is_begin else ANYWHERE]
    parts = [
        *(STATUSES[status].name for status in search.statuses),
        NO_ADDRESS.name if search.is_empty else "",
        WAITING_SAYING.name if search.is_waiting else "",
        f"{where.lower()} “{plain(search.words)}”" if search.words else "",
        f"{_PLACES[DOMAIN].lower()} “{plain(readable(search.domain))}”" if search.domain else "",
        *(REASONS[reason].name for reason in search.reasons),
        *(FLAGS[flag].name for flag in search.flags),
        f"confidence {low} to {high}" if search.confidence else "",
    ]
    told = " · ".join(part for part in parts if part)
    return f"Shown: {told}" if told else "All addresses. Click one to see why."


def _show_none(search: Search) -> None:
    """Say that the table holds nothing; where what is asked is why, offer all addresses."""
    is_asked = search != EVERYTHING
    none = "No address of this list fits your filters." if is_asked else "This list holds no address."
    st.info(none, icon=":material/filter_alt_off:")
    if is_asked:
        st.button("Show all addresses", icon=":material/table_rows:", on_click=clear)


def _ask_reasons(place: DeltaGenerator, summary: Summary) -> list[Reason]:
    found = dict.fromkeys(reason for _, reason, _ in summary.by_reason())
    return place.multiselect(
        "Reason",
        [reason for reason in found if reason is not Reason.EMPTY],
        format_func=lambda reason: REASONS[reason].name,
        placeholder="Any reason",
        key="find reasons",
    )


def _ask_flags(place: DeltaGenerator) -> Flag:
    flags = place.multiselect(
        "Flags",
        list(Flag),
        format_func=lambda flag: FLAGS[flag].name,
        placeholder="Any flag",
        key="find flags",
    )
    return reduce(or_, flags, NO_FLAGS)


def _ask_points(place: DeltaGenerator) -> tuple[int, int] | None:
    """Ask for a stretch of the confidence scale; None for all of it, so that what waits is found too."""
    st.session_state.setdefault(POINTS, WHOLE_SCALE)
    asked: tuple[int, int] = place.slider("Confidence", *WHOLE_SCALE, key=POINTS)
    return None if asked == WHOLE_SCALE else asked


def _show(lines: list[EntryLine]) -> None:
    """Show a page of addresses; suggestions and corrections only where there are any."""
    suggestions = sum(bool(line.suggestion) for line in lines)
    rare = {SUGGESTION: suggestions, CORRECTED: any(line.corrected for line in lines)}
    order = [name for name in _COLUMNS if rare.get(name, True)]
    clickable_table(
        "entries grid",
        entries_table(lines),
        lines,
        lambda line: open_entry(line.entry),
        told_by=lambda line: line.entry,
        columns=_COLUMNS | _helped(lines),
        order=order,
        alt="Addresses of this list with their status, reason and confidence",
    )
    if suggestions:
        st.caption(f"Suggested corrections on this page: {suggestions}.")


def _helped(lines: list[EntryLine]) -> dict[str, Any]:
    """Give the columns of words whose heads say what those on this page mean."""
    reasons = [line.reason for line in lines if line.reason]
    flags = [flag for flag in Flag if any(flag in line.flags for line in lines)]
    return {
        "Reason": st.column_config.TextColumn(width=175, help=reasons_tip(reasons)),
        "Flags": st.column_config.TextColumn(width=135, help=flags_tip(flags) or "What else is true of it"),
    }


def entries_table(lines: list[EntryLine]) -> pd.DataFrame:
    """Write entries as rows in words; a row's number is what a spreadsheet shows beside it."""
    return pd.DataFrame(
        {
            "Address": [line.asked for line in lines],
            CORRECTED: [as_read(line.text) if line.corrected else "" for line in lines],
            "Status": [[_NAMES[_kind(line)]] for line in lines],
            "Reason": [REASONS[line.reason].name if line.reason else "Not asked yet" for line in lines],
            SUGGESTION: [line.suggestion for line in lines],
            "Confidence": pd.array([line.confidence for line in lines], dtype="Int64"),
            "Flags": [", ".join(saying.name for saying in flag_sayings(line.flags)) for line in lines],
            "Row": [line.number for line in lines],
        }
    )


def _kind(line: EntryLine) -> str:
    return EMPTY if line.reason is Reason.EMPTY else line.status or WAITING


_COLUMNS = {
    "Address": st.column_config.TextColumn(width=248),
    "Status": st.column_config.MultiselectColumn(
        width=95,
        help=statuses_tip(),
        options=list(_NAMES.values()),
        color=[*(STATUS_COLOURS[status] for status in STATUSES), _PALE, _PALE],
    ),
    CORRECTED: st.column_config.TextColumn(width=200, help="In your list; its domain was a typing error"),
    SUGGESTION: st.column_config.TextColumn(width=160, help="What was probably meant"),
    "Reason": st.column_config.TextColumn(width=175),
    "Confidence": st.column_config.ProgressColumn(
        width=105, min_value=0, max_value=100, format="%d", help="The chance that mail arrives, of 100"
    ),
    "Flags": st.column_config.TextColumn(width=135),
    "Row": st.column_config.NumberColumn(width=60, format="localized", help="As your spreadsheet counts"),
}
"""The columns in the order in which they are shown: on a phone, the first two are in sight."""
