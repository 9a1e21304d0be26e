"""What hosts taught the engine of how much they bear, as limits to reckon with."""

import pytest

from engine.adaptive import GROWS_FOR_S, MEMORY_S, START, growth_of
from engine.limits import LaneLimits
from engine.pace_report import LaneReport, PaceReport
from engine.snapshot import Snapshot
from engine.taught import UNNAMED, taught_limits

NOW = 10_000.0


def taught(*lanes, **mx_hosts):
    return taught_limits(Snapshot(PaceReport(lanes=lanes), mx_hosts), NOW)


def test_a_lane_that_was_warned_has_its_limits_with_the_age_of_the_warning():
    lane = LaneReport("a1b2", 2, rcpts_limit=30, openings_limit=6, warned_at=NOW - GROWS_FOR_S / 2)
    assert taught(lane, a1b2="mx.orchard.sandbox") == {
        "a1b2": LaneLimits(
            2, growth_of(6, GROWS_FOR_S / 2), growth_of(30, GROWS_FOR_S / 2), "mx.orchard.sandbox"
        )
    }


def test_a_limit_that_only_has_not_grown_yet_is_none():
    assert taught(LaneReport("google", START), LaneReport("a1b2", START + 20)) == {}


@pytest.mark.parametrize(
    "lane",
    [LaneReport("a1b2", START - 1), LaneReport("a1b2", START + 20, warned_at=NOW - MEMORY_S + 1)],
)
def test_few_sessions_or_a_warning_that_is_remembered_bind(lane):
    assert taught(lane) == {"a1b2": LaneLimits(lane.limit, host=UNNAMED)}


def test_a_warning_of_long_ago_binds_no_more():
    assert taught(LaneReport("a1b2", START + 20, warned_at=NOW - MEMORY_S - 1)) == {}


def test_domains_without_mail_hosts_are_no_lane():
    assert taught(LaneReport("", 1)) == {}


def test_a_provider_keeps_its_own_name():
    assert taught(LaneReport("google", 2)) == {"google": LaneLimits(2)}
