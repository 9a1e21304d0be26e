"""Pace: how many sessions are open, which mail hosts are asked and how gently, and what waits for what."""

import streamlit as st

from pages.parts.frame import enter
from pages.parts.pace import pace

runtime = enter("Pace")
st.write(
    "Mail hosts shut out whoever asks too much at once. Winnow asks many of them side by side, but each one "
    "gently, and slows down where a host wants it."
)
pace(runtime)
