import asyncio
import contextlib
from collections import Counter

import pytest

from engine.address import Address
from engine.batch import DomainFacts
from engine.exchange import LookupFailed, MailHost, MailHosts
from engine.memory_queue import MemoryQueue
from engine.reason import Reason
from engine.survey import Survey
from engine.surveyor import BESIDE_ASKING, DOMAINS_AT_ONCE, surveys
from engine.work_queue import StoreFails
from engine.worker import Worker
from sandbox import Domain
from sandbox.behaviour import User
from sandbox.names import NoAnswer

MX = MailHosts((MailHost("mx.plum.sandbox", 10, ("127.0.0.1",)),))
NOW = 1000.0


class Resolved(MemoryQueue):
    """A queue of domains that were looked up, which can be made to fail."""

    def __init__(self, count: int, route=MX) -> None:
        super().__init__()
        self.failing: set[str] = set()
        self.failed: Counter[str] = Counter()
        for n in range(count):
            self.add(Address("pear", f"plum{n}.sandbox"))
        facts = [DomainFacts(f"plum{n}.sandbox", route, resolved_at=NOW) for n in range(count)]
        asyncio.run(self.keep(facts))

    def _may_fail(self, call: str) -> None:
        if call in self.failing:
            self.failed[call] += 1
            raise StoreFails

    async def claim_surveys(self, limit):
        self._may_fail("claim")
        return await super().claim_surveys(limit)

    async def keep_surveys(self, surveys):
        if surveys:
            self._may_fail("keep")
        await super().keep_surveys(surveys)


class Taker:
    """Surveys a domain once it may; `held` domains wait until they are let go."""

    def __init__(self, *held: str) -> None:
        self.taken: Counter[str] = Counter()
        self.at_once = self.most = 0
        self.held = {name: asyncio.Event() for name in held}

    async def __call__(self, facts: DomainFacts) -> Survey:
        self.taken[facts.name] += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await (self.held[facts.name].wait() if facts.name in self.held else asyncio.sleep(0))
        finally:
            self.at_once -= 1
        return Survey(facts.name, NOW)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("engine.surveyor.GATHER_S", 0.002)
    monkeypatch.setattr("engine.surveyor.IDLE_S", 0.002)


def run(queue, taker, job, is_asking=lambda: False) -> None:
    """Run a surveyor until the job is done, and end it."""

    async def use():
        running = asyncio.create_task(surveys(queue, taker, is_asking).run())
        try:
            await job()
            assert not running.done()
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    asyncio.run(use())


def test_every_domain_that_was_looked_up_is_surveyed_once(until):
    queue, taker = Resolved(50), Taker()
    run(queue, taker, lambda: until(lambda: len(queue.surveys) == 50))
    assert set(taker.taken.values()) == {1}


def test_a_domain_nobody_could_look_up_is_not_surveyed():
    queue = Resolved(3, route=LookupFailed(Reason.DNS_FAILED))
    assert asyncio.run(queue.claim_surveys(9)) == []


def test_only_some_are_under_way_at_once_and_a_slow_one_holds_nobody_up(until):
    names = [f"plum{n}.sandbox" for n in range(DOMAINS_AT_ONCE + 9)]
    queue, taker = Resolved(len(names)), Taker(*names)

    async def job():
        await until(lambda: taker.at_once == DOMAINS_AT_ONCE)
        for name in names[1:]:
            taker.held[name].set()
        await until(lambda: len(queue.surveys) == len(names) - 1)
        taker.held[names[0]].set()
        await until(lambda: len(queue.surveys) == len(names))

    run(queue, taker, job)
    assert taker.most == DOMAINS_AT_ONCE


def test_while_hosts_are_asked_fewer_are_under_way_and_more_again_when_they_are_not(until):
    names = [f"plum{n}.sandbox" for n in range(DOMAINS_AT_ONCE)]
    queue, taker, asking = Resolved(len(names)), Taker(*names), [True]

    async def job():
        await until(lambda: taker.at_once == BESIDE_ASKING)
        for name in names[:BESIDE_ASKING]:
            taker.held[name].set()
        await until(lambda: len(queue.surveys) == BESIDE_ASKING)
        await until(lambda: taker.at_once == BESIDE_ASKING)
        assert taker.most == BESIDE_ASKING
        asking.clear()
        await until(lambda: taker.at_once == DOMAINS_AT_ONCE - BESIDE_ASKING)

    run(queue, taker, job, lambda: bool(asking))


@pytest.mark.parametrize("call", ["claim", "keep"])
def test_a_queue_that_fails_for_a_while_loses_no_survey(until, call):
    queue, taker = Resolved(5), Taker()
    queue.failing.add(call)

    async def job():
        await until(lambda: queue.failed[call] > 2)
        queue.failing.clear()
        await until(lambda: len(queue.surveys) == 5)

    run(queue, taker, job)
    assert set(taker.taken.values()) == {1}


def test_what_is_under_way_at_the_end_is_ended_and_stays_due(until):
    queue, taker = Resolved(1), Taker("plum0.sandbox")
    run(queue, taker, lambda: until(lambda: taker.at_once == 1))
    assert taker.at_once == 0
    assert queue.surveys == {}
    assert len(asyncio.run(queue.claim_surveys(9))) == 1


PLUM = Domain("plum.sandbox", users={"pear": User.EXISTING}, spf="v=spf1 mx -all")


def work(queue, settings, job) -> None:
    """Run a whole worker until the job is done, and end it."""

    async def use():
        worker = Worker(queue, settings)
        running = asyncio.create_task(worker.run())
        try:
            await job()
        finally:
            worker.stop()
            await asyncio.wait_for(running, 20)

    asyncio.run(use())


@pytest.fixture
def queue() -> MemoryQueue:
    """A queue with one address in it."""
    queue = MemoryQueue()
    queue.add(Address("pear", "plum.sandbox"))
    return queue


def test_a_worker_surveys_a_domain_beside_probing_it(serve, until, queue):
    _, settings = serve(PLUM)
    work(queue, settings, lambda: until(lambda: queue.surveys and queue.findings))
    assert queue.surveys["plum.sandbox"].spf.text == "v=spf1 mx -all"


def test_an_address_is_told_while_its_domains_records_are_still_waited_for(serve, until, queue):
    _, settings = serve(PLUM, names={"_mta-sts.plum.sandbox": NoAnswer.SILENCE}, dns_timeout_ms=30_000)
    work(queue, settings, lambda: until(lambda: queue.findings))
    assert queue.surveys == {}


def test_a_fault_of_our_own_in_a_survey_ends_nothing_and_leaves_nothing_known(
    serve, until, queue, monkeypatch
):
    def faulty(*_):
        raise ValueError

    monkeypatch.setattr("engine.pipeline.survey", faulty)
    _, settings = serve(PLUM)
    work(queue, settings, lambda: until(lambda: queue.surveys and queue.findings))
    assert queue.surveys["plum.sandbox"].spf is None
