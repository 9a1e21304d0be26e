"""The addresses of a list that look mistyped: how many, which, and a list in which they are right."""

import streamlit as st

from engine.verdict import Flag
from pages.parts.asked import rows_of_flag
from pages.parts.counting import several
from pages.parts.frame import RESULTS, go
from pages.parts.steering import ENDED
from runtime import Runtime
from storage.fixing import fix_slips
from storage.summaries import Summary

WHAT_IT_MEANS = (
    "Makes a new list in which the right domain is asked, where that is surely a known provider's. This list "
    "stays as it is, and answers that still hold are not asked for again."
)


def mistyped(summary: Summary) -> int:
    """Count the addresses that a correction is suggested for, and that were asked as they stand."""
    return sum(
        cell.count for cell in summary.cells if Flag.TYPO in cell.flags and Flag.CORRECTED not in cell.flags
    )


def offer_to_fix(runtime: Runtime, summary: Summary) -> None:
    """Say how many addresses look mistyped, show them, and offer to fix them; nothing where none does."""
    number = mistyped(summary)
    if not number or summary.standing.state not in ENDED:
        return
    look = "looks" if number == 1 else "look"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="mistyped"):
        st.markdown(
            f":material/spellcheck: {several(number, 'address', 'addresses')} {look} mistyped.",
            width="content",
        )
        st.button("Show them", type="tertiary", on_click=rows_of_flag, args=(Flag.TYPO,))
        if st.button("Fix them in a new list", help=WHAT_IT_MEANS):
            _fix(runtime, summary.standing.upload)


def _fix(runtime: Runtime, upload: int) -> None:
    with st.spinner("Making the new list …"):
        fixed = fix_slips(runtime.database, upload)
    if fixed is not None:
        go(RESULTS, fixed.upload)
    st.info(
        "None of them is surely a known provider's. Correct them in your own file, and hand it in again.",
        icon=":material/spellcheck:",
    )
