"""Asking again about all that nobody could tell of: how many those are, and what it has changed."""

import streamlit as st

from engine.reason import NEVER_AGAIN
from engine.verdict import Status
from pages.parts.counting import count, several
from storage.summaries import Summary

_ASKED = "asked again"
"""Where a visit remembers of each list how many addresses were asked about once more."""


def askable(summary: Summary) -> int:
    """Count the addresses that nobody could tell of, and of which another try may."""
    return sum(
        number
        for status, why, number in summary.by_reason()
        if status is Status.UNKNOWN and why not in NEVER_AGAIN
    )


def note_asked(upload: int, number: int) -> None:
    """Keep in mind that so many addresses of a list are asked about once more."""
    st.session_state.setdefault(_ASKED, {})[upload] = number


def asked_again(upload: int) -> int:
    """Give how many addresses of a list were asked about once more in this visit; 0 for none."""
    return int(st.session_state.get(_ASKED, {}).get(upload, 0))


def say_asked_again(asked: int, unknown: int) -> str:
    """Say what asking again has changed, where so many are unknown now; `""` where nobody was asked."""
    if not asked:
        return ""
    about = f"Asked again about {several(asked, 'address', 'addresses')}"
    answered = max(asked - unknown, 0)
    if not answered:
        return f"{about}: none changed, {'it is' if asked == 1 else 'all are'} still unknown."
    have = "has" if answered == 1 else "have"
    left = f", {count(unknown)} {'is' if unknown == 1 else 'are'} still unknown" if unknown else ""
    return f"{about}: {count(answered)} {have} an answer now{left}."
