"""The engine's work queue, in SQL: what is due is leased in batches and written back whole."""

import asyncio
import json
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.batch import Batch, Closed, Convoy, DomainFacts, Outcome, Pause, Recipient, Scope, lane_of
from engine.prober import longest_probe_s
from engine.settings import Settings
from engine.snapshot import Snapshot
from engine.survey import Survey
from engine.work_queue import Notice
from storage.bulk import write_each
from storage.codec import dump_snapshot, load_facts, load_recipient
from storage.database import Database
from storage.dns_only import answer_next, awaited_domains
from storage.holds import forget_holds, hold_by_facts
from storage.lease import beat, drop_lease, require_lease, take_lease
from storage.never_probed import mark_withheld
from storage.pauses import forget_pauses, hold_paused, load_pauses, write_pauses
from storage.settle import keep_routes, refresh_due, write_outcomes
from storage.surveys import due_surveys, write_surveys
from storage.uploads import mark_interrupted

T = TypeVar("T")

LEASE_MARGIN_S = 60.0


class SqlWorkQueue:
    """engine.work_queue.WorkQueue over a Database. All its SQL runs on one thread of its own, in order."""

    def __init__(
        self, database: Database, settings: Settings, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._token = uuid.uuid4().hex
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="winnow-writer")

    async def acquire(self) -> bool:
        """Take the engine's lease, and what its last holder left behind."""

        def take(connection: Connection) -> bool:
            if not take_lease(connection, self._token, self._clock()):
                return False
            _give_back_all(connection, self._clock())
            return True

        return await self._write(take)

    async def renew(self, notice: Notice, snapshot: Snapshot) -> None:
        """Keep the lease, and say how the engine is and what it is doing."""
        doing = dump_snapshot(snapshot)

        def keep(connection: Connection) -> None:
            beat(connection, self._token, self._clock(), notice, doing)
            mark_interrupted(connection)
            forget_holds(connection, self._clock())
            forget_pauses(connection, self._clock())
            hold_paused(connection, self._clock())

        await self._write(keep)
        await self._answer_awaited()

    async def let_go(self) -> None:
        """Give the lease back, and with it every batch that is still out."""

        def leave(connection: Connection) -> None:
            require_lease(connection, self._token)
            _give_back_all(connection, self._clock())
            drop_lease(connection, self._token)

        await self._write(leave)

    async def reached(self, limit: int) -> list[str]:
        """Give IP addresses of up to `limit` mail hosts that answered a made-up address lately."""

        def look(connection: Connection) -> list[str]:
            rows = connection.execute(
                text(
                    "SELECT json_extract(facts, '$.route.hosts[0].addresses[0]') AS ip FROM domain"
                    " WHERE accept_all IN ('yes', 'no') ORDER BY resolved_at DESC LIMIT :limit"
                ),
                {"limit": limit},
            )
            return [row.ip for row in rows if row.ip]

        return await self._run(lambda: self._look(look))

    async def pauses(self) -> list[Pause]:
        """Give the pauses that were kept lately, also those that are over."""
        return await self._run(lambda: self._look(load_pauses))

    async def claim_domains(self, limit: int) -> list[DomainFacts]:
        """Give up to `limit` domains that wait for a route. They stay due until they are kept."""

        def look(connection: Connection) -> list[DomainFacts]:
            rows = connection.execute(
                text(
                    "SELECT name, facts FROM domain WHERE resolve_at <= :now"
                    " AND (due_at IS NOT NULL OR is_awaited = 1)"
                    " ORDER BY resolve_at LIMIT :limit"
                ),
                {"now": self._clock(), "limit": limit},
            )
            return [load_facts(row.facts) if row.facts else DomainFacts(row.name) for row in rows]

        return await self._run(lambda: self._look(look))

    async def keep(self, facts: Sequence[DomainFacts]) -> None:
        """Keep what is now known of these domains."""
        if facts:
            await self._write(lambda connection: self._keep(connection, facts))
            await self._answer_awaited()

    def _keep(self, connection: Connection, facts: Sequence[DomainFacts]) -> None:
        require_lease(connection, self._token)
        keep_routes(connection, facts)

    async def _answer_awaited(self) -> None:
        """Settle what lists that are checked by DNS alone have awaited, some mailboxes at a time."""
        for domain in await self._run(lambda: self._look(awaited_domains)):
            after: str | None = ""
            while after is not None:
                after = await self._write(partial(self._answer_next, domain=domain, after=after))

    def _answer_next(self, connection: Connection, domain: int, after: str) -> str | None:
        require_lease(connection, self._token)
        return answer_next(connection, domain, after, self._clock())

    async def claim_surveys(self, limit: int) -> list[DomainFacts]:
        """Give up to `limit` domains whose records are to be read. They stay due until they are kept."""
        return await self._run(lambda: self._look(lambda connection: due_surveys(connection, limit)))

    async def keep_surveys(self, surveys: Sequence[Survey]) -> None:
        """Keep what these surveys found."""

        def write(connection: Connection) -> None:
            require_lease(connection, self._token)
            write_surveys(connection, surveys)

        if surveys:
            await self._write(write)

    async def claim(self, limit: int, closed: Closed) -> list[Convoy]:
        """Lease due mailboxes for up to `limit` sessions, a domain at most once, none of what is closed."""
        if not await self._run(lambda: self._look(lambda c: _due_domains(c, self._clock(), closed, 1))):
            return []
        batches = await self._write(lambda connection: self._lease(connection, limit, closed))
        return [Convoy((batch,)) for batch in batches]

    def _lease(self, connection: Connection, limit: int, closed: Closed) -> list[Batch]:
        require_lease(connection, self._token)
        now = self._clock()
        domains = _with_room(_due_domains(connection, now, closed, limit), closed)
        batches = [batch for row in domains if (batch := self._lease_one(connection, row, now))]
        refresh_due(connection, [row.id for row in domains])
        return mark_withheld(connection, batches)

    def _lease_one(self, connection: Connection, domain: Row[Any], now: float) -> Batch | None:
        rows = _due_mailboxes(connection, domain, now)
        recipients = tuple(_recipient(row, domain.name) for row in rows)
        if not recipients:
            return None
        probed = len(recipients) if domain.needs_probe else 0
        until = now + longest_probe_s(self._settings, probed, domain.provider) + LEASE_MARGIN_S
        write_each(
            connection,
            "UPDATE mailbox SET state = 'active', due_at = :until WHERE id = :id",
            [{"until": until, "id": recipient.mailbox} for recipient in recipients],
        )
        return Batch(load_facts(domain.facts), recipients, until)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Settle, defer or give back every recipient of these batches; then begin pauses and take back."""

        def write(connection: Connection) -> None:
            require_lease(connection, self._token)
            hold_by_facts(connection, [outcome.domain for outcome in outcomes], self._clock())
            write_outcomes(connection, outcomes, self._clock())
            write_pauses(connection, outcomes)

        await self._write(write)

    def close(self) -> None:
        """End the writer's thread."""
        self._writer.shutdown()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        def transaction() -> T:
            with self._database.writing() as connection:
                return work(connection)

        return await self._run(transaction)

    def _look(self, work: Callable[[Connection], T]) -> T:
        with self._database.reading() as connection:
            return work(connection)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)


