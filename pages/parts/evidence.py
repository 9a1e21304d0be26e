"""One address in full: the sentence, why its confidence is what it is, and what was said about it."""

import time
from collections.abc import Callable

import streamlit as st

from engine.address import Malformed
from engine.for_engineers import NOTABLE_SHARE
from engine.provider import Kind, provider_named
from engine.reason import Reason
from engine.sentence import Sentences, sentences, sentences_of_malformed
from engine.verdict import Evidence, Status, TraceLine
from pages.parts.charts import provider_name
from pages.parts.clock import when
from pages.parts.conversation import conversation
from pages.parts.corrections import correction_line
from pages.parts.counting import count
from pages.parts.doubts import lead_on
from pages.parts.frame import plain
from pages.parts.history import say_before, show_past
from pages.parts.ledger import show_ledger
from pages.parts.reasons import REASONS, advice_for
from pages.parts.report import Said, report
from pages.parts.tips import tip_of
from pages.parts.words import FLAGS, NO_ADDRESS, STATUSES, WAITING
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
    st.code(detail.line.text or "(empty)", language=None, wrap_lines=True)
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


def report_of(detail: EntryDetail) -> str:
    """Write all that is known of an entry as plain text, to be handed on."""
    line = detail.line
    if line.status is None:
        waits = waiting_sentence(detail, time.time())
        return "\n".join(filter(None, (line.text, correction_line(line), verdict_name(line), waits)))
    told = said_of(detail)
    is_judged = detail.verdict is not None and detail.verdict.confidence == line.confidence
    said = Said(
        line.text,
        (
            correction_line(line),
            verdict_name(line),
            told.marketer,
            what_to_do(detail),
            told.engineer,
            vantage_line(detail),
        ),
        line.checked_at,
        detail.verdict.ledger if detail.verdict and is_judged else (),
        detail.trace,
    )
    return report(said)


def show_outcome(detail: EntryDetail) -> None:
    """Show what was found, for the two who read it, and what to do about it."""
    told = said_of(detail)
    st.markdown(plain(told.marketer))
    if told.engineer:
        st.caption(f"For who runs mail hosts: {plain(told.engineer)}")
    st.markdown(f"**What to do:** {what_to_do(detail)}")
    if vantage := vantage_line(detail):
        st.info(vantage, icon=":material/visibility:")


def show_hints(detail: EntryDetail) -> None:
    """Show what else is true of the entry, and where a better one may be found."""
    if detail.line.corrected:
        st.info(plain(correction_line(detail.line)), icon=":material/spellcheck:")
    if detail.line.suggestion and detail.evidence is None:
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


def verdict_tip(line: EntryLine) -> str:
    """Say what the words of a verdict mean."""
    if line.status is None:
        return tip_of([WAITING])
    if line.reason is None or line.reason is Reason.EMPTY:
        return tip_of([NO_ADDRESS])
    return tip_of([STATUSES[line.status], REASONS[line.reason]])


def said_of(detail: EntryDetail) -> Sentences:
    """Say an entry's outcome in two sentences, or by its reason alone where there is no evidence of it."""
    line, verdict = detail.line, detail.verdict
    reason = line.reason or Reason.NOT_CHECKED
    if reason is Reason.EMPTY:
        return Sentences(NO_ADDRESS.advice, "")
    if reason is Reason.MALFORMED:
        return sentences_of_malformed(Malformed(line.text, reason, detail.detail))
    is_of_evidence = verdict is not None and (verdict.status, verdict.reason) == (line.status, reason)
    if detail.evidence is not None and verdict is not None and is_of_evidence:
        return sentences(detail.evidence, verdict, line.attempts)
    return Sentences(REASONS[reason].advice, "")


def what_to_do(detail: EntryDetail) -> str:
    """Say what to do about an entry that has an outcome."""
    line = detail.line
    return advice_for(line.status or Status.UNKNOWN, line.reason or Reason.NOT_CHECKED)


def vantage_line(detail: EntryDetail) -> str:
    """Say how we stood with the hosts when they were asked; `""` where nothing was amiss."""
    evidence = detail.evidence
    if evidence is None:
        return ""
    unsound = "" if evidence.vantage.is_identity_sound else "Our HELO name or sender was not in order then."
    return " ".join(said for said in (_refusals(evidence, detail.line.checked_at), unsound) if said)


def _refusals(evidence: Evidence, asked_at: float | None) -> str:
    share = evidence.vantage.refused_share
    if share < NOTABLE_SHARE:
        return ""
    provider = provider_named(evidence.provider)
    who = "Its hosts were" if provider.kind is Kind.OWN_HOST else f"{provider.display} was"
    at = f" ({when(asked_at)})" if asked_at else ""
    return f"{who} refusing us when we asked{at}: {share:.0%} of the last answers there spoke of us."


def waiting_sentence(detail: EntryDetail, now: float) -> str:
    """Say what an entry without an outcome waits for, and when it is asked about again."""
    line = detail.line
    if line.reason is None or line.due_at is None:
        return say_before(detail.past)
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
