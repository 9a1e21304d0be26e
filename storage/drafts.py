"""Files on their way: each is written by a process of its own, and kept until it is fetched, or an hour."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from engine.value import value
from storage.draft_child import Request, dump_request
from storage.leftovers import folder_prefix
from storage.order import Order

FOLDER = "winnow-export-"
LIFE_S = 3600.0
MOST_AT_ONCE = 4
"""How many files are written at once; the oldest is given up for a further one."""

_ROOT = Path(__file__).resolve().parents[1]
_CHUNK_OCTETS = 256 * 1024


@value
class Draft:
    """How a file stands: what share is written (0-1), whether it is whole, and whether it never will be."""

    share: float
    is_whole: bool = False
    has_failed: bool = False


@dataclass(slots=True)
class _Work:
    folder: Path
    child: "subprocess.Popen[bytes]"
    ends_at: float
    is_fetched: bool = False

    @property
    def file(self) -> Path:
        return self.folder / "file"


class Drafts:
    """The files that are being written, or wait to be fetched. Any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._works: dict[str, _Work] = {}
        self._folder: Path | None = None

    def begin(self, database_url: str, order: Order) -> str:
        """Have a file written; give the name under which to ask for it."""
        name = secrets.token_urlsafe(16)
        self.clear()
        with self._lock:
            self._make_room()
            self._works[name] = self._start(database_url, order)
        return name

    def look(self, name: str) -> Draft | None:
        """Tell how a file stands; None where there is none of this name, or it was fetched or too old."""
        with self._lock:
            work = self._works.get(name)
        if work is None or work.is_fetched:
            return None
        code = work.child.poll()
        if code is None:
            return Draft(_share(work.folder / "progress"))
        return Draft(1.0, is_whole=True) if code == 0 and work.file.exists() else Draft(0.0, has_failed=True)

    def fetch(self, name: str) -> Iterator[bytes] | None:
        """Give a whole file's content, once; it is removed when it was sent. None where there is none."""
        standing = self.look(name)
        if standing is None or not standing.is_whole:
            return None
        with self._lock:
            work = self._works.get(name)
            if work is None or work.is_fetched:
                return None
            work.is_fetched = True
        return self._sent(name, work)

    def drop(self, name: str) -> None:
        """Give a file up: who writes it is ended, and what is written is removed."""
        with self._lock:
            work = self._works.pop(name, None)
        if work:
            _end(work)

    def clear(self) -> None:
        """Give up all files whose hour is over."""
        now = self._clock()
        with self._lock:
            old = [name for name, work in self._works.items() if work.ends_at <= now]
        for name in old:
            self.drop(name)

    def close(self) -> None:
        """Give up all files and leave nothing behind."""
        for name in list(self._works):
            self.drop(name)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _make_room(self) -> None:
        writing = [name for name, work in self._works.items() if work.child.poll() is None]
        for name in writing[: max(0, len(writing) - MOST_AT_ONCE + 1)]:
            _end(self._works.pop(name))

    def _start(self, database_url: str, order: Order) -> _Work:
        self._folder = self._folder or Path(mkdtemp(prefix=folder_prefix(FOLDER)))
        folder = Path(mkdtemp(dir=self._folder))
        request = folder / "request.json"
        request.write_bytes(dump_request(Request(database_url, order, folder / "file")))
        environment = {**os.environ, "PYTHONPATH": str(_ROOT), "TMPDIR": str(folder)}
        with (folder / "progress").open("wb") as progress:
            child = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "storage.draft_child", str(request)],
                stdin=subprocess.DEVNULL,
                stdout=progress,
                env=environment,
            )
        return _Work(folder, child, self._clock() + LIFE_S)

    def _sent(self, name: str, work: _Work) -> Iterator[bytes]:
        try:
            with work.file.open("rb") as file:
                while chunk := file.read(_CHUNK_OCTETS):
                    yield chunk
        finally:
            self.drop(name)


def _share(progress: Path) -> float:
    """Read what share is done: the last whole line of what the writing process says."""
    try:
        with progress.open("rb") as file:
            file.seek(-min(64, progress.stat().st_size), os.SEEK_END)
            lines = file.read().split(b"\n")[:-1]
        return float(lines[-1]) if lines else 0.0
    except (OSError, ValueError):
        return 0.0


def _end(work: _Work) -> None:
    if work.child.poll() is None:
        work.child.kill()
        work.child.wait()
    shutil.rmtree(work.folder, ignore_errors=True)


drafts = Drafts()
"""The files of this server: pages order them, and the download route gives them out."""
