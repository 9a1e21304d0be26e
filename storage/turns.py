"""Whose turn it is: the order in which domains are looked up and asked, fair between lists.

This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with a clock for each lane. A list's domains
have places by size, the biggest first, since they take longest. A domain's rank is the clock of its lane as
the list started, plus its place in the list; where several lists want it, the smallest such sum. The least
rank is claimed first and moves the clock on. So a list has its turn from its start on.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from engine.batch import DomainFacts
from storage.bulk import read_set, rows_of, write_each
from storage.database import Database

LOOK_UP = "?"
"""The lane of domains that wait for a route."""
UNASKED = "-"
"""The lane of domains that answer for all their mailboxes, so that nobody is asked."""
OTHER = "other"
"""The provider of domains whose hosts are nobody's that we know."""
CROWD = 200
"""Domains that make an MX set a lane of its own. Those of smaller sets share the lane `""`."""
CHUNK_DOMAINS = 5_000


def lane_at(facts: DomainFacts, *, needs_probe: bool) -> str:
    """Say on which lane a domain waits; of an MX set that is not crowded, on the common one."""
    if not needs_probe:
        return UNASKED
    return "" if facts.provider == OTHER else facts.provider


def place_domains(database: Database, upload: int) -> None:
    """Give a list's domains their places by size. In chunks."""
    with database.reading() as connection:
        domains = list(connection.execute(_BY_SIZE, {"upload": upload}).scalars())
    for start in range(0, len(domains), CHUNK_DOMAINS):
        chunk = domains[start : start + CHUNK_DOMAINS]
        with database.writing() as connection:
            write_each(
                connection,
                _PLACED,
                [{"place": n, "upload": upload, "domain": d} for n, d in enumerate(chunk, start)],
            )


_BY_SIZE = text(
    "SELECT domain_id FROM upload_domain WHERE upload_id = :upload ORDER BY entries DESC, domain_id"
)
_PLACED = "UPDATE upload_domain SET position = :place WHERE upload_id = :upload AND domain_id = :domain"


def take_turn(connection: Connection, upload: int) -> None:
    """Note how far every lane has come as a list starts; one that runs already keeps its turn."""
    rows_of(connection, _OPEN_LANE, LOOK_UP)
    rows_of(connection, _TAKEN, upload)


_OPEN_LANE = "INSERT OR IGNORE INTO lane_clock (lane, clock) VALUES (?, 0)"
_TAKEN = (
    "INSERT INTO turn (upload_id, lane, base) SELECT upload.id, lane, clock FROM upload CROSS JOIN lane_clock"
    " WHERE upload.id = ? AND NOT EXISTS (SELECT 1 FROM turn WHERE upload_id = upload.id)"
)


def give_up_turn(connection: Connection, upload: int) -> None:
    """Forget when a list started: it has its turn anew when it goes on."""
    connection.execute(text("DELETE FROM turn WHERE upload_id = :upload"), {"upload": upload})


def rank_domains(connection: Connection, domains: Sequence[int]) -> None:
    """Work out the ranks of domains (by id) from the lists that run and name them."""
    connection.execute(_RANKED, {"domains": json.dumps(list(domains)), "look_up": LOOK_UP})


_RANKED = text(
    "UPDATE domain SET rank = coalesce((SELECT min(coalesce(turn.base, 0) + listed.position) FROM upload"
    " CROSS JOIN upload_domain AS listed ON listed.upload_id = upload.id AND listed.domain_id = domain.id"
    " LEFT JOIN turn ON turn.upload_id = upload.id"
    " AND turn.lane = iif(domain.resolve_at IS NULL, domain.lane, :look_up)"
    " WHERE upload.state = 'running' AND upload.is_single = 0), rank)"
    " WHERE id IN (SELECT value FROM json_each(:domains))"
)
"""A single address goes before all others anyway, and moves its domain's rank in no list."""

