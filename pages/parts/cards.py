"""A list as a card: its name, where it stands, its figures as one bar, and where to go from here."""

from collections.abc import Sequence
from enum import StrEnum
from html import escape

import streamlit as st

from engine.verdict import Status
from pages.parts.ahead import estimate_of
from pages.parts.choice import list_name
from pages.parts.clock import day_and_time
from pages.parts.colours import STATUS_COLOURS
from pages.parts.counting import count, held, several
from pages.parts.deleting import delete
from pages.parts.frame import COMPARE, EXPORT, RESULTS, go, link, plain
from pages.parts.options import say_reused
from pages.parts.plan_words import say_plan
from pages.parts.planning import PLANNING, may_plan
from pages.parts.renaming import NAMING
from pages.parts.state_words import is_sample_through
from pages.parts.time_left import time_left
from pages.parts.words import SAMPLE_CHECKED, STATES, STATUSES, WAITING
from runtime import Runtime
from storage.plans import Plan, plans_of
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
_SAMPLE_BADGE = ("orange", ":material/labs:")
_BAR = (
    "<div role='img' aria-label='{said}' style='display:flex;gap:2px;height:10px;border-radius:5px;"
    "overflow:hidden;background:rgba(128,128,128,.18)'>{parts}</div>"
    "<div style='display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin-top:.5rem;font-size:.875rem'>"
    "{legend}</div>"
)
_PART = "<div style='width:{percent:.2f}%;min-width:3px;background:{colour}'></div>"
_LEGEND = (
    "<span style='white-space:nowrap' title='{meaning}'><span style='display:inline-block;width:.6rem;"
    "height:.6rem;border-radius:50%;margin-right:.4rem;background:{colour}'></span>{name}"
    " <b style='font-variant-numeric:tabular-nums'>{number}</b></span>"
)
_WAITING_COLOUR = "rgba(128,128,128,.35)"


def list_cards(runtime: Runtime, lists: Sequence[Standing], *, is_only: bool) -> None:
    """Show lists as cards, one below the other; there is nothing to compare the only list with."""
    plans = plans_of(runtime.database, [standing.upload for standing in lists])
    for standing in lists:
        with st.container(border=True, gap="xsmall", key=f"card-{standing.upload}"):
            _card(runtime, standing, plans.get(standing.upload), is_only=is_only)


def _card(runtime: Runtime, standing: Standing, plan: Plan | None, *, is_only: bool) -> None:
    is_sample_checked = is_sample_through(runtime.database, standing)
    colour, icon = _SAMPLE_BADGE if is_sample_checked else _BADGES[standing.state]
    state = SAMPLE_CHECKED if is_sample_checked else STATES[standing.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(plain(list_name(standing)), anchor=False, width="content")
        st.markdown(f":{colour}-badge[{icon} {state}]", width="content")
    st.caption(_told(standing))
    is_whole = standing.state not in NOT_WHOLE
    if is_whole:
        st.html(status_bar(standing))
        _show_progress(runtime, standing)
    if plan is not None and (said := say_plan(plan, standing.state)):
        st.caption(f":material/event: {said}")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if is_whole:
            link(RESULTS, "Open", ":material/insights:", standing.upload)
            link(EXPORT, "Export", ":material/download:", standing.upload)
        _show_menu(runtime, standing, _acts(standing, is_only=is_only))


def _show_progress(runtime: Runtime, standing: Standing) -> None:
    """Say of a running list how far it is, and how long it may still take."""
    if standing.state is not UploadState.RUNNING or standing.sample_size:
        return
    said = estimate_of(runtime, standing)
    done = f"{standing.share:.0%} checked"
    st.caption(f":material/timelapse: {done} · {time_left(said)}" if said else f":material/timelapse: {done}")


class Act(StrEnum):
    """What can be done with a list from its card, as the menu says it."""

    RENAME = "Rename"
    PLAN = "Plan a send …"
    COMPARE = "Compare with …"
    DELETE = "Delete"


_ACT_ICONS = {
    Act.RENAME: ":material/edit:",
    Act.PLAN: ":material/event:",
    Act.COMPARE: ":material/compare_arrows:",
    Act.DELETE: ":material/delete:",
}


def _acts(standing: Standing, *, is_only: bool) -> list[Act]:
    """Say what can be done with a list as it is now."""
    if standing.state is UploadState.READING:
        return [Act.RENAME]
    left_out = {
        Act.PLAN: not may_plan(standing),
        Act.COMPARE: is_only or standing.state in NOT_WHOLE,
    }
    return [act for act in Act if not left_out.get(act)]


def _show_menu(runtime: Runtime, standing: Standing, acts: list[Act]) -> None:
    chosen = st.menu_button(
        "More",
        acts,
        key=f"more-{standing.upload}",
        type="tertiary",
        icon=":material/more_horiz:",
        format_func=lambda act: f"{_ACT_ICONS[act]} {act.value}",
    )
    if chosen is Act.COMPARE:
        go(COMPARE, standing.upload)
    if chosen is Act.PLAN:
        PLANNING.ask(standing)
    if chosen is Act.RENAME:
        NAMING.ask(standing)
    if chosen is Act.DELETE:
        delete(runtime, standing)


def _told(standing: Standing) -> str:
    """Say of a list when it came, from which file, and what it holds."""
    parts = [
        day_and_time(standing.created_at),
        plain(standing.name) if standing.title else "",
        _held(standing),
        say_reused(standing.reuse_days),
        "by DNS only" if standing.is_dns_only else "",
        f"a sample of {count(standing.sample_size)} first" if standing.sample_size else "",
        f"policy of {plain(standing.policy_name)}" if standing.policy_name else "",
    ]
    return " · ".join(part for part in parts if part)


def _held(standing: Standing) -> str:
    if standing.state in NOT_WHOLE:
        return several(standing.rows, "row")
    return held(standing)


def status_bar(standing: Standing) -> str:
    """Draw a list's statuses as one stacked bar with its legend, as HTML; it says in words what it shows."""
    counted = [
        (STATUSES[status], number, STATUS_COLOURS[status])
        for status in Status
        if (number := standing.address_statuses[status])
    ]
    if standing.waiting:
        counted.append((WAITING, standing.waiting, _WAITING_COLOUR))
    whole = max(1, sum(number for _, number, _ in counted))
    return _BAR.format(
        said=escape(", ".join(f"{saying.name} {count(number)}" for saying, number, _ in counted)),
        parts="".join(
            _PART.format(percent=100 * number / whole, colour=colour) for _, number, colour in counted
        ),
        legend="".join(
            _LEGEND.format(
                name=saying.name, meaning=escape(saying.advice), number=count(number), colour=colour
            )
            for saying, number, colour in counted
        ),
    )
