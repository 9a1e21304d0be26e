import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.window import MINUTE_S, Window


@pytest.fixture
def window():
    return Window()


def test_what_was_done_counts_for_a_minute(window):
    window.add(0.0, 3)
    window.add(30.0)
    assert window.count(59.9) == 4
    assert window.count(60.0) == 1
    assert window.count(90.0) == 0


def test_it_says_when_the_count_will_have_fallen(window):
    window.add(0.0, 3)
    window.add(30.0, 2)
    assert window.falls_to(5, 31.0) == 31.0
    assert window.falls_to(4, 31.0) == 60.0
    assert window.falls_to(1, 31.0) == 90.0


def test_the_latest_can_be_taken_back_unless_it_is_gone(window):
    window.add(0.0, 3)
    window.add(1.0, 2)
    window.take_back()
    assert window.count(1.0) == 3
    assert window.count(100.0) == 0
    window.take_back()
    assert window.count(100.0) == 0


@given(st.lists(st.tuples(st.floats(0, 20), st.integers(1, 9)), max_size=300))
def test_it_counts_as_one_does_who_remembers_everything(steps):
    window, all_of_them, now = Window(), [], 0.0
    for pause, number in steps:
        now += pause
        window.add(now, number)
        all_of_them.append((now, number))
        assert window.count(now) == sum(n for at, n in all_of_them if at > now - MINUTE_S)
