"""Pauses in the database: hosts that refuse us or do not answer, until when they are let alone."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.batch import Outcome, Pause, Scope
from engine.reason import Reason
from storage.bulk import rows_of, write_each
from storage.database import Database
from storage.doubted import take_back
from storage.due import refresh_due
from storage.holds import hold_for_pause, let_go

KEPT_S = 86_400.0
HELD_AT_ONCE = 2_000
"""Domains that one heartbeat holds: some ten milliseconds' work."""


def pauses(database: Database) -> tuple[Pause, ...]:
    """Give the pauses that hold now, the widest first, then the latest."""
    now = time.time()
    with database.reading() as connection:
        found = [each for each in load_pauses(connection) if each.since <= now < each.until]
    return tuple(sorted(found, key=lambda each: (_WIDTHS.index(each.scope), -each.since)))


def pauses_over(database: Database, upload: int) -> tuple[Pause, ...]:
    """Give the pauses that hold now, but none of a single domain that is not on this list."""
    now = pauses(database)
    with database.reading() as connection:
        listed = set(connection.execute(_ON_LIST, {"upload": upload}).scalars())
    return tuple(each for each in now if each.scope is not Scope.DOMAIN or each.name in listed)


def pause_over(connection: Connection, domain: str, route_key: str, provider: str) -> Pause | None:
    """Give the pause that a domain's mail hosts are under now, the longest of several."""
    now = time.time()
    over = (each for each in load_pauses(connection) if each.since <= now < each.until)
    covering = (each for each in over if each.covers(domain, route_key, provider))
    return max(covering, key=lambda each: each.until, default=None)


_ON_LIST = text(
    "SELECT pause.name FROM pause CROSS JOIN domain ON domain.name = pause.name CROSS JOIN upload_domain"
    " ON upload_id = :upload AND domain_id = domain.id WHERE pause.scope = 'domain'"
)
_WIDTHS = (Scope.ALL, Scope.PROVIDER, Scope.ROUTE, Scope.DOMAIN)


def load_pauses(connection: Connection) -> list[Pause]:
    """Give all pauses that are kept, also those that are over."""
    return [_pause(row) for row in connection.execute(text("SELECT * FROM pause"))]


def _pause(row: Row[Any]) -> Pause:
    return Pause(
        Scope(row.scope),
        row.name,
        row.since,
        row.until,
        row.rounds,
        row.share,
        Reason(row.why),
        row.borne,
    )


def write_pauses(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Begin the pauses that came of these outcomes, and take back what was told under them before."""
    begun = [(outcome.pause, outcome.doubted) for outcome in outcomes if outcome.pause is not None]
    if not begun:
        return
    write_each(
        connection,
        "INSERT OR REPLACE INTO pause (scope, name, since, until, rounds, share, why, borne)"
        " VALUES (:scope, :name, :since, :until, :rounds, :share, :why, :borne)",
        [asdict(pause) for pause, _ in begun],
    )
    for pause, doubted in begun:
        if doubted:
            take_back(connection, doubted, pause)


def end_pauses(connection: Connection, ended: Sequence[Pause]) -> None:
    """Let go of pauses whose hosts answer again, and of the domains that were held for them."""
    for pause in ended:
        rows_of(connection, _ENDED, pause.scope, pause.name, pause.until, pause.why)
        refresh_due(connection, let_go(connection, pause.until, pause.why))


_ENDED = "DELETE FROM pause WHERE scope = ? AND name = ? AND until = ? AND why = ?"


def hold_paused(connection: Connection, now: float) -> None:
    """Hold due domains that are under a pause until it ends: so claims need not pass over them again."""
    waited_for = [each for each in load_pauses(connection) if now < each.until and not each.is_final]
    if not waited_for:
        return
    rows = connection.execute(_UNDER_A_PAUSE, {"now": now, "limit": HELD_AT_ONCE, **_names_of(waited_for)})
    holds = [(row.id, *_until(row, waited_for)) for row in rows]
    hold_for_pause(connection, holds)
    refresh_due(connection, [domain for domain, _, _ in holds])


def _names_of(pauses: Sequence[Pause]) -> dict[str, str]:
    return {scope.value: json.dumps([each.name for each in pauses if each.scope is scope]) for scope in Scope}


def _until(domain: Row[Any], pauses: Sequence[Pause]) -> tuple[float, Reason]:
    over = (each for each in pauses if each.covers(domain.name, domain.route_key, domain.provider))
    return max((each.until, each.why) for each in over)


_UNDER_A_PAUSE = text(
    "SELECT id, name, route_key, provider FROM domain"
    " WHERE due_at IS NOT NULL AND due_at <= :now AND needs_probe = 1"
    " AND (:all <> '[]' OR provider IN (SELECT value FROM json_each(:provider))"
    " OR route_key IN (SELECT value FROM json_each(:route))"
    " OR name IN (SELECT value FROM json_each(:domain))) LIMIT :limit"
)


def forget_pauses(connection: Connection, now: float) -> None:
    """Let go of pauses that were over a day ago."""
    connection.execute(text("DELETE FROM pause WHERE until < :old"), {"old": now - KEPT_S})
