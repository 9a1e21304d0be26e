"""Claims: whose turn it is, lane by lane, and which domains go out together in one session."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection

from engine.batch import Batch, Closed, Convoy, DomainFacts, Scope, lane_of
from engine.convoy import SLACK_S, Space, space_beside
from engine.prober import longest_probe_s
from engine.settings import Settings
from storage.bulk import read_set, rows_of, write_set
from storage.codec import load_facts
from storage.due import refresh_due
from storage.loads import DueDomain, Load, recipient_of, watched_loads
from storage.never_probed import mark_withheld
from storage.turns import UNASKED, move_clocks

LEASE_MARGIN_S = 60.0
MATES_TRIED = 16
"""Domains behind the same MX hosts that are looked at for a session, be there space for them or not."""
UNASKED_AT_ONCE = 64
"""Domains that one claim gives of those that answer for all their mailboxes."""
UNASKED_RECIPIENTS = 1_000
"""Recipients of such domains after which a claim takes no further one: they are all written at once."""

_DUE = (
    "SELECT id, name, lane, rank, provider, route_key, portion, facts FROM domain INDEXED BY {} WHERE {}"
    " AND due_at IS NOT NULL AND resolve_at IS NULL AND due_at <= ? ORDER BY rank{}"
)
_ON_A_LANE = _DUE.format("ix_domain_turn", "lane = ?", "")
_BEHIND_A_ROUTE = _DUE.format("ix_domain_mates", "route_key = ?", " DESC")
_LANES = (
    "WITH RECURSIVE known (lane) AS (SELECT '' UNION ALL SELECT (SELECT domain.lane"
    " FROM domain INDEXED BY ix_domain_turn WHERE due_at IS NOT NULL AND resolve_at IS NULL"
    " AND domain.lane > known.lane ORDER BY domain.lane LIMIT 1) FROM known WHERE known.lane IS NOT NULL)"
    " SELECT lane FROM known WHERE lane IS NOT NULL"
)
_DUE_MAILBOXES = (
    "SELECT * FROM (SELECT id, local_part, attempts, recipient FROM mailbox INDEXED BY {}"
    " WHERE domain_id = ? AND is_wanted = 1 AND due_at IS NOT NULL AND attempts {} 0 AND due_at <= ?"
    " ORDER BY {}, id LIMIT ?)"
)
_PUT_OFF = _DUE_MAILBOXES.format("ix_mailbox_put_off", ">", "due_at")
_FRESH = _DUE_MAILBOXES.format("ix_mailbox_turn", "=", "rank")
_GOING_OUT = f"{_PUT_OFF} UNION ALL {_FRESH} LIMIT ?"
"""First those that come back, then by rank: SQLite gives the parts of a UNION ALL one after the other."""


class _Picker:
    """Looks through the lanes for sessions to be opened, and reads only.

    `stale` are domains (by id) that seemed due, but had nobody who is.
    """

    def __init__(self, connection: Connection, closed: Closed, now: float) -> None:
        self._connection = connection
        self._closed = closed
        self._now = now
        self._room = defaultdict(lambda: closed.usual_room, closed.room)
        self._paused = {scope: {p.name for p in closed.pauses if p.scope is scope} for scope in Scope}
        self._taken: set[int] = set()
        self.stale: list[int] = []

    def watched(self, limit: int) -> list[list[Load]]:
        """Give up to `limit` sessions for single addresses that somebody waits for: each goes out alone."""
        if self._closed.is_probing_off or self._paused[Scope.ALL]:
            return []
        found: list[list[Load]] = []
        for load in watched_loads(self._connection, self._now):
            if len(found) < limit and self._is_open(load.domain):
                self._taken.add(load.domain.id)
                self._room[lane_of(load.domain.provider, load.domain.route_key)] -= 1
                found.append([load])
        return found

    def unasked(self) -> list[Load]:
        """Give domains that answer for all their mailboxes: no session, so no pacing is in their way."""
        loads: list[Load] = []
        count = 0
        for domain in self._due(_ON_A_LANE, UNASKED, self._now):
            if domain.name in self._closed.domains or not (load := self._load(domain, self._now)).recipients:
                continue
            count += len(load.recipients)
            loads.append(load)
            if len(loads) == UNASKED_AT_ONCE or count >= UNASKED_RECIPIENTS:
                break
        return loads

    def sessions(self, limit: int) -> list[list[Load]]:
        """Give what up to `limit` sessions are to be opened for, in the order of rank."""
        if self._closed.is_probing_off or self._paused[Scope.ALL]:
            return []
        found: list[list[Load]] = []
        for domain in heapq.merge(*map(self._on, self._lanes()), key=lambda each: each.rank):
            if len(found) == limit:
                break
            if self._is_open(domain) and (session := self._session(domain)):
                self._room[lane_of(domain.provider, domain.route_key)] -= 1
                found.append(session)
        return found

    def _lanes(self) -> Iterator[str]:
        """Name the lanes where anybody waits, be it for later; the common one always."""
        return (lane for (lane,) in rows_of(self._connection, _LANES))

    def _on(self, lane: str) -> Iterator[DueDomain]:
        """Give a lane's open domains by rank; a lane without room is not looked through."""
        if lane == UNASKED or (lane and self._room[lane] <= 0) or self._is_paused(lane, lane):
            return
        for domain in self._due(_ON_A_LANE, lane, self._now):
            if lane and self._room[lane] <= 0:
                return
            if self._is_open(domain):
                yield domain

    def _due(self, statement: str, name: str, until: float) -> Iterator[DueDomain]:
        return (DueDomain(*row) for row in rows_of(self._connection, statement, name, until))

    def _is_open(self, domain: DueDomain) -> bool:
        if domain.id in self._taken or domain.name in self._closed.domains:
            return False
        if self._room[lane_of(domain.provider, domain.route_key)] <= 0:
            return False
        is_paused = domain.name in self._paused[Scope.DOMAIN]
        return not (is_paused or self._is_paused(domain.provider, domain.route_key))

    def _is_paused(self, provider: str, route_key: str) -> bool:
        return provider in self._paused[Scope.PROVIDER] or route_key in self._paused[Scope.ROUTE]

    def _session(self, leader: DueDomain) -> list[Load]:
        """Give a domain's load and those that go along with it."""
        load = self._load(leader, self._now)
        self._taken.add(leader.id)
        if not load.recipients:
            return []
        space = space_beside(load.facts, load.recipients)
        return [load, *self._mates(leader, space)]

    def _mates(self, leader: DueDomain, space: Space) -> Iterator[Load]:
        """Give the loads of domains behind the same MX hosts, the smallest first, while there is space."""
        if not space.is_left:
            return
        soon = self._now + SLACK_S
        alike = self._due(_BEHIND_A_ROUTE, leader.route_key, soon)
        could_come = (each for each in alike if each.lane != UNASKED and self._is_open(each))
        for domain in islice(could_come, MATES_TRIED):
            load = self._load(domain, soon)
            if space.take(load.facts, load.recipients):
                self._taken.add(domain.id)
                yield load
            if not space.is_left:
                return

    def _load(self, domain: DueDomain, until: float) -> Load:
        """Read who of a domain goes out."""
        due = (domain.id, until, domain.portion)
        rows = rows_of(self._connection, _GOING_OUT, *due, *due, domain.portion).fetchall()
        recipients = tuple(recipient_of(row, domain.name) for row in rows)
        if not recipients:
            self.stale.append(domain.id)
        return Load(domain, load_facts(domain.stored), recipients)


