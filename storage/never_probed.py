"""The never-probe list in the database: kept, looked names up in, and held to by lists that run."""

import json
import time
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.batch import Batch
from engine.never_probed import (
    Listed,
    ListedAs,
    NeverProbed,
    lines_over,
    names_of_hosts,
    never_probed_of,
)
from engine.policy import DEFAULT_POLICY, Policy
from engine.reason import Reason
from engine.value import replace, value
from storage.bulk import rows_of, write_each
from storage.database import Database
from storage.progress import Tell, tell_nobody
from storage.sought import as_sought, held_by

CHUNK_LINES = 5_000


@value
class Origin:
    """Whence lines are: why they stand there, and the user's own list they came with (`""`: none)."""

    why: str = ""
    source: str = ""


@value
class ListedLine:
    """A line of the list as it is shown: whence it is, and since when (Unix seconds)."""

    listed: Listed
    origin: Origin
    added_at: float

    @property
    def why(self) -> str:
        """Why it stands there."""
        return self.origin.why


def write_lines(
    database: Database, lines: Sequence[Listed], origin: Origin, tell: Tell = tell_nobody
) -> None:
    """Write lines of the list, in chunks; those that came with the same source get the new reason.

    Running lists are marked as not yet held to it, so that it is made up for after a kill.
    """
    given = {"why": origin.why, "source": origin.source, "now": time.time()}
    for start in range(0, len(lines), CHUNK_LINES):
        chunk = lines[start : start + CHUNK_LINES]
        with database.writing() as connection:
            write_each(
                connection,
                "INSERT INTO never_probed (kind, name, source, why, added_at)"
                " VALUES (:kind, :name, :source, :why, :now) ON CONFLICT DO UPDATE SET why = excluded.why",
                [{"kind": each.kind.value, "name": each.name} | given for each in chunk],
            )
            connection.execute(text("UPDATE upload SET applied = '' WHERE state = 'running'"))
        tell(min(1.0, (start + CHUNK_LINES) / len(lines)))
    _spare_surveys(database, never_probed_of(lines))


def _spare_surveys(database: Database, listed: NeverProbed) -> None:
    """Let no listed domain be asked for what it publishes, though it was looked up before."""
    with database.reading() as connection:
        held = _held(connection, listed, "SELECT name FROM domain WHERE survey_at IS NOT NULL")
    for start in range(0, len(held), CHUNK_LINES):
        with database.writing() as connection:
            connection.execute(_SPARED, {"held": json.dumps(held[start : start + CHUNK_LINES])})


def _held(connection: Connection, listed: NeverProbed, named: str) -> list[str]:
    """Give the listed ones of the domains that a statement names; without a line of a domain none is read."""
    if not listed.domains:
        return []
    return [name for (name,) in rows_of(connection, named) if listed.holds_domain(name)]


_SPARED = text(
    "UPDATE domain SET survey_at = NULL WHERE name IN (SELECT value FROM json_each(:held))"
    " AND survey_at IS NOT NULL"
)


def remove_lines(database: Database, lines: Iterable[Listed]) -> int:
    """Take lines off the list, whatever they came with, and say how many stood there.

    What they held may be asked about again.
    """
    removed = 0
    rest = iter(lines)
    while chunk := list(islice(rest, CHUNK_LINES)):
        names = {"lines": _pairs((line.kind, line.name) for line in chunk)}
        with database.writing() as connection:
            removed += int(connection.execute(_STANDING, names).scalar_one())
            connection.execute(_TAKEN_OFF, names)
    return removed


_AMONG = (
    "FROM never_probed WHERE (kind, name) IN"
    " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:lines))"
)
_STANDING = text(f"SELECT count(*) FROM (SELECT DISTINCT kind, name {_AMONG})")  # noqa: S608 - constants
_TAKEN_OFF = text(f"DELETE {_AMONG}")


def find_lines(
    database: Database, *, words: str = "", after: ListedLine | None = None, limit: int = 100
) -> list[ListedLine]:
    """Find lines whose name or source holds `words`, by kind and name, at most `limit` behind `after`."""
    place = (after.listed.kind, after.listed.name, after.origin.source) if after else ("", "", "")
    given = dict(zip(("kind", "name", "source"), place, strict=True))
    with database.reading() as connection:
        rows = connection.execute(_FOUND, given | {"words": as_sought(words), "limit": limit})
        return [line_of(row) for row in rows]


_FOUND = text(
    "SELECT * FROM never_probed WHERE (kind, name, source) > (:kind, :name, :source)"  # noqa: S608 - constants
    f" AND ({held_by('name')} OR {held_by('source')})"
    " ORDER BY kind, name, source LIMIT :limit"
)


