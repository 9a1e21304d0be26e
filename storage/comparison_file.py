"""A comparison of two lists as a file: who changed, from what to what, and why."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from storage.as_written import as_read
from storage.compare import CHANGED_ROWS, GONE_ROWS, Kind, kind_of, names_of
from storage.database import Database
from storage.exports import FETCH_ROWS
from storage.files import Dialect, lines_of

HEADER = ("email", "change", "status_before", "reason_before", "status_now", "reason_now")


def comparison_lines(database: Database, one: int, other: int, dialect: Dialect) -> Iterator[str] | None:
    """Stream a CSV of the addresses that changed between two lists, those that are gone last.

    Those that are as before are left out, those without an answer for one of the two, and whoever is on the
    never-probe list now. None where one of the lists is not there any more.
    """
    with database.reading() as connection:
        named = names_of(connection, one, other)
    return None if named is None else lines_of(_rows(database, named), dialect)


def _rows(database: Database, named: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give the header, then a row for each address, in constant memory."""
    yield HEADER
    with database.reading() as connection:
        streaming = connection.execution_options(yield_per=FETCH_ROWS)
        for row in streaming.execute(text(CHANGED_ROWS), named):
            yield _cells(row, kind_of(row))
        for row in streaming.execute(text(GONE_ROWS), named):
            yield _cells(row, Kind.GONE)


def _cells(row: Any, kind: Kind) -> tuple[str, ...]:
    found = (row.then_is, row.why_then, row.now_is, row.why)
    return (as_read(row.text), kind.value, *(each or "" for each in found))
