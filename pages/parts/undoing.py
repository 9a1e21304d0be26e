"""The bar that offers for a while to take back what was done last, and says so where that was done."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

import streamlit as st

UNDO_S = 30.0
"""Seconds for which it is offered."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Undo(Generic[T]):
    """What a visitor did last of a kind; `slot` is where the visit keeps that."""

    slot: str

    def offer(self, done: T) -> None:
        """Offer from now on to take this back."""
        st.session_state[self.slot] = (done, time.time() + UNDO_S)

    @property
    def offered(self) -> T | None:
        """What can be taken back just now; None for nothing."""
        done: T | None
        done, until = st.session_state.get(self.slot, (None, 0.0))
        return done if time.time() < until else None

    def forget(self) -> None:
        """Offer it no more."""
        st.session_state.pop(self.slot, None)

    def say(self, said: str) -> NoReturn:
        """Have the whole page drawn anew with what is said."""
        st.session_state[self._said] = said
        st.rerun()

    @property
    def _said(self) -> str:
        return f"{self.slot} said"

    def take_words(self) -> str:
        """Give what is to be said, once; `""` for nothing."""
        return str(st.session_state.pop(self._said, ""))


@st.fragment(run_every=UNDO_S)
def undo_bar(undo: Undo[T], say: Callable[[T], str], take_back: Callable[[T], None]) -> None:
    """Say what was done last as long as it can be taken back, with the button that does."""
    if said := undo.take_words():
        st.toast(said, icon=":material/undo:")
    if (done := undo.offered) is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo"):
        st.markdown(f":material/delete: {say(done)}", width="content")
        if st.button("Undo", icon=":material/undo:"):
            take_back(done)
