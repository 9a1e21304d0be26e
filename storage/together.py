"""Rows with several addresses: read in one go, and counted by whichever address speaks for them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from engine.value import replace, value
from storage.bulk import driver_of
from storage.database import Database
from storage.listed_rows import HOW_LISTED, WITH_LISTED
from storage.removals import Move, Outcomes, told_apart
from storage.selection import Decides, Outcome, Selection, outcome_of
from storage.speaking import Shared, Speaker, speaker_of, speakers_of


@value
class Together:
    """A list's rows with several addresses, and those that share an address with one of them.

    `kinds` is what was found of any of their addresses. Rows `apart` share none with another row: their
    addresses by the place of what was found, and how many such rows there are. `shared` are in their order.
    """

    kinds: tuple[Outcome, ...]
    apart: tuple[tuple[tuple[int, ...], int], ...]
    shared: tuple[Shared, ...]


_ROWS = f"""{WITH_LISTED}, several (row) AS MATERIALIZED (
    SELECT row FROM entry WHERE upload_id = :upload AND ordinal = 1
), held (mailbox) AS MATERIALIZED (
    SELECT DISTINCT entry.mailbox_id FROM several
    CROSS JOIN entry ON entry.upload_id = :upload AND entry.row = several.row
    WHERE entry.mailbox_id IS NOT NULL
), common (mailbox) AS MATERIALIZED (
    SELECT held.mailbox FROM held CROSS JOIN entry ON entry.mailbox_id = held.mailbox
    WHERE +entry.upload_id = :upload GROUP BY held.mailbox HAVING min(entry.row) < max(entry.row)
), shared (row) AS MATERIALIZED (
    SELECT DISTINCT entry.row FROM common CROSS JOIN entry ON entry.mailbox_id = common.mailbox
    WHERE +entry.upload_id = :upload
), wanted (row) AS MATERIALIZED ({{wanted}})
SELECT entry.row, entry.row IN (SELECT row FROM shared), coalesce(entry.mailbox_id, 0),
    entry.status, entry.flags, entry.reason, entry.confidence, coalesce(domain.provider, ''),
    iif(entry.row IN (SELECT row FROM listed), {HOW_LISTED}, 0)
FROM wanted CROSS JOIN entry ON entry.upload_id = :upload AND entry.row = wanted.row
LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id
ORDER BY entry.row, entry.ordinal
"""  # noqa: S608 - constants
_EVERY = _ROWS.format(wanted="SELECT row FROM several UNION SELECT row FROM shared ORDER BY 1")
_SHARED = _ROWS.format(wanted="SELECT row FROM shared ORDER BY 1")


def read_together(database: Database, upload: int) -> Together:
    """Read a list's rows with several addresses, and those that share an address with one of them."""
    with database.reading() as connection:
        return _read(connection, upload, _EVERY)


def shared_speakers(connection: Connection, upload: int, selection: Selection) -> dict[int, Speaker]:
    """Give by its number each row that another one bears on, and who speaks for it."""
    if not selection.writes_once:
        return {}
    found = _read(connection, upload, _SHARED)
    return {row.row: speaker for row, speaker in speakers_of(found.shared, found.kinds, selection)}


def _read(connection: Connection, upload: int, sql: str) -> Together:
    kinds: dict[tuple[Any, ...], int] = {}
    apart: Counter[tuple[int, ...]] = Counter()
    shared: list[Shared] = []
    with closing(driver_of(connection).execute(sql, {"upload": upload})) as entries:
        for (row, is_shared), group in groupby(entries, key=_ROW):
            held = tuple((kinds.setdefault(each[3:], len(kinds)), each[2]) for each in group)
            if is_shared:
                shared.append(Shared(row, held))
            else:
                apart[tuple(kind for kind, _ in held)] += 1
    return Together(tuple(outcome_of(each) for each in kinds), tuple(apart.items()), tuple(shared))


_ROW = itemgetter(0, 1)


def by_speakers(outcomes: Outcomes, together: Together, selection: Selection) -> Outcomes:
    """Count rows by whom a selection lets speak for them, that were counted by their first address."""
    return told_apart(outcomes, _moves(_as_counted(together, selection), selection))


def _as_counted(together: Together, selection: Selection) -> Together:
    """Tell of no provider but those that are left out, as rows are counted."""
    known = selection.providers
    kinds = (each if each.provider in known else replace(each, provider="") for each in together.kinds)
    return replace(together, kinds=tuple(kinds))


def _moves(together: Together, selection: Selection) -> Iterator[Move]:
    kinds = together.kinds
    for first, speaker, rows in _apart(together, selection):
        yield first, speaker.found, rows
    for row, speaker in speakers_of(together.shared, kinds, selection):
        yield kinds[row.held[0][0]], speaker.found, 1


def _apart(together: Together, selection: Selection) -> Iterable[tuple[Outcome, Speaker, int]]:
    fitting = {found: selection.removes(found) is None for found in together.kinds}
    for held, rows in together.apart:
        found = [together.kinds[kind] for kind in held]
        yield found[0], speaker_of(found, selection.decides, fitting.__getitem__), rows


def kept_by_others(together: Together, selection: Selection) -> int:
    """Count the rows that go by their first address, but would stay by another one.

    That other one is written to in no row that stays by its first address.
    """
    anyone = replace(selection, decides=Decides.ANY)
    apart = sum(
        rows
        for first, speaker, rows in _apart(together, anyone)
        if speaker.place and selection.removes(first) and not anyone.removes(speaker.found)
    )
    return apart + _shared_by_others(together, selection, anyone)


def _shared_by_others(together: Together, selection: Selection, anyone: Selection) -> int:
    stays = [selection.removes(found) is None for found in together.kinds]
    first = [row.held[0] for row in together.shared]
    written = {mailbox for kind, mailbox in first if mailbox and stays[kind]}
    speakers = speakers_of(together.shared, together.kinds, anyone)
    return sum(
        not stays[row.held[0][0]] and row.held[speaker.place][1] not in written
        for row, speaker in speakers
        if speaker.place and not anyone.removes(speaker.found)
    )
