"""Addresses by what tells how many of their messages bounce: those of a list, and what is kept of it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from engine.expected import Stratum
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Status
from storage.database import Database
from storage.selection import Outcome


def strata_of(database: Database, upload: int) -> list[Stratum]:
    """Count a list's settled addresses by status, reason and provider, rows without an address left out.

    Valid ones by provider, from what is counted of each of its domains; all others by reason.
    """
    with database.reading() as connection:
        rows = connection.execute(_OTHERS, {"upload": upload})
        others = [Stratum(Status(row.status), Reason(row.reason), "", row.addresses) for row in rows]
        return [*_valid(connection, upload), *others]


def safe_strata(database: Database, upload: int) -> list[Stratum]:
    """Count a list's valid addresses by provider, from what is counted of each of its domains."""
    with database.reading() as connection:
        return _valid(connection, upload)


def _valid(connection: Connection, upload: int) -> list[Stratum]:
    rows = connection.execute(_VALID, {"upload": upload})
    return [Stratum(Status.VALID, Reason.ACCEPTED, row.provider, row.addresses) for row in rows]


_VALID = text(
    "SELECT domain.provider, sum(listed.valid) AS addresses FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id"
    " WHERE listed.upload_id = :upload AND listed.valid > 0 GROUP BY domain.provider"
)
_OTHERS = text(
    "SELECT status, reason, sum(count) AS addresses FROM tally WHERE upload_id = :upload"
    " AND status NOT IN ('', 'valid') AND reason <> 'empty' GROUP BY status, reason"
)


def kept_strata(kept: Iterable[tuple[Outcome, int]], safe: Sequence[Stratum]) -> list[Stratum]:
    """Sort what is kept of a list into strata; rows without an address are none.

    Where nothing is said of its provider, a valid one counts as the list's valid ones (`safe`) do together.
    """
    strata: list[Stratum] = []
    for found, rows in kept:
        if found.reason is Reason.EMPTY:
            continue
        stratum = Stratum(found.status, found.reason, found.provider, rows)
        is_told = found.provider or found.status is not Status.VALID
        strata.extend([stratum] if is_told else _spread(stratum, safe))
    return strata


def _spread(stratum: Stratum, over: Sequence[Stratum]) -> Iterable[Stratum]:
    """Part a stratum by provider as others are parted."""
    whole = sum(each.addresses for each in over)
    if not whole:
        return [stratum]
    return [replace(each, addresses=stratum.addresses * each.addresses / whole) for each in over]
