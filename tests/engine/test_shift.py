import asyncio
from collections import Counter

import pytest

from engine.address import Address
from engine.batch import Pause, Scope
from engine.memory_queue import MemoryQueue
from engine.pace_report import BreakerState
from engine.work_queue import LeaseLost, Notice, StoreFails
from sandbox import Domain, Open, OwnHost, SharedHosts, Silent, Slammed
from sandbox.behaviour import NEVER, Blocked, TurnsAgainst, User
from sandbox.names import Records


class Moody(MemoryQueue):
    """A queue of which a call can be made to fail, by its name; `failed` counts how often it has.

    `begun` are the pauses that began.
    """

    def __init__(self) -> None:
        super().__init__()
        self.failures: dict[str, Exception] = {}
        self.failed: Counter[str] = Counter()
        self.renewals = 0
        self.has_let_go = False
        self.may_acquire = True
        self.acquired = 0
        self.claims = 0
        self.begun: list[Pause] = []

    def _may_fail(self, call: str) -> None:
        if call in self.failures:
            self.failed[call] += 1
            self.may_acquire &= not isinstance(self.failures[call], LeaseLost)
            raise self.failures[call]

    async def acquire(self):
        self._may_fail("acquire")
        self.acquired += self.may_acquire
        return self.may_acquire

    async def renew(self, notice, snapshot):
        self._may_fail("renew")
        self.renewals += 1
        await super().renew(notice, snapshot)

    async def let_go(self):
        self._may_fail("let_go")
        self.has_let_go = True
        await super().let_go()

    async def claim_domains(self, limit):
        self._may_fail("claim_domains")
        return await super().claim_domains(limit)

    async def keep(self, facts):
        self._may_fail("keep")
        await super().keep(facts)

    async def claim(self, limit, closed):
        self._may_fail("claim")
        self.claims += 1
        return await super().claim(limit, closed)

    async def settle(self, outcomes):
        self._may_fail("settle")
        self.begun += [outcome.pause for outcome in outcomes if outcome.pause]
        await super().settle(outcomes)


def test_what_it_does_is_counted_and_said_at_its_heartbeat(serve, work, until, monkeypatch, users):
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.01)
    _, settings = serve(
        Domain("plum.sandbox", users=users(7), delivery=OwnHost(Open(after_s=0.3))), global_concurrency=40
    )
    queue = MemoryQueue()
    queue.add(Address("pear0", "plum.sandbox"))
    seen = []

    async def job(worker):
        await until(lambda: queue.snapshot.pace.sessions)
        seen.append(queue.snapshot)
        await until(lambda: not queue.waiting() and not queue.snapshot.pace.sessions)
        return worker.metrics.exposition("", {})[0].decode()

    counted = work(queue, settings, job)
    assert (seen[0].pace.sessions, seen[0].pace.sessions_limit) == (1, 40)
    assert list(seen[0].mx_hosts.values()) == ["mx.plum.sandbox"]
    assert 'winnow_sessions_total{end="clean"} 1.0' in counted
    assert 'winnow_rcpts_total{kind="decoy"} 1.0' in counted
    assert 'winnow_verdicts_total{reason="accepted",status="valid"} 1.0' in counted
    assert 'winnow_lookups_total{found="hosts"} 1.0' in counted
    assert "winnow_claim_seconds_count 0.0" not in counted
    assert "winnow_loop_lag_seconds_count 0.0" not in counted


def test_how_asking_is_paced_can_be_read_while_it_runs(serve, work, until, monkeypatch, fill, users):
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.05)
    dead = SharedHosts(("mx1.orchard.sandbox",))
    sandbox, settings = serve(
        *(Domain(f"plum{n}.sandbox", users=users(1), delivery=dead) for n in range(9)),
        shared={"mx1.orchard.sandbox": Slammed()},
    )
    queue = MemoryQueue()
    fill(queue, sandbox)

    async def job(worker):
        await until(lambda: any(lane.breaker is BreakerState.OPEN for lane in queue.snapshot.pace.lanes))
        assert queue.snapshot.pace.sessions_limit == settings.global_concurrency

    work(queue, settings, job)


def test_where_everybody_refuses_us_all_asking_pauses_and_the_engine_says_so(
    serve, work, until, monkeypatch, users, fill, told
):
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.05)
    refusing = [Domain(f"plum{n}.sandbox", Blocked(), users=users(2)) for n in range(8)]
    sandbox, settings = serve(*refusing, breaker_minutes=0.03)
    queue = Moody()
    mailboxes = fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: queue.notice is Notice.BLOCKED)
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("unknown", "blocked")}
    assert Scope.ALL in {pause.scope for pause in queue.begun}


def test_pauses_go_on_when_the_engine_begins_anew(serve, work, until, fill, users):
    against = TurnsAgainst("harvest", after=0, for_s=NEVER)
    hosts = SharedHosts(("mx1.harvest.sandbox",))
    domains = [Domain(f"plum{n}.sandbox", against, users(9), hosts) for n in range(5)]
    sandbox, settings = serve(*domains, shared={"mx1.harvest.sandbox": Open()})
    settings = settings.model_copy(update={"breaker_minutes": 45.0})
    queue = Moody()
    fill(queue, sandbox)

    async def until_paused(_worker):
        await until(lambda: any(pause.scope is Scope.ROUTE for pause in queue.begun))

    work(queue, settings, until_paused)
    sessions = sandbox.counters().sessions

    async def look(worker):
        before = queue.claims
        while queue.claims < before + 5:
            worker.wake()
            await asyncio.sleep(0)

    work(queue, settings, look)
    assert sandbox.counters().sessions == sessions


