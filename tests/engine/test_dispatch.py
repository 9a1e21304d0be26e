import asyncio
from itertools import pairwise
from typing import ClassVar

import pytest

from engine.address import Address
from engine.escort import Escort
from engine.exchange import LookupFailed
from engine.line import Line
from engine.memory_queue import MemoryQueue
from engine.never_probed import never_probed_of, parse_listed
from engine.news import News
from engine.reason import Reason
from engine.resolver import Resolution, Resolver
from sandbox import Answering, Domain, Open, OwnHost, SharedHosts, Shut
from sandbox.behaviour import AcceptAll
from sandbox.names import NULL_MX, Records


class Withholding(MemoryQueue):
    """A queue in which nothing is stored until `stores` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.stores = asyncio.Event()

    async def settle(self, outcomes):
        await self.stores.wait()
        await super().settle(outcomes)


def test_a_session_does_not_wait_until_its_results_are_stored(serve, work, until, users, fill):
    domains = [Domain(f"plum{n}.sandbox", users=users(2)) for n in range(3)]
    sandbox, settings = serve(*domains, global_concurrency=1)
    queue = Withholding()
    fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: sandbox.counters().rcpts == 9)
        assert not queue.findings
        queue.stores.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)


class Pondering(Resolver):
    """A resolver that takes its time over one host's addresses, or a domain it failed at, until `told`."""

    told: asyncio.Event
    waiting = 0

    async def refresh(self, route):
        await self._ponder(route.hosts[0].name in {"mx.plum.sandbox", "mx1.harvest.sandbox"})
        return await super().refresh(route)

    async def resolve(self, domain):
        if domain != "quince.sandbox":
            return await super().resolve(domain)
        await self._ponder(self.waiting > 0)
        self.waiting += 1
        return Resolution(LookupFailed(Reason.DNS_FAILED, "SERVFAIL"), ())

    async def _ponder(self, is_slow):
        if is_slow:
            self.waiting += 1
            await self.told.wait()


@pytest.mark.parametrize("slow", ["plum.sandbox", "quince.sandbox"])
def test_no_session_waits_for_the_dns(serve, work, until, monkeypatch, slow, users):
    monkeypatch.setattr("engine.worker.Resolver", Pondering)
    sandbox, settings = serve(
        *(Domain(name, users=users(1)) for name in (slow, "fig.sandbox", "pear.sandbox")),
        global_concurrency=1,
        outage_retry_seconds=(0.05,),
    )
    queue = MemoryQueue()
    first = queue.add(Address("pear0", slow))

    async def job(worker):
        Pondering.told = asyncio.Event()
        await until(lambda: worker._resolver.waiting == (1 if slow == "plum.sandbox" else 2))
        others = {queue.add(Address("pear0", name)) for name in ("fig.sandbox", "pear.sandbox")}
        worker.wake()
        await until(lambda: set(queue.findings) == others)
        Pondering.told.set()
        await until(lambda: not queue.waiting())
        assert first in queue.findings

    work(queue, settings, job)
    assert sandbox.counters().abandoned == 0


def test_domains_that_are_looked_up_at_the_same_time_have_no_more_sessions_than_may_be(
    serve, work, until, monkeypatch, users, fill, told
):
    class Counted(Line):
        asking: ClassVar[set[Line]] = set()
        most = 0

        async def resume(self, question):
            call = await super().resume(question)
            self.asking.add(self)
            Counted.most = max(Counted.most, len(self.asking))
            return call

        async def leave(self):
            await super().leave()
            self.asking.discard(self)

    monkeypatch.setattr("engine.worker.Resolver", Pondering)
    monkeypatch.setattr("engine.escort.Line", Counted)
    hosts = {"mx1.harvest.sandbox": Open()}
    shared = SharedHosts(("mx1.harvest.sandbox",))
    neighbours = [Domain(f"plum{n}.sandbox", users=users(2), delivery=shared) for n in range(4)]
    sandbox, settings = serve(*neighbours, shared=hosts, global_concurrency=2, rcpts_per_session=3)
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    async def job(worker):
        Pondering.told = asyncio.Event()
        await until(lambda: worker._resolver.waiting == 4)
        Pondering.told.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().sessions, Counted.most) == (4, 2)


class Refreshing(Resolver):
    """A resolver that keeps whose addresses were looked up once more before they were to be asked."""

    refreshed: ClassVar[list[str]] = []

    async def refresh(self, route):
        self.refreshed.append(route.hosts[0].name)
        return await super().refresh(route)


def test_of_who_is_settled_unasked_nothing_is_looked_up_once_more(
    serve, settle_all, monkeypatch, users, fill
):
    """No place is kept for them either, though their domains have mail hosts."""
    monkeypatch.setattr("engine.worker.Resolver", Refreshing)
    monkeypatch.setattr(Refreshing, "refreshed", [])
    sandbox, settings = serve(
        Domain("plum.sandbox", AcceptAll(), users=users(9)),
        Domain("fig.sandbox", users=users(2)),
        rcpts_per_session=3,
    )
    queue = MemoryQueue(never_probed=never_probed_of([parse_listed("mx:mx.fig.sandbox")]))
    fill(queue, sandbox)

    settle_all(queue, settings)
    assert Refreshing.refreshed == ["mx.plum.sandbox"]


class Releasing(MemoryQueue):
    """A queue that counts whom it is given back unasked."""

    released = 0

    async def settle(self, outcomes):
        self.released += sum(len(outcome.released) for outcome in outcomes)
        await super().settle(outcomes)


