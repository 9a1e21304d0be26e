"""A list at a glance: how much is safe to send, what may bounce of it, how far it is, what it waits for."""

import time
from collections.abc import Callable

import streamlit as st

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.ahead import estimate_of
from pages.parts.cards import NOT_WHOLE, status_bar
from pages.parts.corrections import say_corrected
from pages.parts.counting import held
from pages.parts.expectation import HELP, say_expected
from pages.parts.frame import link_to_help, link_to_preflight, plain
from pages.parts.kept import kept_expected
from pages.parts.live import lively
from pages.parts.pauses import say_pauses, say_unanswering
from pages.parts.progress import (
    Sample,
    headline,
    left_out,
    progress_line,
    waiting_headline,
    waiting_lines,
    with_sample,
)
from pages.parts.safe_rows import tell_safe_rows
from pages.parts.sample_board import sample_board
from pages.parts.steering import ENDED
from pages.parts.telling import title_of
from pages.parts.time_left import what_makes_it_long
from pages.parts.topics import TOPICS, About
from pages.parts.words import DEPTHS
from runtime import Runtime
from storage.pauses import pauses_over
from storage.summaries import Standing, Summary
from storage.uploads import UploadState

_SAMPLES = "pace samples"


def glance(runtime: Runtime, summary: Summary) -> None:
    """Show the finding first: the headline, a list's statuses as one bar, and how far it is."""
    lively(runtime, summary, _glance)


def _glance(runtime: Runtime, summary: Summary) -> None:
    st.set_page_config(page_title=title_of(summary.standing))
    if summary.standing.sample_size:
        sample_board(runtime, summary.standing)
    else:
        _show_finding(runtime, summary)
    _show_pauses(runtime, summary)


def _show_finding(runtime: Runtime, summary: Summary) -> None:
    standing = summary.standing
    st.header(headline(standing), anchor=False)
    _show_expected(runtime, standing)
    tell_safe_rows(runtime.database, summary)
    if standing.checked:
        st.html(status_bar(standing))
    _show_holdings(standing)
    if corrected := say_corrected(summary):
        st.caption(corrected)
    _show_progress(runtime, summary)


def _show_expected(runtime: Runtime, standing: Standing) -> None:
    """Say how much of what is safe to send may bounce all the same."""
    safe = standing.statuses[Status.VALID]
    expected = kept_expected(runtime.database, standing) if safe else None
    if expected is not None and standing.state not in NOT_WHOLE:
        st.markdown(say_expected(expected, safe), help=HELP)


def _show_holdings(standing: Standing) -> None:
    """Say what is counted here, in the same words as where the list was handed in, and how it is checked."""
    if standing.is_dns_only:
        st.caption(f"**{DEPTHS[True].name}.** {DEPTHS[True].advice}")
    if standing.addresses and standing.state not in NOT_WHOLE:
        st.caption(
            f"{held(standing)}. Addresses are counted here, each as often as it stands in the list; Export "
            "counts rows."
        )


def _show_pauses(runtime: Runtime, summary: Summary) -> None:
    """Say who refuses us or does not answer, where addresses of this list wait for that or were given up."""
    if summary.standing.state is not UploadState.RUNNING:
        return
    if refused := _say_paused(runtime, summary, Reason.BLOCKED, say_pauses):
        st.warning(refused, icon=":material/front_hand:")
        link_to_preflight()
    if silent := _say_paused(runtime, summary, Reason.UNREACHABLE, say_unanswering):
        st.info(silent, icon=":material/phone_missed:")


def _say_paused(runtime: Runtime, summary: Summary, why: Reason, say: Callable[..., str]) -> str:
    waiting = sum(each.count for each in summary.deferred if each.why is why)
    given_up = sum(number for _, reason, number in summary.by_reason() if reason is why)
    if not (waiting or given_up):
        return ""
    now = pauses_over(runtime.database, summary.standing.upload)
    return say(now if waiting else [each for each in now if each.is_final], waiting=waiting)


def _show_progress(runtime: Runtime, summary: Summary) -> None:
    standing = summary.standing
    if standing.state is UploadState.CANCELLED:
        st.caption("This list was ended early; addresses that had no answer then are Unknown, not checked.")
    if standing.state in ENDED or not standing.addresses:
        return
    samples = _noted(standing)
    said = estimate_of(runtime, standing)
    st.progress(min(standing.share, 1.0), text=progress_line(summary, samples, said))
    if said and (why := " ".join(filter(None, (what_makes_it_long(said), left_out(said))))):
        st.caption(plain(why))
    if summary.deferred:
        told = waiting_headline(standing, summary.deferred)
        with st.expander(told, key="waiting"):
            st.markdown("\n".join(f"- {line}" for line in waiting_lines(standing, summary.deferred)))
            link_to_help(About.WAITING, TOPICS[About.WAITING].title)


def _noted(standing: Standing) -> tuple[Sample, ...]:
    """Note how far the list is, for its pace; a list that does not run has none."""
    if standing.state is not UploadState.RUNNING:
        st.session_state.pop(_SAMPLES, None)
        return ()
    upload, samples = st.session_state.get(_SAMPLES, (standing.upload, ()))
    known = samples if upload == standing.upload else ()
    noted = with_sample(known, Sample(time.time(), standing.checked))
    st.session_state[_SAMPLES] = (standing.upload, noted)
    return noted
