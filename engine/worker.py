"""The engine's loops: resolve domains, probe mailboxes that are due, keep what is found."""

import asyncio
import contextlib
import logging
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from engine.batch import Batch, Closed, Convoy, DomainFacts, Outcome
from engine.bearing import SIGNS, Bearing
from engine.breaker import Breaker
from engine.lane import Outing
from engine.line import Line
from engine.look_up_time import DOMAINS_AT_ONCE
from engine.loop_lag import LoopLag
from engine.metrics import Metrics
from engine.outbox import Outbox, parts_of
from engine.pacing import Pacing
from engine.pipeline import Checked, Pipeline
from engine.port_watch import WITNESSES, PortWatch
from engine.prober import can_connect, longest_probe_s
from engine.questions import NO_QUESTIONS
from engine.resolver import Resolver
from engine.settings import Settings
from engine.snapshot import LaneNames, Snapshot
from engine.survey import Survey
from engine.surveyor import surveys
from engine.under_way import Gait, UnderWay, cancel_all
from engine.vantage import VantageWatch
from engine.work_queue import LeaseLost, Notice, StoreFails, WorkQueue

IDLE_S = 1.0
DOMAINS_IDLE_S = 0.2
GATHER_S = 0.02
TURN_S = 0.01
"""How long news gather before the next claim: many sessions cost it little more than one."""
OPENINGS_S = 0.05
"""How long held-back domains wait for each other at most: most of them have nothing more to ask."""
HEARTBEAT_S = 3.0
RETRY_STORE_S = 3.0
GRACE_S = 5.0
CLAIM_AT_ONCE = 32
_ENOUGH = SIGNS | {Bearing.STRAINED}

log = logging.getLogger("winnow.engine")

T = TypeVar("T")


