"""The lanes that are in use or remembered, and the room that each has."""

from collections.abc import Collection

from engine.adaptive import first_limit
from engine.batch import Circle, DomainFacts, Scope
from engine.bearing import Bearing
from engine.lane import Lane, Outing
from engine.pace_report import LaneReport
from engine.provider import limited_providers, provider_named
from engine.timetable import Timetable

TELLING = 10
"""RCPTs in the last minute from which on a lane is told of, though no session is open just now."""


class Lanes:
    """Each lane by its name, forgotten when it rests. Times are seconds of one clock.

    A lane that stands as any other has no entry among the rooms; those whose room changes by time alone are
    counted again when it is asked for.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self._rooms: dict[str, int] = {}
        self._timed: set[str] = set()
        self._limited = {each.name: each.sessions_at_once or 0 for each in limited_providers()}
        self._rests = Timetable()
        self._resting: set[str] = set()
        self._telling: set[str] = set()

    def of(self, facts: DomainFacts) -> Lane:
        """Give a domain's lane, a fresh one where nothing is known of it."""
        lane = self._lanes.get(facts.lane)
        if lane is None:
            lane = Lane(first_limit(provider_named(facts.provider).sessions_at_once))
            self._lanes[facts.lane] = lane
        return lane

    def begin(self, facts: DomainFacts, outing: Outing, now: float) -> None:
        """Note that a session is to be opened on a domain's lane."""
        self.of(facts).begin(outing)
        self._count_room(facts.lane, now)

    def leave(self, outing: Outing, now: float) -> None:
        """Note that a session is over."""
        lane = self._lanes[outing.lane]
        lane.leave(outing)
        if lane.said.count(now) >= TELLING:
            self._telling.add(outing.lane)
        self._rest(outing.lane, lane, now)
        self._count_room(outing.lane, now)

    def hear(self, outing: Outing, bearing: Bearing, now: float) -> None:
        """Take in how the hosts bore a session."""
        self._lanes[outing.lane].hear(outing, bearing, now)
        self._count_room(outing.lane, now)

    def doubt(self, facts: DomainFacts, now: float, places: int) -> None:
        """Keep so many more places of a domain's lane (or fewer) for connections whose failure is unclear."""
        self.of(facts).doubted += places
        self._count_room(facts.lane, now)

    def has_talked_since(self, name: str, at: float) -> bool:
        """Tell whether the hosts of a lane answered anybody since a time."""
        lane = self._lanes.get(name)
        return lane is not None and lane.said.latest > at

    def room(self, now: float, on_trial: Collection[Circle]) -> dict[str, int]:
        """Say how many more sessions may be opened on each lane; one at most on what is on trial."""
        for name in tuple(self._timed):
            self._count_room(name, now)
        room = self._limited | self._rooms
        for scope, name in on_trial:
            if scope is not Scope.DOMAIN:
                room[name] = min(room.get(name, 1), self._room_for_trial(name))
        return room

    def _count_room(self, name: str, now: float) -> None:
        """Note what room a lane has; one that stands as any other is not named."""
        lane = self._lanes.get(name)
        if lane is None or not lane.is_remembered(now):
            self._rooms.pop(name, None)
            self._timed.discard(name)
            return
        self._rooms[name] = lane.room(now)
        if lane.is_timed:
            self._timed.add(name)

    def _room_for_trial(self, name: str) -> int:
        lane = self._lanes.get(name)
        return 1 if lane is None else max(1 - lane.out - lane.doubted, 0)

    def openings(self, now: float) -> list[float]:
        """Say when lanes open that do so by time alone."""
        return [self._lanes[name].opens_at(now) for name in self._timed]

    def forget(self, now: float) -> None:
        """Let go of lanes at rest."""
        for name in self._rests.due(now):
            self._forget(name, now)

    def _forget(self, name: str, now: float) -> None:
        self._resting.discard(name)
        lane = self._lanes.get(name)
        if lane is None or lane.out or lane.doubted:
            return
        if lane.rests_at(now) <= now:
            del self._lanes[name]
            self._count_room(name, now)
        else:
            self._rest(name, lane, now)

    def _rest(self, name: str, lane: Lane, now: float) -> None:
        """Look at a lane again when it may be forgotten."""
        if name not in self._resting:
            self._resting.add(name)
            self._rests.add(lane.rests_at(now), name)

    def report(self, now: float, ahead_s: float) -> dict[str, LaneReport]:
        """Say how each lane stands that has something to tell; Unix time is `ahead_s` seconds ahead of ours.

        Domains without mail hosts share the lane with no name: what is settled there is no session.
        """
        self._telling = {name for name in self._telling if self._has_asked_lately(name, now)}
        named = (self._rooms.keys() | self._telling) - {""}
        return {name: self._lanes[name].report(name, now, ahead_s) for name in named}

    def _has_asked_lately(self, name: str, now: float) -> bool:
        return name in self._lanes and self._lanes[name].said.count(now) > 0
