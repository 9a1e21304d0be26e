"""Lets processes that write to one database through one by one, and whoever comes again behind who waits.

SQLite itself makes a process that waits look again after up to 100 ms, and who writes chunk by chunk has
begun the next one by then: beside it, an engine in another process could not write for minutes.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.work_queue import StoreFails

if sys.platform == "win32":  # there SQLite's own waiting has to do
    LOCKS = False
else:
    import fcntl

    LOCKS = True

ENDING = "-turn"
"""What the file beside the database is called after it, as SQLite does with `-wal` and `-shm`."""

_NEXT, _WITHIN = 0, 1
"""The octets of the file that are locked: who is the next, and who writes."""


class FileTurn:
    """One process goes through at a time. Threads of one process take turns before they come here.

    Only one process waits for the octet of who writes; all others wait for that of who is next. So who has
    just written cannot be the next one while somebody waits. The locks of a process that dies are free.
    That only one writes hangs on SQLite's own locks, not on these: they are about whose turn it is.
    """

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(database.name + ENDING).open("ab") if LOCKS else None

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait for the turn, and keep it. Raises StoreFails where the file cannot be locked."""
        self._lock(_NEXT)
        try:
            self._lock(_WITHIN)
        finally:
            self._unlock(_NEXT)
        try:
            yield
        finally:
            self._unlock(_WITHIN)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _lock(self, octet: int) -> None:
        if self._file is None:
            return
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, octet)
        except OSError as error:
            raise StoreFails(f"The database cannot be used just now: {error}") from None

    def _unlock(self, octet: int) -> None:
        if self._file:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, octet)
