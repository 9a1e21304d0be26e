"""Widgets that begin anew under another key."""

import pytest
import streamlit as st

from pages.parts.turns import begin_anew, keyed, selection_of, turn_of

pytestmark = pytest.mark.usefixtures("session")


def test_a_widget_keeps_its_key_until_it_begins_anew():
    first = keyed("orchard")
    assert keyed("orchard") == first
    begin_anew("orchard")
    assert keyed("orchard") != first
    assert turn_of("orchard") == 1


def test_widgets_of_another_name_stay_as_they_are():
    before = keyed("mill")
    begin_anew("orchard")
    assert keyed("mill") == before


def test_a_late_click_finds_nothing_selected_in_a_grid_that_began_anew_and_is_not_drawn_yet():
    st.session_state[keyed("orchard")] = {"selection": {"cells": [(2, "Address")]}}
    assert selection_of("orchard") == {"cells": [(2, "Address")]}
    begin_anew("orchard")
    assert selection_of("orchard") == {}
