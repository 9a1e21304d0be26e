"""What the engine does from getting its lease to losing it: the loops, side by side."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial

from engine.batch import DomainFacts
from engine.circle_window import WINDOW_S
from engine.dispatch import Dispatch
from engine.escort import Escort
from engine.gates import gates_with
from engine.look_up_time import DOMAINS_AT_ONCE
from engine.loop_lag import LoopLag
from engine.metrics import Metrics
from engine.net import caught
from engine.news import News
from engine.outbox import Outbox
from engine.pipeline import Pipeline
from engine.port_watch import WITNESSES
from engine.resolver import Resolver
from engine.settings import Settings
from engine.settling import Settling
from engine.snapshot import Snapshot
from engine.survey import Survey
from engine.surveyor import surveys
from engine.under_way import Gait, UnderWay, cancel_all
from engine.verdict import TraceLine
from engine.work_queue import LeaseLost, Notice, StoreFails, WorkQueue

DOMAINS_IDLE_S = 0.2
GATHER_S = 0.1
HEARTBEAT_S = 3.0
RETRY_STORE_S = 3.0
GRACE_S = 5.0


class Shift:
    """Works while a lease is ours. Knows nothing of what an earlier lease had in hand."""

    def __init__(
        self, queue: WorkQueue, settings: Settings, resolver: Resolver, metrics: Metrics, news: News
    ) -> None:
        self._queue = queue
        self._settings = settings
        self._metrics = metrics
        self._news = news
        self._gates = gates = gates_with(settings)
        self._pipeline = Pipeline(
            settings, resolver, gates.pacing, gates.vantage, gates.breaker, time.time, self._tell
        )
        self._outbox = Outbox(queue, metrics)
        self._lag = LoopLag(metrics.lagged)
        escort = Escort(self._pipeline, resolver, settings, metrics)
        settling = Settling(gates, self._outbox, metrics, news)
        self._dispatch = Dispatch(queue, settings, gates, escort, settling, metrics, news)

    @property
    def is_busy(self) -> bool:
        """Whether any convoy is out, or what came of one is to be stored."""
        return bool(self._dispatch.tasks)

    async def run(self, stopping: asyncio.Event) -> None:
        """Run the loops until stopped or the lease is lost, and leave nothing behind."""
        with contextlib.suppress(StoreFails):
            self._gates.port.remember(await self._queue.reached(WITNESSES))
            self._gates.remember(await self._queue.pauses())
            self._gates.vantage.remember_told(await self._queue.told_since(time.time() - WINDOW_S))
        loops = [asyncio.create_task(part()) for part in self._parts()]
        stopped = asyncio.create_task(stopping.wait())
        done, _ = await asyncio.wait([*loops, stopped], return_when=asyncio.FIRST_COMPLETED)
        await self._wind_down(loops)
        stopped.cancel()
        for task in done - {stopped}:
            if (error := task.exception()) and not isinstance(error, LeaseLost):
                raise error

    def _parts(self) -> Iterator[Callable[[], Coroutine[None, None, None]]]:
        """Give what runs side by side; what writes comes last, as it is the last to end."""
        gait = Gait(lambda: DOMAINS_AT_ONCE, GATHER_S, DOMAINS_IDLE_S, RETRY_STORE_S)
        yield UnderWay(self._queue.claim_domains, self._resolve, self._keep_routes, gait).run
        yield surveys(self._queue, self._survey, lambda: self.is_busy).run
        yield self._dispatch.run
        yield self._beat
        yield self._lag.run
        yield self._outbox.run

    async def _wind_down(self, loops: list[asyncio.Task[None]]) -> None:
        """Let sessions in hand end, store what they found, and give the rest back."""
        *others, writing = loops
        await cancel_all(others)
        ends_at = time.monotonic() + GRACE_S
        while (left := self._dispatch.tasks) and not writing.done() and time.monotonic() < ends_at:
            await asyncio.wait(left, timeout=ends_at - time.monotonic())
        await cancel_all([*self._dispatch.tasks, writing])
        with contextlib.suppress(LeaseLost, StoreFails):
            await self._queue.let_go()

    async def _beat(self) -> None:
        """Keep the lease and say how we are."""
        while True:
            with contextlib.suppress(StoreFails):
                await self._queue.renew(self._notice(), self._snapshot())
            await asyncio.sleep(HEARTBEAT_S)

    def _snapshot(self) -> Snapshot:
        """Say what is being done, to the counters and to the rows."""
        pace = self._gates.report()
        self._metrics.paced(pace, len(self._dispatch.tasks))
        return self._dispatch.lane_names.snapshot(pace, self._lag.worst_s)

    def _notice(self) -> Notice:
        if self._outbox.is_failing:
            return Notice.STORE_FAILS
        if not self._settings.is_probing_allowed:
            return Notice.NO_IDENTITY
        if self._gates.port.is_closed:
            return Notice.PORT_CLOSED
        return Notice.BLOCKED if self._gates.vantage.is_all_paused else Notice.RUNNING

    async def _keep_routes(self, found: Sequence[DomainFacts]) -> None:
        """Keep what look-ups found: these domains may be asked now."""
        await self._queue.keep(found)
        self._metrics.looked_up(found)
        if found:
            self._news.tell()

    async def _tell(self, mailbox: int, trace: Sequence[TraceLine]) -> None:
        """Tell what is said; that it cannot be told is no reason not to ask."""
        with contextlib.suppress(LeaseLost, StoreFails):
            await self._queue.tell(mailbox, trace)

    async def _resolve(self, facts: DomainFacts) -> DomainFacts:
        return await caught(self._pipeline.resolve(facts), partial(self._pipeline.unresolved, facts))

    async def _survey(self, facts: DomainFacts) -> Survey:
        return await caught(self._pipeline.survey(facts), partial(self._pipeline.unsurveyed, facts))
