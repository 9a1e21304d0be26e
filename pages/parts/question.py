"""A question in a dialog: kept in the visit until it is answered, whatever else draws the page anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

import streamlit as st

T = TypeVar("T")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """A question and what it is about; `slot` is where a visit keeps that."""

    slot: str

    def put(self, about: T) -> None:
        """Have it asked, where a click does that before the page is drawn."""
        st.session_state.pop(self._told, None)
        st.session_state[self.slot] = about

    def ask(self, about: T) -> NoReturn:
        """Have the whole page drawn anew with the question."""
        self.put(about)
        st.rerun()

    @property
    def about(self) -> T | None:
        """What is asked about; None where nothing is."""
        asked: T | None = st.session_state.get(self.slot)
        return asked

    def answered(self) -> None:
        """Forget it: there is an answer, or the dialog was closed."""
        st.session_state.pop(self._told, None)
        st.session_state.pop(self.slot, None)

    def once(self, work_out: Callable[[], A]) -> A:
        """Give what is to be known for it: worked out once, and kept with it until it is answered."""
        if self._told not in st.session_state:
            st.session_state[self._told] = work_out()
        told: A = st.session_state[self._told]
        return told

    @property
    def _told(self) -> str:
        return f"{self.slot} told"

    def show(self, dialog: Callable[[T], None]) -> bool:
        """Show the dialog where the question is asked, and tell whether it is."""
        if (about := self.about) is None:
            return False
        dialog(about)
        return True
