"""Rows with several addresses: read in one go, and counted by whichever address speaks for them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from engine.value import replace, value
from engine.verdict import Flag
from storage.bulk import driver_of
from storage.database import Database
from storage.listed_rows import HOW_LISTED, WITH_LISTED
from storage.removals import Move, Outcomes, told_apart
from storage.selection import Decides, Outcome, Selection, outcome_of
from storage.speaking import Shared, Speaker, speaker_of, speakers_of
from storage.walk import Found, walk, walk_shared


@value
class Together:
    """A list's rows with several addresses, and those that share an address with one of them.

    `kinds` is what was found of any of their addresses, and of each `are_small` says whether those are at
    small domains. Rows `apart` share none with another row: their addresses by the place of what was found,
    and how many such rows there are. `shared` are in their order.
    """

    kinds: tuple[Outcome, ...]
    are_small: tuple[bool, ...]
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
    iif(entry.row IN (SELECT row FROM listed), {HOW_LISTED}, 0), coalesce(listed_at.entries < :small, 0)
FROM wanted CROSS JOIN entry ON entry.upload_id = :upload AND entry.row = wanted.row
LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id
LEFT JOIN upload_domain AS listed_at
    ON listed_at.upload_id = :upload AND listed_at.domain_id = mailbox.domain_id
ORDER BY entry.row, entry.ordinal
"""  # noqa: S608 - constants
_EVERY = _ROWS.format(wanted="SELECT row FROM several UNION SELECT row FROM shared ORDER BY 1")
_SHARED = _ROWS.format(wanted="SELECT row FROM shared ORDER BY 1")


def read_together(database: Database, upload: int, small: int = 0) -> Together:
    """Read a list's rows with several addresses, and those that share an address with one of them.

    Domains with fewer addresses of the list than that are small.
    """
    with database.reading() as connection:
        return gathered(_rows(connection, upload, small, _EVERY))


def shared_speakers(connection: Connection, upload: int, selection: Selection) -> dict[int, Speaker]:
    """Give by its number each row that another one bears on, and who speaks for it."""
    if not selection.writes_once:
        return {}
    found = gathered(_shared_rows(connection, upload, selection))
    return {row.row: speaker for row, speaker in speakers_of(found.shared, found.kinds, selection)}


def _shared_rows(connection: Connection, upload: int, selection: Selection) -> Iterable[Found]:
    """Read rows that share addresses; their providers only where some are left out, since that takes long."""
    if _is_many(connection, upload) and not selection.providers:
        return walk_shared(connection, upload)
    return (row for row in _rows(connection, upload, 0, _SHARED) if row[1])


def _rows(connection: Connection, upload: int, small: int, sql: str) -> Iterator[Found]:
    """Read rows by a statement that looks up each, or pass all of a list's by where many are meant."""
    if _is_many(connection, upload):
        yield from walk(connection, upload, small)
        return
    with closing(driver_of(connection).execute(sql, {"upload": upload, "small": small})) as rows:
        yield from rows


def _is_many(connection: Connection, upload: int) -> bool:
    """Tell by the counters whether many of a list's rows hold several addresses."""
    rows = driver_of(connection).execute(_SEVERAL, {"upload": upload, "several": int(Flag.SEVERAL)})
    return any(number > MANY for (number,) in rows)


MANY = 20_000
_SEVERAL = (
    "SELECT coalesce(sum(count), 0) FROM tally"
    " WHERE upload_id = :upload AND is_first = 1 AND flags & :several > 0"
)


def gathered(found: Iterable[Found]) -> Together:
    """Gather rows with several addresses, and those that share one, from their addresses in their order."""
    kinds: dict[tuple[Any, ...], int] = {}
    apart: Counter[tuple[int, ...]] = Counter()
    shared: list[Shared] = []
    for (row, is_shared), group in groupby(found, key=_ROW):
        held = tuple((kinds.setdefault(each[3:], len(kinds)), each[2]) for each in group)
        if is_shared:
            shared.append(Shared(row, held))
        else:
            apart[tuple(kind for kind, _ in held)] += 1
    outcomes, are_small = [outcome_of(each[:-1]) for each in kinds], [bool(each[-1]) for each in kinds]
    return Together(tuple(outcomes), tuple(are_small), tuple(apart.items()), tuple(shared))


_ROW = itemgetter(0, 1)


def by_speakers(outcomes: Outcomes, together: Together, selection: Selection) -> Outcomes:
    """Count rows by whom a selection lets speak for them, that were counted by their first address."""
    return told_apart(outcomes, _moves(_as_counted(together, selection), selection))


def _as_counted(together: Together, selection: Selection) -> Together:
    """Tell of no provider but those that are left out, as rows are counted."""
    known = selection.providers
    kinds = (each if each.provider in known else replace(each, provider="") for each in together.kinds)
    return replace(together, kinds=tuple(kinds))


def small_by_speakers(small: Outcomes, together: Together, selection: Selection) -> Outcomes:
    """Count the rows whose speaker is at a small domain, that were counted where their first address is."""
    counted, are_small = Counter(dict(small)), together.are_small
    for first, speaker, found, rows in _turns(together, selection):
        if are_small[first]:
            counted[together.kinds[first]] -= rows
        if are_small[speaker]:
            counted[found] += rows
    return tuple((+counted).items())


def _moves(together: Together, selection: Selection) -> Iterator[Move]:
    for first, _, found, rows in _turns(together, selection):
        yield together.kinds[first], found, rows


def _turns(together: Together, selection: Selection) -> Iterator[tuple[int, int, Outcome, int]]:
    """Give the kinds of rows' first addresses and of their speakers, what these tell, and how many rows."""
    for held, speaker, rows in _apart(together, selection):
        yield held[0], held[speaker.place], speaker.found, rows
    for row, speaker in speakers_of(together.shared, together.kinds, selection):
        yield row.held[0][0], row.held[speaker.place][0], speaker.found, 1


def _apart(together: Together, selection: Selection) -> Iterable[tuple[tuple[int, ...], Speaker, int]]:
    fitting = {found: selection.removes(found) is None for found in together.kinds}
    for held, rows in together.apart:
        found = [together.kinds[kind] for kind in held]
        yield held, speaker_of(found, selection.decides, fitting.__getitem__), rows


def kept_by_others(together: Together, selection: Selection) -> int:
    """Count the rows that go by their first address, but would stay by another one.

    That other one is written to in no row that stays by its first address.
    """
    anyone = replace(selection, decides=Decides.ANY)
    apart = sum(
        rows
        for held, speaker, rows in _apart(together, anyone)
        if speaker.place and selection.removes(together.kinds[held[0]]) and not anyone.removes(speaker.found)
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
