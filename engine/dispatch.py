"""Sends convoys out: claims what is due and not held back, has it checked, and lets the outcome be stored."""

import asyncio
import time
from collections.abc import Coroutine, Sequence

from engine.batch import Convoy
from engine.checked import Checked
from engine.disposition import is_to_be_asked
from engine.escort import Escort, unasked
from engine.gates import Gates
from engine.lane import Outing
from engine.metrics import Metrics
from engine.news import News
from engine.places import Places
from engine.settings import Settings
from engine.settling import Settling
from engine.snapshot import LaneNames
from engine.work_queue import StoreFails, WorkQueue

IDLE_S = 1.0
TURN_S = 0.1
"""How long news gather before the next claim: many sessions cost it little more than one, and what goes out
waits for its look-up and its turn in any case. A fiftieth of a second took a twentieth more computing."""
OPENINGS_S = 0.05
"""How long held-back domains wait for each other at most: most of them have nothing more to ask."""
CLAIM_AT_ONCE = 64


class Dispatch:
    """Keeps as many sessions open as there may be. `lane_names` knows the hosts of what goes out."""

    def __init__(
        self,
        queue: WorkQueue,
        settings: Settings,
        gates: Gates,
        escort: Escort,
        settling: Settling,
        metrics: Metrics,
        news: News,
    ) -> None:
        self._queue = queue
        self._settings = settings
        self._gates = gates
        self._escort = escort
        self._settling = settling
        self._metrics = metrics
        self._news = news
        self.lane_names = LaneNames()
        self._places = Places(settings.global_concurrency)
        self._out: set[asyncio.Task[None]] = set()
        self._storing: set[asyncio.Task[None]] = set()

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """What is in hand: sessions, and outcomes that are not stored yet."""
        return self._out | self._storing

    async def run(self) -> None:
        """Send out what is due, for as long as it runs."""
        while True:
            free, is_off = self._free()
            convoys = await self._claim(free, is_off=is_off)
            for convoy in convoys:
                self._begin(convoy)
                await asyncio.sleep(0)  # not all in one turn of the loop, which would hold up the others
            if _leaves_some(convoys, free):
                continue
            for checked in self._gates.port.clear_old(is_idle=not convoys and not self._out):
                self._start(self._settling.store(checked), self._storing)
            await self._news.wait(self._until_next())
            await asyncio.sleep(TURN_S)

    async def _claim(self, free: int, *, is_off: bool) -> list[Convoy]:
        if free <= 0:
            return []
        began = time.perf_counter()
        try:
            convoys = await self._queue.claim(free, self._gates.closed(is_probing_off=is_off))
        except StoreFails:
            return []
        self._metrics.claimed(time.perf_counter() - began)
        return convoys

    def _free(self) -> tuple[int, bool]:
        """Say for how many sessions there is room, and whether no host may be asked in them."""
        free = min(self._places.free(len(self._out)), CLAIM_AT_ONCE)
        is_off = not self._settings.is_probing_allowed
        if is_off or not self._gates.port.is_closed:
            return free, is_off
        is_trial = self._gates.port.is_trial_due and not self._out
        return (1, False) if is_trial else (free, True)

    def _until_next(self) -> float:
        opening = self._gates.pacing.next_opening()
        return IDLE_S if opening is None else min(max(opening - time.monotonic(), OPENINGS_S), IDLE_S)

    def _begin(self, convoy: Convoy) -> None:
        self.lane_names.note(convoy.batches[0].domain)
        outing = self._gates.pacing.begin(convoy)
        self._start(self._attend(convoy, outing), self._out)

    async def _attend(self, convoy: Convoy, outing: Outing) -> None:
        """Keep a place on the lane for as long as the convoy is out, and let what came of it be stored."""
        try:
            told = await self._told(convoy)
        finally:
            self._gates.pacing.leave(outing)
        await self._places.without(self._clear(told))

    async def _told(self, convoy: Convoy) -> list[Checked]:
        """Keep a session's place only to ask: not to look up, nor to find out whose fault a failure is."""
        if not any(map(is_to_be_asked, convoy.batches)):
            return await self._places.without(self._escort.take(convoy))
        looked_up = await self._places.without(self._escort.look_up(convoy))
        if not await self._places.take():
            return [unasked(batch) for batch in looked_up.batches]
        try:
            return await self._escort.take(looked_up)
        finally:
            self._places.give_back()

    async def _clear(self, told: Sequence[Checked]) -> None:
        """Let what came of a session be stored, once it is clear whose fault it was."""
        for checked in told:
            for ready in await self._gates.port.clear(checked):
                self._start(self._settling.store(ready), self._storing)

    @staticmethod
    def _start(work: Coroutine[None, None, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)


def _leaves_some(convoys: Sequence[Convoy], free: int) -> bool:
    """Tell whether a claim may have left some that are due.

    It takes no more sessions than there is room for, no more of a domain than go out at once, of one where
    somebody waits for a single address that one alone, and only so many whom nobody need ask.
    """
    batches = (batch for convoy in convoys for batch in convoy.batches)
    return 0 < free <= len(convoys) or any(
        each.is_full or each.is_watched or not is_to_be_asked(each) for each in batches
    )