_DUE_MAILBOXES = (
    "SELECT id, local_part, attempts, recipient FROM mailbox"
    " WHERE domain_id = :domain AND is_wanted = 1 AND due_at IS NOT NULL AND due_at <= :now"
    " AND {} ORDER BY due_at, id LIMIT :limit"
)
_PUT_OFF = text(_DUE_MAILBOXES.format("attempts > 0"))
_FRESH = text(_DUE_MAILBOXES.format("attempts = 0"))


def _due_mailboxes(connection: Connection, domain: Row[Any], now: float) -> list[Row[Any]]:
    """Give as many due mailboxes of a domain as go out together, first those that come back."""
    names = {"domain": domain.id, "now": now, "limit": domain.portion}
    back = connection.execute(_PUT_OFF, names).all()
    fresh = connection.execute(_FRESH, names | {"limit": domain.portion - len(back)}).all()
    return [*back, *fresh]


def _with_room(domains: Iterable[Row[Any]], closed: Closed) -> list[Row[Any]]:
    """Leave of each lane's domains as many as there is room for."""
    room = defaultdict(lambda: closed.usual_room, closed.room)
    open_ones: list[Row[Any]] = []
    for domain in domains:
        lane = lane_of(domain.provider, domain.route_key)
        if not domain.needs_probe or room[lane] > 0:
            open_ones.append(domain)
            room[lane] -= domain.needs_probe
    return open_ones


def _due_domains(connection: Connection, now: float, closed: Closed, limit: int) -> list[Row[Any]]:
    paused = {scope: {each.name for each in closed.pauses if each.scope is scope} for scope in Scope}
    is_off = closed.is_probing_off or paused[Scope.ALL]
    full = {lane for lane, room in closed.room.items() if room <= 0}
    return list(
        connection.execute(
            _OF_THE_DOMAIN_ALONE if is_off else _DUE_DOMAINS,
            {
                "now": now,
                "domains": _json_list(closed.domains),
                "paused_domains": _json_list(paused[Scope.DOMAIN]),
                "paused_routes": _json_list(full | paused[Scope.ROUTE]),
                "full": _json_list(full | paused[Scope.PROVIDER]),
                "limit": limit,
            },
        )
    )


_DUE = (
    "SELECT id, name, facts, portion, provider, route_key, needs_probe FROM domain"
    " WHERE due_at IS NOT NULL AND due_at <= :now AND resolve_at IS NULL AND facts IS NOT NULL"
    " AND name NOT IN (SELECT value FROM json_each(:domains))"
    " AND (needs_probe = 0{}) ORDER BY due_at LIMIT :limit"
)
_OF_THE_DOMAIN_ALONE = text(_DUE.format(""))
_DUE_DOMAINS = text(
    _DUE.format(
        " OR (provider NOT IN (SELECT value FROM json_each(:full))"
        " AND route_key NOT IN (SELECT value FROM json_each(:paused_routes))"
        " AND name NOT IN (SELECT value FROM json_each(:paused_domains)))"
    )
)


def _json_list(values: Iterable[str]) -> str:
    return json.dumps(list(values))


def _recipient(row: Row[Any], domain: str) -> Recipient:
    if row.recipient:
        return load_recipient(row.recipient)
    return Recipient(row.id, Address(row.local_part, domain), row.attempts)


def _give_back_all(connection: Connection, now: float) -> None:
    """Make everything that a former engine had in hand due again, as it was before it was claimed."""
    domains = connection.execute(
        text("SELECT DISTINCT domain_id FROM mailbox WHERE state = 'active'")
    ).scalars()
    touched = list(domains)
    connection.execute(
        text("UPDATE mailbox SET state = 'waiting', due_at = :now WHERE state = 'active'"), {"now": now}
    )
    refresh_due(connection, touched)
