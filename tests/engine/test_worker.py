import asyncio
import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import ClassVar

import dnslib
import pytest

from engine.address import Address, Malformed, parse_address
from engine.batch import Convoy, Pause, Scope
from engine.exchange import LookupFailed
from engine.judge import judge
from engine.line import Line
from engine.memory_queue import MemoryQueue
from engine.pace_report import BreakerState
from engine.policy import Policy
from engine.reason import Reason
from engine.reply import Reply, Unreached
from engine.resolver import Resolution, Resolver
from engine.verdict import AcceptAll
from engine.work_queue import LeaseLost, Notice, StoreFails
from engine.worker import Worker
from sandbox import Domain, Mix, Open, OwnHost, SharedHosts, Shut, Silent, Slammed, build_world
from sandbox import behaviour as said
from sandbox.behaviour import (
    ACCEPTED,
    NEVER,
    USER_REPLIES,
    Blocked,
    ClosesAfter,
    Ending,
    Greylisting,
    Ordinary,
    TakesShape,
    TurnsAgainst,
    User,
    line,
)
from sandbox.behaviour import AcceptAll as TakesAll
from sandbox.names import Records


class Moody(MemoryQueue):
    """A queue of which a call can be made to fail, by its name; `failed` counts how often it has."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: dict[str, Exception] = {}
        self.failed: Counter[str] = Counter()
        self.renewals = 0
        self.has_let_go = False
        self.may_acquire = True
        self.acquired = 0

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
        return await super().claim(limit, closed)

    async def settle(self, outcomes):
        self._may_fail("settle")
        await super().settle(outcomes)


def users(count: int, state=User.EXISTING) -> dict[str, User]:
    return {f"pear{n}": state for n in range(count)}


def fill(queue: MemoryQueue, sandbox) -> dict[int, str]:
    """Put the world's addresses in, each once; give them by their mailbox."""
    mailboxes = {}
    for text in dict.fromkeys(address.lower() for address in sandbox.world.addresses):
        address = parse_address(text)
        assert not isinstance(address, Malformed)
        mailboxes[queue.add(address)] = text
    return mailboxes


@pytest.fixture
def work():
    """Run a worker over a queue until `job(worker)` is done, then stop it and wait for its end."""

    def run(queue, settings, job):
        async def use():
            worker = Worker(queue, settings)
            running = asyncio.create_task(worker.run())
            try:
                return await job(worker)
            finally:
                worker.stop()
                await asyncio.wait_for(running, 20)

        return asyncio.run(use())

    return run


@pytest.fixture
def settle_all(work, until):
    """Run a worker until nothing waits any more."""

    def run(queue, settings):
        async def job(_worker):
            await until(lambda: not queue.waiting())

        work(queue, settings, job)

    return run


def told(queue: MemoryQueue, mailbox: int) -> tuple[str, str]:
    verdict = judge(queue.findings[mailbox].evidence, Policy())
    return verdict.status.value, verdict.reason.value


@pytest.mark.parametrize("seed", [1, 2])
def test_every_address_of_a_small_world_is_told_as_it_is(serve, settle_all, seed):
    mix = Mix(least_rows=4, largest_domain=12, slow_banner_s=0.5)
    sandbox, settings = serve(
        world=build_world(seed, 200, greylist_delay_s=0.3, mix=mix),
        greylist_retry_seconds=(0.5, 0.7),
        dns_timeout_ms=400,
        smtp_op_timeout_ms=1500,
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)

    truths = {text: sandbox.world.truth(text) for text in mailboxes.values()}
    verdicts = {text: told(queue, mailbox) for mailbox, text in mailboxes.items()}
    wrong = {
        text: (verdict, truths[text].status, sandbox.world.find(text)[1].kind)
        for text, verdict in verdicts.items()
        if verdict[0] != truths[text].status or verdict[1] not in truths[text].reasons
    }
    assert wrong == {}
    counters = sandbox.counters()
    assert len({truth.status for truth in truths.values()}) == 5
    assert (counters.data_commands, counters.abandoned) == (0, 0)
    assert max(counters.sessions_at_once.values()) == 1


