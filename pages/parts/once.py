"""What is worked out once in a visit: a page runs again at each click, a large file is read only once."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

_ONCE = "once "
T = TypeVar("T")


def once(slot: str, key: object, make: Callable[[], T]) -> T:
    """Make a value once for a key; a slot keeps its last value only."""
    kept = st.session_state.get(_ONCE + slot)
    if kept is None or kept[0] != key:
        kept = st.session_state[_ONCE + slot] = (key, make())
    value: T = kept[1]
    return value


def stay(*keys: str) -> None:
    """Keep what widgets are set to while other pages are shown: Streamlit forgets what it does not draw."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def forget(is_stale: Callable[[str], bool] = lambda _slot: True) -> None:
    """Forget what slots keep: all of them, or those that are stale."""
    slots = [str(name).removeprefix(_ONCE) for name in st.session_state if str(name).startswith(_ONCE)]
    for slot in filter(is_stale, slots):
        del st.session_state[_ONCE + slot]
