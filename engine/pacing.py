"""Who may be asked now: how many sessions at once, of a domain and of a lane, and how many RCPTs a minute."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial

from engine.accept_all import wants_decoy
from engine.adaptive import START
from engine.batch import UNLIMITED, Batch, Circle, Closed, Convoy, Scope
from engine.bearing import SIGNS, Bearing
from engine.domain_paces import DomainPaces
from engine.lane import Lane, Outing
from engine.lanes import Lanes
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.settings import Settings
from engine.value import replace


class Pacing:
    """Keeps a domain's sessions few and apart, and a lane's within what its hosts bear.

    Times are seconds of the clock given. What is asked of it costs by what is held back just now, not by what
    is remembered.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._domains = DomainPaces(settings)
        self._lanes = Lanes()
        self._outings: dict[tuple[str, int], Outing] = {}
        self._doubted: set[tuple[str, int]] = set()

    def begin(self, convoy: Convoy) -> Outing:
        """Note that a convoy goes out: one session of its lane, and a batch for each of its domains."""
        now = self._clock()
        facts = convoy.batches[0].domain
        outing = Outing(facts.lane, now, sum(map(_rcpts_of, convoy.batches)))
        self._lanes.begin(facts, outing, now)
        for batch in convoy.batches:
            self._outings[_mark_of(batch)] = outing
            self._domains.begin(batch, now)
        return outing

    def leave(self, outing: Outing) -> None:
        """Note that a session is over."""
        self._lanes.leave(outing, self._clock())

    def end(self, batch: Batch, *, is_turned_away: bool = False, has_asked: bool = True) -> None:
        """Note that a batch is stored; `is_turned_away` when the host would not open a session.

        A batch that its domain settled, or that could not be asked, was no session (`has_asked`). No place is
        kept for it any more, whatever became of its session.
        """
        name = batch.domain.name
        self._domains.end(name, self._clock(), is_turned_away=is_turned_away, has_asked=has_asked)
        self._outings.pop(_mark_of(batch), None)
        self.believe(batch)

    def allow(self, batch: Batch) -> Callable[[int], int]:
        """Give what grants RCPTs for a batch that is out: of so many, how many may be said on its lane now.

        What is granted counts as said, made-up addresses too; 0 means to take leave.
        """
        facts = batch.domain
        outing = self._outings.get(_mark_of(batch)) or Outing(facts.lane, self._clock(), 0)
        return partial(self._grant, self._lanes.of(facts), outing)

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
        if is_news:
            outing.bearing = bearing
            self._lanes.hear(outing, bearing, self._clock())

    def doubt(self, batch: Batch) -> None:
        """Keep a place of the lane for a connection that failed, until it is clear whose fault that was."""
        self._doubted.add(_mark_of(batch))
        self._lanes.doubt(batch.domain, self._clock(), 1)

    def believe(self, batch: Batch) -> None:
        """Give that place free again, if one is kept."""
        if _mark_of(batch) in self._doubted:
            self._doubted.remove(_mark_of(batch))
            self._lanes.doubt(batch.domain, self._clock(), -1)

    def has_others_in(self, batch: Batch) -> bool:
        """Tell whether the hosts talked with another session since a batch's began: then they do answer."""
        outing = self._outings.get(_mark_of(batch))
        return outing is not None and self._lanes.has_talked_since(batch.domain.lane, outing.begun_at)

    def is_patient(self, name: str) -> bool:
        """Tell whether a domain that turned us away is worth another try before it counts as an attempt."""
        return self._domains.is_patient(name)

    def closed(self, on_trial: Collection[Circle] = (), given_up: Collection[Circle] = ()) -> Closed:
        """Name the domains that are held back just now, and what room there is on lanes.

        Of what is `on_trial` (a breaker that is half open), one session goes out; what is `given_up` is only
        settled, which takes no room.
        """
        now = self._clock()
        self._domains.forget(now)
        self._lanes.forget(now)
        self._domains.look_again(now)
        tried = {name for scope, name in on_trial if scope is Scope.DOMAIN and self._domains.is_out(name)}
        room = self._lanes.room(now, on_trial) | {name: UNLIMITED for _, name in given_up}
        return Closed(frozenset(self._domains.held | tried), room=room, usual_room=START)

    def next_opening(self) -> float | None:
        """Say when the first held-back domain or lane opens, if any does by time alone."""
        now = self._clock()
        self._domains.look_again(now)
        times = (self._domains.next_opening(), *self._lanes.openings(now))
        return min((at for at in times if at is not None and at > now), default=None)

    def report(self, breakers: Mapping[Circle, tuple[BreakerState, float]], taken_at: float) -> PaceReport:
        """Say how asking is paced at `taken_at` (Unix seconds), with the breakers that are not closed.

        On a lane, what waits for a look-up counts as open; of all together, no more than may be.
        """
        now = self._clock()
        self._domains.look_again(now)
        lanes = self._lanes.report(now, taken_at - now)
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
            sum(not self._domains.is_out(name) for name in self._domains.held),
            of_domains[BreakerState.OPEN],
            of_domains[BreakerState.HALF_OPEN],
        )


def _mark_of(batch: Batch) -> tuple[str, int]:
    """Tell batches that are out apart, those of one domain too: a mailbox is in one of them only."""
    return batch.domain.name, batch.recipients[0].mailbox


def _rcpts_of(batch: Batch) -> int:
    """Say how many RCPTs a batch is likely to need: one each, and a made-up address."""
    return len(batch.recipients) + wants_decoy(batch.domain)
