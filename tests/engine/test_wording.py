import pytest

from engine.reason import Reason
from engine.wording import day, spaced, times


@pytest.mark.parametrize(("attempts", "said"), [(1, "once"), (2, "twice"), (3, "3 times")])
def test_how_often_is_said_as_people_say_it(attempts, said):
    assert times(attempts) == said


def test_a_time_is_written_as_its_day():
    assert day(86_399.0) == "1970-01-01"
    assert day(86_400.0) == "1970-01-02"


def test_our_names_are_written_as_words():
    assert spaced(Reason.MAILBOX_MISSING) == "mailbox missing"
