"""The one net: whatever a batch or a domain can do to us ends its own check, and nothing else."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import TypeVar

log = logging.getLogger("winnow.engine")

T = TypeVar("T")


async def caught(work: Awaitable[T], after_fault: Callable[[], T]) -> T:
    """Await work; where it fails for a fault of our own, log that and give what `after_fault` says."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - the one net
        # An error's own words may hold an address, which no log may; where it arose does not.
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("a check failed for a fault of our own: %s\n%s", type(error).__name__, place)  # noqa: TRY400
        return after_fault()
