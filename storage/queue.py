"""The engine's work queue, in SQL: what is due is leased in batches and written back whole."""

import asyncio
import math
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, text

from engine.batch import Closed, Convoy, DomainFacts, Outcome, Pause
from engine.settings import Settings
from engine.snapshot import Snapshot
from engine.survey import Survey
from engine.vantage import Noted
from engine.verdict import TraceLine
from engine.work_queue import Notice
from storage.bulk import rows_of
from storage.claims import claim_convoys, look_ups_due
from storage.codec import dump_snapshot, dump_trace
from storage.database import Database
from storage.dns_only import answer_next, awaited_domains
from storage.doubted import told_since
from storage.due import refresh_due
from storage.holds import forget_holds, hold_by_facts
from storage.lease import beat, drop_lease, require_lease, take_lease
from storage.pauses import end_pauses, forget_pauses, hold_paused, load_pauses, write_pauses
from storage.planned import ask_next
from storage.purge import purge_next
from storage.routes import keep_routes
from storage.settle import write_outcomes
from storage.surveys import due_surveys, write_surveys
from storage.uploads import mark_interrupted

ANSWER_S = 2.0
"""Seconds for which a heartbeat settles what is awaited; the next one goes on with that."""

PURGE_S = 0.5
"""Seconds for which a heartbeat removes deleted lists; the next one goes on with that."""

PLANNED_S = 1.0
"""Seconds for which a heartbeat asks lists again that are to be sent to; the next one goes on with that."""

T = TypeVar("T")


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

        def keep(connection: Connection) -> list[int]:
            beat(connection, self._token, self._clock(), notice, doing)
            mark_interrupted(connection)
            forget_holds(connection, self._clock())
            forget_pauses(connection, self._clock())
            hold_paused(connection, self._clock())
            return awaited_domains(connection)

        await self._answer(await self._write(keep), until=time.monotonic() + ANSWER_S)
        await self._in_pieces(purge_next, until=time.monotonic() + PURGE_S)
        await self._in_pieces(self._ask_planned, until=time.monotonic() + PLANNED_S)

    async def _in_pieces(self, step: Callable[[Connection, float], bool], until: float) -> None:
        """Do a step after the other while there are more; after `until` (monotonic s) none is begun.

        Each is a write of its own, so whatever else is to be written comes between.
        """
        while time.monotonic() < until:
            if not await self._write(lambda connection: step(connection, self._clock())):
                return

    def _ask_planned(self, connection: Connection, now: float) -> bool:
        require_lease(connection, self._token)
        return ask_next(connection, self._settings, now)

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

    async def told_since(self, at: float) -> list[Noted]:
        """Give what was told since then (Unix seconds) and may have to be taken back, oldest first."""
        return await self._run(lambda: self._look(partial(told_since, at=at)))

    async def claim_domains(self, limit: int) -> list[DomainFacts]:
        """Give up to `limit` domains that wait for a route. They stay due until they are kept."""
        return await self._run(lambda: self._look(lambda c: look_ups_due(c, limit, self._clock())))

    async def keep(self, facts: Sequence[DomainFacts]) -> None:
        """Keep what is now known of these domains."""
        if facts:
            await self._answer(await self._write(lambda connection: self._keep(connection, facts)))

    def _keep(self, connection: Connection, facts: Sequence[DomainFacts]) -> list[int]:
        require_lease(connection, self._token)
        keep_routes(connection, facts)
        return awaited_domains(connection)

    async def _answer(self, domains: Sequence[int], until: float = math.inf) -> None:
        """Settle what lists that are checked by DNS alone await of domains, some mailboxes at a time.

        After `until` (monotonic seconds) nothing more is begun.
        """
        for domain in domains:
            after: str | None = ""
            while after is not None:
                after = await self._write(partial(self._answer_next, domain=domain, after=after))
                if time.monotonic() >= until:
                    return

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

        def lease(connection: Connection) -> list[Convoy]:
            require_lease(connection, self._token)
            return claim_convoys(connection, limit, closed, self._settings, self._clock())

        return await self._write(lease)

    async def tell(self, mailbox: int, trace: Sequence[TraceLine]) -> None:
        """Keep what was said so far about a mailbox that is out, for whoever looks at its row."""

        def write(connection: Connection) -> None:
            require_lease(connection, self._token)
            rows_of(connection, _TOLD, dump_trace(trace), mailbox)

        await self._write(write)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Settle, defer or give back every recipient of these batches; then begin and end pauses."""

        def write(connection: Connection) -> None:
            require_lease(connection, self._token)
            hold_by_facts(connection, [outcome.domain for outcome in outcomes], self._clock())
            write_outcomes(connection, outcomes, self._clock())
            write_pauses(connection, outcomes)
            end_pauses(connection, [pause for outcome in outcomes for pause in outcome.ended])

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


def _give_back_all(connection: Connection, now: float) -> None:
    """Make everything that a former engine had in hand due again, as it was before it was claimed."""
    touched = [row[0] for row in rows_of(connection, _DOMAINS_IN_HAND)]
    rows_of(connection, _GIVEN_BACK, now)
    refresh_due(connection, touched)


_TOLD = "UPDATE mailbox SET trace = ? WHERE id = ? AND state = 'active'"

# The planner takes the index over both states only where both are named.
_IN_HAND = "state IN ('active', 'deferred') AND state = 'active'"
_DOMAINS_IN_HAND = f"SELECT DISTINCT domain_id FROM mailbox WHERE {_IN_HAND}"  # noqa: S608 - a constant
_GIVEN_BACK = f"UPDATE mailbox SET state = 'waiting', due_at = ? WHERE {_IN_HAND}"  # noqa: S608 - a constant
