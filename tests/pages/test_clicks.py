"""Clicks on charts: what they hit, and what the table below is then asked for."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.clicks import Hit, hit_of


def test_a_clicked_bar_opens_what_it_stands_for():
    assert hit_of({"points": [{"x": 3, "customdata": ["risky"]}], "box": []}) == Hit(opens=("risky",))


def test_a_brushed_stretch_goes_from_its_lower_edge_to_its_upper_one_however_it_was_drawn():
    assert hit_of({"points": [], "box": [{"x": [62.5, 41.0]}]}) == Hit(stretch=(41.0, 62.5))


@pytest.mark.parametrize("points", [[], [{"x": 3}], [{"x": 3, "customdata": []}]])
def test_what_opens_nothing_is_no_hit(points: list):
    assert hit_of({"points": points, "box": []}) is None


def _page() -> None:
    import streamlit as st

    from pages.parts.clicks import ask_for, come_here, go_there

    if st.button("a bar"):
        ask_for("orchard", {"answer": "pear"})
    drawn = st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
    if drawn < 5:
        go_there()
    come_here("mill")
    come_here("orchard")
    st.text(st.session_state.get("answer", ""))


def test_a_page_that_is_asked_for_something_is_drawn_anew_once_and_then_goes_there():
    page = AppTest.from_function(_page).run()
    page.button[0].click().run()
    assert page.text[0].value == "pear"
    assert page.session_state["drawn"] == 3
    assert "scroll to" not in page.session_state
