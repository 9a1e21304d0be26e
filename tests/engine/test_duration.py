"""How long a stretch takes, by each of its limits."""

import pytest

from engine.adaptive import Growth
from engine.ahead import Ahead, Kind, Stretch
from engine.dispatch import IDLE_S
from engine.duration import (
    FOUND_S,
    RCPT_S,
    SETUP_S,
    TURN_S,
    Bound,
    ends_s,
    left_s,
    limited_s,
    slowest_paces,
    usual_past_s,
    usual_s,
)
from engine.limits import LaneLimits, Limits
from engine.value import replace

LANE = Stretch(Kind.PROVIDER, "a1b2", 100, 20, 50, 10, turns=30, done_turns=15, made_up=10)


def limits(**own):
    return Limits(96, domain_sessions_per_minute=10, lanes={"a1b2": LaneLimits(**own)})


def test_a_session_usually_takes_its_set_up_its_recipients_and_its_turns():
    assert usual_s(LANE) == pytest.approx(20 * SETUP_S + 100 * RCPT_S + 30 * TURN_S)
    assert usual_past_s(LANE) == pytest.approx(10 * SETUP_S + 50 * RCPT_S + 15 * TURN_S)


def test_a_lane_takes_what_its_sessions_at_once_and_its_rates_want():
    found = limited_s(LANE, 0.0, limits(at_once=2, sessions=Growth(10, 10), rcpts=Growth(60, 60)), 1.0)
    assert found == pytest.approx({Bound.AT_ONCE: usual_s(LANE) / 2, Bound.SESSIONS: 120, Bound.RCPTS: 110})


def test_a_lane_without_limits_of_its_own_has_all_sessions():
    assert limited_s(LANE, 0.0, limits(), 1.0) == pytest.approx({Bound.AT_ONCE: usual_s(LANE) / 20})


def test_the_sessions_of_a_domain_begin_as_its_minute_allows():
    assert ends_s(0, 2.0, limits()) == 0
    assert ends_s(1, 2.0, limits()) == 2
    assert ends_s(10, 2.0, limits()) == 20
    assert ends_s(11, 2.0, limits()) == 62
    assert ends_s(3, 2.0, Limits(96, session_backoff_s=1.0)) == 8


def test_sessions_that_were_allowed_before_a_warning_do_not_pass_for_fast_ones():
    begun = Ahead((LANE,), active_s=10.0)
    known, taught = (list(slowest_paces(begun, limits(at_once=2, is_taught=each))) for each in (False, True))
    assert known == pytest.approx([10 * 2 / usual_past_s(LANE)])
    assert taught == pytest.approx([10 * 96 / usual_past_s(LANE)])


def test_a_rate_that_was_learned_only_now_says_nothing_of_what_was_done_before():
    slow = limits(at_once=2, rcpts=Growth(6, 6))
    assert left_s(LANE, 10.0, slow, 1.0) == pytest.approx(110 * 10)


ORCHARD = Stretch(Kind.DOMAIN, "orchard.sandbox", 20, 1, done=200, done_sessions=10)


def domain_s(stretch, active_s, own):
    return max(limited_s(stretch, active_s, own, 1.0).values())


def test_a_session_that_is_overdue_is_half_a_turn_away():
    own = Limits(96, session_backoff_s=1.2)
    session_s = usual_s(ORCHARD)
    assert domain_s(ORCHARD, 500.0, own) == pytest.approx((session_s + 1.2) / 2)


def test_a_domain_has_had_no_more_sessions_than_its_minutes_so_far_allowed():
    begun = replace(ORCHARD, done_sessions=12)
    assert domain_s(begun, 50.0, limits()) == pytest.approx(10 + usual_s(ORCHARD))
    assert domain_s(begun, 62.0, limits()) < 10


def test_the_last_of_a_domain_wait_with_nobody_else_to_fill_the_time():
    own = Limits(96, session_backoff_s=1.2, delays_s=(2.2, 2.2, 4.2))
    without, once, twice = (domain_s(replace(ORCHARD, waits=waits), 0.0, own) for waits in (0, 1, 2))
    assert once == pytest.approx(without + 4.2 + FOUND_S - 1.2)
    assert twice == pytest.approx(once + 2.2 + FOUND_S - 1.2)


def test_who_comes_back_is_found_after_half_of_the_time_between_two_looks():
    assert FOUND_S == IDLE_S / 2
