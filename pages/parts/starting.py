"""The buttons that start a list: the whole of it, or a sample of its addresses first."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.sampling import SAMPLE_SIZE, WORTH_SAMPLING
from pages.parts.consent_note import is_read
from pages.parts.counting import count, several
from pages.parts.intake import Start
from pages.parts.options import Options
from runtime import Runtime

SAMPLE_FIRST = f"Check {SAMPLE_SIZE} first"
WHY_SAMPLE = (
    f'Not sure about this list? "{SAMPLE_FIRST}" asks about {SAMPLE_SIZE} addresses that speak for all of '
    "it, and says how many are safe to send and how many would bounce. Then you decide about the rest."
)


def start_box() -> DeltaGenerator:
    """Give the place that lists are started in: it is filled when all is known, and stands above the rest."""
    return st.container(border=True, gap="small", key="start")


def ask_start(runtime: Runtime, addresses: int, asked: Options, *, is_known: bool) -> Start | None:
    """Offer to start a list of so many addresses; give how, or None as long as nobody has decided."""
    is_allowed = is_read(runtime, is_dns_only=asked.is_dns_only)
    label = "Check it once more" if is_known else f"Check {several(addresses, 'address', 'addresses')}"
    is_worth_it = addresses > WORTH_SAMPLING and not asked.is_dns_only
    with st.container(horizontal=True, vertical_alignment="center"):
        is_whole = st.button(
            label,
            type="secondary" if is_known else "primary",
            icon=":material/play_arrow:",
            disabled=not is_allowed,
        )
        is_sample = is_worth_it and st.button(SAMPLE_FIRST, icon=":material/labs:", disabled=not is_allowed)
    if not is_allowed:
        st.caption("Read the note above first.")
    if is_worth_it:
        st.caption(WHY_SAMPLE)
    if is_sample:
        return runtime.start_sample
    return runtime.start_upload if is_whole else None


def say_sample(drawn: int, whole: int) -> str:
    """Say how large a sample is: "sample of 200 of 12,345 addresses"."""
    return f"sample of {count(drawn)} of {several(whole, 'address', 'addresses')}"
