"""Tells what is being said about a watched recipient while it is said, so that a person can follow it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import takewhile

from engine.batch import Batch
from engine.probing import Probing
from engine.trace import Trace
from engine.verdict import TraceLine

LOOK_S = 0.1
"""How often it is looked for something new to tell."""

Tell = Callable[[int, Sequence[TraceLine]], Awaitable[None]]
"""Takes a mailbox, and all that was said about it so far."""


async def tell_nobody(_mailbox: int, _trace: Sequence[TraceLine]) -> None:
    """Keep it to oneself."""


async def telling(tell: Tell, batch: Batch, ask: Callable[[Trace], Awaitable[Probing]]) -> Probing:
    """Have somebody ask with a trace, and tell of the batch's recipient what is in it meanwhile."""
    trace = Trace()
    task = asyncio.create_task(_tell_on(tell, batch, trace))
    try:
        return await ask(trace)
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _tell_on(tell: Tell, batch: Batch, trace: Trace) -> None:
    """Tell what is new; what a trace is cut by, as an attempt ends, stays told."""
    recipient = batch.recipients[0]
    told = [*recipient.trace, *batch.domain.trace]
    await tell(recipient.mailbox, told)
    seen: tuple[TraceLine, ...] = ()
    while True:
        lines = trace.since(0)
        if new := lines[_alike(seen, lines) :]:
            told += new
            await tell(recipient.mailbox, told)
        seen = lines
        await asyncio.sleep(LOOK_S)


def _alike(some: Sequence[TraceLine], others: Sequence[TraceLine]) -> int:
    """Count the very lines that both begin with."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))
