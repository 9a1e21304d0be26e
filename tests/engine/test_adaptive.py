from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adaptive import (
    BELOW,
    GROWS_FOR_S,
    MARGIN,
    MEMORY_S,
    START,
    STRAIN_S,
    RateLimit,
    first_limit,
    growth_of,
)

LEAST = 45


def grown(limit, times: int, now: float = 0.0):
    """Let so many sessions go well, with the limit used in full."""
    for _ in range(times):
        limit = limit.grown(now, limit.at(now))
    return limit


def test_hosts_nobody_knows_begin_with_a_few_sessions_and_a_known_limit_is_the_beginning_and_the_end():
    assert first_limit(None).at(0.0) == START
    assert first_limit(20).at(0.0) == 20
    assert grown(first_limit(2), 50).at(0.0) == 2


def test_each_clean_session_allows_one_more_so_that_the_limit_doubles_with_each_round():
    assert grown(first_limit(None), START).at(0.0) == 2 * START


def test_a_limit_that_is_not_used_does_not_grow():
    limit = first_limit(None)
    for _ in range(50):
        limit = limit.grown(0.0, 3)
    assert limit.at(0.0) == 6, "no more than twice what is used"


def test_a_warning_halves_and_there_is_always_one():
    limit = grown(first_limit(None), 15).warned(0.0, 20)
    assert limit.at(0.0) == 10
    for _ in range(9):
        limit = limit.warned(0.0, limit.at(0.0))
    assert limit.at(0.0) == 1


def test_only_what_was_open_counts_at_a_warning():
    assert grown(first_limit(None), 45).warned(0.0, 4).at(0.0) == 2


@given(st.integers(2, 400), st.integers(0, 3000))
def test_for_an_hour_the_limit_stays_below_the_warned_level(level, sessions):
    limit = grown(first_limit(None).warned(0.0, level), sessions, now=MEMORY_S - 1)
    assert limit.at(MEMORY_S - 1) <= max(int(level * BELOW), 1)


def test_after_an_hour_it_may_pass_the_warned_level():
    limit = grown(first_limit(None).warned(0.0, 10), 100, now=100.0)
    assert limit.at(100.0) == 6
    assert grown(limit, 100, MEMORY_S + 1).at(MEMORY_S + 1) > 10


def test_after_a_warning_it_grows_by_one_a_round():
    limit = first_limit(None).warned(0.0, 100)
    limit = replace(limit, limit=50)
    assert grown(limit, 45, 1.0).at(1.0) == 50
    assert grown(limit, 52, 1.0).at(1.0) == 51


def test_the_lower_of_two_warned_levels_is_kept_within_the_hour_and_not_after_it():
    limit = first_limit(None).warned(0.0, 6)
    assert limit.warned(10.0, 9).warned_level == 6
    assert limit.warned(MEMORY_S + 10, 9).warned_level == 9


def test_a_session_that_was_open_at_the_warning_and_was_not_borne_lowers_the_warned_level():
    limit = grown(first_limit(None), 15).warned(0.0, 10)
    assert (limit.at(0.0), limit.corrected().warned_level) == (5, 9)
    assert limit.corrected().at(0.0) == 4


def test_a_missing_connection_halves_and_is_remembered_for_minutes_only():
    limit = first_limit(None).strained(0.0, 3)
    assert (limit.at(0.0), grown(limit, 50, STRAIN_S - 1).at(STRAIN_S - 1)) == (1, 1)
    assert grown(limit, 50, STRAIN_S).at(STRAIN_S) > START


def test_a_missing_connection_changes_nothing_of_what_a_warning_taught():
    limit = grown(first_limit(None), 15).warned(0.0, 20).strained(10.0, 8)
    assert (limit.at(10.0), limit.warned_level, limit.warned_at) == (4, 20, 0.0)
    assert limit.strained(20.0, 4).warned(30.0, 15).is_remembered(MEMORY_S)


def test_a_rate_has_no_limit_before_a_warning():
    assert RateLimit(LEAST).at(1e9) is None


def test_after_a_warning_a_rate_begins_with_half_and_grows_slowly_to_just_below_for_an_hour():
    rate = RateLimit(LEAST).warned(0.0, 100)
    assert rate.at(0.0) == 50
    assert rate.at(GROWS_FOR_S / 2) == 70
    assert rate.at(GROWS_FOR_S) == rate.at(MEMORY_S) == 100 * MARGIN


def test_after_the_hour_a_rate_doubles_slowly_and_is_forgotten_at_last():
    rate = RateLimit(LEAST).warned(0.0, 100)
    assert rate.at(MEMORY_S + GROWS_FOR_S) == 180
    assert rate.at(2 * MEMORY_S) is None


def test_a_warning_after_very_little_does_not_stop_the_asking():
    assert RateLimit(LEAST).warned(0.0, 1).at(GROWS_FOR_S) == LEAST


def test_what_was_borne_within_the_hour_is_forgotten_after_it():
    rate = RateLimit(LEAST).warned(0.0, 60)
    assert rate.warned(100.0, 200).level == 60
    assert rate.warned(MEMORY_S + 1, 200).level == 200


@pytest.mark.parametrize("times", [1, 5, 20])
def test_a_rate_never_falls_to_nothing(times):
    rate = RateLimit(LEAST)
    for _ in range(times):
        rate = rate.warned(0.0, 0)
    assert rate.at(0.0) >= 1


def test_what_was_not_answered_counts_as_not_borne():
    assert RateLimit(LEAST).warned(0.0, 200).corrected(80).at(0.0) == 60


@given(st.integers(45, 2000), st.floats(0, GROWS_FOR_S), st.integers(1, 3000))
def test_what_is_left_takes_as_long_as_the_limit_that_grows_minute_by_minute(level, age_s, number):
    limit = RateLimit(LEAST, level, 0.0)
    said_s = growth_of(limit.at(age_s), age_s).takes_s(number)
    passed_s, done = 0.0, 0.0
    while done < number:
        done += limit.at(min(age_s + passed_s, MEMORY_S)) / 60
        passed_s += 1.0
    assert said_s == pytest.approx(passed_s, rel=0.15, abs=2.0)


def test_a_rate_that_has_grown_takes_a_minute_for_what_it_allows_in_one():
    assert growth_of(60, MEMORY_S).takes_s(600) == 600.0
