"""Which statuses are kept: the usual choices as one row, or the visitor's own."""

from collections.abc import Collection, Sequence
from enum import StrEnum

import streamlit as st

from engine.readiness import SAFE_ONLY
from engine.verdict import Flag, Status
from pages.parts.tips import statuses_tip
from pages.parts.words import KEPT, STATUSES
from storage.selection import Selection


class Preset(StrEnum):
    """The usual choices."""

    SAFE = "safe"
    SAFE_AND_ACCEPT_ALL = "safe and accept-all"
    NOT_DEAD = "not dead"
    REVIEW = "review"


PRESETS = {
    Preset.SAFE: "Safe only",
    Preset.SAFE_AND_ACCEPT_ALL: "Safe + accept-all",
    Preset.NOT_DEAD: "All but dead",
    Preset.REVIEW: "Risky for review",
}

KEEPS = {
    Preset.SAFE: SAFE_ONLY,
    Preset.SAFE_AND_ACCEPT_ALL: (Status.VALID, Status.ACCEPT_ALL),
    Preset.NOT_DEAD: tuple(status for status in Status if status is not Status.INVALID),
    Preset.REVIEW: (Status.RISKY,),
}


def usual_rows(kept: Collection[Status]) -> Selection:
    """Give what Export keeps of these statuses where nobody chose further: each address once, none listed."""
    left_out = frozenset(status for status in Status if status not in kept)
    return Selection(exclude=frozenset(Flag.DUPLICATE.names), statuses=left_out)


PRESET, STATUSES_KEPT = "preset", "statuses to keep"
"""The keys of both choices: each follows the other."""


def show_presets() -> None:
    """Offer the usual choices; none is marked where the visitor made another one."""
    st.session_state.setdefault(PRESET, Preset.SAFE)
    st.segmented_control(
        "Which rows to keep",
        list(Preset),
        format_func=PRESETS.__getitem__,
        key=PRESET,
        on_change=_follow_preset,
        label_visibility="collapsed",
    )


def choose_statuses() -> list[Status]:
    """Offer the single statuses, as the usual choice has them until the visitor says otherwise."""
    st.session_state.setdefault(STATUSES_KEPT, list(KEEPS[st.session_state.get(PRESET) or Preset.SAFE]))
    return st.pills(
        "Statuses to keep",
        list(Status),
        selection_mode="multi",
        format_func=lambda status: STATUSES[status].name,
        key=STATUSES_KEPT,
        on_change=_follow_statuses,
        help=statuses_tip(),
    )


def _follow_preset() -> None:
    if preset := st.session_state[PRESET]:
        st.session_state[STATUSES_KEPT] = list(KEEPS[preset])
    else:
        _follow_statuses()


def _follow_statuses() -> None:
    st.session_state[PRESET] = preset_of(st.session_state[STATUSES_KEPT])


def preset_of(kept: Sequence[Status]) -> Preset | None:
    """Find the usual choice that keeps just these statuses."""
    return next((preset for preset, statuses in KEEPS.items() if {*statuses} == {*kept}), None)


def kept_sentence(kept: Sequence[Status]) -> str:
    """Say in one sentence what is kept, and why."""
    said = [f"**{STATUSES[status].name}** ({KEPT[status]})" for status in Status if status in kept]
    if not said:
        return "Nothing is kept: choose what to keep."
    *first, last = said
    return f"Kept: {', '.join(first)} and {last}." if first else f"Kept: {last}."
