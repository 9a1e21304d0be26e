"""The lists that the never-asked list is made of: how large each is, taking one off, the file of all."""

from typing import NoReturn

import streamlit as st

from pages.parts.clock import day_and_time, today
from pages.parts.consent import is_agreed
from pages.parts.counting import several
from pages.parts.downloads import download_link
from pages.parts.frame import plain
from pages.parts.listed_table import OPENED
from pages.parts.listed_words import NO_SOURCE
from pages.parts.question import Question
from pages.parts.tickets import LIFE_S, Download, NeverAsked
from runtime import Runtime
from storage.files import FOR_SPREADSHEETS
from storage.never_asked import Source, only_line, remove_source, sources

MOST_SHOWN = 50
_TAKING_OFF: Question[Source] = Question("source asked")


def show_sources(runtime: Runtime) -> None:
    """Show each list with a way to take it off whole, once it is asked again."""
    found = sources(runtime.database)
    st.subheader("By list", anchor=False)
    for source in found[:MOST_SHOWN]:
        _show(runtime, source)
    if len(found) > MOST_SHOWN:
        st.caption(f"The {MOST_SHOWN} added to last, of {several(len(found), 'list')}.")
    _TAKING_OFF.show(lambda source: _ask(runtime, source))


def _show(runtime: Runtime, source: Source) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.markdown(
            f"**{plain(source.name or NO_SOURCE)}**  \n:small[{several(source.lines, 'line')} · last added"
            f" {day_and_time(source.added_at)}]",
            width="content",
        )
        if st.button("Take off", icon=":material/delete:", key=f"source {source.name}", type="tertiary"):
            _ask_about(runtime, source)


def _ask_about(runtime: Runtime, source: Source) -> NoReturn:
    """Ask whether a list is to go; a single line is shown itself: taken off, it can be put back."""
    if (line := only_line(runtime.database, source.name)) is not None:
        OPENED.ask(line)
    _TAKING_OFF.ask(source)


@st.dialog("Take this whole list off?", on_dismiss=_TAKING_OFF.answered)
def _ask(runtime: Runtime, source: Source) -> None:
    st.write(
        f"**{plain(source.name or NO_SOURCE)}** holds {several(source.lines, 'line')}. What no other of your "
        "lists names may then be asked about and exported again. This cannot be taken back."
    )
    if is_agreed("Take it off", "Keep it", _TAKING_OFF.answered, ":material/delete:"):
        _remove(runtime, source)


def _remove(runtime: Runtime, source: Source) -> NoReturn:
    bar = st.progress(0.0, "Taking it off …")
    remove_source(runtime.database, source.name, bar.progress)
    st.rerun()


@st.fragment(run_every=LIFE_S / 2)
def download_listed() -> None:
    """Offer the whole list as a file that can be handed in here again."""
    download = Download(None, NeverAsked(FOR_SPREADSHEETS), f"never-asked {today():%Y-%m-%d}.csv")
    download_link("Download the list", download, "secondary")
    st.caption("A CSV with names, lists, notes and times. It can be handed in here again.")
