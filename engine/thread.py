"""The engine in a thread of its own, with its own loop. Others may start, wake and stop it; no more."""

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Mapping

from engine.beforehand import read_beforehand
from engine.loop import run
from engine.metrics import Metrics
from engine.settings import Settings
from engine.tidying import tidy
from engine.work_queue import WorkQueue
from engine.worker import Worker

SWITCH_S = 0.001
"""How long another thread may keep the interpreter while the engine wants it; Python itself says 5 ms.

Each packet and each question to the DNS lets go of it, and many of them may follow each other.
"""
START_S = 10.0
STOP_S = 30.0

log = logging.getLogger("winnow.engine")


class EngineGone(RuntimeError):
    """The engine does not run, and cannot say what it counted."""


class EngineThread:
    """Runs a Worker over the queue that `open_queue` makes inside the thread."""

    def __init__(self, open_queue: Callable[[], WorkQueue], settings: Settings) -> None:
        self._open_queue = open_queue
        self._settings = settings
        self._metrics = Metrics(settings.metrics_log_every)
        self._ready = threading.Event()
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._worker: Worker | None = None
        self._thread = threading.Thread(target=self._main, name="winnow-engine", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def was_stopped(self) -> bool:
        """Whether it was told to stop: one that ends without that has failed."""
        return self._stopped.is_set()

    def start(self) -> None:
        """Start the thread and return when its loop runs."""
        self._thread.start()
        self._ready.wait(START_S)

    def wake(self) -> None:
        """Tell the engine that there is new work. The one door between threads."""
        self._tell(Worker.wake)

    def stop(self) -> None:
        """Let the engine finish or give back what is in hand, and end its thread."""
        self._stopped.set()
        self._tell(Worker.stop)
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def exposition(self, accept: str, queue: Mapping[str, int]) -> tuple[bytes, str]:
        """Write what was counted, and the queue's sizes, as a scraper `accepts` it, and the type."""
        return self._metrics.exposition(accept, queue)

    def _tell(self, order: Callable[[Worker], None]) -> None:
        loop, worker = self._loop, self._worker
        if loop is None or worker is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it who could listen
            loop.call_soon_threadsafe(order, worker)

    def _main(self) -> None:
        run(self._run())

    async def _run(self) -> None:
        try:
            sys.setswitchinterval(SWITCH_S)
            read_beforehand()
            self._worker = worker = Worker(self._open_queue(), self._settings, self._metrics)
            self._loop = asyncio.get_running_loop()
        finally:
            self._ready.set()
        tidying = asyncio.create_task(tidy(lambda: worker.is_busy))
        await worker.run()
        tidying.cancel()
        log.info("the engine has stopped")