class Worker:
    """Runs until told to stop. Create it inside its loop. `questions` counts what it has asked.

    `metrics` counts what it does; it is made where none is given.
    """

    def __init__(self, queue: WorkQueue, settings: Settings, metrics: Metrics | None = None) -> None:
        self._queue = queue
        self._settings = settings
        self.metrics = metrics or Metrics(settings.metrics_log_every)
        self._resolver = Resolver(settings)
        self.questions = NO_QUESTIONS
        self._begin_anew()
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()

    def _begin_anew(self) -> None:
        """Remember nothing of what an earlier lease had in hand."""
        self._pacing = Pacing(self._settings, time.monotonic)
        self._vantage = VantageWatch(self._settings, time.time)
        self._breaker = Breaker(self._settings, time.time)
        self._pipeline = Pipeline(
            self._settings, self._resolver, self._pacing, self._vantage, self._breaker, time.time
        )
        self._watch = PortWatch(time.time, partial(can_connect, settings=self._settings))
        self._outbox = Outbox(self._queue, self.metrics)
        self._lag = LoopLag(self.metrics.lagged)
        self._lane_names = LaneNames()
        self._tasks: set[asyncio.Task[None]] = set()
        self._storing: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look for work now."""
        self._changed.set()

    def stop(self) -> None:
        """Finish or give back what is in hand, then end."""
        self._stopping.set()
        self._changed.set()

    async def run(self) -> None:
        """Work while the lease is ours; wait for it while it is another's."""
        try:
            while not self._stopping.is_set():
                if await self._acquires():
                    await self._work()
                else:
                    await self._pause(IDLE_S)
        finally:
            await self._resolver.close()
            self._queue.close()

    async def _acquires(self) -> bool:
        try:
            return await self._queue.acquire()
        except StoreFails:
            log.warning("the database cannot be written; trying again")
            return False

    async def _work(self) -> None:
        """Run the loops until stopped or the lease is lost, and leave nothing behind."""
        self._begin_anew()
        with contextlib.suppress(StoreFails):
            self._watch.remember(await self._queue.reached(WITNESSES))
            pauses = await self._queue.pauses()
            self._vantage.remember(pauses)
            self._breaker.remember(pauses)
        gait = Gait(DOMAINS_AT_ONCE, GATHER_S, DOMAINS_IDLE_S, RETRY_STORE_S)
        look_ups = UnderWay(self._queue.claim_domains, self._resolve, self._keep_routes, gait)
        claiming = (look_ups.run, surveys(self._queue, self._survey).run, self._probe_mailboxes)
        loops = [
            asyncio.create_task(part()) for part in (*claiming, self._beat, self._lag.run, self._outbox.run)
        ]
        stopping = asyncio.create_task(self._stopping.wait())
        done, _ = await asyncio.wait([*loops, stopping], return_when=asyncio.FIRST_COMPLETED)
        await self._wind_down(loops)
        stopping.cancel()
        for task in done - {stopping}:
            if (error := task.exception()) and not isinstance(error, LeaseLost):
                raise error

    async def _wind_down(self, loops: list[asyncio.Task[None]]) -> None:
        """Let sessions in hand end, store what they found, and give the rest back."""
        *claiming, writing = loops
        await cancel_all(claiming)
        ends_at = time.monotonic() + GRACE_S
        while (left := self._tasks | self._storing) and not writing.done() and time.monotonic() < ends_at:
            await asyncio.wait(left, timeout=ends_at - time.monotonic())
        await cancel_all([*self._tasks, *self._storing, writing])
        with contextlib.suppress(LeaseLost, StoreFails):
            await self._queue.let_go()

    async def _pause(self, seconds: float) -> None:
        """Wait for news, but not longer than this."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for can swallow a cancellation on Python 3.11
                await self._changed.wait()
        self._changed.clear()

    async def _beat(self) -> None:
        """Keep the lease and say how we are."""
        while True:
            with contextlib.suppress(StoreFails):
                await self._queue.renew(self._notice(), self._snapshot())
            await asyncio.sleep(HEARTBEAT_S)

    def _snapshot(self) -> Snapshot:
        """Say what is being done, to the counters and to the rows."""
        pace = self._pacing.report(self._breaker.states(), time.time())
        self.metrics.paced(pace, len(self._tasks) + len(self._storing))
        return self._lane_names.snapshot(pace, self._lag.worst_s)

    def _notice(self) -> Notice:
        if self._outbox.is_failing:
            return Notice.STORE_FAILS
        if not self._settings.is_probing_allowed:
            return Notice.NO_IDENTITY
        if self._watch.is_closed:
            return Notice.PORT_CLOSED
        return Notice.BLOCKED if self._vantage.is_all_paused else Notice.RUNNING

    async def _keep_routes(self, found: Sequence[DomainFacts]) -> None:
        """Keep what look-ups found: these domains may be asked now."""
        await self._queue.keep(found)
        self.metrics.looked_up(found)
        if found:
            self._changed.set()

    async def _probe_mailboxes(self) -> None:
        while True:
            convoys = await self._claim()
            for convoy in convoys:
                self._begin(convoy)
            if convoys and len(self._tasks) < self._settings.global_concurrency:
                continue
            for checked in self._watch.clear_old(is_idle=not convoys and not self._tasks):
                self._start(self._store(checked), self._storing)
            await self._pause(self._until_next())
            await asyncio.sleep(TURN_S)

    def _begin(self, convoy: Convoy) -> None:
        self._lane_names.note(convoy.batches[0].domain)
        outing = self._pacing.begin(convoy)
        self._start(self._attend(convoy, outing), self._tasks)

    async def _attend(self, convoy: Convoy, outing: Outing) -> None:
        """Keep a place on the lane for as long as the convoy is out."""
        try:
            await self._handle(convoy)
        finally:
            self._pacing.leave(outing)

    @staticmethod
    def _start(work: Coroutine[None, None, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    async def _claim(self) -> list[Convoy]:
        free = min(self._settings.global_concurrency - len(self._tasks), CLAIM_AT_ONCE)
        is_off = not self._settings.is_probing_allowed
        if self._watch.is_closed and not is_off:
            is_trial = self._watch.is_trial_due and not self._tasks
            free, is_off = (1, False) if is_trial else (free, True)
        if free <= 0:
            return []
        began = time.perf_counter()
        try:
            convoys = await self._queue.claim(free, self._closed(is_probing_off=is_off))
        except StoreFails:
            return []
        self.metrics.claimed(time.perf_counter() - began)
        return convoys

    def _closed(self, *, is_probing_off: bool) -> Closed:
        return replace(
            self._pacing.closed(self._breaker.half_open(), self._breaker.given_up()),
            is_probing_off=is_probing_off or self._vantage.is_all_paused,
            pauses=(*self._vantage.pauses(), *self._breaker.pauses()),
        )

    def _until_next(self) -> float:
        opening = self._pacing.next_opening()
        return IDLE_S if opening is None else min(max(opening - time.monotonic(), OPENINGS_S), IDLE_S)

    async def _handle(self, convoy: Convoy) -> None:
        """Check a convoy in one session, and let what came of it be stored when that is over."""
        told = await self._net(self._tell(convoy), partial(self._all_after_fault, convoy))
        for checked in told:
            for ready in await self._watch.clear(checked):
                self._start(self._store(ready), self._storing)

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
            checked = _unasked(batch) if is_over else await self._check(batch, line)
            is_over = is_over or checked.is_unreached or checked.bearing in _ENOUGH
            yield checked

    def _count_sessions(self, told: Sequence[Checked]) -> None:
        """Count each session once, by how it went for the last domain that shared it."""
        ended = {id(each.session or each): each.course.end for each in told if each.course}
        for end in ended.values():
            self.metrics.ended(end)

    async def _check(self, batch: Batch, line: Line) -> Checked:
        """Check a batch; one that may not be through before its lease ends is given back unasked."""
        longest_s = longest_probe_s(self._settings, len(batch.recipients), batch.domain.provider)
        if line.is_used and batch.lease_until < time.time() + longest_s:
            return _unasked(batch)
        return await self._net(self._ask(batch, line, longest_s), partial(self._pipeline.after_fault, batch))

    async def _ask(self, batch: Batch, line: Line, longest_s: float) -> Checked:
        line.is_used = True
        async with asyncio.timeout(longest_s):
            return await self._pipeline.check(batch, line)

    async def _resolve(self, facts: DomainFacts) -> DomainFacts:
        return await self._net(self._pipeline.resolve(facts), partial(self._pipeline.unresolved, facts))

    async def _survey(self, facts: DomainFacts) -> Survey:
        return await self._net(self._pipeline.survey(facts), partial(self._pipeline.unsurveyed, facts))

    @staticmethod
    async def _net(work: Awaitable[T], after_fault: Callable[[], T]) -> T:
        """Catch whatever a batch or a domain can do to us: the one net, so that none ends the engine."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001 - the one net
            # An error's own words may hold an address, which no log may; where it arose does not.
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("a check failed for a fault of our own: %s\n%s", type(error).__name__, place)  # noqa: TRY400
            return after_fault()

    async def _store(self, checked: Checked) -> None:
        """Store what came of a batch; where that taught nothing, its domain need not wait for it."""
        self.questions += checked.questions
        if checked.course is not None:
            self.metrics.asked(checked.questions, checked.course)
        outcome = self._with_breaker(checked)
        is_free = outcome.pause is None and checked.has_taught_nothing
        if is_free:
            self._end(checked)
        for part in parts_of(outcome):
            await self._outbox.store(part)
        if not is_free:
            self._end(checked)

    def _end(self, checked: Checked) -> None:
        """Let the domain go out again."""
        self._pacing.end(
            checked.outcome.batch,
            is_turned_away=checked.is_turned_away,
            has_asked=checked.has_asked,
        )
        self._changed.set()

    def _with_breaker(self, checked: Checked) -> Outcome:
        """Let pace and breaker heed a missing connection that is believed; a pause may begin with it."""
        outcome = checked.outcome
        facts = outcome.batch.domain
        if checked.has_connected is False:
            self._pacing.believe(facts)
        if checked.has_connected is None or not checked.is_believed:
            return outcome
        if checked.has_connected is False:
            self._pacing.hear(outcome.batch, checked.bearing)
        is_lane_alive = self._pacing.has_others_in(outcome.batch)
        begun = self._breaker.hear(facts, is_unreached=checked.is_unreached, is_lane_alive=is_lane_alive)
        return replace(outcome, pause=begun) if begun and outcome.pause is None else outcome


def _unasked(batch: Batch) -> Checked:
    """Give a batch back as it was claimed."""
    return Checked(Outcome(batch, batch.domain, released=batch.recipients))
