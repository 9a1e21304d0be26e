"""A list's settled addresses by what tells how many of their messages bounce, from its counters."""

from sqlalchemy import Connection, text

from engine.expected import Stratum
from engine.reason import Reason
from engine.verdict import Status
from storage.database import Database


def strata_of(database: Database, upload: int) -> list[Stratum]:
    """Count a list's settled addresses by status, reason and provider, rows without an address left out.

    Valid ones by provider, from what is counted of each of its domains; all others by reason.
    """
    with database.reading() as connection:
        return [*_valid(connection, upload), *_others(connection, upload)]


def safe_strata(database: Database, upload: int) -> list[Stratum]:
    """Count a list's valid addresses by provider."""
    with database.reading() as connection:
        return _valid(connection, upload)


_VALID = text(
    "SELECT domain.provider, sum(listed.valid) AS addresses FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id"
    " WHERE listed.upload_id = :upload AND listed.valid > 0 GROUP BY domain.provider"
)
_OTHERS = text(
    "SELECT status, reason, sum(count) AS addresses FROM tally WHERE upload_id = :upload"
    " AND status NOT IN ('', 'valid') AND reason <> 'empty' GROUP BY status, reason"
)


def _valid(connection: Connection, upload: int) -> list[Stratum]:
    rows = connection.execute(_VALID, {"upload": upload})
    return [Stratum(Status.VALID, Reason.ACCEPTED, row.provider, row.addresses) for row in rows]


def _others(connection: Connection, upload: int) -> list[Stratum]:
    rows = connection.execute(_OTHERS, {"upload": upload})
    return [Stratum(Status(row.status), Reason(row.reason), "", row.addresses) for row in rows]
