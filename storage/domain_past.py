"""How the addresses of one domain ended in every list there is, the newest list first."""

from sqlalchemy import text

from engine.value import value
from engine.verdict import Status
from storage.database import Database

MOST_LISTS = 24


@value
class PastList:
    """A list with addresses of a domain: its name, when it came (Unix seconds), and how they stand there."""

    upload: int
    name: str
    created_at: float
    entries: int
    statuses: dict[Status, int]


def past_of(database: Database, domain: str, but: int) -> list[PastList]:
    """Give the lists that hold addresses of a domain, but for one, deleted ones and single checks."""
    with database.reading() as connection:
        rows = connection.execute(_PAST, {"domain": domain, "but": but, "most": MOST_LISTS})
        return [
            PastList(
                row.id,
                row.title or row.name,
                row.created_at,
                row.entries,
                {status: getattr(row, status.value) for status in Status},
            )
            for row in rows
        ]


_PAST = text(
    "SELECT upload.id, upload.title, upload.name, upload.created_at, listed.entries, listed.valid,"
    " listed.invalid, listed.accept_all, listed.risky, listed.unknown"
    " FROM domain CROSS JOIN upload_domain AS listed ON listed.domain_id = domain.id"
    " CROSS JOIN upload ON upload.id = listed.upload_id"
    " WHERE domain.name = :domain AND upload.id <> :but AND upload.deleted_at IS NULL"
    " AND upload.is_single = 0"
    " AND upload.state NOT IN ('reading', 'interrupted') ORDER BY upload.id DESC LIMIT :most"
)