def claim_convoys(
    connection: Connection, limit: int, closed: Closed, settings: Settings, now: float
) -> list[Convoy]:
    """Lease what up to `limit` sessions are to be opened for, a convoy each, and what needs none."""
    picker = _Picker(connection, closed, now)
    watched = picker.watched(limit)
    sessions = picker.sessions(limit - len(watched))
    picked = [*([load] for load in picker.unasked()), *watched, *sessions]
    convoys = [Convoy(tuple(_batches(loads, settings, now))) for loads in picked]
    _lease(connection, [batch for convoy in convoys for batch in convoy.batches])
    refresh_due(connection, [*picker.stale, *(load.domain.id for loads in picked for load in loads)])
    move_clocks(connection, _reached(sessions))
    return _marked(connection, convoys)


def _batches(loads: Sequence[Load], settings: Settings, now: float) -> Iterator[Batch]:
    """Make batches with one lease, which covers them all: they are stored when their session is over."""
    until = now + LEASE_MARGIN_S + sum(_longest_s(load, settings) for load in loads)
    return (Batch(load.facts, load.recipients, until, is_watched=load.is_watched) for load in loads)


def _longest_s(load: Load, settings: Settings) -> float:
    asked = 0 if load.domain.lane == UNASKED else len(load.recipients)
    return longest_probe_s(settings, asked, load.domain.provider)


def _lease(connection: Connection, batches: Sequence[Batch]) -> None:
    write_set(
        connection,
        "UPDATE mailbox SET state = 'active', due_at = new.until FROM new WHERE id = new.mailbox",
        [{"until": each.lease_until, "mailbox": to.mailbox} for each in batches for to in each.recipients],
    )


def _reached(sessions: Sequence[Sequence[Load]]) -> dict[str, float]:
    """Say how far each lane comes by these sessions, by who they are opened for."""
    return {leader.domain.lane: leader.domain.rank for leader, *_ in sessions}


def _marked(connection: Connection, convoys: list[Convoy]) -> list[Convoy]:
    """Mark the batches to whose mail hosts no connection may be made."""
    batches = [batch for convoy in convoys for batch in convoy.batches]
    marked = mark_withheld(connection, batches)
    if marked is batches:
        return convoys
    rest = iter(marked)
    return [Convoy(tuple(next(rest) for _ in convoy.batches)) for convoy in convoys]


def look_ups_due(connection: Connection, limit: int, now: float) -> list[DomainFacts]:
    """Give up to `limit` domains that wait for a route, in the order of rank."""
    rows = read_set(connection, "name, facts", _LOOK_UPS, now, limit)
    return [load_facts(facts) if facts else DomainFacts(name) for name, facts in rows]


_LOOK_UPS = (
    "SELECT name, facts FROM domain INDEXED BY ix_domain_look_up WHERE resolve_at IS NOT NULL"
    " AND (due_at IS NOT NULL OR is_awaited = 1) AND resolve_at <= ? ORDER BY rank LIMIT ?"
)
