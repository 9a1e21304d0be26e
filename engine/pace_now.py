"""Says how asking is paced now: each lane's limits and breaker, and the domains that wait, by number."""

from engine.adaptive import first_limit
from engine.batch import Pause, Scope
from engine.breaker import Breaker
from engine.lane import Lane
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.pacing import Pacing
from engine.provider import provider_named
from engine.settings import Settings

_OF_LANES = (Scope.PROVIDER, Scope.ROUTE)


def pace_now(pacing: Pacing, breaker: Breaker, settings: Settings, now: float) -> PaceReport:
    """Report how asking is paced at `now` (Unix seconds)."""
    opened = breaker.opened()
    lanes, ahead_s = pacing.lanes(), now - pacing.now
    breakers = {each.name: each for each in opened if each.scope in _OF_LANES}
    names = lanes | breakers
    reports = (_report(name, lanes.get(name), breakers.get(name), now, ahead_s) for name in names)
    domains = [_state(each, now) for each in opened if each.scope is Scope.DOMAIN]
    return PaceReport(
        taken_at=now,
        sessions=sum(lane.out for lane in lanes.values()),
        sessions_limit=settings.global_concurrency,
        lanes=tuple(reports),
        domains_held=pacing.waiting_domains,
        domains_open=domains.count(BreakerState.OPEN),
        domains_half_open=domains.count(BreakerState.HALF_OPEN),
    )


def _report(name: str, lane: Lane | None, pause: Pause | None, now: float, ahead_s: float) -> LaneReport:
    """Report of a lane; `ahead_s` is how far Unix time is ahead of the clock that lanes go by."""
    lane = lane or Lane(first_limit(provider_named(name).sessions_at_once))
    moment = now - ahead_s
    return LaneReport(
        lane=name,
        limit=lane.sessions.at(moment),
        sessions=lane.out,
        rcpts=lane.said.count(moment),
        rcpts_limit=lane.rcpts.at(moment),
        breaker=_state(pause, now),
        until=pause.until if pause and now < pause.until else None,
        warned_at=None if lane.warned_at is None else lane.warned_at + ahead_s,
    )


def _state(pause: Pause | None, now: float) -> BreakerState:
    if pause is None:
        return BreakerState.CLOSED
    return BreakerState.OPEN if now < pause.until else BreakerState.HALF_OPEN
