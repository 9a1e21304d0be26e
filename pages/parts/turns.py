"""Widgets that begin anew: in each turn they have another key, so nothing is chosen or handed in there."""

from collections.abc import Mapping
from typing import Any

import streamlit as st


def turn_of(name: str) -> int:
    """Say how often the widgets of this name began anew in this visit."""
    turn: int = st.session_state.setdefault(_slot(name), 0)
    return turn


def keyed(name: str) -> str:
    """Give the key under which the widget of this name stands until it begins anew."""
    return f"{name} {turn_of(name)}"


def begin_anew(name: str) -> None:
    """Have the widgets of this name begin anew."""
    st.session_state[_slot(name)] = turn_of(name) + 1


def selection_of(name: str) -> Mapping[str, Any]:
    """Give what is selected in the chart or grid of this name.

    Nothing is in one that began anew and is not drawn yet, though a late click on the one before may ask.
    """
    return chosen_in(keyed(name))


def chosen_in(key: str) -> Mapping[str, Any]:
    """Give what is selected in the chart or grid under this very key; nothing where none stands under it."""
    chosen: Mapping[str, Any] = st.session_state.get(key, {})
    return chosen.get("selection", {})


def _slot(name: str) -> str:
    return f"{name} turn"
