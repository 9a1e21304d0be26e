"""What a hit in a chart of Results asks the table for."""

import pytest
import streamlit as st

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.asked import (
    NOTHING,
    POINTS,
    REASONS,
    STATUS,
    WORDS,
    ask_of,
    bins_of,
    note_asked_of,
    rows_of_points,
    rows_of_reason,
    rows_of_status,
)
from pages.parts.clicks import Hit

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(0, 0, (0, 4)), (41, 62.5, (40, 64)), (95, 95, (95, 100)), (-3, 104, (0, 100)), (97.5, 99.9, (95, 100))],
)
def test_a_stretch_is_widened_to_whole_bins_of_which_the_last_holds_a_hundred(low, high, found):
    assert bins_of(low, high) == found


def test_a_bar_asks_for_its_rows_and_takes_all_other_questions_back():
    st.session_state[WORDS], st.session_state[REASONS] = "pear", [Reason.ROLE]
    rows_of_status(Hit(("risky",)))
    assert {key: st.session_state[key] for key in NOTHING} == {**NOTHING, STATUS: Status.RISKY}
    rows_of_reason(Hit(("mailbox_full",)))
    assert {key: st.session_state[key] for key in NOTHING} == {**NOTHING, REASONS: [Reason.MAILBOX_FULL]}


def test_what_another_page_asks_of_a_list_is_kept_there_and_by_no_other_list():
    ask_of(1)
    rows_of_status(Hit(("risky",)))
    note_asked_of(2)
    ask_of(2)
    assert st.session_state[STATUS] is Status.RISKY
    ask_of(3)
    assert st.session_state[STATUS] is None


def test_a_brushed_stretch_asks_for_its_points_of_any_status():
    rows_of_points(Hit(stretch=(41, 58)))
    assert st.session_state[POINTS] == (40, 59)
    assert st.session_state[STATUS] is None
