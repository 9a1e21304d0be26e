"""The engine's process of the app, its loop watched: how late something comes that is due every 10 ms.

A line for each second goes to the file that WINNOW_LATENESS names: when (Unix seconds), how late at most
(seconds), how often over 50 ms, and how many ticks there were.
"""

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engine_process import commanded

MODULE = "bench.watched_engine"
FILE = "WINNOW_LATENESS"
TICK_S = 0.01
LATE_S = 0.05
SECOND_S = 1.0


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the loop was: at most, in seconds, how often over 50 ms, and of how many ticks."""

    longest_s: float = 0.0
    late: int = 0
    ticks: int = 0


def lateness_since(file: Path, moment: float) -> Lateness:
    """Tell how late the loop was since a moment (Unix seconds), as far as it is written."""
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    rows = [row for row in (line.split() for line in lines) if float(row[0]) >= moment]
    longest_s = max((float(row[1]) for row in rows), default=0.0)
    return Lateness(longest_s, sum(int(row[2]) for row in rows), sum(int(row[3]) for row in rows))


class _Watch:
    """Ticks on a loop, and writes down each second how late it was."""

    def __init__(self, loop: asyncio.AbstractEventLoop, file: TextIO) -> None:
        self._loop = loop
        self._file = file
        self._late: list[float] = []
        self._written_at = loop.time()

    def tick(self, due_at: float) -> None:
        """Note how late it is, and come back in 10 ms."""
        now = self._loop.time()
        self._late.append(max(now - due_at, 0.0))
        if now - self._written_at >= SECOND_S:
            self._write()
            self._written_at = now
        self._loop.call_later(TICK_S, self.tick, self._loop.time() + TICK_S)

    def _write(self) -> None:
        often = sum(late_s > LATE_S for late_s in self._late)
        print(
            f"{time.time():.3f} {max(self._late):.6f} {often} {len(self._late)}", file=self._file, flush=True
        )
        self._late.clear()


def main() -> None:
    """Run the engine as the app does, but for its log, and watch its loop until it ends."""
    with commanded() as engine, Path(os.environ[FILE]).open("a", encoding="ascii") as file:
        loop = engine._loop  # noqa: SLF001 - measured from outside, as no user would
        assert loop is not None
        loop.call_soon_threadsafe(_Watch(loop, file).tick, loop.time())
        engine.join()


if __name__ == "__main__":
    main()
