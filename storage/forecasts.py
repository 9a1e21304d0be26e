"""How long a list that was not handed in yet will take: what earlier lists found out is made use of."""

import heapq
import json
import time
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from engine.estimate import Estimate, estimate, limits_of
from engine.forecast import Known, forecast
from engine.intake.survey import Survey
from engine.settings import Settings
from storage.database import Database
from storage.uploads import Choice

LARGEST = 2_000
"""Domains of a list that are looked up among the known ones; all others are small."""


def forecast_choice(database: Database, found: Survey, choice: Choice, settings: Settings) -> Estimate | None:
    """Estimate how long the addresses of a sheet will take; None where nobody is to be asked."""
    if choice.is_dns_only or not settings.is_probing_allowed:
        return None
    largest = heapq.nlargest(LARGEST, found.by_domain, key=lambda name: found.by_domain[name])
    known = _known(database, largest)
    reused = 0.0 if choice.is_fresh_wanted else _reused(database, found.sample)
    return estimate(forecast(found.by_domain, known, settings, reused), limits_of(settings))


def _known(database: Database, names: Iterable[str]) -> Mapping[str, Known]:
    with database.reading() as connection:
        rows = connection.execute(_DOMAINS, {"names": json.dumps(list(names))}).all()
    return {row.name: Known(row.provider, bool(row.needs_probe), row.portion) for row in rows}


def _reused(database: Database, sample: Sequence[tuple[str, str]]) -> float:
    """Say which part (0-1) of some addresses was answered by an earlier check, and holds."""
    if not sample:
        return 0.0
    names = {"sample": json.dumps(sample), "now": time.time()}
    with database.reading() as connection:
        held: int = connection.execute(_HELD, names).scalar_one()
    return held / len(sample)


_DOMAINS = text(
    "SELECT domain.name, provider, needs_probe, portion FROM json_each(:names) AS wanted"
    " CROSS JOIN domain ON domain.name = wanted.value WHERE resolved_at IS NOT NULL"
)
_HELD = text(
    "SELECT count(*) FROM json_each(:sample) AS wanted"
    " CROSS JOIN domain ON domain.name = json_extract(wanted.value, '$[0]')"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " AND mailbox.folded = json_extract(wanted.value, '$[1]')"
    " WHERE mailbox.state = 'settled' AND mailbox.expires_at > :now"
)
