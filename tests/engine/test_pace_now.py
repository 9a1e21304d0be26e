"""How asking is paced, told of the pacing and the breakers as they stand."""

from dataclasses import replace

import pytest

from engine.batch import Batch, Convoy, DomainFacts, Pause, Recipient, Scope
from engine.bearing import Bearing
from engine.breaker import Breaker
from engine.pace_now import pace_now
from engine.pace_report import BreakerState
from engine.pacing import Pacing
from engine.reason import Reason
from engine.settings import Settings
from engine.verdict import AcceptAll

SETTINGS = Settings(session_backoff_ms=60_000, global_concurrency=40)
BEGAN = 1_000.0
"""The pacing's clock; Unix time is far ahead of it."""
NOW = 1_700_000_000.0
PLUM = DomainFacts("plum.sandbox", route_key="a1b2", provider="other", accept_all=AcceptAll.NO)
QUINCE = DomainFacts("quince.sandbox", route_key="c3d4", provider="google", accept_all=AcceptAll.NO)


@pytest.fixture
def pacing():
    return Pacing(SETTINGS, lambda: BEGAN)


@pytest.fixture
def breaker():
    return Breaker(SETTINGS, lambda: NOW)


def go_out(pacing, facts, recipients=3):
    batch = Batch(facts, tuple(Recipient(number, None) for number in range(recipients)))
    return batch, pacing.begin(Convoy((batch,)))


def report(pacing, breaker):
    return pace_now(pacing, breaker, SETTINGS, NOW)


def opened(scope: Scope, name: str, until: float) -> Pause:
    return Pause(scope, name, NOW - 60, until, why=Reason.UNREACHABLE)


def test_where_nothing_is_out_there_is_nothing_to_report(pacing, breaker):
    found = report(pacing, breaker)
    assert (found.taken_at, found.sessions, found.sessions_limit) == (NOW, 0, 40)
    assert found.lanes == ()


def test_each_lane_says_how_many_sessions_are_open_of_how_many(pacing, breaker):
    go_out(pacing, PLUM)
    go_out(pacing, QUINCE)
    go_out(pacing, replace(QUINCE, name="sloe.sandbox"))
    pacing.allow(QUINCE)(2)
    found = report(pacing, breaker)
    lanes = {each.lane: each for each in found.lanes}
    assert found.sessions == 3
    assert {name: each.sessions for name, each in lanes.items()} == {"a1b2": 1, "google": 2}
    assert lanes["google"].limit == 5
    assert (lanes["google"].rcpts, lanes["google"].rcpts_limit) == (2, None)
    assert {each.breaker for each in found.lanes} == {BreakerState.CLOSED}


def test_what_is_settled_without_a_mail_host_is_no_session(pacing, breaker):
    go_out(pacing, DomainFacts("fallow.sandbox"))
    assert (report(pacing, breaker).sessions, report(pacing, breaker).lanes) == (0, ())


def test_a_warning_lowers_the_limits_and_its_time_is_told_as_unix_time(pacing, breaker):
    for name in ("quince.sandbox", "sloe.sandbox", "medlar.sandbox", "damson.sandbox"):
        go_out(pacing, replace(QUINCE, name=name))
    pacing.hear(QUINCE, Bearing.WARNED)
    (lane,) = report(pacing, breaker).lanes
    assert lane.limit == 2
    assert lane.rcpts_limit is not None
    assert lane.warned_at == NOW


def test_a_domain_that_rests_between_two_sessions_is_held_and_one_that_is_out_is_not(pacing, breaker):
    batch, outing = go_out(pacing, PLUM)
    assert report(pacing, breaker).domains_held == 0
    pacing.leave(outing)
    pacing.end(batch)
    assert report(pacing, breaker).domains_held == 1


def test_breakers_are_told_of_lanes_and_of_domains_by_number(pacing, breaker):
    breaker.remember(
        [
            opened(Scope.PROVIDER, "google", NOW + 90),
            opened(Scope.ROUTE, "a1b2", NOW),
            opened(Scope.DOMAIN, "sloe.sandbox", NOW + 5),
            opened(Scope.DOMAIN, "medlar.sandbox", NOW - 5),
        ]
    )
    found = report(pacing, breaker)
    lanes = {each.lane: each for each in found.lanes}
    assert (lanes["google"].breaker, lanes["google"].until) == (BreakerState.OPEN, NOW + 90)
    assert (lanes["a1b2"].breaker, lanes["a1b2"].until) == (BreakerState.HALF_OPEN, None)
    assert (found.domains_open, found.domains_half_open) == (1, 1)