def test_what_an_engine_was_told_before_its_end_is_taken_back_if_the_hosts_refuse_the_next(
    serve, work, until, fill, told, users
):
    against, shared = TurnsAgainst("harvest", after=1, for_s=NEVER), SharedHosts(("mx1.harvest.sandbox",))
    people = users(6) | {"fig0": User.MISSING}
    domains = [Domain(f"plum{n}.sandbox", against, people, shared) for n in range(5)]
    sandbox, settings = serve(*domains, shared={"mx1.harvest.sandbox": Open()})
    settings = settings.model_copy(update={"breaker_minutes": 45.0})
    queue = MemoryQueue()
    early = queue.add(Address("fig0", "plum0.sandbox"))

    work(queue, settings, lambda _worker: until(lambda: early in queue.findings))
    assert told(queue, early) == ("invalid", "mailbox_missing")
    fill(queue, sandbox)
    work(queue, settings, lambda _worker: until(lambda: early not in queue.findings))


def test_stopping_gives_back_what_is_in_hand_and_takes_leave_of_every_host(
    serve, work, until, monkeypatch, users, fill
):
    monkeypatch.setattr("engine.shift.GRACE_S", 0.2)
    slow = [Domain(f"plum{n}.sandbox", users=users(4), delivery=OwnHost(Open(after_s=1.0))) for n in range(3)]
    silent = Domain("silent.sandbox", users=users(2), delivery=OwnHost(Silent()))
    quick = Domain("quick.sandbox", users=users(2))
    sandbox, settings = serve(*slow, silent, quick)
    queue = Moody()
    mailboxes = fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: len(sandbox.counters().connections_by_host) == 5 and len(queue.findings) == 2)

    work(queue, settings, job)
    assert queue.has_let_go
    left = {each.recipient.mailbox for each in queue.waiting()}
    assert left.isdisjoint(queue.findings)
    assert left | set(queue.findings) == set(mailboxes)
    assert all(each.due_at == 0.0 for each in queue.waiting())
    assert sandbox.counters().abandoned == 0


@pytest.mark.parametrize("call", ["acquire", "claim_domains", "keep", "claim", "settle", "renew"])
def test_a_queue_that_fails_for_a_while_loses_nothing(
    serve, work, until, monkeypatch, call, users, fill, told
):
    monkeypatch.setattr("engine.outbox.RETRY_S", 0.05)
    monkeypatch.setattr("engine.shift.RETRY_STORE_S", 0.05)
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.05)
    sandbox, settings = serve(Domain("plum.sandbox", users=users(5)))
    queue = Moody()
    mailboxes = fill(queue, sandbox)
    queue.failures[call] = StoreFails("disk full")

    async def job(worker):
        await until(lambda: queue.failed[call] >= 2)
        assert call == "renew" or queue.findings == {}
        del queue.failures[call]
        worker.wake()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert sandbox.counters().rcpts == 6


def test_while_results_cannot_be_stored_the_engine_says_so(serve, work, until, monkeypatch, users, fill):
    monkeypatch.setattr("engine.outbox.RETRY_S", 0.05)
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.05)
    sandbox, settings = serve(Domain("plum.sandbox", users=users(1)))
    queue = Moody()
    fill(queue, sandbox)
    queue.failures["settle"] = StoreFails("disk full")

    async def job(_worker):
        await until(lambda: queue.notice is Notice.STORE_FAILS)
        del queue.failures["settle"]
        await until(lambda: queue.notice is Notice.RUNNING)

    work(queue, settings, job)
    assert len(queue.findings) == 1


@pytest.mark.parametrize("call", ["claim_domains", "claim", "settle", "renew"])
def test_a_lost_lease_stops_the_work_until_it_is_had_again(
    serve, work, until, monkeypatch, call, users, fill, told
):
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.05)
    sandbox, settings = serve(Domain("plum.sandbox", users=users(5)))
    queue = Moody()
    mailboxes = fill(queue, sandbox)
    queue.failures[call] = LeaseLost("another engine has it")

    async def job(worker):
        await until(lambda: queue.has_let_go)
        failed, sessions = queue.failed[call], sandbox.counters().sessions
        assert call == "renew" or queue.findings == {}
        for _ in range(20):
            worker.wake()
            await asyncio.sleep(0)
        assert (queue.failed[call], sandbox.counters().sessions) == (failed, sessions)
        del queue.failures[call]
        queue.may_acquire = True
        worker.wake()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert queue.acquired >= 2


def test_without_a_name_to_show_no_host_is_asked_but_the_dns_settles_what_it_can(
    serve, work, until, users, told
):
    sandbox, settings = serve(
        Domain("plum.sandbox", users=users(2)),
        names={"com": Records()},
        allow_private_networks=False,
        validator_helo="localhost",
    )
    queue = MemoryQueue()
    held = queue.add(Address("pear0", "plum.sandbox"))
    gone = queue.add(Address("pear0", "nowhere.sandbox"))

    async def job(_worker):
        await until(lambda: gone in queue.findings and queue.notice is Notice.NO_IDENTITY)

    work(queue, settings, job)
    assert told(queue, gone) == ("invalid", "no_such_domain")
    assert held not in queue.findings
    assert sandbox.counters().connections_by_host == {}
