"""Collects garbage when nobody waits: to go through all that is alive stops every thread, for up to 0.3 s."""

import asyncio
import gc
import time
from collections.abc import Callable

LOOK_S = 20.0
AT_LATEST_S = 3600.0
SEVERAL = 20
"""Collections of the youngest after which there may be enough to go through the others: 200,000 more."""


async def tidy(is_busy: Callable[[], bool], look_s: float = LOOK_S, at_latest_s: float = AT_LATEST_S) -> None:
    """Collect all garbage, as long as it runs: while nothing is under way, and once an hour in any case.

    What holds no circles goes at once, whatever is done here.
    """
    latest = time.monotonic()
    while True:
        await asyncio.sleep(look_s)
        is_overdue = time.monotonic() >= latest + at_latest_s
        if is_overdue or (gc.get_count()[1] >= SEVERAL and not is_busy()):
            gc.collect()
            latest = time.monotonic()