def line_of(row: Row[Any]) -> ListedLine:
    """Read a line from its row."""
    return ListedLine(Listed(ListedAs(row.kind), row.name), Origin(row.why, row.source), row.added_at)


def read_never_probed(database: Database, policy: Policy = DEFAULT_POLICY) -> NeverProbed:
    """Read the whole list into memory, with the domains that a client's policy lets nobody be asked about."""
    with database.reading() as connection:
        rows = connection.execute(text("SELECT kind, name FROM never_probed"))
        listed = never_probed_of(Listed(ListedAs(row.kind), row.name) for row in rows)
    return listed.with_domains(policy.never_probed_domains)


def held_among(connection: Connection, mailboxes: Sequence[int]) -> dict[int, Address]:
    """Find out which of these mailboxes are on the list, by one look for all their names."""
    if not _has_lines(connection):
        return {}
    addresses = addresses_of(connection, mailboxes)
    listed = never_probed_of(_found(connection, _names_of(addresses.values())))
    return {mailbox: address for mailbox, address in addresses.items() if listed.holds(address)}


def addresses_of(connection: Connection, mailboxes: Sequence[int]) -> dict[int, Address]:
    """Give the addresses of mailboxes, by mailbox."""
    rows = connection.execute(_ADDRESSES, {"mailboxes": json.dumps(list(mailboxes))})
    return {row.id: Address(row.local_part, row.name) for row in rows}


_ADDRESSES = text(
    "SELECT mailbox.id, mailbox.local_part, domain.name FROM json_each(:mailboxes) AS wanted"
    " CROSS JOIN mailbox ON mailbox.id = wanted.value JOIN domain ON domain.id = mailbox.domain_id"
)


def _names_of(addresses: Collection[Address]) -> list[tuple[ListedAs, str]]:
    """Give every line that could hold one of these addresses."""
    lines = (line for address in addresses for line in lines_over(address))
    return list(dict.fromkeys((line.kind, line.name) for line in lines))


def mark_withheld(connection: Connection, batches: list[Batch]) -> list[Batch]:
    """Mark the batches to whose mail hosts no connection may be made."""
    if not _has_lines(connection):
        return batches
    names = {name for batch in batches for name in names_of_hosts(batch.domain.route)}
    listed = never_probed_of(_found(connection, [(ListedAs.MX, name) for name in names]))
    return [
        replace(batch, withheld=Reason.NEVER_PROBED) if listed.holds_route(batch.domain.route) else batch
        for batch in batches
    ]


def wanted_under(database: Database, listed: NeverProbed) -> list[int]:
    """Find the mailboxes under lines of the list that wait to be asked about, or for their domain's route."""
    with database.reading() as connection:
        domains = _held(connection, listed, _DOMAINS_WITH_WORK)
        addresses = [name.rpartition("@")[::-2] for name in listed.addresses]
        wanted = {"domains": json.dumps(domains), "addresses": json.dumps(addresses)}
        return list(connection.execute(_WANTED_UNDER, wanted).scalars())


_DOMAINS_WITH_WORK = (
    "SELECT name FROM domain WHERE due_at IS NOT NULL"
    " UNION ALL SELECT name FROM domain WHERE is_awaited = 1 AND due_at IS NULL"
)
_WANTED_UNDER = text(
    "SELECT mailbox.id FROM json_each(:domains) AS listed CROSS JOIN domain ON domain.name = listed.value"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " WHERE +mailbox.is_wanted = 1 OR domain.is_awaited = 1"
    " UNION SELECT mailbox.id FROM json_each(:addresses) AS listed"
    " CROSS JOIN domain ON domain.name = json_extract(listed.value, '$[0]')"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " AND mailbox.folded = json_extract(listed.value, '$[1]')"
    " WHERE +mailbox.is_wanted = 1 OR domain.is_awaited = 1"
)


def _has_lines(connection: Connection) -> bool:
    return rows_of(connection, "SELECT 1 FROM never_probed LIMIT 1").fetchone() is not None


def _found(connection: Connection, wanted: Sequence[tuple[ListedAs, str]]) -> list[Listed]:
    rows: Sequence[Row[Any]] = connection.execute(
        text(
            "SELECT never_probed.kind, never_probed.name FROM json_each(:wanted) AS wanted"
            " CROSS JOIN never_probed ON never_probed.kind = json_extract(wanted.value, '$[0]')"
            " AND never_probed.name = json_extract(wanted.value, '$[1]')"
        ),
        {"wanted": _pairs(wanted)},
    ).all()
    return [Listed(ListedAs(row.kind), row.name) for row in rows]


def _pairs(pairs: Iterable[tuple[ListedAs, str]]) -> str:
    return json.dumps([(kind.value, name) for kind, name in pairs])