def test_what_it_does_is_counted_and_said_at_its_heartbeat(serve, work, until, monkeypatch):
    monkeypatch.setattr("engine.worker.HEARTBEAT_S", 0.01)
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


def test_a_domain_is_asked_once_for_each_address_and_once_for_the_decoy(serve, settle_all):
    sandbox, settings = serve(Domain("plum.sandbox", users=users(7)))
    queue = MemoryQueue()
    fill(queue, sandbox)

    settle_all(queue, settings)
    counters = sandbox.counters()
    assert (counters.sessions, counters.rcpts, counters.strangers) == (1, 8, 1)


def test_once_a_domain_takes_all_the_rest_is_not_asked(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", TakesAll(), users=users(30)),
        rcpts_per_session=5,
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("accept_all", "accept_all")}
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (1, 6)


def test_a_greylisted_domain_is_asked_for_the_same_decoy_again_and_not_too_soon(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", Greylisting(0.3), users=users(30)),
        rcpts_per_session=5,
        greylist_retry_seconds=(1.0, 1.0),
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    facts = queue.facts("plum.sandbox")
    assert (facts.accept_all, facts.decoy_attempts) == (AcceptAll.NO, 1)
    assert sandbox.counters().rcpts_by_address[f"{facts.decoy}@plum.sandbox"] == 2
    assert sandbox.counters().rcpts == 62


def test_a_greylisting_hosts_own_hint_is_honoured(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", Greylisting(1.0, has_hint=True), users=users(3)),
        greylist_retry_seconds=(0.2, 600),
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (2, 8), "not sooner than it said"


def test_of_a_greylisting_domain_one_session_knocks_for_all(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", Greylisting(0.3, is_of_domain=True), users=users(300)),
        greylist_retry_seconds=(1.0, 1.0),
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert sandbox.counters().rcpts == 300 + 1 + 8 + 1, "eight and the decoy came back: nine are one session"
    assert sandbox.counters().sessions == 16


def test_a_domain_that_greylists_for_ever_is_given_up_after_as_many_rounds_as_one_address(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", Greylisting(NEVER), users=users(60)), greylist_retry_seconds=(0.2, 0.2)
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("unknown", "greylisted")}
    asked = {each: n for each, n in sandbox.counters().rcpts_by_address.items() if each.startswith("pear")}
    assert set(asked.values()) == {1, 3}, "each is asked itself, but only the first ones again and again"
    assert list(asked.values()).count(3) == 8, "nine refusals and the decoy's are a session"


def test_a_dead_host_is_not_called_for_each_portion_of_its_domain(serve, settle_all):
    silent = Domain("plum.sandbox", users=users(100), delivery=OwnHost(Slammed()))
    sandbox, settings = serve(silent, rcpts_per_session=5, outage_retry_seconds=(0.5, 0.5))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox)[0] for mailbox in mailboxes} == {"unknown"}
    assert sum(sandbox.counters().connections_by_host.values()) <= 2 + 20


def dead_orchard(domains: int) -> list[Domain]:
    """Domains that share one host."""
    hosts = SharedHosts(("mx1.orchard.sandbox",))
    return [Domain(f"plum{n}.sandbox", users=users(1), delivery=hosts) for n in range(domains)]


@pytest.mark.parametrize("dead", [Shut(), Slammed()])
def test_a_dead_host_with_400_domains_costs_a_handful_of_connections_and_all_end_unknown(
    serve, settle_all, dead
):
    sandbox, settings = serve(
        *dead_orchard(400),
        Domain("fig.sandbox", users=users(3)),
        shared={"mx1.orchard.sandbox": dead},
        breaker_minutes=0.02,
        outage_retry_seconds=(0.3, 0.3),
    )
    queue = Pausing()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    verdicts = Counter(told(queue, mailbox) for mailbox in mailboxes)
    reasons = {reason for status, reason in verdicts if status == "unknown"}
    assert verdicts["valid", "accepted"] == 3
    assert sum(number for (status, _), number in verdicts.items() if status == "unknown") == 400
    assert reasons <= {"unreachable", "dropped"}
    assert {(pause.scope, pause.why) for pause in queue.begun} == {(Scope.ROUTE, Reason.UNREACHABLE)}
    assert [pause.is_final for pause in queue.begun][:4] == [False, False, False, True]
    lines = [line.text for finding in queue.findings.values() for line in finding.trace]
    assert sum("connecting to" in line for line in lines) <= 20, (
        "five that open the breaker, and a probe each time it is half open"
    )


def test_with_more_batches_at_once_the_made_up_address_is_asked_once(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", users=users(60)), rcpts_per_session=5, per_domain_concurrency=4
    )
    queue = Pausing()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().strangers, sandbox.counters().rcpts) == (1, 61)
    assert 1 < max(sandbox.counters().sessions_at_once.values()) <= 4


