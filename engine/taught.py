"""What hosts taught the engine of how much they bear, as limits that an estimate can reckon with. Pure."""

from collections.abc import Mapping

from engine.adaptive import MEMORY_S, START, growth_of
from engine.limits import LaneLimits
from engine.pace_report import LaneReport
from engine.provider import provider_named
from engine.snapshot import Snapshot

UNNAMED = "the hosts of one organisation"
"""What a lane is called whose mail hosts were not named."""


def taught_limits(snapshot: Snapshot, now: float) -> Mapping[str, LaneLimits]:
    """Give the limits of those lanes whose hosts warned us, or bear less than we begin with.

    `now` is Unix seconds. Elsewhere a limit only says how far it has grown, which it goes on to do.
    """
    lanes = (each for each in snapshot.pace.lanes if each.lane and _is_taught(each, now))
    return {each.lane: _limits(each, _host_of(each.lane, snapshot), now) for each in lanes}


def _is_taught(lane: LaneReport, now: float) -> bool:
    has_rate = lane.rcpts_limit is not None or lane.openings_limit is not None
    return has_rate or lane.limit < START or now - (lane.warned_at or 0.0) < MEMORY_S


def _host_of(lane: str, snapshot: Snapshot) -> str:
    """Name a lane's first mail host, since nobody knows a route key; a provider has a name already."""
    return "" if provider_named(lane).name == lane else snapshot.mx_hosts.get(lane, UNNAMED)


def _limits(lane: LaneReport, host: str, now: float) -> LaneLimits:
    age_s = max(now - (lane.warned_at or now), 0.0)
    sessions, rcpts = (
        None if limit is None else growth_of(limit, age_s)
        for limit in (lane.openings_limit, lane.rcpts_limit)
    )
    return LaneLimits(lane.limit, sessions, rcpts, host)
