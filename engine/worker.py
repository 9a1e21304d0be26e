"""The engine, as long as it runs: it works while it has the lease, and waits for it while another does."""

import asyncio
import logging

from engine.metrics import Metrics
from engine.news import News
from engine.resolver import Resolver
from engine.settings import Settings
from engine.shift import Shift
from engine.work_queue import StoreFails, WorkQueue

IDLE_S = 1.0

log = logging.getLogger("winnow.engine")


class Worker:
    """Runs until told to stop. Create it inside its loop.

    `metrics` counts what it does; it is made where none is given.
    """

    def __init__(self, queue: WorkQueue, settings: Settings, metrics: Metrics | None = None) -> None:
        self._queue = queue
        self._settings = settings
        self.metrics = metrics or Metrics(settings.metrics_log_every)
        self._resolver = Resolver(settings)
        self._news = News()
        self._stopping = asyncio.Event()
        self._shift: Shift | None = None

    @property
    def is_busy(self) -> bool:
        """Whether anybody is being asked just now."""
        return self._shift is not None and self._shift.is_busy

    def wake(self) -> None:
        """Look for work now."""
        self._news.tell()

    def stop(self) -> None:
        """Finish or give back what is in hand, then end."""
        self._stopping.set()
        self._news.tell()

    async def run(self) -> None:
        """Work while the lease is ours; wait for it while it is another's."""
        try:
            while not self._stopping.is_set():
                if await self._acquires():
                    self._shift = Shift(self._queue, self._settings, self._resolver, self.metrics, self._news)
                    await self._shift.run(self._stopping)
                else:
                    await self._news.wait(IDLE_S)
        finally:
            await self._resolver.close()
            self._queue.close()

    async def _acquires(self) -> bool:
        try:
            return await self._queue.acquire()
        except StoreFails:
            log.warning("the database cannot be written; trying again")
            return False
