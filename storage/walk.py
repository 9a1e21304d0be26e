"""A list's rows passed by in their order, where most of them hold several addresses.

What is known of a mailbox is held by its number in a few bytes: to look each one up would take longer than
all the rest, and sets in SQL would hold many times as much.
"""

from array import array
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from storage.bulk import driver_of
from storage.listed_rows import HOW_LISTED, WITH_LISTED

Found = tuple[Any, ...]
"""A row's number, whether it shares an address with another, a mailbox of it, and what was found of that."""

_ROW = itemgetter(0)
_SEVERAL, _AGAIN = 1, 2
_COMMON = _SEVERAL | _AGAIN
_NOBODY = ("", 0)


def walk(connection: Connection, upload: int, small: int) -> Iterator[Found]:
    """Give the addresses of rows that hold several, or share one with such a row, in their order."""
    marks = _marks(connection, upload)
    places, kinds = _at_domains(connection, upload, small, len(marks))
    for row, is_shared, mailbox, *found, listed in _passed_by(connection, upload, marks):
        yield row, is_shared, mailbox, *found, kinds[places[mailbox]][0], listed, kinds[places[mailbox]][1]


def walk_shared(connection: Connection, upload: int) -> Iterator[Found]:
    """Give those of rows that share an address with one of several: of no provider, at no small domain."""
    for row, is_shared, mailbox, *found, listed in _passed_by(connection, upload, _marks(connection, upload)):
        if is_shared:
            yield row, is_shared, mailbox, *found, "", listed, 0


def _passed_by(connection: Connection, upload: int, marks: bytearray) -> Iterator[Found]:
    rows = driver_of(connection).execute(_FOUND, {"upload": upload})
    for _, group in groupby(rows, key=_ROW):
        held = list(group)
        is_shared = any(marks[each[1]] == _COMMON for each in held)
        if is_shared or len(held) > 1:
            for row, *found in held:
                yield row, is_shared, *found


def _marks(connection: Connection, upload: int) -> bytearray:
    """Mark by their numbers the mailboxes that a row of several holds, and those in more than one row."""
    driver = driver_of(connection)
    ((most,),) = driver.execute(_MOST, {"upload": upload})
    marks, first = bytearray(most + 1), array("q", [-1]) * (most + 1)
    for row, group in groupby(driver.execute(_HELD, {"upload": upload}), key=_ROW):
        held = [mailbox for _, mailbox in group]
        for mailbox in filter(None, held):
            marks[mailbox] |= _SEVERAL if len(held) > 1 else 0
            if first[mailbox] not in (-1, row):
                marks[mailbox] |= _AGAIN
            first[mailbox] = row
    return marks


def _at_domains(
    connection: Connection, upload: int, small: int, most: int
) -> "tuple[array[int], list[tuple[str, int]]]":
    """Tell by the numbers of mailboxes whose their host is, and whether their domain is small here."""
    places, kinds = array("H", bytes(2 * most)), {_NOBODY: 0}
    for mailbox, *kind in driver_of(connection).execute(_AT, {"upload": upload, "small": small}):
        if mailbox < most:
            places[mailbox] = kinds.setdefault((kind[0], kind[1]), len(kinds))
    return places, list(kinds)


_MOST = "SELECT coalesce(max(mailbox_id), 0) FROM entry WHERE upload_id = :upload"
_HELD = "SELECT row, coalesce(mailbox_id, 0) FROM entry WHERE upload_id = :upload ORDER BY row, ordinal"
_AT = (
    "SELECT mailbox.id, domain.provider, listed.entries < :small FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id WHERE listed.upload_id = :upload"
)
_FOUND = (
    f"{WITH_LISTED} SELECT entry.row, coalesce(entry.mailbox_id, 0), entry.status, entry.flags,"  # noqa: S608
    " entry.reason, entry.confidence,"
    f" iif(entry.row IN (SELECT row FROM listed), {HOW_LISTED}, 0)"
    " FROM entry WHERE entry.upload_id = :upload ORDER BY entry.row, entry.ordinal"
)
