"""Reads what domains publish, in the background: no verdict rests on it, so nothing waits for it."""

import asyncio
from collections.abc import Awaitable, Callable

from engine.batch import DomainFacts
from engine.survey import Survey
from engine.work_queue import StoreFails, WorkQueue

DOMAINS_AT_ONCE = 64
"""Domains under way, with one question each, which a small resolver bears beside the routes."""

GATHER_S = 0.25
"""Seconds from one write to the next: what is done meanwhile is written together."""
IDLE_S = 1.0


class Surveyor:
    """Keeps some surveys under way for as long as it runs. `take` surveys one domain and never raises."""

    def __init__(self, queue: WorkQueue, take: Callable[[DomainFacts], Awaitable[Survey]]) -> None:
        self._queue = queue
        self._take = take
        self._under_way: dict[str, asyncio.Future[Survey]] = {}

    async def run(self) -> None:
        """Survey what is due; what is under way at the end is begun again another time."""
        try:
            while True:
                await self._begin()
                await asyncio.sleep(GATHER_S if self._under_way else IDLE_S)
                await self._keep()
        finally:
            for each in self._under_way.values():
                each.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _begin(self) -> None:
        free = DOMAINS_AT_ONCE - len(self._under_way)
        if not free:
            return
        try:
            due = await self._queue.claim_surveys(DOMAINS_AT_ONCE + len(self._under_way))
        except StoreFails:
            return
        new = [facts for facts in due if facts.name not in self._under_way]
        for facts in new[:free]:
            self._under_way[facts.name] = asyncio.ensure_future(self._take(facts))

    async def _keep(self) -> None:
        done = {name: each for name, each in self._under_way.items() if each.done()}
        try:
            await self._queue.keep_surveys([each.result() for each in done.values()])
        except StoreFails:
            return
        for name in done:
            del self._under_way[name]
