"""Lets processes that write to one database through one by one, and whoever comes again behind who waits.

SQLite itself makes a process that waits look again after up to 100 ms, and who writes chunk by chunk has
begun the next one by then: beside it, an engine in another process could not write for minutes.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

if sys.platform == "win32":  # there SQLite's own waiting has to do
    LOCKS = False
else:
    import fcntl

    LOCKS = True

ENDING = "-turn"
"""What the file beside the database is called after it, as SQLite does with `-wal` and `-shm`."""
PATIENCE_S = 5.0
LOOK_S = 0.002

_NEXT, _WITHIN = 0, 1
"""The octets of the file that are locked: who is the next, and who writes."""


class FileTurn:
    """One process goes through at a time. Threads of one process take turns before they come here.

    Only one process waits for the octet of who writes; all others wait for that of who is next. So who has
    just written cannot be the next one while somebody waits. The locks of a process that dies are free.
    That only one writes hangs on SQLite's own locks, not on these: they are about whose turn it is. So
    whoever waits for longer than `patience_s` (a process that is stopped keeps its locks) goes on without.
    """

    def __init__(self, database: Path, patience_s: float = PATIENCE_S) -> None:
        self._file = database.with_name(database.name + ENDING).open("ab") if LOCKS else None
        self._patience_s = patience_s

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait for the turn, and keep it."""
        ends_at = time.monotonic() + self._patience_s
        with ExitStack() as turn:
            with self._held(_NEXT, ends_at):
                turn.enter_context(self._held(_WITHIN, ends_at))
            yield

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    @contextmanager
    def _held(self, octet: int, ends_at: float) -> Iterator[None]:
        """Hold an octet's lock, or none where it was not to be had in time."""
        is_held = self._is_locked(octet, ends_at)
        try:
            yield
        finally:
            if is_held and self._file:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, octet)

    def _is_locked(self, octet: int, ends_at: float) -> bool:
        while self._file:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, octet)
            except (BlockingIOError, PermissionError):  # fcntl(2): either may say that another has it
                if time.monotonic() > ends_at:
                    return False
                time.sleep(LOOK_S)
            except OSError:
                return False  # a file system without locks
            else:
                return True
        return False
