"""What a list's figures rest on: whether it is ready, what is left open, charts and reasons."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.asked import rows_of_points, rows_of_reason, rows_of_status
from pages.parts.asked_again import told_again
from pages.parts.bars import MOST_BARS, draw_clickable, share
from pages.parts.charts import (
    confidence_bars,
    confidence_stretches,
    reason_bars,
    say_confidence,
    say_reasons,
    say_statuses,
    status_bars,
)
from pages.parts.clicks import Hit, go_there
from pages.parts.counting import count, several
from pages.parts.frame import link_to_help, link_to_preflight
from pages.parts.left_open import say_refused, say_unknown
from pages.parts.live import lively
from pages.parts.readiness import readiness_panel
from pages.parts.reasons import REASONS, advice_for
from pages.parts.steering import ENDED
from pages.parts.topics import TOPICS, About
from pages.parts.words import STATUSES
from runtime import Runtime
from storage.summaries import Summary


def board(runtime: Runtime, summary: Summary) -> None:
    """Show what a list's figures mean and rest on; of a list whose sample is checked, nothing yet."""
    lively(runtime, summary, _board)


def _board(runtime: Runtime, summary: Summary) -> None:
    if summary.standing.sample_size:
        return
    readiness_panel(runtime.database, summary)
    _show_left_open(summary)
    if summary.standing.checked:
        _show_charts(summary)
        _show_reasons(summary)
    go_there()


def _show_left_open(summary: Summary) -> None:
    """Say of a list that has ended what became of the addresses that nobody could judge."""
    if summary.standing.state not in ENDED:
        return
    if told := told_again(summary):
        st.info(told, icon=":material/replay:")
    reasons = summary.by_reason()
    if refused := say_refused(reasons):
        st.warning(refused, icon=":material/front_hand:")
        link_to_preflight()
    is_dns_only = summary.standing.is_dns_only
    if unknown := say_unknown(reasons, summary.standing.checked, is_dns_only=is_dns_only):
        st.info(unknown, icon=":material/help:")
        link_to_help(About.UNKNOWN, TOPICS[About.UNKNOWN].title)


def _show_charts(summary: Summary) -> None:
    statuses, confidence = st.columns(2, gap="large")
    with statuses:
        counts = summary.standing.address_statuses
        draw_clickable(status_bars(counts), say_statuses(counts), "statuses", rows_of_status)
    with confidence:
        bins = summary.by_confidence()
        figure, words = confidence_bars(bins), say_confidence(bins)
        draw_clickable(figure, words, "confidence", rows_of_points, modes=("box",))
        _offer_stretches(confidence_stretches(bins))
    st.caption(
        "Click a bar of the statuses to see its addresses. Of the confidence, drag over a stretch, or choose "
        "one below it: it is the chance, of 100, that mail arrives."
    )


def _offer_stretches(stretches: Sequence[tuple[int, int, int]]) -> None:
    """Offer parts of the confidence scale, as a drag does: by keyboard, and on a phone."""
    with st.container(horizontal=True, gap="small"):
        for low, high, entries in stretches:
            st.button(
                f"{low}–{high}: {count(entries)}",
                key=f"points from {low}",
                disabled=not entries,
                help=f"Show the addresses with a confidence from {low} to {high}",
                on_click=rows_of_points,
                args=(Hit(stretch=(low, high)),),
            )


def _show_reasons(summary: Summary) -> None:
    st.subheader("Why", anchor=False)
    reasons = [each for each in summary.by_reason() if each[1] is not Reason.EMPTY]
    draw_clickable(reason_bars(reasons), say_reasons(reasons), "reasons", rows_of_reason)
    if rest := reasons[MOST_BARS:]:
        others = several(sum(number for _, _, number in rest), "address", "addresses")
        also = several(len(rest), "other reason")
        st.caption(f"Drawn are the {MOST_BARS} most frequent reasons; {others} with {also} follow below.")
    table = reasons_table(summary)
    with st.expander(f"What to do about each reason ({len(table)})", key="reasons told"):
        st.table(table, border="horizontal", hide_index=True)


def reasons_table(summary: Summary) -> pd.DataFrame:
    """Write the reasons of addresses as rows of Markdown, most first: what to do, how many, and what part."""
    reasons = [each for each in summary.by_reason() if each[1] is not Reason.EMPTY]
    checked = summary.standing.checked
    return pd.DataFrame(
        {
            "Reason": [_told(status, why) for status, why, _ in reasons],
            "Addresses": [f"{count(number)}  \n{share(number, checked)}" for _, _, number in reasons],
        }
    )


def _told(status: Status, why: Reason) -> str:
    """Say a reason with its status, what it means and what to do, as lines of Markdown."""
    lines = (
        f"**{REASONS[why].name}** · {STATUSES[status].name}",
        REASONS[why].advice,
        f"**What to do:** {advice_for(status, why)}",
    )
    return "  \n".join(lines)
