"""One single check: its stages while they happen, then the answer and what it rests on."""

import time

import streamlit as st

from engine.reason import Reason
from engine.shown_domain import readable
from engine.verdict import Status, TraceLine
from pages.parts.charts import provider_name
from pages.parts.clock import day_and_time, due, when
from pages.parts.conversation import conversation
from pages.parts.domain_detail import show_found
from pages.parts.doubts import lead_on
from pages.parts.evidence import show_actions, show_as_read, show_hints, show_outcome, show_points
from pages.parts.frame import plain, verbatim
from pages.parts.history import show_past
from pages.parts.one_form import offer_instead
from pages.parts.outcome_words import verdict_name
from pages.parts.reasons import REASONS
from pages.parts.stages import stages
from pages.parts.steps import steps_of
from runtime import Runtime
from storage.health import find_health
from storage.singles import Phase, SingleCheck, read_single

REFRESH_S = 0.5
"""How often a check is looked at while it goes on."""
REFRESH_LATER_S = 5
"""How often while it waits for its time."""


def show_check(runtime: Runtime, upload: int) -> None:
    """Show a check; while there is no answer, as it goes on."""
    check = read_single(runtime.database, upload)
    if check is None:
        return
    st.fragment(_follow, run_every=_REFRESH.get(check.phase, REFRESH_S))(runtime, upload, check.phase)


LONG_S = 5.0
"""Seconds after which it is said why nothing happens."""
IN_TURN = "It waits for its turn: this mail host is asked only so often a minute. You may leave this page."

_REFRESH = {Phase.OVER: None, Phase.PUT_OFF: REFRESH_LATER_S}


def _follow(runtime: Runtime, upload: int, before: Phase) -> None:
    """Show a check as it is now; the page begins anew where it ends, or begins or ends to wait."""
    check = read_single(runtime.database, upload)
    if check is None or _REFRESH.get(check.phase, REFRESH_S) != _REFRESH.get(before, REFRESH_S):
        st.rerun()
    if check.is_over:
        _show_answer(runtime, check)
    else:
        _show_progress(check)


def _show_progress(check: SingleCheck) -> None:
    st.subheader(f"Checking {verbatim(check.detail.line.asked)}", anchor=False)
    if check.phase is Phase.PUT_OFF:
        st.info(put_off_sentence(check, time.time()), icon=":material/schedule:")
    elif check.phase is Phase.WAITS and time.time() > check.asked_at + LONG_S:
        st.caption(IN_TURN)
    _show_stages(check)


def put_off_sentence(check: SingleCheck, now: float) -> str:
    """Say why a check waits, until when, and that nobody need wait for it."""
    why = f"{REASONS[check.why].name}. {REASONS[check.why].advice} " if check.why else ""
    at = due(check.until or now, now)
    return f"{why}It is asked again {at}, by itself: you may leave this page and come back."


def _show_answer(runtime: Runtime, check: SingleCheck) -> None:
    """Show the answer first, then what may be done with it, then what it rests on."""
    detail = check.detail
    st.code(detail.line.asked, language=None, wrap_lines=True)
    show_as_read(detail.line)
    st.subheader(f"{_SIGNS[detail.line.status]} {plain(verdict_name(detail.line))}", anchor=False)
    show_outcome(detail)
    lead_on(detail.line.status, detail.line.reason)
    show_hints(detail)
    if detail.line.suggestion:
        offer_instead(runtime, detail.line.suggestion, check.upload)
    if facts := facts_line(check):
        st.caption(facts)
    label = "Ask again now" if check.is_reused else "Ask again"
    show_actions(detail, lambda: runtime.ask_entry_again(check.upload, detail.line.entry), label)
    _show_stages(check)
    show_points(detail)
    _show_domain(runtime, detail.line.domain)
    show_past(detail.past)


_SIGNS = {
    Status.VALID: ":blue[:material/check_circle:]",
    Status.INVALID: ":red[:material/cancel:]",
    Status.ACCEPT_ALL: ":violet[:material/move_to_inbox:]",
    Status.RISKY: ":orange[:material/warning:]",
    Status.UNKNOWN: ":gray[:material/help:]",
    None: "",
}


def facts_line(check: SingleCheck) -> str:
    """Say who has the address's mail, when it was asked about, and by whose policy it is judged."""
    line, evidence = check.detail.line, check.detail.evidence
    host = evidence.mx_host if evidence else ""
    parts = [
        f"mail host {plain(host)}" if host else "",
        provider_name(line.provider) if host else "",
        _when_asked(check),
        f"asked {line.attempts} times" if line.attempts > 1 else "",
        f"policy of {plain(check.policy_name)}" if check.policy_name else "",
    ]
    said = " · ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def _when_asked(check: SingleCheck) -> str:
    """Say when the mail host was really asked, or that it was not and why."""
    at, evidence = check.detail.line.checked_at, check.detail.evidence
    if not at:
        return ""
    if check.is_asked:
        return f"{'an earlier answer that still holds, asked' if check.is_reused else 'asked'} {when(at)}"
    if evidence is not None and evidence.withheld in (Reason.BLOCKED, Reason.UNREACHABLE):
        until = f" until {day_and_time(check.let_alone.until)}" if check.let_alone else " just then"
        return f"not asked {when(at)}: its mail hosts are let alone{until}"
    earlier = "an earlier answer that still holds, " if check.is_reused else ""
    unasked = "; its mail host was not asked" if evidence is not None and evidence.mx_host else ""
    return f"{earlier}found {when(at)} by a look at its domain{unasked}"


def _show_stages(check: SingleCheck) -> None:
    """Show the stages beside what was said; nothing of somebody who is never asked."""
    if check.detail.line.reason is Reason.NEVER_PROBED:
        return
    happened, said = st.columns([2, 3], gap="large")
    with happened:
        st.markdown("##### Step by step")
        st.html(stages(steps_of(check)))
    if trace := trace_of(check):
        with said:
            st.markdown("##### What was said" if check.is_over else "##### What was said so far")
            st.html(conversation(trace))


def trace_of(check: SingleCheck) -> tuple[TraceLine, ...]:
    """Give what was said: before a host is asked, that is what the DNS said."""
    before = check.facts.trace if check.facts and check.phase is not Phase.LOOKS_UP else ()
    return before if check.phase in _NOT_ASKED else check.detail.trace or before


_NOT_ASKED = (Phase.WAITS, Phase.LOOKS_UP)


def _show_domain(runtime: Runtime, domain: str) -> None:
    """Show how well the domain is set up, for who wants to know."""
    found = find_health(runtime.database, domain) if domain else None
    if found is not None:
        score = f": {found.health.score} of 100" if found.health else ""
        with st.expander(f"How well {plain(readable(domain))} is set up{score}", icon=":material/dns:"):
            show_found(found)
