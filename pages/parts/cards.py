"""A list as a card: its name, where it stands, its figures as one bar, and where to go from here."""

from html import escape

import streamlit as st

from engine.verdict import Status
from pages.parts.choice import list_name
from pages.parts.clock import day_and_time
from pages.parts.colours import STATUS_COLOURS
from pages.parts.counting import count, held, several
from pages.parts.frame import EXPORT, RESULTS, link, plain
from pages.parts.words import STATES, STATUSES
from storage.summaries import Standing
from storage.uploads import UploadState

LIVE = (UploadState.READING, UploadState.RUNNING)
"""The states in which a list changes by itself."""

NOT_WHOLE = (UploadState.READING, UploadState.INTERRUPTED)
"""The states in which a list is not there in full, so there are no results yet."""

_BADGES = {
    UploadState.READING: ("blue", ":material/hourglass_top:"),
    UploadState.INTERRUPTED: ("orange", ":material/error:"),
    UploadState.READY: ("gray", ":material/schedule:"),
    UploadState.RUNNING: ("blue", ":material/sync:"),
    UploadState.PAUSED: ("gray", ":material/pause:"),
    UploadState.CANCELLED: ("gray", ":material/block:"),
    UploadState.DONE: ("green", ":material/check:"),
}
_BAR = (
    "<div role='img' aria-label='{said}' style='display:flex;gap:2px;height:10px;border-radius:5px;"
    "overflow:hidden;background:rgba(128,128,128,.18)'>{parts}</div>"
    "<div style='display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin-top:.5rem;font-size:.875rem;"
    "font-variant-numeric:tabular-nums'>{legend}</div>"
)
_PART = "<div style='width:{percent:.2f}%;min-width:3px;background:{colour}'></div>"
_LEGEND = (
    "<span style='white-space:nowrap'><span style='display:inline-block;width:.6rem;height:.6rem;"
    "border-radius:50%;margin-right:.4rem;background:{colour}'></span>{name} <b>{number}</b></span>"
)
_WAITING_COLOUR = "rgba(128,128,128,.35)"


def list_cards(lists: list[Standing]) -> None:
    """Show lists as cards, one below the other."""
    for standing in lists:
        with st.container(border=True, key=f"card-{standing.upload}"):
            _card(standing)


def _card(standing: Standing) -> None:
    colour, icon = _BADGES[standing.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(plain(list_name(standing)), anchor=False, width="content")
        st.markdown(f":{colour}-badge[{icon} {STATES[standing.state]}]", width="content")
    st.caption(_told(standing))
    if standing.state in NOT_WHOLE:
        return
    st.html(status_bar(standing))
    with st.container(horizontal=True, gap="medium"):
        link(RESULTS, "Open", ":material/insights:", standing.upload)
        link(EXPORT, "Export", ":material/download:", standing.upload)


def _told(standing: Standing) -> str:
    """Say of a list when it came, what it holds, and how far it is."""
    parts = [
        day_and_time(standing.created_at),
        _held(standing),
        "every address asked anew" if standing.is_fresh_wanted else "",
        "by DNS only" if standing.is_dns_only else "",
        f"{standing.share:.0%} done" if standing.state is UploadState.RUNNING else "",
    ]
    return " · ".join(part for part in parts if part)


def _held(standing: Standing) -> str:
    if standing.state in NOT_WHOLE:
        return several(standing.rows, "row")
    return held(standing)


def status_bar(standing: Standing) -> str:
    """Draw a list's statuses as one stacked bar with its legend, as HTML; it says in words what it shows."""
    counted = [
        (STATUSES[status].name, number, STATUS_COLOURS[status])
        for status in Status
        if (number := standing.address_statuses[status])
    ]
    if standing.waiting:
        counted.append(("Waiting", standing.waiting, _WAITING_COLOUR))
    whole = max(1, sum(number for _, number, _ in counted))
    return _BAR.format(
        said=escape(", ".join(f"{name} {count(number)}" for name, number, _ in counted)),
        parts="".join(
            _PART.format(percent=100 * number / whole, colour=colour) for _, number, colour in counted
        ),
        legend="".join(
            _LEGEND.format(name=name, number=count(number), colour=colour) for name, number, colour in counted
        ),
    )
