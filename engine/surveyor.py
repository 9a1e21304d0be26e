"""Reads what domains publish, in the background: no verdict rests on it, so nothing waits for it."""

from collections.abc import Awaitable, Callable

from engine.batch import DomainFacts
from engine.survey import Survey
from engine.under_way import Gait, UnderWay
from engine.work_queue import WorkQueue

DOMAINS_AT_ONCE = 64
"""Domains under way, with one question each, which a small resolver bears beside the routes."""
BESIDE_ASKING = 4
"""Domains under way while hosts are asked: some 15 a second, and asking has the processor."""

GATHER_S = 0.25
"""Seconds from one write to the next: what is done meanwhile is written together."""
IDLE_S = 1.0


def surveys(
    queue: WorkQueue, take: Callable[[DomainFacts], Awaitable[Survey]], is_asking: Callable[[], bool]
) -> UnderWay[Survey]:
    """Keep some surveys under way, fewer while hosts are asked; `take` surveys a domain and never raises."""
    gait = Gait(lambda: BESIDE_ASKING if is_asking() else DOMAINS_AT_ONCE, GATHER_S, IDLE_S, GATHER_S)
    return UnderWay(queue.claim_surveys, take, queue.keep_surveys, gait)
