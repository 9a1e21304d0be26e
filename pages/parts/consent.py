"""The two answers to a question that is asked once more before something is done."""

from collections.abc import Callable

import streamlit as st


def is_agreed(act: str, leave: str, forget: Callable[[], None], icon: str | None = None) -> bool:
    """Offer to do it or, as the safer answer, to leave it; tell whether it is to be done.

    Either answer has the question forgotten; where it is left, the page is drawn anew without it.
    """
    with st.container(horizontal=True):
        is_to_be_done = st.button(act, icon=icon)
        is_left = st.button(leave, type="primary")
    if is_to_be_done or is_left:
        forget()
    if is_left:
        st.rerun()
    return is_to_be_done
