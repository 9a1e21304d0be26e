"""A claim of a million mailboxes in 400,000 domains; two crowded lanes are shut, 20,000 domains put off.

`python -m bench.claims [MAILBOXES]` prints milliseconds, and how long a start took and wrote at once.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from bench.large_list import timed
from engine.batch import Closed
from engine.intake.read import read_sheet
from engine.settings import Settings
from storage.bulk import rows_of, write_each
from storage.database import Database, open_database
from storage.intake import save_upload
from storage.queue import SqlWorkQueue
from storage.runs import start_upload
from storage.uploads import Choice

PER_DOMAIN = 2.5
DEFERRED = 20_000
CLAIMS = 60
CROWDED = ("google", "microsoft")


class Watched(Database):
    """A database that remembers its longest write, in seconds of processor time, and how many it did."""

    longest_s = 0.0
    writes = 0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write as the database does, and look at the clock."""
        with super().writing() as connection:
            began = time.thread_time()
            yield connection
        self.longest_s = max(self.longest_s, time.thread_time() - began)
        self.writes += 1


def main(mailboxes: int = 1_000_000) -> None:
    """Measure and print."""
    settings = Settings(allow_private_networks=True)
    with tempfile.TemporaryDirectory() as folder:
        opened = open_database(f"sqlite:///{Path(folder, 'bench.db')}")
        database = Watched(opened._sql)  # noqa: SLF001 - the same rows, by the clock
        domains = int(mailboxes / PER_DOMAIN)
        lines = (f"plum{n}@orchard{n * 7919 % domains}.sandbox" for n in range(mailboxes))
        sheet = read_sheet("\n".join(["email", *lines]).encode(), "bench.csv", has_header=True)
        upload = timed("store", lambda: save_upload(database, sheet, Choice(("email",))))
        _say_writes(database)
        timed("start", lambda: start_upload(database, upload, settings))
        _say_writes(database)
        _look_up_all(database, domains)
        asyncio.run(_claim(SqlWorkQueue(database, settings)))
        database.close()


def _say_writes(database: Watched) -> None:
    print(f"  longest of {database.writes:6,} writes {database.longest_s * 1000:7.0f} ms")
    database.longest_s, database.writes = 0.0, 0


def _look_up_all(database: Database, domains: int) -> None:
    """Write routes as look-ups would have found them; put the last domains of the common lane off."""
    facts = (
        '{"name":"orchard.sandbox","route":{"hosts":[{"name":"mx.orchard.sandbox","preference":10,'
        '"addresses":["192.0.2.1"]}]},"route_key":"a","provider":"other","accept_all":"no","portion":20}'
    )
    with database.writing() as connection:
        connection.execute(
            text(
                "UPDATE domain SET facts = :facts, resolve_at = NULL, portion = 20, route_kind = 'mx',"
                " resolved_at = 1, accept_all = 'no', route_key = 'key' || id,"
                " lane = CASE id % 3 WHEN 0 THEN 'google' WHEN 1 THEN 'microsoft' ELSE '' END,"
                " provider = CASE id % 3 WHEN 0 THEN 'google' WHEN 1 THEN 'microsoft' ELSE 'other' END"
            ),
            {"facts": facts},
        )
        put_off = rows_of(connection, "SELECT id FROM domain WHERE lane = '' ORDER BY rank LIMIT ?", DEFERRED)
        rows = [{"id": row[0], "due_at": time.time() + 3600} for row in put_off.fetchall()]
        write_each(
            connection,
            "UPDATE mailbox SET state = 'deferred', attempts = 1, due_at = :due_at WHERE domain_id = :id",
            rows,
        )
        write_each(connection, "UPDATE domain SET due_at = :due_at WHERE id = :id", rows)
    print(f"domains                 {domains:7,}")


async def _claim(queue: SqlWorkQueue) -> None:
    assert await queue.acquire()
    shut = Closed(room=dict.fromkeys(CROWDED, 0))
    await _timed_claims("two crowded lanes shut", queue, shut)
    await _timed_claims("both open", queue, Closed())
    held = frozenset(f"orchard{n}.sandbox" for n in range(0, 20_000, 10))
    await _timed_claims("and 2,000 domains held", queue, Closed(held, room=shut.room))
    await _timed_claims("nothing may be probed", queue, Closed(is_probing_off=True))
    await queue.let_go()
    queue.close()


async def _timed_claims(name: str, queue: SqlWorkQueue, closed: Closed) -> None:
    took, sessions = [], 0
    began_s = time.process_time()
    for _ in range(CLAIMS):
        began = time.perf_counter()
        sessions += len(await queue.claim(32, closed))
        took.append((time.perf_counter() - began) * 1000)
    busy_ms = (time.process_time() - began_s) / CLAIMS * 1000
    print(f"{name:<23} {statistics.median(took):7.1f} ms, at most {max(took):.1f} ms", end=", ")
    print(f"{busy_ms:.1f} ms of processor time, {sessions / CLAIMS:.0f} sessions")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
