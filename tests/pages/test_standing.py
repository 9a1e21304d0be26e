"""What a page sets stays where it stands: the watch over all tests of pages does find what does not."""

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
st.button("Clear", on_click=lambda: st.session_state.update({{"points": 0}}))
with {around}:
    if st.session_state.get("points"):
        st.caption("Only some")
st.slider("Points", 0, 100, key="points")
"""


@pytest.mark.parametrize("around", ["st.container()", "__import__('contextlib').nullcontext()"])
def test_what_is_set_and_moved_in_one_run_is_found(around):
    page = AppTest.from_string(PAGE.format(around=around)).run()
    page.slider[0].set_value(40).run()
    if around == "st.container()":
        assert page.button[0].click().run().slider[0].value == 0
    else:
        with pytest.raises(AssertionError, match="moved in the same run"):
            page.button[0].click().run()
