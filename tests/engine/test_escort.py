import asyncio
import time
from dataclasses import replace

import dnslib
import pytest

from engine.address import Address
from engine.batch import Convoy
from engine.line import Line
from engine.memory_queue import MemoryQueue
from engine.worker import Worker
from sandbox import Domain, Open, SharedHosts
from sandbox.behaviour import User


class Convoys(MemoryQueue):
    """A queue that puts domains with the same MX hosts into one convoy, as soon as `least` are resolved.

    `lease_s` shortens the lease of each batch but the first.
    """

    def __init__(self, least: int = 1) -> None:
        super().__init__()
        self.least = least
        self.lease_s: float | None = None
        self.convoys: list[Convoy] = []

    async def claim(self, limit, closed):
        if sum(facts.route is not None for facts in self._domains.values()) < self.least:
            return []
        by_route: dict[str, list] = {}
        for convoy in await super().claim(limit, closed):
            by_route.setdefault(convoy.batches[0].domain.route_key, []).extend(convoy.batches)
        convoys = [Convoy(tuple(map(self._shortened, each, range(len(each))))) for each in by_route.values()]
        self.convoys += convoys
        return convoys

    def _shortened(self, batch, place):
        is_short = place and self.lease_s is not None
        return replace(batch, lease_until=time.time() + self.lease_s) if is_short else batch


PEARS = {"pear0": User.EXISTING, "pear1": User.EXISTING}


def neighbours(count: int) -> list[Domain]:
    shared = SharedHosts(("mx1.harvest.sandbox",))
    return [Domain(f"plum{n}.sandbox", users=PEARS, delivery=shared) for n in range(count)]


def test_a_convoy_is_asked_in_one_session(serve, settle_all, fill, told):
    sandbox, settings = serve(*neighbours(4), shared={"mx1.harvest.sandbox": Open()})
    queue = Convoys(least=4)
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    counters = sandbox.counters()
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (counters.sessions, counters.rcpts, counters.abandoned, counters.data_commands) == (1, 12, 0, 0)
    assert max(counters.sessions_at_once.values()) == 1
    notes = [[line.text for line in queue.findings[mailbox].trace] for mailbox in mailboxes]
    assert sum("the session with mx1.harvest.sandbox goes on" in lines for lines in notes) == 6


def test_a_batch_whose_lease_ends_too_soon_is_given_back_unasked(serve, settle_all, fill, told):
    sandbox, settings = serve(*neighbours(3), shared={"mx1.harvest.sandbox": Open()})
    queue = Convoys(least=3)
    queue.lease_s = 5.0
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (3, 9)
    assert {finding.attempts for finding in queue.findings.values()} == {1}


@pytest.mark.parametrize(
    ("farewell", "is_told"), [(b"221 bye\r\n", True), (b"250 late\r\n221 bye\r\n", False)]
)
def test_a_host_that_is_out_of_step_at_the_end_has_told_nothing_of_any_domain(
    playing, scripted, settings_of, nameserver, until, farewell, is_told, told
):
    names = ["fig.sandbox", "plum.sandbox"]
    server = nameserver(one_host_for(names))
    script = scripted(
        RCPT=lambda line: b"250 ok\r\n" if "pear" in line else b"550 5.1.1 no such user\r\n",
        RSET=b"250 flushed\r\n",
        QUIT=farewell,
    )
    queue = Convoys(least=2)
    mailboxes = [queue.add(Address("pear", name)) for name in names]

    async def check():
        async with playing(script) as port:
            settings = settings_of(
                smtp_port=port, resolvers=server.resolvers, outage_retry_seconds=(), greylist_retry_seconds=()
            )
            worker = Worker(queue, settings)
            running = asyncio.create_task(worker.run())
            await until(lambda: len(queue.findings) == 2)
            worker.stop()
            await running

    asyncio.run(check())
    assert (len(queue.convoys[0].batches), len(script.heard)) == (2, 1)
    expected = ("valid", "accepted") if is_told else ("unknown", "unclear")
    assert {told(queue, mailbox) for mailbox in mailboxes} == {expected}


def one_host_for(names: list[str]):
    """Answer with the same mail host for each domain, at 127.20.0.1."""

    def answer(reply, name: str) -> None:
        kind = dnslib.QTYPE[reply.q.qtype]
        if kind == "MX" and name in names:
            reply.add_answer(*dnslib.RR.fromZone(f"{name}. 300 MX 10 mx.harvest.sandbox."))
        if kind == "A" and name == "mx.harvest.sandbox":
            reply.add_answer(*dnslib.RR.fromZone(f"{name}. 300 A 127.20.0.1"))

    return answer


def test_a_fault_in_a_batch_gives_the_batch_back_and_the_others_go_on(
    serve, work, until, caplog, users, fill, told
):
    sandbox, settings = serve(
        Domain("plum.sandbox", users=users(3)),
        Domain("pear.sandbox", users=users(3)),
        outage_retry_seconds=(0.3, 0.3),
    )
    queue = Faulty("plum.sandbox")
    mailboxes = fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: len(queue.findings) == 3 and queue.given_back >= 3)
        assert {finding.evidence.address.domain for finding in queue.findings.values()} == {"pear.sandbox"}
        queue.broken = ""
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert "a check failed for a fault of our own" in caplog.text
    assert "@" not in caplog.text, "no address stands in a log"


class Faulty(MemoryQueue):
    """Hands out batches of one domain without their addresses, which nothing in the engine expects."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self.broken = broken
        self.given_back = 0

    async def claim(self, limit, closed):
        convoys = await super().claim(limit, closed)
        return [Convoy(tuple(map(self._broken, convoy.batches))) for convoy in convoys]

    def _broken(self, batch):
        if batch.domain.name != self.broken:
            return batch
        return replace(batch, recipients=tuple(replace(each, address=None) for each in batch.recipients))

    async def settle(self, outcomes):
        mended = []
        for outcome in outcomes:
            broken = [deferral for deferral in outcome.deferrals if deferral.recipient.address is None]
            self.given_back += len(broken)
            deferrals = tuple(
                replace(each, recipient=self._waiting[outcome.domain.name][each.recipient.mailbox].recipient)
                for each in outcome.deferrals
            )
            mended.append(replace(outcome, deferrals=deferrals) if broken else outcome)
        await super().settle(mended)


def test_a_fault_when_a_session_is_left_keeps_nobody_out_for_ever(
    serve, work, until, monkeypatch, caplog, users, fill, told
):
    class Clinging(Line):
        faults = 1

        async def leave(self):
            await super().leave()
            if Clinging.faults:
                Clinging.faults -= 1
                raise RuntimeError

    monkeypatch.setattr("engine.escort.Line", Clinging)
    sandbox, settings = serve(Domain("plum.sandbox", users=users(3)), outage_retry_seconds=(0.2,))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    work(queue, settings, lambda _worker: until(lambda: not queue.waiting()))
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert "a check failed for a fault of our own" in caplog.text
