"""Keeps some domains under way at once, so that one slow domain holds no other up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from engine.batch import DomainFacts
from engine.value import value
from engine.work_queue import StoreFails

T = TypeVar("T")

CANCEL_AGAIN_S = 2.0


@value
class Gait:
    """How many domains are under way at most, by what goes on beside, and how long is waited, in seconds.

    `gather_s` from one write to the next, `idle_s` while there is nothing to do, `retry_s` before another try
    where the rows cannot be read or written.
    """

    at_once: Callable[[], int]
    gather_s: float
    idle_s: float
    retry_s: float


class UnderWay(Generic[T]):
    """Works on what is due for as long as it runs.

    `claim` gives up to so many domains, `take` works on one and never raises, `keep` writes what came of
    some. What is not kept stays due.
    """

    def __init__(
        self,
        claim: Callable[[int], Awaitable[Sequence[DomainFacts]]],
        take: Callable[[DomainFacts], Awaitable[T]],
        keep: Callable[[Sequence[T]], Awaitable[None]],
        gait: Gait,
    ) -> None:
        self._claim = claim
        self._take = take
        self._keep = keep
        self._gait = gait
        self._tasks: dict[str, asyncio.Future[T]] = {}

    async def run(self) -> None:
        """Work on what is due; what is under way at the end is begun again another time."""
        try:
            while True:
                await self._begin()
                await asyncio.sleep(self._gait.gather_s if self._tasks else self._gait.idle_s)
                await self._end()
        finally:
            await cancel_all(list(self._tasks.values()))

    async def _begin(self) -> None:
        at_once = self._gait.at_once()
        free = at_once - len(self._tasks)
        if free <= 0:
            return
        try:
            due = await self._claim(at_once + len(self._tasks))
        except StoreFails:
            await asyncio.sleep(self._gait.retry_s)
            return
        new = [facts for facts in due if facts.name not in self._tasks]
        for facts in new[:free]:
            self._tasks[facts.name] = asyncio.ensure_future(self._take(facts))
            await asyncio.sleep(0)  # not all in one turn of the loop, which would hold up the others

    async def _end(self) -> None:
        done = {name: each for name, each in self._tasks.items() if each.done()}
        try:
            await self._keep([each.result() for each in done.values()])
        except StoreFails:
            await asyncio.sleep(self._gait.retry_s)
            return
        for name in done:
            del self._tasks[name]


async def cancel_all(tasks: Sequence[asyncio.Future[Any]]) -> None:
    """End tasks; again and again, since a cancellation can be lost to an answer that comes just then."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
