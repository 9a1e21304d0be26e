"""Measures how late the engine's loop is: how long something that is due has to wait for its turn."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

TICK_S = 0.05
MINUTE_S = 60.0


class LoopLag:
    """Wakes every 50 ms for as long as it runs, and notes how late; `tell` is told of each (in seconds)."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._recent: deque[float] = deque(maxlen=round(MINUTE_S / TICK_S))

    @property
    def worst_s(self) -> float:
        """The longest delay of the last minute, in seconds."""
        return max(self._recent, default=0.0)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            due_at = time.perf_counter() + TICK_S
            await asyncio.sleep(TICK_S)
            late_s = max(time.perf_counter() - due_at, 0.0)
            self._recent.append(late_s)
            self._tell(late_s)
