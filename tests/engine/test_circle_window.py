import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.circle_window import WINDOW_ANSWERS, WINDOW_S, CircleWindow, Spoken

PER_PART = 3
PARTS = st.integers(0, 60).map(str)


class Remembering:
    """The same rules, by one who looks through all answers each time."""

    def __init__(self):
        self.answers = []

    def add(self, spoken):
        kept = [each for each in self.answers if each.at >= spoken.at - WINDOW_S]
        same = [each for each in kept if each.part == spoken.part]
        if len(same) >= PER_PART:
            kept.remove(same[0])
        self.answers = [*kept, spoken][-WINDOW_ANSWERS:]

    @property
    def share(self):
        return sum(each.is_of_us for each in self.answers) / len(self.answers)


@pytest.fixture
def window():
    return CircleWindow(PER_PART, 2)


def speak(window, parts, *, is_of_us, at=0.0):
    for part in parts:
        window.add(Spoken(at, part, is_of_us))


@given(st.lists(st.tuples(st.floats(0, 200), PARTS, st.booleans()), min_size=1, max_size=300))
def test_it_remembers_as_one_does_who_looks_through_all_answers(steps):
    window, other, now = CircleWindow(PER_PART), Remembering(), 0.0
    for number, (pause, part, is_of_us) in enumerate(steps):
        now += pause
        spoken = Spoken(now + number / 1e6, part, is_of_us)
        window.add(spoken)
        other.add(spoken)
        assert len(window) == len(other.answers)
        assert window.latest == spoken.at
        assert window.share == other.share
        assert set(window.parts) == {each.part for each in other.answers}


def test_refusals_in_a_row_are_trouble_where_enough_parts_refuse(window):
    speak(window, "aaa", is_of_us=True)
    assert not window.is_trouble(3)
    speak(window, "b", is_of_us=True)
    assert window.is_trouble(3)
    speak(window, "b", is_of_us=False)
    assert not window.is_trouble(3)


def test_a_large_share_of_refusals_is_trouble_among_enough_answers(window):
    speak(window, "abcdefg", is_of_us=True)
    speak(window, "hijklmnopqrs", is_of_us=False)
    assert not window.is_trouble(5)
    speak(window, "t", is_of_us=False)
    assert window.is_trouble(5)


def test_what_is_too_old_counts_no_more(window):
    speak(window, "abc", is_of_us=True)
    speak(window, "d", is_of_us=False, at=WINDOW_S)
    assert window.share == 3 / 4
    speak(window, "d", is_of_us=False, at=WINDOW_S + 1)
    assert window.share == 0.0
    assert window.parts == ("d",)


def test_of_one_part_only_its_last_answers_count(window):
    speak(window, "a", is_of_us=True)
    speak(window, "aaa", is_of_us=False)
    assert (len(window), window.share) == (PER_PART, 0.0)


def test_nothing_said_is_no_trouble(window):
    assert window.share == 0.0
    assert not window.is_trouble(1)