def test_how_asking_is_paced_can_be_read_while_it_runs(serve, work, until, monkeypatch):
    monkeypatch.setattr("engine.worker.HEARTBEAT_S", 0.05)
    sandbox, settings = serve(
        *dead_orchard(9),
        shared={"mx1.orchard.sandbox": Slammed()},
    )
    queue = MemoryQueue()
    fill(queue, sandbox)

    async def job(worker):
        await until(lambda: any(lane.breaker is BreakerState.OPEN for lane in queue.snapshot.pace.lanes))
        assert queue.snapshot.pace.sessions_limit == settings.global_concurrency

    work(queue, settings, job)


def test_a_host_whose_answers_contradict_each_other_is_asked_for_a_second_made_up_address(serve, settle_all):
    people = users(3) | {"fig": User.MISSING}
    shape = TakesShape(r"[a-z]\w*\d\w*")
    sandbox, settings = serve(Domain("plum.sandbox", shape, users=people))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    verdicts = {text.partition("@")[0]: told(queue, mailbox) for mailbox, text in mailboxes.items()}
    assert verdicts.pop("fig") == ("invalid", "mailbox_missing")
    assert set(verdicts.values()) == {("accept_all", "accept_all")}
    facts = queue.facts("plum.sandbox")
    assert (facts.accept_all, facts.is_yes_doubtful) == (AcceptAll.UNKNOWN, True)
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (1, 6)


def test_where_somebody_is_let_in_after_a_vague_refusal_postmaster_is_not_asked(serve, settle_all):
    people = {"apple": User.MISSING} | users(2)
    sandbox, settings = serve(Domain("plum.sandbox", Ordinary("550 address rejected"), users=people))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert Counter(told(queue, mailbox)[0] for mailbox in mailboxes) == {"valid": 2, "invalid": 1}
    assert "postmaster@plum.sandbox" not in sandbox.counters().rcpts_by_address


def harvest(against: TurnsAgainst, domains: int = 12) -> list[Domain]:
    """Domains at one provider that turns against us, each with people who are there and who are not."""
    people = users(6) | {f"fig{n}": User.MISSING for n in range(3)}
    names = (f"plum{n}.sandbox" for n in range(domains))
    return [Domain(name, against, people, SharedHosts(("mx1.harvest.sandbox",))) for name in names]


def test_a_provider_that_begins_to_refuse_us_is_let_alone_and_all_ends_with_the_truth(serve, settle_all):
    against = TurnsAgainst("harvest", after=40, for_s=1.5)
    elsewhere = [Domain(f"pear{n}.sandbox", users=users(6)) for n in range(4)]
    sandbox, settings = serve(
        *harvest(against),
        *elsewhere,
        shared={"mx1.harvest.sandbox": Open()},
        breaker_minutes=0.03,
    )
    queue = Pausing()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    wrong = {
        text: told(queue, mailbox)
        for mailbox, text in mailboxes.items()
        if told(queue, mailbox)[0] != sandbox.world.truth(text).status
    }
    assert wrong == {}, "none of the suspicious verdicts stays"
    assert (Scope.ROUTE, 1) in {(pause.scope, pause.rounds) for pause in queue.begun}
    assert queue.taken_back, "what had been told under suspicion was asked again"
    assert not any(pause.is_final for pause in queue.begun)


