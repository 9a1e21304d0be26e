"""What a running list has ahead of it, read from the rows that engine and pages share, for an estimate."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.ahead import LONG_WAIT_S, Ahead, Kind, Later, Return, Stretch
from engine.estimate import Estimate, estimate, limits_of
from engine.interview import MAX_REFUSALS
from engine.settings import Settings
from storage.database import Database
from storage.run_sample import active_s_of, asked_share, pace_of, put_off_shares, sample_of
from storage.uploads import UploadState, upload_row

LARGEST = 30
"""Domains that are looked at one by one; any other has fewer sessions left."""


def estimate_list(
    database: Database, upload: int, settings: Settings, now: float | None = None
) -> Estimate | None:
    """Estimate how long a list still takes, from its rows alone; None where it does not run or only waits."""
    now = time.time() if now is None else now
    with database.reading() as connection:
        row = upload_row(connection, upload)
        if row is None or row.state != UploadState.RUNNING or row.started_at is None or row.is_dns_only:
            return None
        running = connection.execute(_RUNNING).scalar_one()
        ahead = _ahead(connection, row, settings, now)
    return estimate(ahead, limits_of(settings, running))


_RUNNING = text("SELECT count(*) FROM upload WHERE state = 'running'")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Addresses of a domain that were put off, all or some of its: back in `due_s` seconds at the latest."""

    domain: int
    name: str
    lane: str
    addresses: int
    portion: int
    first_s: float
    last_s: float
    attempts: int

    @property
    def sessions(self) -> int:
        """In how many sessions they are asked again."""
        return -(-self.addresses // self.portion)

    @property
    def is_later(self) -> bool:
        """Whether nobody waits for them."""
        return self.first_s > LONG_WAIT_S


def _ahead(connection: Connection, upload: Row[Any], settings: Settings, now: float) -> Ahead:
    names = {
        "upload": upload.id,
        "portion": settings.rcpts_per_session,
        "refusals": MAX_REFUSALS - 1,  # one is kept for the made-up address
        "now": now,
        "limit": LARGEST,
    }
    lanes = connection.execute(_LANES, names).all()
    largest = connection.execute(_LARGEST, names).all()
    waiting = [_waiting(row, now) for row in connection.execute(_WAITING, names)]
    sample = sample_of(connection, upload.id)
    asked = asked_share(connection, upload.id)
    everything = _whole(lanes, waiting, asked)
    begun = sum(row.begun for row in lanes)
    put_off, again = put_off_shares(sample, [each.attempts for each in waiting], begun)
    return Ahead(
        stretches=(
            everything,
            *(
                _stretch(Kind.PROVIDER, row.lane, [row], _of_lane(waiting, row.lane), asked)
                for row in lanes
                if row.lane
            ),
            *(_stretch(Kind.DOMAIN, row.name, [row], _of_domain(waiting, row.id), asked) for row in largest),
        ),
        active_s=active_s_of([each.at for each in sample], upload.started_at, now),
        pace=pace_of(connection, sample, everything),
        returns=tuple(_return(each) for each in waiting if not each.is_later),
        later=_later([each for each in waiting if each.is_later]),
        fresh_domains=sum(row.fresh for row in lanes),
        put_off_share=put_off,
        again_share=again,
    )


def _waiting(row: Row[Any], now: float) -> _Waiting:
    first_s, last_s = (0.0 if row.is_active else max(at - now, 0.0) for at in (row.first_at, row.last_at))
    return _Waiting(
        row.id, row.name, row.lane, row.addresses, max(row.portion, 1), first_s, last_s, row.attempts or 1
    )


def _whole(lanes: Sequence[Row[Any]], waiting: Sequence[_Waiting], asked: float) -> Stretch:
    return _stretch(Kind.NUMBER, "", lanes, waiting, asked)


def _of_lane(waiting: Iterable[_Waiting], lane: str) -> list[_Waiting]:
    return [each for each in waiting if each.lane == lane]


def _of_domain(waiting: Iterable[_Waiting], domain: int) -> list[_Waiting]:
    return [each for each in waiting if each.domain == domain]


def _stretch(
    kind: Kind, name: str, rows: Iterable[Row[Any]], waiting: Iterable[_Waiting], asked: float
) -> Stretch:
    """Sum what rows say, but for those who wait; of what is done, only what was asked in this run."""
    rows, waits = list(rows), [each for each in waiting if each.last_s > 0]
    return Stretch(
        kind,
        name,
        max(sum(row.addresses for row in rows) - sum(each.addresses for each in waits), 0),
        max(sum(row.sessions for row in rows) - sum(each.sessions for each in waits), 0),
        round(asked * sum(row.done for row in rows)),
        round(asked * sum(row.done_sessions for row in rows)),
    )


def _return(each: _Waiting) -> Return:
    return Return(each.name, each.addresses, each.sessions, min(each.last_s, LONG_WAIT_S), each.attempts)


def _later(waiting: Sequence[_Waiting]) -> Later:
    if not waiting:
        return Later()
    return Later(
        sum(each.addresses for each in waiting),
        min(each.first_s for each in waiting),
        max(each.last_s for each in waiting),
    )


_DONE = "valid + invalid + accept_all + risky + unknown AS done"
_COUNTED = (
    f"SELECT domain_id, entries, invalid, {_DONE} FROM upload_domain"  # noqa: S608 - constants
    " WHERE upload_id = :upload{}"
)
_LISTED = (
    "listed AS MATERIALIZED (SELECT counted.*, domain.id, domain.name,"
    " iif(domain.provider = 'other', '', domain.provider) AS lane,"
    " domain.needs_probe = 1 AS is_probed, coalesce(domain.accept_all = 'yes', 0) AS is_accepting,"
    " CASE WHEN domain.resolved_at IS NULL THEN :portion"
    " WHEN invalid * domain.portion > :refusals * done THEN max(:refusals * done / invalid, 1)"
    " ELSE domain.portion END AS portion"
    " FROM counted CROSS JOIN domain ON domain.id = counted.domain_id)"
)
_ALL = f"WITH counted AS MATERIALIZED ({_COUNTED.format('')}), {_LISTED}"
_BIG = f"WITH counted AS MATERIALIZED ({_COUNTED.format(' ORDER BY entries DESC LIMIT 300')}), {_LISTED}"
_SESSIONS = "((entries - done + portion - 1) / portion * is_probed)"
_DONE_SESSIONS = "CASE WHEN is_probed THEN (done + portion - 1) / portion ELSE is_accepting * (done > 0) END"
_LANES = text(
    f"{_ALL} SELECT lane, sum((entries - done) * is_probed) AS addresses, sum({_SESSIONS}) AS sessions,"  # noqa: S608 - constants
    f" sum(done * (is_probed OR is_accepting)) AS done,"
    f" sum({_DONE_SESSIONS}) AS done_sessions,"
    " sum(is_probed AND done = 0) AS fresh, sum(is_probed AND done > 0) AS begun"
    " FROM listed GROUP BY lane"
)
_BY_DOMAIN = (
    f"{_BIG} SELECT id, name, lane, portion, entries - done AS addresses, {_SESSIONS} AS sessions, done,"
    f" {_DONE_SESSIONS} AS done_sessions"
)
_LARGEST = text(
    f"{_BY_DOMAIN} FROM listed WHERE is_probed AND entries > done ORDER BY sessions DESC LIMIT :limit"
)
_PUT_OFF = (
    "SELECT domain_id, count(*) AS number, min(due_at) AS first_at, max(due_at) AS last_at FROM mailbox"
    " WHERE is_wanted = 1 AND due_at IS NOT NULL AND attempts > 0 GROUP BY domain_id"
)
_HELD = "SELECT domain_id, 0, until, until FROM hold WHERE until > :now"
_ATTEMPTS = (
    "SELECT attempts FROM mailbox WHERE domain_id = listed.id AND is_wanted = 1 AND due_at IS NOT NULL"
    " AND attempts > 0 ORDER BY due_at DESC LIMIT 1"
)
_WAITING = text(
    "WITH put_off(domain_id, number, first_at, last_at) AS"  # noqa: S608 - constants
    f" ({_PUT_OFF} UNION ALL {_HELD}),"
    " whole AS MATERIALIZED (SELECT domain_id, max(number) AS number, min(number) = 0 AS is_held,"
    " max(first_at) AS first_at, max(last_at) AS last_at FROM put_off GROUP BY domain_id),"
    f" counted AS MATERIALIZED (SELECT whole.*, entries, invalid, {_DONE} FROM whole"
    " CROSS JOIN upload_domain AS shown"
    " ON shown.upload_id = :upload AND shown.domain_id = whole.domain_id),"
    f" {_LISTED} SELECT id, name, lane, portion, first_at, last_at,"
    " iif(is_held, entries - done, min(number, entries - done)) AS addresses,"
    f" ({_ATTEMPTS}) AS attempts, id IN (SELECT domain_id FROM mailbox"
    " WHERE state IN ('active', 'deferred') AND state = 'active') AS is_active"
    " FROM listed WHERE is_probed AND entries > done"
)
