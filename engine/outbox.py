"""Stores outcomes in sets, in the order they came; what cannot be stored just now is kept and tried again."""

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence

from engine.batch import Outcome
from engine.metrics import Metrics
from engine.value import replace
from engine.work_queue import StoreFails, WorkQueue

RETRY_S = 3.0
GATHER_S = 0.2
"""Seconds from one write to the next at the least: what comes meanwhile is written together."""
DOUBTED_AT_ONCE = 1_000
"""Mailboxes of which one transaction takes back what they were told."""

log = logging.getLogger("winnow.engine")


class Outbox:
    """The one writer of outcomes. `is_failing` while they cannot be stored."""

    def __init__(self, queue: WorkQueue, metrics: Metrics) -> None:
        self._queue = queue
        self._metrics = metrics
        self._waiting: asyncio.Queue[tuple[Outcome, asyncio.Future[None]]] = asyncio.Queue()
        self.is_failing = False

    async def store(self, outcome: Outcome) -> None:
        """Return when the outcome stands in the queue's rows."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((outcome, written))
        await written

    async def run(self) -> None:
        """Write what comes: at once after a quiet time, else all that was gathered since the last write."""
        clock = asyncio.get_running_loop().time
        opens_at = 0.0
        while True:
            waiting = [await self._waiting.get()]
            await asyncio.sleep(max(opens_at - clock(), 0.0))
            opens_at = clock() + GATHER_S
            while not self._waiting.empty():
                waiting.append(self._waiting.get_nowait())
            await self._write([outcome for outcome, _ in waiting])
            for _, written in waiting:
                if not written.done():
                    written.set_result(None)
                await asyncio.sleep(0)  # not all in one turn of the loop, which would hold up the others

    async def _write(self, outcomes: Sequence[Outcome]) -> None:
        while True:
            began = time.perf_counter()
            try:
                await self._queue.settle(outcomes)
            except StoreFails:
                self.is_failing = True
                log.warning("results cannot be stored just now; they are kept and tried again")
                await asyncio.sleep(RETRY_S)
            else:
                self.is_failing = False
                self._metrics.settled(outcomes, time.perf_counter() - began)
                return


def parts_of(outcome: Outcome) -> Iterator[Outcome]:
    """Cut an outcome that takes much back into several, to be stored one after the other."""
    first, rest = outcome.doubted[:DOUBTED_AT_ONCE], outcome.doubted[DOUBTED_AT_ONCE:]
    if not rest:
        yield outcome
        return
    yield replace(outcome, doubted=first)
    empty = replace(outcome, findings=(), deferrals=(), released=())
    for start in range(0, len(rest), DOUBTED_AT_ONCE):
        yield replace(empty, doubted=rest[start : start + DOUBTED_AT_ONCE])
