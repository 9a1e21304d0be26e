"""The engine in a process of its own, beside the app: what pages do does not hold it up.

The two share rows alone, as its threads do. Besides there is a line of JSON for each order, on the child's
standard input, and one for each answer on its output. Where the app is gone, the input ends, and so does it.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from typing import TextIO

from engine.name_lists import own_folder, use_lists
from engine.settings import Settings
from engine.thread import STOP_S, EngineGone, EngineThread
from storage.database import open_beside
from storage.queue import SqlWorkQueue

MODULE = "engine_process"

_WAKE = "wake"
_COUNTERS = "counters"
_STOP = "stop"
SOON_S = 10.0
ANSWER_S = 5.0
LOOK_S = 0.1
STOPPED_S = STOP_S + 5.0
"""How long the process may take to end: what its engine may, and a little for itself."""

_ROOT = Path(__file__).resolve().parent

log = logging.getLogger("winnow.engine")


class EngineProcess:
    """Runs an engine over the database of these settings, whose schema is the newest already.

    Where its process dies, it is started again, but not where it lived for less than `soon_s` seconds: it
    would then die again. `module` is what the process runs: an engine that is `commanded`.
    """

    def __init__(self, settings: Settings, module: str = MODULE, soon_s: float = SOON_S) -> None:
        self._settings = settings
        self._command = [sys.executable, "-P", "-m", module]
        self._soon_s = soon_s
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._numbers = count()
        self._answers: Queue[str] = Queue()
        self._is_stopping = False
        self._child: subprocess.Popen[str] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int | None:
        """The process's number; None before it is started."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the process and return at once: what it is told meanwhile, it hears when it is ready."""
        with self._lock:
            child = self._launch()
        threading.Thread(target=self._keep, args=(child,), name="winnow-engine-keeper", daemon=True).start()

    def _launch(self) -> "subprocess.Popen[str]":
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            start_new_session=True,  # what the keyboard says to the app is not for it
        )
        self._say(self._settings.model_dump_json())
        return self._child

    def _keep(self, child: "subprocess.Popen[str] | None") -> None:
        """Take what the process answers, and start it again when it has died, as long as that helps."""
        while child:
            began = time.monotonic()
            for answer in child.stdout or ():
                self._answers.put(answer)
            child = self._launched_again(child.wait(), time.monotonic() - began)

    def _launched_again(self, code: int, lived_s: float) -> "subprocess.Popen[str] | None":
        """Start another process for one that has ended with a code; None where it was to end, or in vain."""
        with self._lock:
            if self._is_stopping or code == 0:
                return None
            if lived_s < self._soon_s:
                log.error(
                    "the engine's process has ended with %d as soon as it began; start the app again", code
                )
                return None
            log.warning("the engine's process has ended with %d; starting it again", code)
            try:
                return self._launch()
            except OSError:
                log.exception("the engine's process cannot be started")
                return None

    def wake(self) -> None:
        """Tell the engine that there is new work. The one door to it."""
        self._order(_WAKE)

    def exposition(self, accept: str, queue: Mapping[str, int]) -> tuple[bytes, str]:
        """Write its counters as `EngineThread.exposition` does. Raises EngineGone without an answer."""
        with self._asking:
            number = next(self._numbers)
            self._order(_COUNTERS, number, accept, dict(queue))
            ends_at = time.monotonic() + ANSWER_S
            while self.is_alive:
                with suppress(Empty, ValueError):  # no answer yet, or half of one from who died over it
                    answered, written, media_type = json.loads(self._answers.get(timeout=LOOK_S))
                    if answered == number:
                        return written.encode(), media_type
                if time.monotonic() > ends_at:
                    break
        raise EngineGone

    def stop(self) -> None:
        """Let the engine finish or give back what is in hand, and end its process."""
        with self._lock:
            self._is_stopping, child = True, self._child
        if child is None or child.stdin is None:
            return
        self._order(_STOP)
        with suppress(OSError):
            child.stdin.close()
        try:
            child.wait(STOPPED_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _order(self, *order: object) -> None:
        with self._lock:
            self._say(json.dumps(order))

    def _say(self, line: str) -> None:
        """Write a line; where nobody reads any more, it is gone with the process."""
        if self._child is None or self._child.stdin is None:
            return
        with suppress(OSError, ValueError):
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()


@contextmanager
def logged() -> Iterator[None]:
    """Write what the engine logs to stderr, from INFO on: so the counters too."""
    log, handler = logging.getLogger("winnow"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.setLevel(level)
        log.removeHandler(handler)


@contextmanager
def opened(settings: Settings) -> Iterator[EngineThread]:
    """Run an engine in this process, with the lists beside the database, while the context lasts."""
    use_lists(own_folder(settings.database_url))
    database = open_beside(settings.database_url)
    engine = EngineThread(lambda: SqlWorkQueue(database, settings), settings)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
        database.close()


def obey(engine: EngineThread, orders: TextIO, answers: TextIO) -> None:
    """Do what is ordered until it is to stop, or nobody orders any more, or nobody hears the answer."""
    try:
        for line in orders:
            order, *told = json.loads(line)
            if order == _STOP:
                break
            if order == _COUNTERS:
                number, accept, queue = told
                written, media_type = engine.exposition(accept, queue)
                print(json.dumps([number, written.decode(), media_type]), file=answers, flush=True)
            else:
                engine.wake()
    finally:
        engine.stop()


@contextmanager
def commanded() -> Iterator[EngineThread]:
    """Run an engine in this process by the standard input: first its settings, then its orders."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with opened(Settings.model_validate_json(sys.stdin.readline())) as engine:
        threading.Thread(target=obey, args=(engine, sys.stdin, sys.stdout), daemon=True).start()
        yield engine


def main() -> None:
    """Run the engine until it is told to stop; where it ends without that, end with 1."""
    with logged(), commanded() as engine:
        engine.join()
        sys.exit(int(not engine.was_stopped))


if __name__ == "__main__":
    main()
