"""The buttons that start a list: the whole of it, or a sample of its addresses first."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.intake.survey import Survey
from engine.sampling import SAMPLE_SIZE, WORTH_SAMPLING
from pages.parts.consent_note import is_read
from pages.parts.counting import count, several
from pages.parts.keeping import Start
from pages.parts.options import Options
from pages.parts.survey_words import whom_line
from runtime import Runtime

SAMPLE_FIRST = f"Check {SAMPLE_SIZE} first"
WHY_SAMPLE = (
    f'Not sure about this list? "{SAMPLE_FIRST}" checks {SAMPLE_SIZE} addresses that speak for all of '
    "it, and says how many are safe to send and how many would bounce. Then you decide about the rest."
)


def start_box() -> DeltaGenerator:
    """Give the place that lists are started in: it is filled when all is known, and stands above the rest."""
    return st.container(border=True, gap="small", key="start")


@dataclass(frozen=True, slots=True)
class Pressed:
    """How a list is to be started, and the place of the buttons: its progress is shown there instead."""

    start: Start
    place: DeltaGenerator


def ask_start(runtime: Runtime, found: Survey, asked: Options, *, is_known: bool) -> Pressed | None:
    """Offer to start a list; give how, or None as long as nobody has decided."""
    is_allowed = is_read(runtime, is_dns_only=asked.is_dns_only)
    is_worth_it = found.to_ask > WORTH_SAMPLING and not asked.is_dns_only
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        is_whole = st.button(
            start_label(found.to_ask, is_known=is_known),
            type="secondary" if is_known else "primary",
            icon=":material/play_arrow:",
            disabled=not is_allowed,
        )
        is_sample = is_worth_it and st.button(SAMPLE_FIRST, icon=":material/labs:", disabled=not is_allowed)
    _explain(found, is_allowed=is_allowed, is_worth_it=is_worth_it)
    if is_sample:
        return Pressed(runtime.start_sample, place)
    return Pressed(runtime.start_upload, place) if is_whole else None


def start_label(addresses: int, lists: int = 1, *, is_known: bool = False) -> str:
    """Say on a button how many addresses are to be checked, and in how many lists, where they are several.

    `is_known`: of a list that there is already.
    """
    if not addresses:
        return f"Save {'this list' if lists == 1 else f'these {lists} lists'}; nobody is asked"
    whole = "" if lists == 1 else f" in {several(lists, 'list')}"
    return f"Check {several(addresses, 'address', 'addresses')}{whole}{' as a new list' if is_known else ''}"


def _explain(found: Survey, *, is_allowed: bool, is_worth_it: bool) -> None:
    """Say below the buttons who is not asked, what keeps them from working, and what a sample is for."""
    lines = [
        "" if is_allowed else "Read the note above first.",
        whom_line(found),
        WHY_SAMPLE if is_worth_it else "",
    ]
    for line in filter(None, lines):
        st.caption(line)


def say_sample(drawn: int, whole: int) -> str:
    """Say how large a sample is: "sample of 200 of 12,345 addresses"."""
    return f"sample of {count(drawn)} of {several(whole, 'address', 'addresses')}"
