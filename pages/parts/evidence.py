"""One address in full: the sentence, why its confidence is what it is, and what was said about it."""

import time
from collections.abc import Callable

import streamlit as st

from engine.verdict import TraceLine
from pages.parts.conversation import conversation
from pages.parts.corrections import correction_line, read_with_more
from pages.parts.counting import count
from pages.parts.doubts import lead_on
from pages.parts.frame import plain, prose, verbatim
from pages.parts.history import show_past
from pages.parts.ledger import show_ledger
from pages.parts.outcome_words import (
    facts_line,
    flag_sayings,
    impossible_sentence,
    report_of,
    said_of,
    vantage_line,
    verdict_name,
    verdict_tip,
    waiting_sentence,
    what_to_do,
)
from runtime import Runtime
from storage.entries import EntryLine
from storage.entry_detail import EntryDetail, read_entry

OPENED = "opened entry"
"""Where the session remembers which entry is open."""
REFRESH_S = 1
"""How often an open entry is looked at while its answer is awaited."""


def open_entry(entry: int) -> None:
    """Have an entry shown at the next run."""
    st.session_state[OPENED] = entry


def close_entry() -> None:
    """Show no entry any more."""
    st.session_state.pop(OPENED, None)


def show_opened(runtime: Runtime, upload: int) -> None:
    """Show the entry that is open in a dialog, if it is one of this list's."""
    opened = st.session_state.get(OPENED)
    if opened is not None and read_entry(runtime.database, upload, opened) is not None:
        _dialog(runtime, upload)


@st.dialog("What we know of this address", width="medium", on_dismiss=close_entry)
def _dialog(runtime: Runtime, upload: int) -> None:
    opened = st.session_state.get(OPENED)
    detail = None if opened is None else read_entry(runtime.database, upload, opened)
    if detail is None:
        return
    is_awaited = detail.is_running and detail.line.status is None
    st.fragment(_entry, run_every=REFRESH_S if is_awaited else None)(runtime, upload, detail)


def _entry(runtime: Runtime, upload: int, detail: EntryDetail) -> None:
    """Show an entry as it is now; where it has its outcome at last, begin the page anew."""
    now = read_entry(runtime.database, upload, detail.line.entry)
    if now is None or (now.line.status is None) is not (detail.line.status is None):
        st.rerun()
    show_entry(now, lambda: runtime.ask_entry_again(upload, now.line.entry))


def show_entry(detail: EntryDetail, ask_again: Callable[[], None]) -> None:
    """Show one entry: what it means and what to do first, the evidence below it."""
    st.code(detail.line.asked or "(empty)", language=None, wrap_lines=True)
    show_as_read(detail.line)
    st.markdown(f"#### {verdict_name(detail.line)}", help=verdict_tip(detail.line))
    if detail.line.status is None:
        st.write(waiting_sentence(detail, time.time()))
    else:
        show_outcome(detail)
    lead_on(detail.line.status, detail.line.reason)
    show_hints(detail)
    st.caption(facts_line(detail))
    show_actions(detail, ask_again)
    show_points(detail)
    _show_conversation(detail.trace, is_over=detail.line.status is not None)
    show_past(detail.past)


def show_as_read(line: EntryLine) -> None:
    """Show an address as its list writes it, where that is more than was asked."""
    if read := read_with_more(line):
        st.markdown(f"In your list: {verbatim(read)}")


def show_actions(detail: EntryDetail, ask_again: Callable[[], None], label: str = "Ask again") -> None:
    """Offer to ask about the address once more, and to take along what is known of it."""
    with st.container(horizontal=True, gap="small"):
        if detail.may_ask_again and st.button(label, icon=":material/replay:", help=ASK_AGAIN):
            ask_again()
            st.rerun()
        with st.popover("Show report to copy", icon=":material/content_copy:"):
            st.caption("The sign at the upper right of the text copies it.")
            st.code(report_of(detail), language=None, wrap_lines=True)


ASK_AGAIN = "Asks the mail host about this address once more, before all others, whatever answer there is."


def show_outcome(detail: EntryDetail) -> None:
    """Show what was found, for the two who read it, and what to do about it."""
    told = said_of(detail)
    st.markdown(prose(told.marketer))
    if told.engineer:
        st.caption(f"For who runs mail hosts: {plain(told.engineer)}")
    st.markdown(f"**What to do:** {prose(what_to_do(detail))}")
    if vantage := vantage_line(detail):
        st.info(vantage, icon=":material/visibility:")


def show_hints(detail: EntryDetail) -> None:
    """Show what else is true of the entry, and where a better one may be found."""
    if detail.line.corrected:
        st.info(prose(correction_line(detail.line)), icon=":material/spellcheck:")
    if detail.line.suggestion and detail.evidence is None:
        st.info(f"Probably meant: {verbatim(detail.line.suggestion)}", icon=":material/spellcheck:")
    if detail.line.flags:
        with st.container(horizontal=True, gap="small"):
            for saying in flag_sayings(detail.line.flags):
                st.badge(saying.name, color="gray", help=saying.advice)
    if said := impossible_sentence(detail.line):
        st.caption(said)
    if detail.first_number is not None and detail.first_entry is not None:
        st.button(
            f"The same address stands first in row {count(detail.first_number)}: show it",
            on_click=open_entry,
            args=(detail.first_entry,),
            icon=":material/content_copy:",
        )


def show_points(detail: EntryDetail) -> None:
    """Show why an entry's confidence is what it is."""
    if detail.verdict is None or detail.verdict.confidence != detail.line.confidence:
        return
    st.markdown(f"##### Why its confidence is {detail.verdict.confidence} of 100")
    show_ledger(detail.verdict.ledger)


def _show_conversation(trace: tuple[TraceLine, ...], *, is_over: bool) -> None:
    if not trace:
        return
    st.markdown("##### What was said" if is_over else "##### What was said so far")
    st.html(conversation(trace))
    st.caption("Times count from when we began to ask, anew whenever we came back. No message was sent.")
