"""The never-probe list as its owner sees it: counted, by list of the user's own, lifted, given as a file."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import text

from engine.never_probed import ListedAs, written
from engine.value import value
from storage.database import Database
from storage.files import Dialect, lines_of
from storage.never_probed import CHUNK_LINES, ListedLine, find_lines, line_of
from storage.progress import Tell

HEADER = ("address or domain", "kind", "list", "note", "added")
_PAGE_LINES = 2_000


@value
class Source:
    """One of the user's own lists (`""`: none): how many lines it has, and since when it has the last one."""

    name: str
    lines: int
    added_at: float


def count_lines(database: Database) -> dict[ListedAs, int]:
    """Count what the list names, by kind; what several of the user's lists name counts once."""
    with database.reading() as connection:
        rows = connection.execute(
            text("SELECT kind, count(DISTINCT name) AS names FROM never_probed GROUP BY kind")
        )
        counted = {row.kind: row.names for row in rows}
    return {kind: counted.get(kind, 0) for kind in ListedAs}


def state_of_list(database: Database) -> tuple[int, float]:
    """Give what tells one state of the list from the next: its lines, and when the last one was added."""
    with database.reading() as connection:
        row = connection.execute(text("SELECT count(*), coalesce(max(added_at), 0) FROM never_probed")).one()
    return int(row[0]), float(row[1])


def sources(database: Database) -> list[Source]:
    """Give the user's own lists, the one added to last first."""
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT source, count(*) AS lines, max(added_at) AS added_at FROM never_probed"
                " GROUP BY source ORDER BY added_at DESC"
            )
        )
        return [Source(row.source, int(row.lines), row.added_at) for row in rows]


def remove_source(database: Database, source: str, tell: Tell) -> int:
    """Take all lines of one of the user's lists off, in chunks, and say how many those were.

    What another of the user's lists names as well stays on the list.
    """
    whole = max(1, next((each.lines for each in sources(database) if each.name == source), 0))
    removed = 0
    while gone := _remove_some(database, source):
        removed += gone
        tell(min(1.0, removed / whole))
    return removed


def _remove_some(database: Database, source: str) -> int:
    with database.writing() as connection:
        return connection.execute(_REMOVED, {"source": source, "limit": CHUNK_LINES}).rowcount


_REMOVED = text(
    "DELETE FROM never_probed WHERE source = :source AND (kind, name) IN"
    " (SELECT kind, name FROM never_probed WHERE source = :source LIMIT :limit)"
)


def only_line(database: Database, source: str) -> ListedLine | None:
    """Give the line of one of the user's lists that has no other; None where it has more, or none."""
    with database.reading() as connection:
        rows = connection.execute(_FIRST_TWO, {"source": source}).all()
    return line_of(rows[0]) if len(rows) == 1 else None


_FIRST_TWO = text("SELECT * FROM never_probed WHERE source = :source LIMIT 2")


def remove_line(database: Database, line: ListedLine) -> None:
    """Take one line off; what another of the user's lists says stays."""
    with database.writing() as connection:
        connection.execute(
            text("DELETE FROM never_probed WHERE kind = :kind AND name = :name AND source = :source"),
            {"kind": line.listed.kind.value, "name": line.listed.name, "source": line.origin.source},
        )


def never_asked_lines(database: Database, dialect: Dialect) -> Iterator[str]:
    """Stream the whole list as CSV, page by page; its first column can be handed in again as it is."""
    return lines_of(_rows(database), dialect)


def _rows(database: Database) -> Iterator[tuple[str, ...]]:
    yield HEADER
    page = find_lines(database, limit=_PAGE_LINES)
    while page:
        yield from (_row(line) for line in page)
        page = find_lines(database, after=page[-1], limit=_PAGE_LINES)


def _row(line: ListedLine) -> tuple[str, ...]:
    added = datetime.fromtimestamp(line.added_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return written(line.listed), line.listed.kind.value, line.origin.source, line.origin.why, added
