"""What tells whether a list is ready to send: its addresses by status and by the size of their domain."""

from sqlalchemy import text

from engine.readiness import SMALL_DOMAIN, Counts
from engine.verdict import Status
from storage.database import Database
from storage.strata import strata_of

_STATUSES = text(
    "SELECT status, sum(count) AS addresses FROM tally"
    " WHERE upload_id = :upload AND status <> '' AND reason <> 'empty' GROUP BY status"
)
_AT_SMALL = text(
    "SELECT sum(valid) AS valid, sum(invalid) AS invalid, sum(accept_all) AS accept_all,"
    " sum(risky) AS risky, sum(unknown) AS unknown FROM upload_domain"
    " WHERE upload_id = :upload AND entries < :small"
)
_WAITING = text("SELECT entry_count - settled_count FROM upload WHERE id = :upload")


def counts_for_sending(database: Database, upload: int) -> Counts:
    """Count a list's addresses, from its counters and its domains: no look at any address."""
    names = {"upload": upload, "small": SMALL_DOMAIN}
    with database.reading() as connection:
        statuses = {row.status: row.addresses for row in connection.execute(_STATUSES, names)}
        small = connection.execute(_AT_SMALL, names).one()
        waiting = connection.execute(_WAITING, names).scalar()
    return Counts(
        statuses={status: statuses.get(status.value, 0) for status in Status},
        at_small={status: getattr(small, status.value) or 0 for status in Status},
        strata=tuple(strata_of(database, upload)),
        waiting=waiting or 0,
    )
