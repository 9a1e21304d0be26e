"""What the engine is doing at a moment: kept with its lease at each heartbeat, for a page to show."""

from collections.abc import Sequence
from dataclasses import field
from heapq import nlargest

from engine.batch import DomainFacts
from engine.exchange import MailHosts
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.value import replace, value

LANES_KEPT = 60
"""Lanes that a snapshot names; there may be thousands, and it is written every few seconds."""


@value
class Snapshot:
    """What the engine is doing: its pace, and how late its loop was at worst in the last minute (seconds).

    `mx_hosts` names the first mail host of each lane that is no known provider's. Of the lanes, those are
    kept at which most is going on; `lanes_left_out` are not.
    """

    pace: PaceReport = field(default_factory=PaceReport)
    mx_hosts: dict[str, str] = field(default_factory=dict)
    lanes_left_out: int = 0
    worst_lag_s: float = 0.0


class LaneNames:
    """Remembers which mail host a lane begins with, for as long as there is something to say of the lane."""

    def __init__(self) -> None:
        self._mx_hosts: dict[str, str] = {}

    def note(self, facts: DomainFacts) -> None:
        """Note the first mail host of a domain whose mail is at nobody's we know."""
        if facts.lane == facts.route_key and isinstance(facts.route, MailHosts):
            self._mx_hosts[facts.lane] = facts.route.hosts[0].name

    def snapshot(self, pace: PaceReport, worst_lag_s: float) -> Snapshot:
        """Name what is reported of, cut to the lanes that tell most; forget what is reported of no more."""
        named = {each.lane for each in pace.lanes} & self._mx_hosts.keys()
        self._mx_hosts = {lane: self._mx_hosts[lane] for lane in named}
        lanes = most_telling(pace.lanes)
        shown = {each.lane: self._mx_hosts[each.lane] for each in lanes if each.lane in named}
        return Snapshot(replace(pace, lanes=lanes), shown, len(pace.lanes) - len(lanes), worst_lag_s)


def most_telling(lanes: Sequence[LaneReport]) -> tuple[LaneReport, ...]:
    """Give the lanes at which most is going on: first those let alone, then by sessions and RCPTs."""
    return tuple(nlargest(LANES_KEPT, lanes, key=_weight))


def _weight(lane: LaneReport) -> tuple[bool, int, int, float]:
    return (lane.breaker is not BreakerState.CLOSED, lane.sessions, lane.rcpts, lane.warned_at or 0.0)
