"""Adding to the never-asked list: one name typed, many pasted, or a file."""

from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from engine.intake.listed import ListedRead, guess_listed_column, parse_one, read_listed, read_pasted
from engine.intake.sheet import Sheet, UnreadableFile
from engine.never_probed import Listed, Unlistable
from engine.work_queue import StoreFails
from pages.parts.clock import today
from pages.parts.counting import several
from pages.parts.digest import day_in_words
from pages.parts.frame import plain, verbatim
from pages.parts.intake import FILE_KINDS, Offer, ask_sheet_name, read_offer
from pages.parts.listed_words import counted_kinds, endings_sentence, shown, unread_sentence
from pages.parts.once import forget, once
from pages.parts.reaching import say_reach
from pages.parts.turns import begin_anew, keyed
from runtime import Runtime
from storage.database import Database
from storage.never_probed import Origin
from storage.withholding import never_probe

ONE, PASTE, FILE = "Type one", "Paste many", "Upload a file"
_FORM, _ADDED, _SHELF = "listing", "listing added", " of never asked"


def tell_of_added(database: Database) -> None:
    """Say what was added just now, and whom it holds back from now on.

    It is told again where a click breaks it off, and without its reach where that cannot be read.
    """
    if (lines := st.session_state.get(_ADDED)) is None:
        return
    added = f"Added {_named(lines)}"
    with st.spinner("Looking whom that holds back …"):
        reach = _reach_of(database, lines)
    st.toast(added, icon=":material/check:")
    st.success(f"**{added}.** {reach}".rstrip(), icon=":material/block:")
    del st.session_state[_ADDED]


def _reach_of(database: Database, lines: Sequence[Listed]) -> str:
    try:
        return say_reach(database, lines)
    except StoreFails:
        return ""


def show_adding(runtime: Runtime) -> None:
    """Ask for names in one of three ways, and put them on the list."""
    way = st.segmented_control(
        "How to add", list(_WAYS), default=ONE, required=True, key="listing way", label_visibility="collapsed"
    )
    _WAYS[way or ONE](runtime)


def _key(field: str) -> str:
    return f"{keyed(_FORM)} {field}"


def _ask_one(runtime: Runtime) -> None:
    with st.form(_key("one"), border=False):
        typed = st.text_input(
            "Address, domain or mail host",
            placeholder="someone@example.com, example.com or mx:mail.example.com",
            help="A domain stands for its subdomains too. mx: stands for the mail hosts under a name.",
        ).strip()
        note = st.text_input("Note", placeholder="Why, in your words; it may stay empty").strip()
        is_wanted = st.form_submit_button("Add", type="primary", icon=":material/add:")
    if not is_wanted:
        return
    try:
        listed = parse_one(typed)
    except Unlistable as error:
        st.error(_refused(typed, error), icon=":material/error:")
        return
    _add(runtime, [listed], Origin(note))


def _refused(typed: str, error: Unlistable) -> str:
    return f"{plain(str(error))}." if typed else "Write an address or a domain first."


def _ask_many(runtime: Runtime) -> None:
    pasted = st.text_area(
        "Addresses and domains",
        key=_key("text"),
        height=160,
        placeholder="One a line, or parted by commas",
    )
    if pasted.strip():
        _offer(runtime, read_pasted(pasted), f"Pasted on {day_in_words(today())}")


def _ask_file(runtime: Runtime) -> None:
    file = st.file_uploader(
        "A file of addresses or domains",
        type=FILE_KINDS,
        key=_key("file"),
        help="CSV, TSV, TXT, XLSX, XLS or ODS, such as the list of those who unsubscribed.",
    )
    if file is None:
        return
    offer = Offer(file.file_id, file.name, file.getvalue(), _SHELF)
    sheet = read_offer(offer, ask_sheet_name(offer), has_header=None)
    if isinstance(sheet, UnreadableFile):
        st.error(plain(str(sheet)), icon=":material/error:")
        return
    column = _choose_column(sheet)
    if column is not None:
        _offer(runtime, _lines(sheet, column), PurePath(file.name).stem)


_WAYS = {ONE: _ask_one, PASTE: _ask_many, FILE: _ask_file}


def _choose_column(sheet: Sheet) -> str | None:
    """Take the column guessed, or ask where there are several."""
    columns, guessed = list(sheet.frame.columns), guess_listed_column(sheet)
    if guessed is None:
        st.warning("No column of this file holds an address or a domain.", icon=":material/warning:")
        return None
    if len(columns) == 1:
        return guessed
    chosen: str = st.selectbox(
        "Column", columns, columns.index(guessed), key=f"listing column {sheet.sha256} {sheet.sheet_name}"
    )
    return chosen


def _lines(sheet: Sheet, column: str) -> ListedRead:
    """Read a column once, showing how far that is."""
    key = (sheet.sha256, sheet.sheet_name, column)
    return once(f"lines{_SHELF}", key, lambda: _read_lines(sheet, column))


def _read_lines(sheet: Sheet, column: str) -> ListedRead:
    bar = st.progress(0.0, f"Reading {several(len(sheet.frame), 'row')} …")
    read = read_listed(sheet, column, bar.progress)
    bar.empty()
    return read


def _offer(runtime: Runtime, read: ListedRead, name: str) -> None:
    """Show what was read, ask for the name it is to go by, and put it on the list."""
    if read.unread:
        _show_unread(read)
    if not read.lines:
        st.warning("There is no address and no domain in it.", icon=":material/warning:")
        return
    st.markdown(f"Found **{counted_kinds([each.kind for each in read.lines])}**.")
    if endings := endings_sentence(read.lines):
        st.warning(plain(endings), icon=":material/warning:")
    source = st.text_input("Name of this list", name, key=_key(f"name {name}")).strip()
    note = st.text_input("Note", key=_key("note"), placeholder="It may stay empty").strip()
    if st.button(f"Add {several(len(read.lines), 'line')}", type="primary", icon=":material/add:"):
        _add(runtime, read.lines, Origin(note, source))


def _show_unread(read: ListedRead) -> None:
    with st.expander(unread_sentence(read.unread)):
        rows = [(each.number, each.text) for each in read.examples]
        st.dataframe(pd.DataFrame(rows, columns=["Row", "Text"]), hide_index=True)


def _add(runtime: Runtime, lines: Sequence[Listed], origin: Origin) -> None:
    """Put lines on the list, showing how far that is; say so where it cannot be written."""
    bar = st.progress(0.0, f"Adding {several(len(lines), 'line')} …")
    try:
        never_probe(runtime.database, lines, origin, bar.progress)
    except StoreFails as trouble:
        st.error(f"Not all could be added. {plain(str(trouble))}", icon=":material/error:")
        return
    st.session_state[_ADDED] = lines
    begin_anew(_FORM)
    forget(lambda slot: slot.endswith(_SHELF))
    st.rerun()


def _named(lines: Sequence[Listed]) -> str:
    """Name the only line; count several."""
    if len(lines) == 1:
        return verbatim(shown(lines[0]))
    return counted_kinds([each.kind for each in lines])
