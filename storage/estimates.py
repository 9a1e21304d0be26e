"""What a running list has ahead of it, read from the rows that engine and pages share, for an estimate."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.ahead import LONG_WAIT_S, Ahead, Kind, Later, Return, Stretch
from engine.estimate import Estimate, estimate
from engine.forecast import stretches_of
from engine.limits import Limits, limits_of
from engine.look_up_time import estimate_look_ups
from engine.rounds import PutOff, with_rounds
from engine.settings import Settings
from engine.sharing import Crowd, stretch_of
from engine.value import replace
from storage.database import Database
from storage.look_ups import look_ups_ahead
from storage.pace import limits_learned
from storage.run_sample import (
    Sampled,
    active_s_of,
    asked_share,
    pace_of,
    put_off_shares,
    questions_each,
    sample_of,
)
from storage.stretches import Domains, Large, Waiting, domains_of
from storage.uploads import UploadState, upload_row


def estimate_list(
    database: Database, upload: int, settings: Settings, now: float | None = None
) -> Estimate | None:
    """Estimate how long a list still takes, from its rows alone; None where it does not run or only waits.

    Of a sample nothing is said: it is small, and other lists than its own were measured.
    """
    now = time.time() if now is None else now
    with database.reading() as connection:
        row = upload_row(connection, upload)
        if row is None or row.state != UploadState.RUNNING or row.started_at is None or row.sample_size:
            return None
        if row.is_dns_only:
            return estimate_look_ups(look_ups_ahead(connection, row, now), settings)
        running = connection.execute(_RUNNING).scalar_one()
        taught = limits_learned(connection, now)
        found = domains_of(connection, upload, settings, frozenset(taught), now)
        limits = limits_of(settings, running, taught)
        ahead = _ahead(connection, row, found, limits, now)
    return estimate(ahead, limits)


_RUNNING = text("SELECT count(*) FROM upload WHERE state = 'running' AND is_dns_only = 0 AND is_single = 0")


def _ahead(connection: Connection, upload: Row[Any], found: Domains, limits: Limits, now: float) -> Ahead:
    sample = sample_of(connection, upload.id)
    asked = asked_share(connection, upload.id)
    whole, *lanes = stretches_of([_asked(each, asked) for each in found.crowds])
    whole = _without(whole, found.waiting)
    put_off, again = put_off_shares(
        sample,
        sum(each.domains for each in found.waiting),
        sum(each.domains for each in found.waiting if each.is_again),
        found.begun,
    )
    return Ahead(
        (
            whole,
            *(_without(each, _of_lane(found.waiting, each.name)) for each in lanes),
            *_largest(found, asked, sample, limits),
        ),
        active_s_of([each.at for each in sample], upload.started_at, now),
        pace_of(connection, sample, whole),
        tuple(_return(each) for each in found.waiting if not each.is_later),
        _later([each for each in found.waiting if each.is_later]),
        found.fresh,
        put_off,
        again,
    )


def _asked(crowd: Crowd, asked: float) -> Crowd:
    """Leave out of what is done what was answered by an earlier check: this run asked about a part (0-1)."""
    return replace(
        crowd,
        done=asked * crowd.done,
        done_visits=asked * crowd.done_visits,
        done_sessions=asked * crowd.done_sessions,
    )


def _of_lane(waiting: Iterable[Waiting], lane: str) -> list[Waiting]:
    return [each for each in waiting if each.lane == lane]


def _largest(found: Domains, asked: float, sample: Sequence[Sampled], limits: Limits) -> Iterator[Stretch]:
    most = len(limits.short_waits(0)) + 1
    usual = questions_each(sample)
    for name, large in found.largest.items():
        stretch = stretch_of(Kind.DOMAIN, name, [_asked(large.crowd, asked)])
        waiting = [each for each in found.waiting if each.domain == large.domain]
        is_again = large.domain in usual or any(each.is_again for each in waiting)
        if is_again and not any(each.is_later for each in waiting):
            yield with_rounds(stretch, _put_off(large, waiting, usual.get(large.domain, 1.0)), most)
        else:
            yield _without(stretch, waiting)


def _put_off(large: Large, waiting: Sequence[Waiting], usual: float) -> PutOff:
    if not waiting:
        return PutOff(0, 0, 0, large.portion, usual)
    (each,) = waiting
    return PutOff(each.addresses, each.asked, each.attempts, min(each.portion, large.portion), usual)


def _without(stretch: Stretch, waiting: Sequence[Waiting]) -> Stretch:
    """Leave out of what is left those who are not due yet: they are waited for as retries."""
    held = sum(each.held for each in waiting)
    visits = stretch.sessions + stretch.turns
    left = 1 - min(sum(each.held_sessions for each in waiting) / visits, 1.0) if visits else 0.0
    return replace(
        stretch,
        addresses=max(stretch.addresses - held, 0),
        sessions=round(stretch.sessions * left),
        turns=round(stretch.turns * left),
        made_up=round(stretch.made_up * left),
    )


def _return(each: Waiting) -> Return:
    due_s = min(each.fewest_s, LONG_WAIT_S)
    return Return(
        each.addresses, each.sessions, due_s, each.attempts, each.domains, is_again=bool(each.is_again)
    )


def _later(waiting: Sequence[Waiting]) -> Later:
    if not waiting:
        return Later()
    return Later(
        sum(each.addresses for each in waiting),
        min(each.first_s for each in waiting),
        max(each.last_s for each in waiting),
    )
