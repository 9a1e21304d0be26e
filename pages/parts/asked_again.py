"""Asking again about all that nobody could tell of: how many those are, and what it has changed."""

import streamlit as st

from engine.reason import NEVER_AGAIN
from engine.value import value
from engine.verdict import Status
from pages.parts.counting import count, several
from storage.summaries import Summary

_ASKED = "asked again"
"""Where a visit remembers of each list what was asked about once more."""


@value
class Asked:
    """How many addresses were asked about once more, and how many stayed unknown on purpose meanwhile."""

    addresses: int = 0
    left: int = 0


def askable(summary: Summary) -> int:
    """Count the addresses that nobody could tell of, and of which another try may."""
    return sum(
        number
        for status, why, number in summary.by_reason()
        if status is Status.UNKNOWN and why not in NEVER_AGAIN
    )


def on_purpose(summary: Summary) -> int:
    """Count the addresses that are unknown because nobody is to be asked about them."""
    return sum(
        number
        for status, why, number in summary.by_reason()
        if status is Status.UNKNOWN and why in NEVER_AGAIN
    )


def note_asked(upload: int, asked: Asked) -> None:
    """Keep in mind which addresses of a list are asked about once more."""
    st.session_state.setdefault(_ASKED, {})[upload] = asked


def asked_again(upload: int) -> Asked:
    """Give what of a list was asked about once more in this visit."""
    found: Asked = st.session_state.get(_ASKED, {}).get(upload, Asked())
    return found


def told_again(summary: Summary) -> str:
    """Say what asking again has changed in a list; `""` where nobody was asked in this visit."""
    asked = asked_again(summary.standing.upload)
    held = max(on_purpose(summary) - asked.left, 0)
    return say_asked_again(asked.addresses, askable(summary), held)


def say_asked_again(asked: int, unknown: int, held: int = 0) -> str:
    """Say what asking again has changed, where so many are unknown now and so many were held back."""
    if not asked:
        return ""
    about = f"Asked again about {several(asked, 'address', 'addresses')}"
    answered = max(asked - unknown - held, 0)
    if not answered and not held:
        return f"{about}: none changed, {'it is' if asked == 1 else 'all are'} still unknown."
    parts = (
        (answered, f"{count(answered)} {'has' if answered == 1 else 'have'} an answer now"),
        (unknown, f"{count(unknown)} {'is' if unknown == 1 else 'are'} still unknown"),
        (held, f"{count(held)} {'is' if held == 1 else 'are'} {_HELD}"),
    )
    return f"{about}: {', '.join(said for number, said in parts if number)}."


_HELD = "held back by your never-asked list or policy"
