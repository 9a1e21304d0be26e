"""One address in full: the sentence, why its confidence is what it is, and what was said about it."""

import time

import pandas as pd
import streamlit as st

from engine.reason import Reason
from engine.verdict import LedgerLine, TraceLine
from pages.parts.charts import provider_name
from pages.parts.frame import count, plain, when
from pages.parts.words import FLAGS, NO_ADDRESS, REASONS, STATUSES
from storage.database import Database
from storage.entries import EntryDetail, EntryLine, PastCheck, read_entry

OPENED = "opened entry"
"""Where the session remembers which entry is open."""

_SPEAKERS = {"dns": "DNS ", "us": "We  ", "host": "Host", "note": "·   "}
_INDENT = " " * 14


def open_entry(entry: int) -> None:
    """Have an entry shown at the next run."""
    st.session_state[OPENED] = entry


def close_entry() -> None:
    """Show no entry any more."""
    st.session_state.pop(OPENED, None)


def show_opened(database: Database, upload: int) -> None:
    """Show the entry that is open in a dialog, if it is one of this list's."""
    opened = st.session_state.get(OPENED)
    if opened is not None and read_entry(database, upload, opened) is not None:
        _dialog(database, upload)


@st.dialog("What we know of this address", width="medium", on_dismiss=close_entry)
def _dialog(database: Database, upload: int) -> None:
    opened = st.session_state.get(OPENED)
    detail = None if opened is None else read_entry(database, upload, opened)
    if detail is not None:
        show_entry(detail)


def show_entry(detail: EntryDetail) -> None:
    """Show one entry: the sentence first, the evidence below it."""
    st.code(detail.line.text or "(empty)", language=None, wrap_lines=True)
    st.markdown(f"#### {verdict_name(detail.line)}")
    st.write(sentence(detail, time.time()))
    _show_hints(detail)
    st.caption(facts_line(detail))
    _show_ledger(detail)
    _show_conversation(detail.trace)
    _show_past(detail.past)


def _show_hints(detail: EntryDetail) -> None:
    """Show what else is true of the entry, and where a better one may be found."""
    if detail.line.suggestion:
        st.info(f"Probably meant: {plain(detail.line.suggestion)}", icon=":material/spellcheck:")
    if detail.line.flags:
        with st.container(horizontal=True, gap="small"):
            for flag in detail.line.flags:
                st.badge(FLAGS[flag].name, color="gray", help=FLAGS[flag].advice)
    if detail.first_number is not None and detail.first_entry is not None:
        st.button(
            f"The same address stands first in row {count(detail.first_number)}: show it",
            on_click=open_entry,
            args=(detail.first_entry,),
            icon=":material/content_copy:",
        )


def verdict_name(line: EntryLine) -> str:
    """Say a verdict in a few words: "Invalid: mailbox does not exist"."""
    if line.status is None:
        return "No answer yet"
    if line.reason is Reason.EMPTY:
        return NO_ADDRESS.name
    reason = REASONS[line.reason].name if line.reason else ""
    return f"{STATUSES[line.status].name}: {reason[:1].lower()}{reason[1:]}" if reason else ""


def sentence(detail: EntryDetail, now: float) -> str:
    """Say what an entry's verdict means for its owner, or what it still waits for."""
    line = detail.line
    if line.status is None:
        return _waiting_sentence(detail, now)
    if line.reason is Reason.EMPTY:
        return NO_ADDRESS.advice
    advice = STATUSES[line.status].advice
    why = REASONS[line.reason].advice if line.reason else ""
    wrong = f"What is wrong: {plain(detail.detail)}." if detail.detail else ""
    return " ".join(part for part in (advice, "" if why in advice else why, wrong) if part)


def _waiting_sentence(detail: EntryDetail, now: float) -> str:
    line = detail.line
    if line.reason is None or line.due_at is None:
        return "It has not been asked about yet."
    reason = REASONS[line.reason]
    return f"{reason.name}. {reason.advice} It is asked again {_back(detail, line.due_at, now)}."


def _back(detail: EntryDetail, due_at: float, now: float) -> str:
    """Say when an address is asked about again: nobody asks while its list stands still."""
    if not detail.is_running:
        return "when its list runs"
    return when(due_at, now) if due_at > now else "any moment"


def facts_line(detail: EntryDetail) -> str:
    """Say where an entry stands, who has its mail, and when it was asked about."""
    line = detail.line
    column = f", column {plain(detail.column)}" if detail.column else ""
    host = detail.evidence.mx_host if detail.evidence else ""
    parts = [
        f"Row {count(line.number)}{column}",
        f"mail host {plain(host)}" if host else "",
        provider_name(line.provider) if host else "",
        f"checked {when(line.checked_at)}" if line.checked_at and line.status else "",
        f"asked {line.attempts} times" if line.attempts > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def _show_ledger(detail: EntryDetail) -> None:
    if detail.verdict is None or detail.verdict.confidence != detail.line.confidence:
        return
    st.markdown(f"##### Why its confidence is {detail.verdict.confidence} of 100")
    st.table(ledger_table(detail.verdict.ledger), border="horizontal", hide_index=True)


def ledger_table(ledger: tuple[LedgerLine, ...]) -> pd.DataFrame:
    """Write a ledger as rows: what was seen, the points it moved, and the confidence so far."""
    points = pd.Series([line.points for line in ledger], dtype="int64")
    return pd.DataFrame(
        {
            "What was seen": [line.cause[:1].upper() + line.cause[1:] for line in ledger],
            "Points": [f"{line.points:+d}".replace("-", "−") for line in ledger],
            "Confidence": [str(total).replace("-", "−") for total in points.cumsum()],
        }
    )


def _show_conversation(trace: tuple[TraceLine, ...]) -> None:
    if not trace:
        return
    st.markdown("##### What was said")
    st.code(conversation(trace), language=None, wrap_lines=True)
    st.caption("DNS: what the name servers say. Times count from the first attempt to connect.")


def conversation(trace: tuple[TraceLine, ...]) -> str:
    """Write a trace as lines that say when, who, and what; a reply's further lines stand below its first."""
    return "\n".join(_speech(line) for line in trace)


def _speech(line: TraceLine) -> str:
    at = "" if line.speaker == "dns" else f"{line.at_ms / 1000:.2f} s"
    return f"{_SPEAKERS[line.speaker]}  {at:<8}" + f"\n{_INDENT}".join(line.text.splitlines())


def _show_past(past: tuple[PastCheck, ...]) -> None:
    if len(past) > 1:
        st.markdown("##### Earlier checks")
        st.table(past_table(past[1:]), border="horizontal", hide_index=True)


def past_table(past: tuple[PastCheck, ...]) -> pd.DataFrame:
    """Write checks as rows: when, and how they ended."""
    return pd.DataFrame(
        {
            "When": [when(check.settled_at) for check in past],
            "Status": [STATUSES[check.status].name for check in past],
            "Reason": [REASONS[check.reason].name for check in past],
            "Times asked": [str(check.attempts) for check in past],
        }
    )
