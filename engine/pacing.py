"""Who may be asked now: how many sessions at once, of a domain and of a lane, and how many RCPTs a minute."""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from engine.accept_all import wants_decoy
from engine.adaptive import START, first_limit
from engine.batch import UNLIMITED, Batch, Circle, Closed, Convoy, DomainFacts, Scope
from engine.bearing import SIGNS, Bearing
from engine.domain_pace import PATIENCE, DomainPace
from engine.lane import Lane, Outing
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.provider import limited_providers, provider_named
from engine.settings import Settings


@dataclass(slots=True)
class _Timetable:
    """Names by the time at which to look at them again."""

    times: list[tuple[float, str]] = field(default_factory=list)

    def add(self, at: float, name: str) -> None:
        heapq.heappush(self.times, (at, name))

    def due(self, now: float) -> list[str]:
        names = []
        while self.times and self.times[0][0] <= now:
            names.append(heapq.heappop(self.times)[1])
        return names


class Pacing:
    """Keeps a domain's sessions few and apart, and a lane's within what its hosts bear.

    Times are seconds of the clock given. What is asked of it costs by what is held back just now, not by what
    is remembered.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._domains: dict[str, DomainPace] = {}
        self._outings: dict[tuple[str, int], Outing] = {}
        self._doubted: set[tuple[str, int]] = set()
        self._lanes: dict[str, Lane] = {}
        self._held: set[str] = set()
        self._openings = _Timetable()
        self._rooms: dict[str, int] = {}
        self._timed: set[str] = set()
        self._limited = {each.name: each.sessions_at_once or 0 for each in limited_providers()}
        self._rests = _Timetable()
        self._lane_rests = _Timetable()
        self._resting: set[str] = set()

    def begin(self, convoy: Convoy) -> Outing:
        """Note that a convoy goes out: one session of its lane, and a batch for each of its domains."""
        now = self._clock()
        facts = convoy.batches[0].domain
        outing = Outing(facts.lane, now, sum(map(_rcpts_of, convoy.batches)))
        self._lane(facts).begin(outing)
        self._count_room(facts.lane, now)
        for batch in convoy.batches:
            self._begin(batch, outing, now)
        return outing

    def _begin(self, batch: Batch, outing: Outing, now: float) -> None:
        name = batch.domain.name
        domain = self._domains.setdefault(name, DomainPace())
        is_alone = wants_decoy(batch.domain) or batch.domain.rounds > 0
        domain.begin(now, len(batch.recipients), is_alone=is_alone)
        self._outings[_mark_of(batch)] = outing
        self._look_at(name, domain, now)

    def _lane(self, facts: DomainFacts) -> Lane:
        lane = self._lanes.get(facts.lane)
        if lane is None:
            lane = Lane(first_limit(provider_named(facts.provider).sessions_at_once))
            self._lanes[facts.lane] = lane
        return lane

    def leave(self, outing: Outing) -> None:
        """Note that a session is over."""
        now = self._clock()
        lane = self._lanes[outing.lane]
        lane.leave(outing)
        self._rest(outing.lane, lane, now)
        self._count_room(outing.lane, now)

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

    def end(self, batch: Batch, *, is_turned_away: bool = False, has_asked: bool = True) -> None:
        """Note that a batch is stored; `is_turned_away` when the host would not open a session.

        A batch that its domain settled, or that could not be asked, was no session (`has_asked`). No place is
        kept for it any more, whatever became of its session.
        """
        now = self._clock()
        name = batch.domain.name
        domain = self._domains[name]
        domain.end(now, self._settings, is_turned_away=is_turned_away, has_asked=has_asked)
        self._look_at(name, domain, now)
        self._outings.pop(_mark_of(batch), None)
        self.believe(batch)
        if not domain.out:
            self._rests.add(domain.rests_at, name)

    def allow(self, batch: Batch) -> Callable[[int], int]:
        """Give what grants RCPTs for a batch that is out: of so many, how many may be said on its lane now.

        What is granted counts as said, made-up addresses too; 0 means to take leave.
        """
        facts = batch.domain
        outing = self._outings.get(_mark_of(batch)) or Outing(facts.lane, self._clock(), 0)
        return partial(self._grant, self._lane(facts), outing)

    def _grant(self, lane: Lane, outing: Outing, wanted: int) -> int:
        return lane.grant(outing, wanted, self._clock())

    def hear(self, batch: Batch, bearing: Bearing, answered: int = 0) -> None:
        """Take in how the hosts bore a batch's session, in which they answered so many RCPTs.

        A session that goes on with other domains is heard once, and once more if it ends with a warning.
        """
        outing = self._outings.get(_mark_of(batch))
        if outing is None:
            return
        outing.answered += answered
        is_news = outing.bearing is None or (bearing in SIGNS and outing.bearing not in SIGNS)
        outing.bearing = bearing if is_news else outing.bearing
        if is_news:
            now = self._clock()
            self._lanes[outing.lane].hear(outing, bearing, now)
            self._count_room(outing.lane, now)

    def doubt(self, batch: Batch) -> None:
        """Keep a place of the lane for a connection that failed, until it is clear whose fault that was."""
        self._doubted.add(_mark_of(batch))
        self._count_doubt(batch.domain, 1)

    def believe(self, batch: Batch) -> None:
        """Give that place free again, if one is kept."""
        if _mark_of(batch) in self._doubted:
            self._doubted.remove(_mark_of(batch))
            self._count_doubt(batch.domain, -1)

    def _count_doubt(self, facts: DomainFacts, change: int) -> None:
        self._lane(facts).doubted += change
        self._count_room(facts.lane, self._clock())

    def has_others_in(self, batch: Batch) -> bool:
        """Tell whether the hosts talked with another session since a batch's began: then they do answer."""
        outing, lane = self._outings.get(_mark_of(batch)), self._lanes.get(batch.domain.lane)
        return outing is not None and lane is not None and lane.said.latest > outing.begun_at

    def is_patient(self, name: str) -> bool:
        """Tell whether a domain that turned us away is worth another try before it counts as an attempt."""
        domain = self._domains.get(name)
        return domain is None or domain.turned_away < PATIENCE

    def closed(self, on_trial: Collection[Circle] = (), given_up: Collection[Circle] = ()) -> Closed:
        """Name the domains that are held back just now, and what room there is on lanes.

        Of what is `on_trial` (a breaker that is half open), one session goes out; what is `given_up` is only
        settled, which takes no room.
        """
        now = self._clock()
        self._forget(now)
        self._look_again(now)
        tried = {name for scope, name in on_trial if scope is Scope.DOMAIN and self._is_out(name)}
        room = self._room(now, on_trial) | {name: UNLIMITED for _, name in given_up}
        return Closed(frozenset(self._held | tried), room=room, usual_room=START)

    def _is_out(self, name: str) -> bool:
        domain = self._domains.get(name)
        return domain is not None and domain.out > 0

    def _look_again(self, now: float) -> None:
        for name in self._openings.due(now):
            self._look_at(name, self._domains.get(name), now)

    def _look_at(self, name: str, domain: DomainPace | None, now: float) -> None:
        """Hold a domain back, or let it go, by what is known of it now."""
        opens_at = domain.next_at(now, self._settings) if domain else now
        if opens_at <= now:
            self._held.discard(name)
            return
        self._held.add(name)
        if opens_at < float("inf"):
            self._openings.add(opens_at, name)

    def _room(self, now: float, on_trial: Collection[Circle]) -> dict[str, int]:
        for name in tuple(self._timed):
            self._count_room(name, now)
        room = self._limited | self._rooms
        for scope, name in on_trial:
            if scope is not Scope.DOMAIN:
                room[name] = min(room.get(name, 1), self._room_for_trial(name))
        return room

    def _room_for_trial(self, name: str) -> int:
        lane = self._lanes.get(name)
        return 1 if lane is None else max(1 - lane.out - lane.doubted, 0)

    def next_opening(self) -> float | None:
        """Say when the first held-back domain or lane opens, if any does by time alone."""
        now = self._clock()
        self._look_again(now)
        domain_at = self._openings.times[0][0] if self._openings.times else None
        lanes_at = (self._lanes[name].opens_at(now) for name in self._timed)
        times = [at for at in (domain_at, *lanes_at) if at is not None and at > now]
        return min(times, default=None)

    def _forget(self, now: float) -> None:
        """Let go of domains and lanes at rest."""
        for name in self._rests.due(now):
            domain = self._domains.get(name)
            if domain and domain.rests_at <= now:
                del self._domains[name]
                self._held.discard(name)
        for name in self._lane_rests.due(now):
            self._forget_lane(name, now)

    def _forget_lane(self, name: str, now: float) -> None:
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
            self._lane_rests.add(lane.rests_at(now), name)

    def report(self, breakers: Mapping[Circle, tuple[BreakerState, float]], taken_at: float) -> PaceReport:
        """Say how asking is paced at `taken_at` (Unix seconds), with the breakers that are not closed.

        Domains without mail hosts share the lane with no name: what is settled there is no session. On a
        lane, what waits for a look-up counts as open; of all together, no more than may be.
        """
        now = self._clock()
        self._look_again(now)
        lanes = {name: self._lanes[name].report(name, now, taken_at - now) for name in self._rooms if name}
        for (scope, name), (state, until) in breakers.items():
            if scope is not Scope.DOMAIN:
                lane = lanes.get(name) or LaneReport(name, START)
                lanes[name] = replace(lane, breaker=state, until=until)
        of_domains = Counter(state for (scope, _), (state, _) in breakers.items() if scope is Scope.DOMAIN)
        return PaceReport(
            taken_at,
            min(sum(each.sessions for each in lanes.values()), self._settings.global_concurrency),
            self._settings.global_concurrency,
            tuple(sorted(lanes.values(), key=lambda each: each.lane)),
            sum(not self._is_out(name) for name in self._held),
            of_domains[BreakerState.OPEN],
            of_domains[BreakerState.HALF_OPEN],
        )


def _mark_of(batch: Batch) -> tuple[str, int]:
    """Tell batches that are out apart, those of one domain too: a mailbox is in one of them only."""
    return batch.domain.name, batch.recipients[0].mailbox


def _rcpts_of(batch: Batch) -> int:
    """Say how many RCPTs a batch is likely to need: one each, and a made-up address."""
    return len(batch.recipients) + wants_decoy(batch.domain)
