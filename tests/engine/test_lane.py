"""What a lane learns from warnings: how many sessions at once, and how much in a minute."""

import pytest

from engine.adaptive import first_limit
from engine.bearing import Bearing
from engine.lane import Lane, Outing


@pytest.fixture
def lane():
    return Lane(first_limit(None))


def begin(lane, now=0.0, sessions=1, expected=10) -> list[Outing]:
    outings = [Outing("key", now, expected) for _ in range(sessions)]
    for outing in outings:
        lane.begin(outing)
    return outings


def bear(lane, now=0.0, sessions=1, rcpts=10) -> None:
    """Let so many sessions go well, each with so many RCPTs."""
    for outing in begin(lane, now, sessions, rcpts):
        outing.answered = lane.grant(outing, rcpts, now)
        lane.hear(outing, Bearing.EASY, now)
        lane.leave(outing)


def test_without_a_warning_nothing_is_limited_but_sessions_at_once(lane):
    (outing,) = begin(lane)
    assert lane.grant(outing, 500, 0.0) == 500
    assert lane.room(0.0) == 4


def test_after_a_warning_no_more_is_said_until_the_minute_is_under_the_new_limit(lane):
    first, second = begin(lane, sessions=2, expected=50)
    assert lane.grant(first, 50, 0.0) + lane.grant(second, 50, 1.0) == 100
    first.answered = 50
    lane.hear(first, Bearing.WARNED, 2.0)

    assert lane.grant(second, 1, 2.0) == 0
    lane.leave(first)
    lane.leave(second)
    assert lane.room(2.0) == 0
    opens_at = lane.opens_at(2.0)
    assert 60 < opens_at < 64
    assert lane.room(opens_at) > 0


def test_what_was_not_answered_at_the_warning_does_not_count_as_borne(lane):
    first, second = begin(lane, sessions=2, expected=50)
    lane.grant(first, 60, 0.0)
    lane.grant(second, 60, 0.0)
    first.answered, second.answered = 60, 40
    lane.hear(first, Bearing.WARNED, 1.0)
    assert lane.rcpts.level == 120

    lane.hear(second, Bearing.WARNED, 1.1)
    assert lane.rcpts.level == 100


def test_warnings_of_sessions_that_were_open_at_the_first_count_once(lane):
    outings = begin(lane, sessions=5)
    for outing in outings:
        lane.hear(outing, Bearing.WARNED, 1.0)
        lane.leave(outing)
    assert lane.sessions.warned_level == 1, "none of the five was borne"
    assert lane.rcpts.warned_at == 1.0


def test_an_expected_rcpt_is_kept_free_until_it_is_said_or_its_session_is_over(lane):
    bear(lane, rcpts=100)
    (outing,) = begin(lane, 1.0)
    lane.hear(outing, Bearing.WARNED, 1.0)
    lane.leave(outing)
    at = 100.0
    free = lane.rcpts.at(at)
    (outing,) = begin(lane, at, expected=free)
    assert lane.room(at) == 0
    lane.leave(outing)
    assert lane.room(at) > 0


def test_a_missing_connection_lowers_sessions_and_not_the_rate(lane):
    first, _ = begin(lane, sessions=2)
    lane.hear(first, Bearing.STRAINED, 1.0)
    assert (lane.sessions.at(1.0), lane.rcpts.at(1.0), lane.warned_at) == (1, None, None)


@pytest.mark.parametrize("sign", [Bearing.CUT, Bearing.SLOWED, Bearing.WARNED])
def test_how_many_sessions_were_open_at_a_sign_is_remembered_for_an_hour_after_little_asking_too(lane, sign):
    first, *others = begin(lane, sessions=4)
    lane.hear(first, sign, 1.0)
    for outing in (first, *others):
        lane.leave(outing)
    for minute in range(59):
        bear(lane, 60.0 * minute + 2, sessions=2, rcpts=1)
        assert lane.sessions.at(60.0 * minute + 3) < 4
    bear(lane, 3700.0, sessions=2, rcpts=1)
    bear(lane, 3701.0, sessions=3, rcpts=1)
    assert lane.sessions.at(3702.0) >= 4


def test_a_warning_is_heeded_also_if_a_missing_connection_came_before_it(lane):
    first, second, _ = begin(lane, sessions=3)
    lane.hear(first, Bearing.STRAINED, 1.0)
    lane.hear(second, Bearing.WARNED, 1.0)
    assert lane.rcpts.at(1.0) is not None


def test_a_missing_connection_of_the_only_session_says_nothing_of_how_many_are_borne(lane):
    (only,) = begin(lane)
    lane.hear(only, Bearing.STRAINED, 1.0)
    lane.leave(only)
    assert not lane.is_remembered(1.0)


def turn_away(lane, now: float) -> None:
    (outing,) = begin(lane, now)
    lane.hear(outing, Bearing.WARNED, now)
    lane.leave(outing)


def test_a_second_warning_within_the_hour_is_taken_for_the_sessions_of_a_minute_too(lane):
    bear(lane, sessions=6, rcpts=1)
    turn_away(lane, 1.0)
    assert lane.openings.at(1.0) is lane.report("key", 1.0, 0.0).openings_limit is None

    turn_away(lane, 2.0)
    assert lane.openings.at(2.0) == lane.report("key", 2.0, 0.0).openings_limit == 3
    assert lane.room(3.0) == 0
    assert lane.room(lane.opens_at(3.0)) > 0


def test_a_session_that_asked_nobody_counts_as_none_in_the_minute(lane):
    (outing,) = begin(lane)
    lane.leave(outing)
    assert lane.opened.count(0.0) == 0


def test_a_lane_is_forgotten_when_there_is_nothing_to_remember(lane):
    bear(lane, sessions=2)
    assert not lane.is_remembered(0.0)
    assert lane.rests_at(0.0) < 70
    (outing,) = begin(lane, 100.0)
    lane.hear(outing, Bearing.WARNED, 100.0)
    lane.leave(outing)
    assert lane.rests_at(100.0) > 3600


@pytest.mark.parametrize(("sign", "few", "many"), [(Bearing.CUT, 30, 60), (Bearing.SLOWED, 30, 60)])
def test_a_sign_is_a_warning_only_where_we_have_asked_much_of_late(sign, few, many):
    gentle, eager = Lane(first_limit(None)), Lane(first_limit(None))
    for lane, rcpts in ((gentle, few), (eager, many)):
        bear(lane, rcpts=rcpts)
        (outing,) = begin(lane, 1.0)
        lane.hear(outing, sign, 1.5)
    assert gentle.rcpts.at(2.0) is None
    assert eager.rcpts.at(2.0) is not None