MAILBOX_RANK = (
    "coalesce((SELECT first.rank FROM mailbox AS first WHERE first.domain_id = mailbox.domain_id"
    " AND first.is_wanted = 1 AND first.due_at IS NOT NULL AND first.attempts = 0"
    " ORDER BY first.rank LIMIT 1), 0)"
    " + (SELECT min(row) FROM entry WHERE entry.mailbox_id = mailbox.id AND +entry.upload_id = :upload)"
)
"""A mailbox's turn at its domain: after who is first there now, by its row in the list that starts."""


def put_first(connection: Connection, mailbox: int) -> None:
    """Have a wanted mailbox asked about before all others: first at its domain, that first on its lane."""
    rows_of(connection, _FIRST_AT_DOMAIN, mailbox)
    rows_of(connection, _FIRST_ON_LANE, mailbox)


_FIRST_AT_DOMAIN = (
    "UPDATE mailbox SET rank = (SELECT min(other.rank) FROM mailbox AS other WHERE other.is_wanted = 1"
    " AND other.due_at IS NOT NULL AND other.domain_id = mailbox.domain_id) - 1"
    " WHERE id = ? AND is_wanted = 1"
)
_FIRST_ON_LANE = (
    "UPDATE domain SET rank = coalesce((SELECT min(other.rank) FROM domain AS other"
    " WHERE other.due_at IS NOT NULL AND other.lane = domain.lane), 0) - 1"
    " WHERE id = (SELECT domain_id FROM mailbox WHERE id = ?)"
)


def look_up_first(connection: Connection, mailbox: int) -> None:
    """Have a mailbox's domain looked up before all others, if it waits for that."""
    rows_of(connection, _FIRST_LOOKED_UP, mailbox)


_FIRST_LOOKED_UP = (
    "UPDATE domain SET rank = coalesce((SELECT min(other.rank) FROM domain AS other"
    " WHERE other.resolve_at IS NOT NULL AND (other.due_at IS NOT NULL OR other.is_awaited = 1)), 0) - 1"
    " WHERE id = (SELECT domain_id FROM mailbox WHERE id = ?) AND resolve_at IS NOT NULL"
)


def move_clocks(connection: Connection, reached: Mapping[str, float]) -> None:
    """Move the lanes' clocks on to the ranks that were claimed there."""
    write_each(
        connection,
        "INSERT INTO lane_clock (lane, clock) VALUES (:lane, :clock)"
        " ON CONFLICT DO UPDATE SET clock = excluded.clock WHERE excluded.clock > clock",
        [{"lane": lane, "clock": clock} for lane, clock in reached.items()],
    )


def find_crowds(connection: Connection, route_keys: set[str]) -> None:
    """Make a lane of each of these MX sets that enough domains share by now."""
    lanes = {lane for (lane,) in read_set(connection, "lane", "SELECT lane FROM lane_clock")}
    sizes = read_set(connection, "value, domains", _SIZES, CROWD, json.dumps(list(route_keys)))
    for key, domains in sizes:
        if domains and (domains == CROWD or key in lanes):
            _move_to_lane(connection, key)


_UNCROWDED = "SELECT {} FROM domain WHERE lane = '' AND route_key <> '' AND route_key = {} LIMIT ?"
_SIZES = (
    f"SELECT value, (SELECT count(*) FROM ({_UNCROWDED.format(1, 'wanted.value')})) AS domains"  # noqa: S608
    " FROM json_each(?) AS wanted"
)
_MOVED = "UPDATE domain SET lane = ? WHERE id IN (SELECT value FROM json_each(?))"


def _move_to_lane(connection: Connection, lane: str) -> None:
    moved = [each for (each,) in read_set(connection, "id", _UNCROWDED.format("id", "?"), lane, CROWD)]
    rows_of(connection, _MOVED, lane, json.dumps(moved))
    rows_of(connection, _OPEN_LANE, lane)
    rank_domains(connection, moved)
