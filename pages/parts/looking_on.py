"""New list while lists are being saved: how far that is, and what became of each of them."""

from collections.abc import Sequence
from types import NoneType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.frame import LISTS, RESULTS, go, link, plain
from pages.parts.intake import next_turn
from pages.parts.keeping import Failed, Handed, Keeping, OnlySaved, Outcome, Saved, Start, Started
from storage.database import Database

_KEEPING = "keeping"
_LOOK_S = 0.1
_GLANCE_S = 0.5


def keep(database: Database, handed: Sequence[Handed], start: Start, place: DeltaGenerator) -> None:
    """Save lists and start them, with their progress in this place, and begin the page anew after that.

    A click meanwhile begins it anew at once. Either way `look_on` says what comes of it.
    """
    keeping = Keeping(database, handed, start)
    st.session_state[_KEEPING] = keeping  # first, so that whoever comes next looks on and saves nothing twice
    keeping.begin()
    while not keeping.is_over(_LOOK_S):
        keeping.note_look()
        place.progress(*keeping.said)
    keeping.note_look()
    st.rerun()


def look_on() -> None:
    """Where lists of this visit are still being saved, show that alone; then leave for them.

    Where somebody looked away meanwhile, or not all is well, what became of each list is said instead, until
    that is dismissed or the next list is begun.
    """
    keeping: Keeping | None = st.session_state.get(_KEEPING)
    if keeping is None:
        return
    if not keeping.is_over():
        show_saving(keeping)
        st.stop()
    _empty_form(keeping)
    if keeping.is_whole and keeping.is_looked_at:
        _leave(keeping)
    _tell(keeping)


def show_saving(keeping: Keeping) -> None:
    """Show how far the saving of lists is; the page begins anew once it is over."""
    st.fragment(_show_progress, run_every=_GLANCE_S)(keeping)


def _show_progress(keeping: Keeping) -> None:
    keeping.note_look()
    if keeping.is_over():
        st.rerun()
    st.progress(*keeping.said)
    st.caption(GOES_ON)


GOES_ON = "This goes on if you leave the page. What is saved stands on Lists."


def _empty_form(keeping: Keeping) -> None:
    """Begin an empty form, once, where a list is saved: a second press must not save it again."""
    if keeping.uploads and not keeping.is_form_new:
        next_turn()
        keeping.note_form_new()


def _leave(keeping: Keeping) -> None:
    """Go to the lists that were started; they are remembered until `arrive`, lest a click gets in between."""
    if len(keeping.uploads) == 1:
        go(RESULTS, keeping.uploads[0])
    go(LISTS)


def arrive() -> None:
    """Forget lists that were all saved and started: who comes to Results or Lists sees them there."""
    keeping: Keeping | None = st.session_state.get(_KEEPING)
    if keeping is not None and keeping.is_whole:
        _forget()


def _forget() -> None:
    st.session_state.pop(_KEEPING, None)


def _tell(keeping: Keeping) -> None:
    """Say what became of each list, those that need a hand first."""
    for kinds, show, icon in _BOXES:
        if said := _sentences(keeping, kinds):
            show("  \n".join(said), icon=icon)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if keeping.uploads:
            link(LISTS, "See your lists", ":material/list:")
        st.button("Dismiss", icon=":material/close:", key="dismiss kept", type="tertiary", on_click=_forget)


def _sentences(keeping: Keeping, kinds: tuple[type, ...]) -> list[str]:
    """Say what became of the lists that ended in one of these ways."""
    told = zip(keeping.names, keeping.outcomes, strict=True)
    is_new = keeping.is_form_new
    return [say_outcome(name, each, is_form_new=is_new) for name, each in told if isinstance(each, kinds)]


_BOXES = (
    ((Failed, NoneType), st.error, ":material/error:"),
    ((OnlySaved,), st.warning, ":material/warning:"),
    ((Started,), st.success, ":material/check:"),
)
"""Which outcomes are told together, and how they look."""


def say_outcome(name: str, outcome: Outcome | None, *, is_form_new: bool) -> str:
    """Say what became of a list, and what to do about it: in an empty form it is to be handed in again."""
    match outcome:
        case Started():
            return f"{plain(name)} is saved, and its check is started."
        case Saved():
            return f"{plain(name)} is saved; nobody was asked yet."
        case OnlySaved(why=why):
            return (
                f"{plain(name)} is saved, but its check could not be started; start it on its Results page. "
                f"{plain(why)}"
            )
        case Failed(why=why):
            again = "Hand it in once more." if is_form_new else "Try it once more."
            return f"{plain(name)} could not be saved; nothing of it was started. {again} {plain(why)}"
    return f"Saving {plain(name)} broke off. Look on your lists whether it is there, or hand it in once more."
