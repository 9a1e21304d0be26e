"""The tour of the first run: offered in one line until it is dismissed; a few steps, each on its screen."""

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from pages.parts.frame import EXPORT, LISTS, NEW_LIST, RESULTS, go
from runtime import Runtime
from storage.catalogue import find_lists
from storage.dismissed import bring_back, dismiss, is_dismissed

TOUR = "tour"
"""What it is called where it is remembered."""
BEGUN = "tour begun"
"""The key in a visit's state that is there once the visitor has asked for the tour."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the screen it stands on, that screen's name, and what is said there."""

    screen: str
    name: str
    says: str


STEPS = (
    Step(
        LISTS,
        "Lists",
        "Every list that you hand in stays here, with how far it is and how it turned out.",
    ),
    Step(
        NEW_LIST,
        "New list",
        "Drop a spreadsheet or paste addresses. You see what it holds, and how long it takes, before anybody "
        "is asked.",
    ),
    Step(
        RESULTS,
        "Results",
        "The large line says how many addresses are safe to send. Click a bar to see its addresses, and an "
        "address to read why.",
    ),
    Step(
        EXPORT,
        "Export",
        "Choose what stays, read what goes and why, then download. Your own columns stay as they are.",
    ),
)


def show_tour(runtime: Runtime, screen: str) -> None:
    """Offer the tour until it was dismissed; once it has begun, show the step of a screen."""
    with st.container():  # it goes one day: what is below stays where it stands
        if not is_dismissed(runtime.database, TOUR):
            _show_step(runtime, screen)


def _show_step(runtime: Runtime, screen: str) -> None:
    if BEGUN not in st.session_state:
        _invite(runtime)
        return
    place = next(place for place, step in enumerate(STEPS) if step.screen == screen)
    with st.container(border=True, gap="xsmall", key="tour"):
        st.markdown(f":small[**{place + 1} of {len(STEPS)} · {STEPS[place].name}.** {STEPS[place].says}]")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _show_ways(runtime, place)


def _invite(runtime: Runtime) -> None:
    """Offer the tour in one line, so that what the page is for stays in sight on a phone too."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="tour"):
        st.caption("New here?", width="content")
        if st.button("Show me round", icon=":material/tour:", type="tertiary"):
            _begin()
        _offer_to_dismiss(runtime)


def _begin() -> NoReturn:
    st.session_state[BEGUN] = True
    go(LISTS)


def _show_ways(runtime: Runtime, place: int) -> None:
    """Show the ways on, back and out of it."""
    before, after = STEPS[:place][-1:], STEPS[place + 1 :][:1]
    if before and st.button("Step back", icon=":material/arrow_back:", type="tertiary"):
        go(before[0].screen)
    if after and st.button(
        "Next step", icon=":material/arrow_forward:", icon_position="right", type="tertiary"
    ):
        go(after[0].screen)
    if after:
        _offer_to_dismiss(runtime)
    else:
        _offer_to_finish(runtime)


def _offer_to_dismiss(runtime: Runtime) -> None:
    st.button(
        "Dismiss", icon=":material/close:", type="tertiary", on_click=dismiss, args=(runtime.database, TOUR)
    )


def _offer_to_finish(runtime: Runtime) -> None:
    """End it where there is something to do: at the first list, where there is none yet."""
    is_first = not find_lists(runtime.database, limit=0).whole
    label = _ENDS[runtime.sample is not None] if is_first else "Finish"
    if st.button(label, icon=":material/check:"):
        dismiss(runtime.database, TOUR)
        if is_first:
            go(NEW_LIST, **({"sample": "1"} if runtime.sample else {}))
        st.rerun()


_ENDS = {True: "Try a sample list", False: "Check your first list"}
"""How it ends where there is no list yet, by whether there is a sample to offer."""


def offer_tour(runtime: Runtime) -> None:
    """Offer to begin the tour, for the first time or once more."""
    if st.button("Take the tour", icon=":material/tour:"):
        bring_back(runtime.database, TOUR)
        _begin()
