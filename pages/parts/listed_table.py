"""The table of the never-asked list: searched, page by page; a clicked line opens, and can be taken off."""

import time
from typing import NoReturn

import streamlit as st

from engine.never_probed import ListedAs, written
from pages.parts.clock import day_and_time
from pages.parts.frame import plain, verbatim
from pages.parts.grid import clickable_table
from pages.parts.listed_words import KINDS, NO_SOURCE, listed_table
from pages.parts.paging import PAGE_ROWS, current_place, page_buttons
from runtime import Runtime
from storage.never_asked import remove_line
from storage.never_probed import ListedLine, find_lines
from storage.withholding import never_probe

UNDO_S = 30.0
_TABLE, _OPENED, _UNDO, _SAID = "listed page", "opened line", "line removed", "line said"

_MEANT = {
    ListedAs.ADDRESS: "this address alone.",
    ListedAs.DOMAIN: "every address there and at its subdomains.",
    ListedAs.MX: "no connection is made to mail hosts under this name. Addresses there are still exported.",
}


@st.fragment
def listed_finder(runtime: Runtime) -> None:
    """Show the lines with what is looked for in them, a page at a time."""
    words = st.text_input(
        "Search", placeholder="Part of a name, or of a list's name", key="find listed"
    ).strip()
    after = current_place(_TABLE, words)
    found = find_lines(runtime.database, words=words, after=after[1] if after else None, limit=PAGE_ROWS + 1)
    lines = found[:PAGE_ROWS]
    if lines:
        _show(lines)
    else:
        st.info("Nobody on the list is called that.", icon=":material/search_off:")
    page_buttons(_TABLE, len(lines), (0, lines[-1]) if len(found) > PAGE_ROWS else None, None)
    if (opened := st.session_state.get(_OPENED)) is not None:
        _dialog(runtime, opened)


def _show(lines: list[ListedLine]) -> None:
    clickable_table(
        "listed grid",
        listed_table(lines),
        lines,
        lambda line: st.session_state.update({_OPENED: line}),
        columns=_COLUMNS,
        order=[name for name in _COLUMNS if name != "Note" or any(line.why for line in lines)],
        alt="Who is never asked: name, kind, the list they came with, note, and since when",
    )
    st.caption("Click a line to see more of it, or to take it off.")


_COLUMNS = {
    "Name": st.column_config.TextColumn(width=300),
    "Kind": st.column_config.TextColumn(width=85),
    "List": st.column_config.TextColumn(width=160),
    "Note": st.column_config.TextColumn(width=150),
    "Added": st.column_config.TextColumn(width=125),
}
"""The columns in the order in which they are shown; the notes only where there is one."""


def _close() -> None:
    st.session_state.pop(_OPENED, None)


@st.dialog("On your never-asked list", on_dismiss=_close)
def _dialog(runtime: Runtime, line: ListedLine) -> None:
    st.markdown(f"**{verbatim(written(line.listed))}**")
    st.write(f"{KINDS[line.listed.kind]}: {_MEANT[line.listed.kind]}")
    note = f" Note: {plain(line.origin.why)}." if line.origin.why else ""
    source = plain(line.origin.source or NO_SOURCE)
    st.caption(f"{source} · {day_and_time(line.added_at)}.{note}")
    if st.button("Take it off the list", icon=":material/delete:"):
        _take_off(runtime, line)


def _take_off(runtime: Runtime, line: ListedLine) -> NoReturn:
    remove_line(runtime.database, line)
    _close()
    st.session_state[_UNDO] = (line, time.time() + UNDO_S)
    st.rerun()


@st.fragment(run_every=UNDO_S)
def undo_bar(runtime: Runtime) -> None:
    """Offer for a while to put back the line that was taken off last."""
    if (said := st.session_state.pop(_SAID, None)) is not None:
        st.toast(said, icon=":material/undo:")
    line, until = st.session_state.get(_UNDO, (None, 0.0))
    if line is None or time.time() >= until:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo"):
        st.markdown(
            f":material/delete: Took {verbatim(written(line.listed))} off. It may be asked about again.",
            width="content",
        )
        if st.button("Undo", icon=":material/undo:"):
            _put_back(runtime, line)


def _put_back(runtime: Runtime, line: ListedLine) -> NoReturn:
    never_probe(runtime.database, [line.listed], line.origin)
    del st.session_state[_UNDO]
    st.session_state[_SAID] = f"{verbatim(written(line.listed))} is on the list again"
    st.rerun()
