"""The addresses of a list that look mistyped: how many, which, and a list in which they are right."""

import streamlit as st

from engine.reason import Reason
from engine.verdict import Flag
from engine.work_queue import StoreFails
from pages.parts.asked import rows_of_flag
from pages.parts.counting import several
from pages.parts.frame import RESULTS, go, plain
from pages.parts.intake import filling
from pages.parts.kept import kept_may_fix
from pages.parts.steering import ENDED
from runtime import Runtime
from storage.fixing import fix_slips
from storage.summaries import Cell, Summary

WHAT_IT_MEANS = (
    "Makes a new list in which the right domain is asked, where that is surely a known provider's. This list "
    "stays as it is, and answers that still hold are not asked for again."
)


def mistyped(summary: Summary) -> int:
    """Count the addresses that a correction is suggested for, and that were asked as they stand."""
    return sum(cell.count for cell in summary.cells if _is_mistyped(cell))


def _is_mistyped(cell: Cell) -> bool:
    """Tell whether entries look mistyped, and are not among those that nobody is asked about."""
    is_slip = Flag.TYPO in cell.flags and Flag.CORRECTED not in cell.flags
    return is_slip and cell.reason is not Reason.NEVER_PROBED


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
        show = "Show it" if number == 1 else "Show them"
        st.button(show, type="tertiary", on_click=rows_of_flag, args=(Flag.TYPO, _reasons(summary)))
        is_fixable = _is_fixable(runtime, summary)
        fix = f"Fix {'it' if number == 1 else 'them'} in a new list"
        is_wanted = is_fixable and st.button(fix, help=WHAT_IT_MEANS)
    if not is_fixable:
        st.caption(BY_HAND)
    if is_wanted:
        _fix(runtime, summary.standing.upload)


def _is_fixable(runtime: Runtime, summary: Summary) -> bool:
    """Tell whether a new list would have any of them right: what is no address at all is not corrected."""
    could = any(_is_mistyped(cell) and cell.reason is not Reason.MALFORMED for cell in summary.cells)
    return could and kept_may_fix(runtime.database, summary.standing)


BY_HAND = "What was meant is not sure enough to be corrected here. Correct it in your own file."
"""What to do about those of which none can be corrected for sure."""


def _reasons(summary: Summary) -> list[Reason]:
    """Name the reasons that mistyped ones have, where others of their flag have another; else none."""
    flagged = [cell for cell in summary.cells if Flag.TYPO in cell.flags]
    found = {cell.reason for cell in flagged if _is_mistyped(cell)}
    return sorted(found) if found != {cell.reason for cell in flagged} else []


def _fix(runtime: Runtime, upload: int) -> None:
    bar = st.progress(0.0)
    try:
        fixed = fix_slips(runtime.database, upload, filling(bar, "Making the new list …"))
    except StoreFails as trouble:
        st.error(f"The new list could not be saved. {plain(str(trouble))}", icon=":material/error:")
        return
    bar.empty()
    if fixed is not None:
        go(RESULTS, fixed)
    st.info(NOT_SURE, icon=":material/spellcheck:")


NOT_SURE = (
    "None of them is surely a known provider's, or nobody may be asked about it. Correct them in your own "
    "file, and hand it in again."
)
