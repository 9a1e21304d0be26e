"""What a click on a chart hits: a bar and what it stands for, or a stretch of the axis brushed over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.parts.turns import begin_anew, selection_of

_SCROLL, _ANEW, _TIMES = "scroll to", "draw anew", "times scrolled"


@dataclass(frozen=True, slots=True)
class Hit:
    """What was hit: what the bar opens, or from where to where was brushed in the axis's own units."""

    opens: tuple[str, ...] = ()
    stretch: tuple[float, float] | None = None


def hit_of(selection: Mapping[str, Any]) -> Hit | None:
    """Read what Streamlit tells of a selection in a chart; None where it holds nothing to open."""
    if boxes := selection.get("box"):
        return Hit(stretch=(min(boxes[0]["x"]), max(boxes[0]["x"])))
    points = selection.get("points") or [{}]
    opens = tuple(points[0].get("customdata") or ())
    return Hit(opens) if opens else None


def hand_on(name: str, hand: Callable[[Hit], None]) -> None:
    """Hand a hit on, and begin a chart in which nothing is: the same bar can be clicked again."""
    hit = hit_of(selection_of(name))
    if hit is not None:
        begin_anew(name)
        hand(hit)


def ask_for(place: str, answers: Mapping[str, object]) -> None:
    """Set what a table further down is asked for, and have the page go there, to the container `place`."""
    st.session_state.update(answers)
    st.session_state[_SCROLL], st.session_state[_ANEW] = place, True


def go_there() -> None:
    """Where a chart above asked for something, draw the page anew from within the chart's own part of it."""
    if st.session_state.pop(_ANEW, False):
        st.rerun()


def come_here(place: str) -> None:
    """Bring the container `place` into sight if a chart asked for it, once."""
    if st.session_state.get(_SCROLL) != place:
        return
    del st.session_state[_SCROLL]
    st.session_state.pop(_ANEW, None)
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    st.html(_COME.format(place, st.session_state[_TIMES]), unsafe_allow_javascript=True)


_COME = "<script>document.querySelector('.st-key-{}')?.scrollIntoView({{block: 'start'}}) // {}</script>"
"""The number makes each another script: a browser runs none twice."""
