"""The addresses of a list that must not be sent to, for an e-mail tool's suppression list.

Those are the dead and, where that is wanted, whoever of the list is on the never-probe list.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from engine.reason import WEIGHED
from storage.as_written import as_read
from storage.database import Database
from storage.exports import FETCH_ROWS
from storage.files import Dialect, lines_of
from storage.listed_rows import WITH_LISTED

HEADER = ("email",)
_OF_TASTE = ", ".join(f"'{each}'" for each in WEIGHED)
_DEAD = f"upload_id = :upload AND status = 'invalid' AND reason NOT IN ({_OF_TASTE})"
_INVALID = text(
    "SELECT coalesce(nullif(corrected, ''), text) AS text FROM entry"  # noqa: S608 - constants
    f" WHERE {_DEAD} AND mailbox_id IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM entry AS earlier WHERE earlier.mailbox_id = entry.mailbox_id"
    " AND earlier.upload_id = :upload AND earlier.id < entry.id)"
    " ORDER BY row"
)
_MISSPELT = text(
    f"SELECT DISTINCT text FROM entry WHERE {_DEAD} AND corrected <> ''"  # noqa: S608 - constants
)
_LISTED = text(
    f"{WITH_LISTED} SELECT entry.text, iif(entry.mailbox_id IN (SELECT id FROM listed_mailbox),"  # noqa: S608
    " entry.corrected, NULL) AS corrected FROM listed_entry"
    f" CROSS JOIN entry ON entry.id = listed_entry.id WHERE (entry.status IS NOT 'invalid'"
    f" OR entry.reason IN ({_OF_TASTE})) ORDER BY entry.row, entry.ordinal"
)


def suppression_lines(
    database: Database, upload: int, dialect: Dialect, *, has_listed: bool = False
) -> Iterator[str]:
    """Stream a CSV of one column: each address that takes no mail once, in the list's order.

    With `has_listed` those addresses of the list follow that are on the never-probe list now, though they
    may live. What is invalid by a client's policy alone is left out: the file holds for all clients. So is
    what is no address at all: no tool could send to it, and few would take it. An address that was corrected
    stands there as it was asked, and further down as it was written.
    """
    return lines_of(_rows(database, upload, has_listed=has_listed), dialect)


def _rows(database: Database, upload: int, *, has_listed: bool) -> Iterator[tuple[str, ...]]:
    yield HEADER
    with database.reading() as connection:
        rows = connection.execution_options(yield_per=FETCH_ROWS).execute(_INVALID, {"upload": upload})
        yield from ((as_read(row.text),) for row in rows)
        misspelt = connection.execute(_MISSPELT, {"upload": upload}).scalars()
        yield from ((each,) for each in dict.fromkeys(map(as_read, misspelt)))
        if has_listed:
            yield from ((each,) for each in _listed(connection, upload))


def _listed(connection: Connection, upload: int) -> dict[str, None]:
    """Name each that is listed, and not among the dead, once: as written, and as asked if that is listed."""
    rows = connection.execute(_LISTED, {"upload": upload}).all()
    asked = (row.corrected for row in rows if row.corrected)
    return dict.fromkeys((*(as_read(row.text) for row in rows), *asked))
