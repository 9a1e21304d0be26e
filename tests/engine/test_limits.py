"""What bounds a list's sessions: what is set, what providers start with, and what hosts taught us."""

from engine.adaptive import Growth
from engine.limits import ANY, LaneLimits, Limits, limits_of
from engine.settings import Settings

SETTINGS = Settings(global_concurrency=7, domain_sessions_per_minute=3)


def test_the_limits_are_those_that_are_set_and_those_that_providers_start_with():
    limits = limits_of(SETTINGS, lists=2)
    assert (limits.global_concurrency, limits.domain_sessions_per_minute, limits.share) == (7, 3, 0.5)
    assert limits.lane("outlook").at_once == 1
    assert limits.session_backoff_s == 1.2
    assert limits.lane("a1b2") == ANY


def test_several_lists_share_the_sessions_but_each_has_one():
    assert limits_of(SETTINGS, lists=2).most_at_once == 3.5
    assert limits_of(SETTINGS, lists=20).most_at_once == 1


def test_what_hosts_taught_us_is_added_and_never_loosens_what_a_provider_starts_with():
    rcpts = Growth(30, 54, 600)
    taught = {"google": LaneLimits(2, None, rcpts), "outlook": LaneLimits(4), "a1b2": LaneLimits(3)}
    limits = limits_of(SETTINGS, taught=taught)
    assert limits.lane("google") == LaneLimits(2, None, rcpts, is_taught=True)
    assert limits.lane("outlook").at_once == 1
    assert limits.lane("a1b2").at_once == 3


def test_short_waits_end_before_the_first_long_one():
    limits = Limits(1, delays_s=(45.0, 60.0, 900.0, 45.0))
    assert limits.short_waits(0) == (45, 60)
    assert limits.short_waits(1) == (60,)
    assert limits.short_waits(2) == ()