def test_who_gets_no_place_before_its_lease_would_end_is_given_back(serve, work, until, monkeypatch, users):
    monkeypatch.setattr("engine.places.PLACE_S", 0.01)
    monkeypatch.setattr("engine.worker.Resolver", Pondering)
    slow = Domain("plum.sandbox", users=users(1))
    holding = Domain("fig.sandbox", users=users(1), delivery=OwnHost(Open(after_s=1.0)))
    sandbox, settings = serve(slow, holding, global_concurrency=1)
    queue = Releasing()
    queue.add(Address("pear0", "plum.sandbox"))

    async def job(worker):
        Pondering.told = asyncio.Event()
        await until(lambda: worker._resolver.waiting == 1)
        queue.add(Address("pear0", "fig.sandbox"))
        worker.wake()
        await until(lambda: sum(sandbox.counters().connections_by_host.values()) == 1)
        Pondering.told.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert queue.released >= 1
    assert sandbox.counters().sessions == 2


def test_no_session_waits_until_it_is_clear_whose_fault_a_missing_connection_is(
    serve, work, until, monkeypatch, users
):
    asked, proved = [], asyncio.Event()

    async def can_connect(ip, **_):
        asked.append(ip)
        await proved.wait()
        return True

    monkeypatch.setattr("engine.gates.can_connect", can_connect)
    dead = [Domain(f"plum{n}.sandbox", users=users(1), delivery=OwnHost(Shut())) for n in range(5)]
    alive = [Domain(name, users=users(1)) for name in ("fig.sandbox", "pear.sandbox")]
    _, settings = serve(*dead, *alive, global_concurrency=1, outage_retry_seconds=())
    queue = MemoryQueue()
    first = queue.add(Address("pear0", "fig.sandbox"))

    async def job(worker):
        await until(lambda: first in queue.findings)
        for domain in dead:
            queue.add(Address("pear0", domain.name))
        await until(lambda: asked)
        other = queue.add(Address("pear0", "pear.sandbox"))
        await until(lambda: other in queue.findings)
        proved.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)


class Together(MemoryQueue):
    """A queue that hands nobody out before the routes of all are known."""

    async def claim(self, limit, closed):
        has_all = all(self.facts(each.recipient.address.domain).route for each in self.waiting())
        return await super().claim(limit, closed) if has_all else []


class Counting(Escort):
    """An escort that keeps the turn of the loop in which each convoy came to it."""

    turn = 0
    began: ClassVar[list[int]] = []

    async def look_up(self, convoy):
        self.began.append(Counting.turn)
        return await super().look_up(convoy)


def test_of_convoys_that_are_claimed_together_one_is_begun_in_a_turn_of_the_loop(
    serve, work, until, monkeypatch, users, fill
):
    monkeypatch.setattr("engine.shift.Escort", Counting)
    monkeypatch.setattr(Counting, "began", [])
    sandbox, settings = serve(*(Domain(f"plum{n}.sandbox", users=users(1)) for n in range(5)))
    queue = Together()
    fill(queue, sandbox)

    async def count_turns():
        while queue.waiting():
            Counting.turn += 1
            await asyncio.sleep(0)

    async def job(_worker):
        counting = asyncio.create_task(count_turns())
        await until(lambda: not queue.waiting())
        await counting

    work(queue, settings, job)
    assert len(set(Counting.began)) == len(Counting.began) == 5


class Counted(MemoryQueue):
    """A queue that notes of each claim how many sessions there was room for, and how many came of it."""

    def __init__(self, seen: list[object]) -> None:
        super().__init__()
        self._seen = seen

    async def claim(self, limit, closed):
        convoys = await super().claim(limit, closed)
        self._seen.append((limit, len(convoys)))
        return convoys


@pytest.fixture
def claims_of(serve, work, until, monkeypatch, fill):
    """Settle domains' mailboxes; give of each claim its room, how many sessions came, and what came next."""

    def settle(*domains, at_once):
        seen = []

        class Heard(News):
            async def wait(self, seconds):
                seen.append("wait")
                await super().wait(seconds)

        monkeypatch.setattr("engine.worker.News", Heard)
        monkeypatch.setattr("engine.dispatch.CLAIM_AT_ONCE", at_once)
        sandbox, settings = serve(*domains, rcpts_per_session=3)
        queue = Counted(seen)
        fill(queue, sandbox)

        async def job(_worker):
            await until(lambda: not queue.waiting())

        work(queue, settings, job)
        return [(*claim, after) for claim, after in pairwise(seen) if claim != "wait"]

    return settle


def test_a_claim_that_gave_all_there_was_is_not_followed_by_another_before_there_is_news(claims_of, users):
    claims = claims_of(*(Domain(f"plum{n}.sandbox", users=users(1)) for n in range(9)), at_once=2)
    assert all((after == "wait") == (came < room) for room, came, after in claims)
    assert {0, 1} <= {came for _, came, _ in claims}


@pytest.mark.parametrize("delivery", [OwnHost(), Answering(Records(mx=NULL_MX))])
def test_a_claim_that_took_a_domains_portion_or_whom_nobody_need_ask_is_followed_by_another(
    claims_of, users, delivery
):
    claims = claims_of(Domain("plum.sandbox", users=users(3), delivery=delivery), at_once=20)
    assert [after for _, came, after in claims if came] == [(20, 0)]
