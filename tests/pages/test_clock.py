"""Times in words."""

from datetime import UTC, datetime

import pytest

from pages.parts.clock import day_and_time, when

NOON = datetime(2031, 5, 14, 12, 0, tzinfo=UTC).timestamp()


HOUR = 3600


DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (5, "in less than a minute"),
        (70, "in about 1 minute"),
        (250, "in about 4 minutes"),
        (-2 * HOUR, "today 10:00"),
        (2 * HOUR, "today 14:00"),
        (-DAY, "yesterday 12:00"),
        (DAY, "tomorrow 12:00"),
        (-10 * DAY, "4 May, 12:00"),
        (-200 * DAY, "26 October 2030, 12:00"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds, said):
    assert when(NOON + seconds, now=NOON, zone=UTC) == said


def test_a_time_on_the_clock_is_never_just_now():
    assert day_and_time(NOON - 5, now=NOON, zone=UTC) == "today 11:59"
    assert day_and_time(NOON + 5, now=NOON, zone=UTC) == "today 12:00"
