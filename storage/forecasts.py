"""How long a list that was not handed in yet will take: what earlier lists found out is made use of."""

import heapq
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text

from engine.ahead import LookUps
from engine.estimate import Estimate, estimate
from engine.forecast import Known, forecast
from engine.intake.survey import Survey
from engine.limits import limits_of
from engine.look_up_time import estimate_look_ups, forecast_look_ups
from engine.provider import provider_named
from engine.settings import Settings
from storage.database import Database
from storage.pace import limits_learned
from storage.uploads import Choice

LARGEST = 2_000
"""Domains of a list that are looked up among the known ones; all others are small."""

_HOUR_S = 3600.0
_DAY_S = 86_400.0


def forecast_choice(
    database: Database,
    surveys: Sequence[Survey],
    by_domain: Mapping[str, int],
    choice: Choice,
    settings: Settings,
) -> Estimate | None:
    """Estimate how long the addresses of sheets take together; None where nobody is to be asked.

    `by_domain` counts those to check, each once though it may stand in several of the sheets.
    """
    if choice.is_dns_only:
        return estimate_look_ups(_look_ups(database, by_domain, settings), settings)
    if not settings.is_probing_allowed:
        return None
    largest = heapq.nlargest(LARGEST, by_domain, key=lambda name: by_domain[name])
    known = _known(database, largest, settings)
    reused = _reused(database, surveys, choice.reuse_days)
    with database.reading() as connection:
        taught = limits_learned(connection, time.time())
    ahead = forecast(by_domain, known, settings, reused, frozenset(taught))
    return estimate(ahead, limits_of(settings, taught=taught))


def _look_ups(database: Database, by_domain: Mapping[str, int], settings: Settings) -> LookUps:
    """Say how many domains are to be looked up, by how many of some of them were looked up lately."""
    names = list(by_domain)
    sample = names[:: max(len(names) // LARGEST, 1)]
    stale = time.time() - settings.domain_cache_ttl_hours * _HOUR_S
    with database.reading() as connection:
        fresh = connection.execute(_FRESH, {"names": json.dumps(sample), "stale": stale}).scalar_one()
    open_share = 1 - fresh / len(sample) if sample else 0.0
    return forecast_look_ups(round(open_share * len(names)), sum(by_domain.values()))


def _known(database: Database, names: Iterable[str], settings: Settings) -> Mapping[str, Known]:
    with database.reading() as connection:
        rows = connection.execute(_DOMAINS, {"names": json.dumps(list(names))}).all()
    return {row.name: _known_of(row, settings) for row in rows}


def _known_of(row: Row[Any], settings: Settings) -> Known:
    """Read a domain's row; one whose session was cut short has a smaller portion, and shares none."""
    usual = provider_named(row.provider).rcpts_per_session or settings.rcpts_per_session
    hosts = row.route_key if row.portion >= usual else ""
    return Known(row.provider, bool(row.needs_probe), row.portion, hosts, row.accept_all is not None)


def _reused(database: Database, surveys: Sequence[Survey], days: float | None) -> float:
    """Say which part (0-1) of their addresses was answered in the last `days`, and holds; None: whenever."""
    whole = sum(found.distinct for found in surveys)
    if not whole or days == 0:
        return 0.0
    return sum(found.distinct * _held(database, found.sample, days) for found in surveys) / whole


def _held(database: Database, sample: Sequence[tuple[str, str]], days: float | None) -> float:
    """Say which part (0-1) of some addresses was answered in the last `days`, and holds."""
    if not sample:
        return 0.0
    now = time.time()
    since = 0.0 if days is None else now - days * _DAY_S
    names = {"sample": json.dumps(sample), "now": now, "since": since}
    with database.reading() as connection:
        held: int = connection.execute(_STILL_HOLDS, names).scalar_one()
    return held / len(sample)


_DOMAINS = text(
    "SELECT domain.name, provider, needs_probe, portion, route_key, accept_all"
    " FROM json_each(:names) AS wanted CROSS JOIN domain ON domain.name = wanted.value"
    " WHERE resolved_at IS NOT NULL AND route_kind <> 'dns_failed'"
)
_FRESH = text(
    "SELECT count(*) FROM json_each(:names) AS wanted CROSS JOIN domain ON domain.name = wanted.value"
    " WHERE resolved_at >= :stale AND route_kind <> 'dns_failed'"
)
_STILL_HOLDS = text(
    "SELECT count(*) FROM json_each(:sample) AS wanted"
    " CROSS JOIN domain ON domain.name = json_extract(wanted.value, '$[0]')"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " AND mailbox.folded = json_extract(wanted.value, '$[1]')"
    " WHERE mailbox.state = 'settled' AND mailbox.expires_at > :now AND mailbox.checked_at >= :since"
)
