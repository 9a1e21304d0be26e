import asyncio
from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import Batch, DomainFacts, Outcome, Recipient
from engine.checked import Checked
from engine.judge import judge
from engine.memory_queue import MemoryQueue
from engine.policy import DEFAULT_POLICY
from engine.port_watch import FIRST_PAUSE_S, HOLD_S, LONGEST_PAUSE_S, PortWatch
from engine.reason import Reason
from engine.traits import traits_of
from engine.verdict import Evidence, Finding
from engine.work_queue import Notice
from engine.worker import Worker
from sandbox import Domain, OwnHost, Sandbox, Shut, world_of
from sandbox.behaviour import User


class Clock:
    """A clock that stands until it is moved; Unix seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Network:
    """Says whether an IP address can be connected to, and remembers who was tried."""

    def __init__(self) -> None:
        self.reachable: set[str] = set()
        self.tried: list[str] = []

    async def can_connect(self, ip: str) -> bool:
        self.tried.append(ip)
        return ip in self.reachable


def batch(number: int, provider="other") -> Batch:
    recipient = Recipient(number, Address("fig", f"plum{number}.example"))
    facts = DomainFacts(f"plum{number}.example", route_key=f"key{number}", provider=provider)
    return Batch(facts, (recipient,))


def checked(number: int, *, has_connected: bool | None = False, provider="other", ip="") -> Checked:
    """A batch that came back, with a finding that must not be stored unless it is believed."""
    out = batch(number, provider)
    evidence = Evidence(out.recipients[0].address, traits_of(out.recipients[0].address))
    finding = Finding(number, evidence, judge(evidence, DEFAULT_POLICY), 1, 1000.0, 2000.0)
    return Checked(Outcome(out, out.domain, findings=(finding,)), has_connected, ip)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def watch(clock, network):
    return PortWatch(clock, network.can_connect)


def clear(watch, *batches: Checked) -> list[Checked]:
    async def all_of_them():
        return [ready for each in batches for ready in await watch.clear(each)]

    return asyncio.run(all_of_them())


def settled(ready) -> list[int]:
    return [finding.mailbox for each in ready for finding in each.outcome.findings]


def test_what_needed_no_connection_passes(watch):
    assert settled(clear(watch, *(checked(n, has_connected=None) for n in range(9)))) == list(range(9))
    assert not watch.is_closed


def test_a_missing_connection_is_held_until_the_next_one_shows_that_it_was_the_host(watch):
    assert clear(watch, *(checked(n) for n in range(4))) == []

    ready = clear(watch, checked(9, has_connected=True))
    assert settled(ready) == [9, 0, 1, 2, 3]
    assert all(each.is_believed for each in ready)
    assert not watch.is_closed


def test_five_providers_in_a_row_pause_the_asking_and_settle_nothing(watch, clock):
    ready = clear(watch, *(checked(n) for n in range(5)))

    assert watch.is_closed
    assert settled(ready) == []
    assert {each.is_believed for each in ready} == {False}, "no breaker is to open for our own port"
    back = [deferral for each in ready for deferral in each.outcome.deferrals]
    assert [deferral.recipient for deferral in back] == [batch(n).recipients[0] for n in range(5)]
    assert {deferral.due_at for deferral in back} == {clock.now + FIRST_PAUSE_S}
    assert not watch.is_trial_due


def test_the_same_provider_over_and_over_is_no_sign(watch):
    assert clear(watch, *(checked(n, provider="google") for n in range(20))) == []
    assert not watch.is_closed


def test_one_connection_in_between_starts_the_row_anew(watch):
    clear(
        watch,
        *(checked(n) for n in range(4)),
        checked(4, has_connected=True),
        *(checked(n) for n in range(5, 9)),
    )

    assert not watch.is_closed


def test_one_connection_clears_a_closed_port(watch):
    clear(watch, *(checked(n) for n in range(5)))

    assert settled(clear(watch, checked(7, has_connected=True))) == [7]
    assert not watch.is_closed


def test_each_trial_that_fails_doubles_the_pause_up_to_a_minute(watch, clock):
    clear(watch, *(checked(n) for n in range(5)))
    pauses = []
    for n in range(6):
        clock.now = watch._trial_at
        assert watch.is_trial_due
        assert settled(clear(watch, checked(n))) == []
        pauses.append(watch._trial_at - clock.now)

    assert pauses == [10, 20, 40, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_batches_already_out_when_the_port_closes_do_not_lengthen_the_pause(watch, clock):
    ready = clear(watch, *(checked(n) for n in range(40)))

    assert settled(ready) == []
    assert len(ready) == 40
    assert watch._trial_at == clock.now + FIRST_PAUSE_S


def test_dead_hosts_are_believed_while_a_host_reached_before_still_takes_connections(watch, network):
    network.reachable = {"192.0.2.1"}
    clear(watch, checked(0, has_connected=True, ip="192.0.2.1"))

    assert settled(clear(watch, *(checked(n) for n in range(1, 6)))) == [1, 2, 3, 4, 5]
    assert not watch.is_closed


def test_a_host_reached_before_that_is_gone_too_is_the_sign(watch, network):
    clear(watch, checked(0, has_connected=True, ip="192.0.2.1"))

    assert settled(clear(watch, *(checked(n) for n in range(1, 6)))) == []
    assert watch.is_closed
    assert network.tried == ["192.0.2.1"]


def test_a_host_reached_before_is_tried_at_most_once_in_half_a_minute(watch, network, clock):
    network.reachable = {"192.0.2.1"}
    clear(watch, checked(0, has_connected=True, ip="192.0.2.1"), *(checked(n) for n in range(1, 41)))
    assert network.tried == ["192.0.2.1"]

    clock.now += HOLD_S + 1
    clear(watch, *(checked(n) for n in range(50, 55)))
    assert network.tried == ["192.0.2.1"] * 2


def test_of_many_that_wait_for_a_proof_one_asks_for_it_whatever_it_proves(watch, network):
    asked = []

    async def never(ip: str) -> bool:
        asked.append(ip)
        await asyncio.sleep(0)
        return False

    async def fail_together():
        watch.can_connect = never
        watch.remember(["192.0.2.9"])
        told = await asyncio.gather(*(watch.clear(checked(n)) for n in range(8)))
        return [each for ready in told for each in ready]

    ready = asyncio.run(fail_together())
    assert asked == ["192.0.2.9"]
    assert {each.outcome.batch.domain.name for each in ready} == {f"plum{n}.example" for n in range(8)}
    assert not any(each.is_believed for each in ready)


def test_what_is_held_is_believed_when_nothing_is_left_that_could_tell(watch):
    clear(watch, checked(1))
    assert watch.clear_old(is_idle=False) == []

    assert settled(watch.clear_old(is_idle=True)) == [1]
    assert watch.clear_old(is_idle=True) == []


def test_what_is_held_is_believed_when_nothing_tells_for_half_a_minute(watch, clock):
    clear(watch, checked(1))
    clock.now += HOLD_S + 1

    assert settled(watch.clear_old(is_idle=False)) == [1]


@pytest.fixture
def impatient(monkeypatch):
    """Pauses and heartbeats of tenths of a second, so that a closed port is soon tried again."""
    monkeypatch.setattr("engine.port_watch.FIRST_PAUSE_S", 0.3)
    monkeypatch.setattr("engine.shift.HEARTBEAT_S", 0.05)


def orchards(count: int, **more) -> list[Domain]:
    return [Domain(f"plum{n}.sandbox", users={"fig": User.EXISTING}, **more) for n in range(count)]


@pytest.mark.usefixtures("impatient")
def test_with_the_port_closed_nothing_is_settled_and_when_it_opens_all_goes_on(settings_of, until):
    """The hosts of the one world are closed; a second world takes the same port with its hosts open."""
    shut = world_of(orchards(8, delivery=OwnHost(Shut())))
    with Sandbox(shut) as closed:
        ports = closed.dns_port, closed.smtp_port
        settings = settings_of(resolvers=closed.resolvers, smtp_port=closed.smtp_port, dns_timeout_ms=300)
        queue = MemoryQueue()
        mailboxes = [queue.add(Address("fig", domain)) for domain in shut.domains]

        async def until_closed():
            worker = Worker(queue, settings)
            running = asyncio.create_task(worker.run())
            await until(lambda: queue.notice is Notice.PORT_CLOSED)
            waiting = [each.recipient for each in queue.waiting()]
            worker.stop()
            await running
            return waiting

        waiting = asyncio.run(until_closed())
    assert queue.findings == {}
    assert {(each.mailbox, each.attempts, each.answer) for each in waiting} == {
        (n, 0, None) for n in mailboxes
    }

    with Sandbox(world_of(orchards(8)), dns_port=ports[0], smtp_port=ports[1]):
        asyncio.run(_until_settled(queue, settings, until))
    assert set(queue.findings) == set(mailboxes)


@pytest.mark.usefixtures("impatient")
def test_the_same_engine_goes_on_when_a_connection_succeeds(settings_of, until):
    names = [domain.name for domain in orchards(8)]
    with Sandbox(world_of(orchards(8))) as sandbox:
        hosts = {host.address for host in sandbox.world.hosts.values()}
        with Sandbox(world_of(orchards(8, delivery=OwnHost(Shut())))) as closed:
            port = closed.smtp_port
        settings = settings_of(resolvers=sandbox.resolvers, smtp_port=port)
        queue = MemoryQueue()
        for name in names:
            queue.add(Address("fig", name))

        async def close_and_open():
            worker = Worker(queue, settings)
            running = asyncio.create_task(worker.run())
            await until(lambda: queue.notice is Notice.PORT_CLOSED)
            assert queue.findings == {}
            servers = [await asyncio.start_server(_greet, host, port) for host in sorted(hosts)]
            await until(lambda: len(queue.findings) == len(names))
            await until(lambda: queue.notice is Notice.RUNNING)
            worker.stop()
            await running
            for server in servers:
                server.close()

        asyncio.run(close_and_open())
    assert all(finding.evidence.rcpt.code == 250 for finding in queue.findings.values())


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Be a mail host that takes all."""
    writer.write(b"220 mx.plum.sandbox\r\n")
    while line := await reader.readline():
        writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")
        if line.startswith(b"QUIT"):
            break
    writer.close()


