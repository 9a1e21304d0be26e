"""Takes a convoy through: its batches are checked one after the other, in one session."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial

from engine.batch import Batch, Convoy, Outcome
from engine.bearing import SIGNS, Bearing
from engine.checked import Checked
from engine.last_look import look_again
from engine.line import Line
from engine.metrics import Metrics
from engine.net import caught
from engine.pipeline import Pipeline
from engine.prober import longest_probe_s
from engine.resolver import Resolver
from engine.settings import Settings

_ENOUGH = SIGNS | {Bearing.STRAINED}


class Escort:
    """Checks convoys; whatever goes wrong with one, each of its batches has an outcome."""

    def __init__(self, pipeline: Pipeline, resolver: Resolver, settings: Settings, metrics: Metrics) -> None:
        self._pipeline = pipeline
        self._resolver = resolver
        self._settings = settings
        self._metrics = metrics

    async def look_up(self, convoy: Convoy) -> Convoy:
        """Give a convoy with its hosts' addresses as the DNS has them now."""
        return await caught(look_again(convoy, self._resolver), lambda: convoy)

    async def take(self, convoy: Convoy) -> list[Checked]:
        """Check a convoy in one session; give what came of its batches when that is over."""
        return await caught(self._tell(convoy), partial(self._all_after_fault, convoy))

    async def _tell(self, convoy: Convoy) -> list[Checked]:
        """Check batch after batch; only at the end is it certain that the host was in step all along."""
        line = Line()
        try:
            told = [checked async for checked in self._check_each(convoy, line)]
        finally:
            await line.leave()
        self._count_sessions(told)
        return [self._pipeline.believed(checked) for checked in told]

    def _all_after_fault(self, convoy: Convoy) -> list[Checked]:
        return [self._pipeline.after_fault(batch) for batch in convoy.batches]

    async def _check_each(self, convoy: Convoy, line: Line) -> AsyncIterator[Checked]:
        """Check a convoy's batches; once their hosts let nobody in, or warn us, ask nobody else."""
        is_over = False
        for batch in convoy.batches:
            checked = unasked(batch) if is_over else await self._check(batch, line)
            is_over = is_over or checked.is_unreached or checked.bearing in _ENOUGH
            yield checked

    def _count_sessions(self, told: Sequence[Checked]) -> None:
        """Count each session once, by how it went for the last domain that shared it."""
        ended = {id(each.session or each): each.course.end for each in told if each.course}
        for end in ended.values():
            self._metrics.ended(end)

    async def _check(self, batch: Batch, line: Line) -> Checked:
        """Check a batch; one that may not be through before its lease ends is given back unasked."""
        longest_s = longest_probe_s(self._settings, len(batch.recipients), batch.domain.provider)
        if line.is_used and batch.lease_until < time.time() + longest_s:
            return unasked(batch)
        return await caught(self._ask(batch, line, longest_s), partial(self._pipeline.after_fault, batch))

    async def _ask(self, batch: Batch, line: Line, longest_s: float) -> Checked:
        line.is_used = True
        async with asyncio.timeout(longest_s):
            return await self._pipeline.check(batch, line)


def unasked(batch: Batch) -> Checked:
    """Give a batch back as it was claimed."""
    return Checked(Outcome(batch, batch.domain, released=batch.recipients))
