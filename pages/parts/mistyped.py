"""The addresses of a list that look mistyped: how many, which, and a list in which they are right."""

import streamlit as st

from engine.reason import Reason
from engine.verdict import Flag
from pages.parts.asked import rows_of_flag
from pages.parts.counting import count, several
from pages.parts.fixing import ask_to_fix, show_fixing
from pages.parts.kept import kept_may_fix
from pages.parts.steering import ENDED
from runtime import Runtime
from storage.summaries import Cell, Summary

WHAT_IT_MEANS = (
    "Shows first what a new list would hold, in which the right domain is asked where that is surely a known "
    "provider's. This list stays as it is."
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
            f":material/spellcheck: {several(number, 'address', 'addresses')} {look} mistyped"
            f"{_which(number, _malformed(summary))}.",
            width="content",
            help=HOW_COUNTED,
        )
        show = "Show it" if number == 1 else "Show them"
        st.button(show, type="tertiary", on_click=rows_of_flag, args=(Flag.TYPO, _reasons(summary)))
        place = st.container(width="content")
    if not _is_fixable(runtime, summary):
        st.caption(BY_HAND)
        return
    is_saving = show_fixing(runtime, summary.standing.upload)
    fix = f"Fix {'it' if number == 1 else 'them'} in a new list …"
    if not is_saving and place.button(fix, help=WHAT_IT_MEANS):
        ask_to_fix(runtime, summary.standing.upload, number, _malformed(summary))


HOW_COUNTED = (
    "Each as often as it stands in the list. Not counted are those that were corrected already, and those "
    "whose domain only looks mistyped: it has mail hosts of its own, and no list calls it throw-away."
)
"""Why it may be another number than before the check."""


def _which(number: int, malformed: int) -> str:
    """Say how many of those that look mistyped are malformed."""
    by_domain = number - malformed
    if not malformed:
        return ""
    if not by_domain:
        return f" and {'is' if number == 1 else 'are'} malformed"
    return (
        f": {count(by_domain)} by {'its' if by_domain == 1 else 'their'} domain, {count(malformed)} malformed"
    )


def _malformed(summary: Summary) -> int:
    """Count those that are no addresses at all, as with two signs @: they are not corrected."""
    is_none = (each for each in summary.cells if _is_mistyped(each) and each.reason is Reason.MALFORMED)
    return sum(each.count for each in is_none)


def _is_fixable(runtime: Runtime, summary: Summary) -> bool:
    """Tell whether a new list would have any of them right: what is no address at all is not corrected."""
    return mistyped(summary) > _malformed(summary) and kept_may_fix(runtime.database, summary.standing)


BY_HAND = "What was meant is not sure enough to be corrected here. Correct it in your own file."
"""What to do about those of which none can be corrected for sure."""


def _reasons(summary: Summary) -> list[Reason]:
    """Name the reasons that mistyped ones have, where others of their flag have another; else none."""
    flagged = [cell for cell in summary.cells if Flag.TYPO in cell.flags]
    found = {cell.reason for cell in flagged if _is_mistyped(cell)}
    return sorted(found) if found != {cell.reason for cell in flagged} else []