@pytest.mark.usefixtures("impatient")
def test_a_list_that_ends_with_nothing_but_dead_hosts_comes_to_its_end(settings_of, until):
    dead = [replace(domain, name=f"dead-{domain.name}", delivery=OwnHost(Shut())) for domain in orchards(8)]
    with Sandbox(world_of([*orchards(1), *dead])) as sandbox:
        settings = settings_of(resolvers=sandbox.resolvers, smtp_port=sandbox.smtp_port)
        queue = MemoryQueue()
        for domain in sandbox.world.domains:
            queue.add(Address("fig", domain))
        asyncio.run(_until_settled(queue, settings, until))

    verdicts = [finding.evidence.rcpt for finding in queue.findings.values()]
    assert sum(getattr(rcpt, "failure", None) is Reason.UNREACHABLE for rcpt in verdicts) == 8


def test_a_list_of_dead_hosts_alone_ends_where_an_earlier_run_reached_somebody(settings_of, until):
    dead = [replace(domain, delivery=OwnHost(Shut())) for domain in orchards(8)]
    alive = Domain("alive.sandbox")
    with Sandbox(world_of([alive, *dead])) as sandbox:
        settings = settings_of(resolvers=sandbox.resolvers, smtp_port=sandbox.smtp_port)
        reached = [ip for ip, host in sandbox.world.hosts.items() if not isinstance(host.door, Shut)]
        queue = Remembering(reached)
        for domain in dead:
            queue.add(Address("fig", domain.name))
        asyncio.run(_until_settled(queue, settings, until))

    failures = {finding.evidence.rcpt.failure for finding in queue.findings.values()}
    assert failures == {Reason.UNREACHABLE}
    assert queue.notice is Notice.RUNNING


class Remembering(MemoryQueue):
    """A queue that knows hosts which were reached before this engine began."""

    def __init__(self, ips: list[str]) -> None:
        super().__init__()
        self._ips = ips

    async def reached(self, limit: int) -> list[str]:
        return self._ips[:limit]


async def _until_settled(queue: MemoryQueue, settings, until) -> None:
    worker = Worker(queue, settings)
    running = asyncio.create_task(worker.run())
    await until(lambda: not queue.waiting())
    worker.stop()
    await running
