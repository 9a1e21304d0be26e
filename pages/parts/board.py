"""A list at a glance: headline, progress, what waits, charts and reasons. It lives while the list does."""

import time
from collections.abc import Callable

import pandas as pd
import streamlit as st

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.ahead import estimate_of
from pages.parts.asked import rows_of_points, rows_of_reason, rows_of_status
from pages.parts.asked_again import askable, asked_again, say_asked_again
from pages.parts.bars import draw_clickable, share
from pages.parts.cards import LIVE, NOT_WHOLE
from pages.parts.charts import (
    confidence_bars,
    reason_bars,
    say_confidence,
    say_reasons,
    say_statuses,
    status_bars,
)
from pages.parts.clicks import go_there
from pages.parts.corrections import say_corrected
from pages.parts.counting import count, held
from pages.parts.expectation import HELP, say_expected
from pages.parts.frame import link_to_help, link_to_preflight, plain
from pages.parts.kept import kept_expected
from pages.parts.left_open import say_refused, say_unknown
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
from pages.parts.readiness import readiness_panel
from pages.parts.reasons import REASONS
from pages.parts.sample_board import sample_board
from pages.parts.steering import ENDED
from pages.parts.telling import title_of
from pages.parts.time_left import what_makes_it_long
from pages.parts.topics import TOPICS, About
from pages.parts.words import DEPTHS, STATUSES
from runtime import Runtime
from storage.pauses import pauses_over
from storage.summaries import Standing, Summary, summarise
from storage.uploads import UploadState

REFRESH_S = 2
FIRST_REASONS = 6
_SAMPLES = "pace samples"


def board(runtime: Runtime, summary: Summary) -> None:
    """Show a list's figures, again every two seconds while it runs."""
    standing = summary.standing
    refresh = REFRESH_S if standing.state in LIVE else None
    st.fragment(_board, run_every=refresh)(runtime, standing.upload, standing.state)


def _board(runtime: Runtime, upload: int, state: UploadState) -> None:
    """Ask for the figures and show them; where the list came to another state, begin the whole page anew."""
    summary = summarise(runtime.database, upload)
    if summary is None or summary.standing.state is not state:
        st.rerun()
    st.set_page_config(page_title=title_of(summary.standing))
    if summary.standing.sample_size:
        sample_board(runtime, summary.standing)
        _show_pauses(runtime, summary)
        return
    st.header(headline(summary.standing), anchor=False)
    _show_expected(runtime, summary.standing)
    _show_holdings(summary.standing)
    if corrected := say_corrected(summary):
        st.caption(corrected)
    _show_pauses(runtime, summary)
    _show_progress(runtime, summary)
    readiness_panel(runtime.database, summary.standing)
    _show_left_open(summary)
    if summary.standing.checked:
        _show_charts(summary)
        _show_reasons(summary)
    go_there()


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
        st.caption(f"{held(standing)}. Addresses are counted here, each as often as it stands in the list.")


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


def _show_left_open(summary: Summary) -> None:
    """Say of a list that has ended what became of the addresses that nobody could judge."""
    if summary.standing.state not in ENDED:
        return
    if told := say_asked_again(asked_again(summary.standing.upload), askable(summary)):
        st.info(told, icon=":material/replay:")
    reasons = summary.by_reason()
    if refused := say_refused(reasons):
        st.warning(refused, icon=":material/front_hand:")
        link_to_preflight()
    if unknown := say_unknown(reasons, summary.standing.checked):
        st.info(unknown, icon=":material/help:")
        link_to_help(About.UNKNOWN, TOPICS[About.UNKNOWN].title)


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


def _show_charts(summary: Summary) -> None:
    statuses, confidence = st.columns(2, gap="large")
    with statuses:
        counts = summary.standing.address_statuses
        draw_clickable(status_bars(counts), say_statuses(counts), "statuses", rows_of_status)
    with confidence:
        bins = summary.by_confidence()
        figure, words = confidence_bars(bins), say_confidence(bins)
        draw_clickable(figure, words, "confidence", rows_of_points, modes=("points", "box"))
    st.caption("Click a bar to see its addresses, or drag over a stretch of the confidence scale.")


def _show_reasons(summary: Summary) -> None:
    st.subheader("Why", anchor=False)
    reasons = [each for each in summary.by_reason() if each[1] is not Reason.EMPTY]
    draw_clickable(reason_bars(reasons), say_reasons(reasons), "reasons", rows_of_reason)
    table = reasons_table(summary)
    st.table(table.head(FIRST_REASONS), border="horizontal", hide_index=True)
    if len(table) > FIRST_REASONS:
        with st.expander(f"More reasons ({len(table) - FIRST_REASONS})", key="other reasons"):
            st.table(table.iloc[FIRST_REASONS:], border="horizontal", hide_index=True)


def reasons_table(summary: Summary) -> pd.DataFrame:
    """Write the reasons of addresses as rows of Markdown, most first: what to do, how many, and what part."""
    reasons = [each for each in summary.by_reason() if each[1] is not Reason.EMPTY]
    checked = summary.standing.checked
    return pd.DataFrame(
        {
            "Reason": [f"**{REASONS[why].name}**  \n{REASONS[why].advice}" for _, why, _ in reasons],
            "Status": [STATUSES[status].name for status, _, _ in reasons],
            "Addresses": [f"{count(number)}  \n{share(number, checked)}" for _, _, number in reasons],
        }
    )