def test_a_provider_that_goes_on_refusing_us_after_the_pause_is_settled_as_unknown_and_left(
    serve, settle_all
):
    against = TurnsAgainst("harvest", after=30, for_s=NEVER)
    sandbox, settings = serve(*harvest(against), shared={"mx1.harvest.sandbox": Open()}, breaker_minutes=0.05)
    queue = Pausing()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    verdicts = {text: told(queue, mailbox) for mailbox, text in mailboxes.items()}
    for text, verdict in verdicts.items():
        assert verdict in {("unknown", "blocked"), *allowed(sandbox.world.truth(text))}, text
    assert Counter(verdicts.values())["unknown", "blocked"] > 40
    assert any(pause.is_final for pause in queue.begun)
    asked = [sandbox.counters().rcpts_by_address.get(text, 0) for text in mailboxes.values()]
    assert max(asked) <= 3, "nobody is asked over and over"


def allowed(truth) -> set[tuple[str, str]]:
    return {(truth.status, reason) for reason in truth.reasons}


class Pausing(MemoryQueue):
    """A queue that remembers which pauses began, and how many verdicts were taken back with them."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[Pause] = []
        self.taken_back = 0
        self.claims = 0

    async def claim(self, limit, closed):
        self.claims += 1
        return await super().claim(limit, closed)

    async def settle(self, outcomes):
        self.begun += [outcome.pause for outcome in outcomes if outcome.pause]
        self.taken_back += sum(len(outcome.doubted) for outcome in outcomes)
        await super().settle(outcomes)


def test_where_everybody_refuses_us_all_asking_pauses_and_the_engine_says_so(serve, work, until, monkeypatch):
    monkeypatch.setattr("engine.worker.HEARTBEAT_S", 0.05)
    refusing = [Domain(f"plum{n}.sandbox", Blocked(), users=users(2)) for n in range(8)]
    sandbox, settings = serve(*refusing, breaker_minutes=0.03)
    queue = Pausing()
    mailboxes = fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: queue.notice is Notice.BLOCKED)
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("unknown", "blocked")}
    assert Scope.ALL in {pause.scope for pause in queue.begun}


def test_pauses_go_on_when_the_engine_begins_anew(serve, work, until):
    against = TurnsAgainst("harvest", after=0, for_s=NEVER)
    sandbox, settings = serve(*harvest(against, 5), shared={"mx1.harvest.sandbox": Open()})
    settings = settings.model_copy(update={"breaker_minutes": 45.0})
    queue = Pausing()
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
    serve, work, until
):
    against = TurnsAgainst("harvest", after=1, for_s=NEVER)
    sandbox, settings = serve(*harvest(against, 5), shared={"mx1.harvest.sandbox": Open()})
    settings = settings.model_copy(update={"breaker_minutes": 45.0})
    queue = Pausing()
    early = queue.add(Address("fig0", "plum0.sandbox"))

    work(queue, settings, lambda _worker: until(lambda: early in queue.findings))
    assert told(queue, early) == ("invalid", "mailbox_missing")
    fill(queue, sandbox)
    work(queue, settings, lambda _worker: until(lambda: early not in queue.findings))


def test_a_host_that_closes_after_some_recipients_is_asked_for_the_rest_anew(serve, settle_all):
    sandbox, settings = serve(Domain("plum.sandbox", ClosesAfter(3), users=users(8)))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert {finding.attempts for finding in queue.findings.values()} == {1}


def test_a_vague_refusal_is_weighed_by_what_postmaster_is_told(serve, settle_all):
    vague = Ordinary("550 address rejected")
    sandbox, settings = serve(Domain("plum.sandbox", vague, users=users(3, User.MISSING)))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("invalid", "mailbox_missing")}
    assert sandbox.counters().rcpts_by_address["postmaster@plum.sandbox"] == 1


@dataclass(frozen=True, slots=True)
class TurnsVague:
    """Answers truly until it was asked `after` times, and refuses everybody after that, as vaguely."""

    after: int

    def reply(self, user, asking):
        refusal = line("550 address rejected")
        is_turned = asking.grudges.held_s("plum", self.after) is not None
        return refusal if is_turned or user is User.MISSING else ACCEPTED


def test_that_postmaster_was_let_in_before_proves_no_vague_refusal_of_a_later_session(serve, settle_all):
    gone = {f"gone{n}": User.MISSING for n in range(8)}
    plum = Domain("plum.sandbox", TurnsVague(after=9), users=gone | users(8))
    sandbox, settings = serve(plum, rcpts_per_session=8)
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    existing = {told(queue, mailbox)[0] for mailbox, text in mailboxes.items() if text.startswith("pear")}
    assert existing == {"unknown"}
    assert sandbox.counters().rcpts_by_address["postmaster@plum.sandbox"] > 1


@dataclass(frozen=True, slots=True)
class Dislikes:
    """Says one thing to whoever asks for one mailbox, and answers all others truly."""

    local_part: str
    end: said.Reply

    def reply(self, user, asking):
        return self.end if asking.recipient.startswith(f"{self.local_part}@") else USER_REPLIES[user]


@pytest.mark.parametrize("place", [0, 5])
@pytest.mark.parametrize(
    "end", [said.Reply((), Ending.DROPS), said.Reply(()), line("421 4.3.0 closing", Ending.CLOSES)]
)
def test_an_address_at_which_its_host_hangs_up_costs_no_other_address_its_verdict(
    serve, work, until, end, place
):
    plum = Domain("plum.sandbox", Dislikes(f"pear{place}", end), users=users(9))
    sandbox, settings = serve(plum, smtp_op_timeout_ms=300)
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)
    others = [mailbox for mailbox, text in mailboxes.items() if not text.startswith(f"pear{place}@")]

    async def others_are_told(_worker):
        await until(lambda: set(others) <= queue.findings.keys())

    work(queue, settings, others_are_told)
    assert {told(queue, mailbox)[0] for mailbox in others} == {"valid"}


def test_a_mailbox_that_is_always_put_off_keeps_nobody_else_waiting(serve, work, until):
    plum = Domain("plum.sandbox", Dislikes("pear0", line("451 4.2.0 try again later")), users=users(9))
    sandbox, settings = serve(plum, rcpts_per_session=1, greylist_retry_seconds=(600,))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)
    others = [mailbox for mailbox, text in mailboxes.items() if not text.startswith("pear0@")]

    async def others_are_told(_worker):
        await until(lambda: set(others) <= queue.findings.keys())

    work(queue, settings, others_are_told)
    assert [each.deferral.why for each in queue.waiting()] == [Reason.TEMPORARY]


def test_who_is_blocked_never_ends_as_invalid(serve, settle_all):
    sandbox, settings = serve(Domain("plum.sandbox", Blocked(), users=users(25, User.MISSING)))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("unknown", "blocked")}


def test_a_backup_host_answers_where_the_first_does_not(serve, settle_all):
    plum = Domain(
        "plum.sandbox", users=users(2), delivery=SharedHosts(("mx.dead.sandbox", "mx.live.sandbox"))
    )
    sandbox, settings = serve(plum, shared={"mx.dead.sandbox": Shut(), "mx.live.sandbox": Open()})
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert {finding.evidence.mx_host for finding in queue.findings.values()} == {"mx.live.sandbox"}


def test_stopping_gives_back_what_is_in_hand_and_takes_leave_of_every_host(serve, work, until, monkeypatch):
    monkeypatch.setattr("engine.worker.GRACE_S", 0.2)
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


def test_what_one_worker_gave_back_the_next_one_settles(serve, work, settle_all, until):
    sandbox, settings = serve(
        *(Domain(f"plum{n}.sandbox", users=users(30)) for n in range(3)), rcpts_per_session=4
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: bool(queue.findings))

    work(queue, settings, job)
    assert queue.waiting()
    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}


@pytest.mark.parametrize("call", ["acquire", "claim_domains", "keep", "claim", "settle", "renew"])
def test_a_queue_that_fails_for_a_while_loses_nothing(serve, work, until, monkeypatch, call):
    monkeypatch.setattr("engine.outbox.RETRY_S", 0.05)
    monkeypatch.setattr("engine.worker.RETRY_STORE_S", 0.05)
    monkeypatch.setattr("engine.worker.HEARTBEAT_S", 0.05)
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


def test_while_results_cannot_be_stored_the_engine_says_so(serve, work, until, monkeypatch):
    monkeypatch.setattr("engine.outbox.RETRY_S", 0.05)
    monkeypatch.setattr("engine.worker.HEARTBEAT_S", 0.05)
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
def test_a_lost_lease_stops_the_work_until_it_is_had_again(serve, work, until, monkeypatch, call):
    monkeypatch.setattr("engine.worker.HEARTBEAT_S", 0.05)
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


def test_while_another_engine_has_the_lease_nothing_is_asked(serve, work, until):
    sandbox, settings = serve(Domain("plum.sandbox", users=users(2)))
    queue = Moody()
    fill(queue, sandbox)
    queue.may_acquire = False

    async def job(worker):
        for _ in range(20):
            worker.wake()
            await asyncio.sleep(0)
        assert (queue.findings, sandbox.counters().queries) == ({}, {})
        queue.may_acquire = True
        worker.wake()
        await until(lambda: len(queue.findings) == 2)

    work(queue, settings, job)


def test_a_fault_in_a_batch_gives_the_batch_back_and_the_others_go_on(serve, work, until, caplog):
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


def test_a_fault_when_a_session_is_left_keeps_nobody_out_for_ever(serve, work, until, monkeypatch, caplog):
    class Clinging(Line):
        faults = 1

        async def leave(self):
            await super().leave()
            if Clinging.faults:
                Clinging.faults -= 1
                raise RuntimeError

    monkeypatch.setattr("engine.worker.Line", Clinging)
    sandbox, settings = serve(Domain("plum.sandbox", users=users(3)), outage_retry_seconds=(0.2,))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    work(queue, settings, lambda _worker: until(lambda: not queue.waiting()))
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert "a check failed for a fault of our own" in caplog.text


def test_without_a_name_to_show_no_host_is_asked_but_the_dns_settles_what_it_can(serve, work, until):
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


def test_a_mail_host_in_a_private_network_is_never_connected_to(serve, settle_all):
    sandbox, settings = serve(
        *(Domain(f"plum{n}.sandbox", users=users(1)) for n in range(8)),
        allow_private_networks=False,
        validator_helo="prober.example",
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("unknown", "unroutable_mx")}
    assert sandbox.counters().connections_by_host == {}


def test_evidence_tells_the_reply_or_why_there_was_none(serve, settle_all):
    sandbox, settings = serve(
        Domain("plum.sandbox", users=users(1)),
        Domain("shut.sandbox", users=users(1), delivery=OwnHost(Shut())),
    )
    queue = MemoryQueue()
    by_domain = {text.partition("@")[2]: mailbox for mailbox, text in fill(queue, sandbox).items()}

    settle_all(queue, settings)
    reached = queue.findings[by_domain["plum.sandbox"]]
    assert isinstance(reached.evidence.rcpt, Reply)
    assert [line.text for line in reached.trace if line.speaker == "us"][-1] == "RCPT TO:<pear0@plum.sandbox>"
    missed = queue.findings[by_domain["shut.sandbox"]]
    assert isinstance(missed.evidence.rcpt, Unreached)
    assert (missed.evidence.rcpt.failure, missed.attempts) == (Reason.UNREACHABLE, 2)


class Convoys(MemoryQueue):
    """A queue that puts domains with the same MX hosts into one convoy, as soon as `least` are resolved.

    `lease_s` shortens the lease of each batch but the first; `stores` is cleared to let settling wait.
    """

    def __init__(self, least: int = 1) -> None:
        super().__init__()
        self.least = least
        self.lease_s: float | None = None
        self.stores = asyncio.Event()
        self.stores.set()
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

    async def settle(self, outcomes):
        await self.stores.wait()
        await super().settle(outcomes)


def neighbours(count: int) -> list[Domain]:
    shared = SharedHosts(("mx1.harvest.sandbox",))
    return [Domain(f"plum{n}.sandbox", users=users(2), delivery=shared) for n in range(count)]


def test_a_convoy_is_asked_in_one_session(serve, settle_all):
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


def test_a_batch_whose_lease_ends_too_soon_is_given_back_unasked(serve, settle_all):
    sandbox, settings = serve(*neighbours(3), shared={"mx1.harvest.sandbox": Open()})
    queue = Convoys(least=3)
    queue.lease_s = 5.0
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (3, 9)
    assert {finding.attempts for finding in queue.findings.values()} == {1}


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
def test_no_session_waits_for_the_dns(serve, work, until, monkeypatch, slow):
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
    serve, work, until, monkeypatch
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
    monkeypatch.setattr("engine.worker.Line", Counted)
    hosts = {"mx1.harvest.sandbox": Open()}
    sandbox, settings = serve(*neighbours(4), shared=hosts, global_concurrency=2, rcpts_per_session=3)
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


def test_who_gets_no_place_before_its_lease_would_end_is_given_back(serve, work, until, monkeypatch):
    monkeypatch.setattr("engine.worker.PLACE_S", 0.01)
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
    serve, work, until, monkeypatch
):
    asked, proved = [], asyncio.Event()

    async def can_connect(ip, **_):
        asked.append(ip)
        await proved.wait()
        return True

    monkeypatch.setattr("engine.worker.can_connect", can_connect)
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


class Releasing(MemoryQueue):
    """A queue that counts whom it is given back unasked."""

    released = 0

    async def settle(self, outcomes):
        self.released += sum(len(outcome.released) for outcome in outcomes)
        await super().settle(outcomes)


def test_a_session_does_not_wait_until_its_results_are_stored(serve, work, until):
    elsewhere = Domain("fig.sandbox", users=users(1))
    hosts = {"mx1.harvest.sandbox": Open()}
    sandbox, settings = serve(*neighbours(2), elsewhere, shared=hosts, global_concurrency=1)
    queue = Convoys()
    fill(queue, sandbox)
    queue.stores.clear()

    async def job(_worker):
        await until(lambda: sandbox.counters().rcpts == 8)
        assert not queue.findings
        queue.stores.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)


class StoresOnce(Convoys):
    """A queue that lets only what it is given first be stored, until `stores` is set."""

    async def settle(self, outcomes):
        await super().settle(outcomes)
        self.stores.clear()


def test_the_next_session_of_a_domain_does_not_wait_until_a_session_is_stored_that_taught_nothing(
    serve, work, until
):
    sandbox, settings = serve(Domain("plum.sandbox", users=users(20)), rcpts_per_session=5)
    queue = StoresOnce()
    fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: sandbox.counters().rcpts == 21)
        assert len(queue.findings) == 5
        assert max(sandbox.counters().sessions_at_once.values()) == 1
        queue.settle = super(StoresOnce, queue).settle
        queue.stores.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)


@pytest.mark.parametrize(
    ("farewell", "is_told"), [(b"221 bye\r\n", True), (b"250 late\r\n221 bye\r\n", False)]
)
def test_a_host_that_is_out_of_step_at_the_end_has_told_nothing_of_any_domain(
    playing, scripted, settings_of, nameserver, until, farewell, is_told
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
