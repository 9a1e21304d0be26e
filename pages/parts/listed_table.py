"""The table of the never-asked list: searched, page by page; a clicked line opens, and can be taken off."""

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from engine.never_probed import ListedAs
from pages.parts.clock import day_and_time
from pages.parts.frame import plain, verbatim
from pages.parts.grid import clickable_table
from pages.parts.listed_words import KINDS, NO_SOURCE, listed_table, shown
from pages.parts.paging import PAGE_ROWS, current_place, page_buttons
from pages.parts.question import Question
from pages.parts.reaching import say_free, say_held
from pages.parts.undoing import Undo, undo_bar
from runtime import Runtime
from storage.never_asked import remove_line
from storage.never_probed import ListedLine, find_lines
from storage.reach import held_by
from storage.withholding import never_probe

_TABLE = "listed page"


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A line that was taken off, and how many addresses it alone had held back."""

    line: ListedLine
    free: int


OPENED: Question[ListedLine] = Question("opened line")
"""The line whose dialog is open."""
_UNDO: Undo[TakenOff] = Undo("line removed")

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
    OPENED.show(lambda line: _dialog(runtime, line))


def _show(lines: list[ListedLine]) -> None:
    clickable_table(
        "listed grid",
        listed_table(lines),
        lines,
        OPENED.put,
        told_by=lambda line: (line.listed, line.origin.source),
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


@st.dialog("On your never-asked list", on_dismiss=OPENED.answered)
def _dialog(runtime: Runtime, line: ListedLine) -> None:
    st.markdown(f"**{verbatim(shown(line.listed))}**")
    st.write(f"{KINDS[line.listed.kind]}: {_MEANT[line.listed.kind]}")
    note = f" Note: {plain(line.origin.why)}." if line.origin.why else ""
    source = plain(line.origin.source or NO_SOURCE)
    st.caption(f"{source} · {day_and_time(line.added_at)}.{note}")
    held = OPENED.once(lambda: held_by(runtime.database, line))
    if said := say_held(runtime.database, held):
        st.markdown(said)
    if st.button("Take it off the list", icon=":material/delete:"):
        OPENED.answered()
        take_off(runtime, TakenOff(line, sum(held.values())))


def take_off(runtime: Runtime, gone: TakenOff) -> NoReturn:
    """Take a line off, and offer for a while to put it back."""
    remove_line(runtime.database, gone.line)
    _UNDO.offer(gone)
    st.rerun()


def undo_taking_off(runtime: Runtime) -> None:
    """Offer for a while to put back the line that was taken off last."""
    undo_bar(_UNDO, _say_taken_off, lambda gone: _put_back(runtime, gone.line))


def _say_taken_off(gone: TakenOff) -> str:
    name = verbatim(shown(gone.line.listed))
    return f"Took {name} off. {say_free(gone.free) or 'It may be asked about again.'}"


def _put_back(runtime: Runtime, line: ListedLine) -> NoReturn:
    never_probe(runtime.database, [line.listed], line.origin)
    _UNDO.forget()
    _UNDO.say(f"{verbatim(shown(line.listed))} is on the list again")
