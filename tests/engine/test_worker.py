import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest

from engine.batch import Pause, Scope
from engine.memory_queue import MemoryQueue
from engine.reason import Reason
from engine.reply import Reply, Unreached
from engine.verdict import AcceptAll
from sandbox import Domain, Mix, Open, OwnHost, SharedHosts, Shut, Slammed, build_world
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


@pytest.mark.parametrize("seed", [1, 2])
def test_every_address_of_a_small_world_is_told_as_it_is(serve, settle_all, seed, fill, told):
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


def test_a_domain_is_asked_once_for_each_address_and_once_for_the_decoy(serve, settle_all, users, fill):
    sandbox, settings = serve(Domain("plum.sandbox", users=users(7)))
    queue = MemoryQueue()
    fill(queue, sandbox)

    settle_all(queue, settings)
    counters = sandbox.counters()
    assert (counters.sessions, counters.rcpts, counters.strangers) == (1, 8, 1)


def test_once_a_domain_takes_all_the_rest_is_not_asked(serve, settle_all, users, fill, told):
    sandbox, settings = serve(
        Domain("plum.sandbox", TakesAll(), users=users(30)),
        rcpts_per_session=5,
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("accept_all", "accept_all")}
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (1, 6)


def test_a_greylisted_domain_is_asked_for_the_same_decoy_again_and_not_too_soon(
    serve, settle_all, users, fill, told
):
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


def test_a_greylisting_hosts_own_hint_is_honoured(serve, settle_all, users, fill, told):
    sandbox, settings = serve(
        Domain("plum.sandbox", Greylisting(1.0, has_hint=True), users=users(3)),
        greylist_retry_seconds=(0.2, 600),
    )
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().sessions, sandbox.counters().rcpts) == (2, 8), "not sooner than it said"


def test_of_a_greylisting_domain_one_session_knocks_for_all(serve, settle_all, users, fill, told):
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


def test_a_domain_that_greylists_for_ever_is_given_up_after_as_many_rounds_as_one_address(
    serve, settle_all, users, fill, told
):
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


def test_a_dead_host_is_not_called_for_each_portion_of_its_domain(serve, settle_all, users, fill, told):
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
    return [
        Domain(f"plum{n}.sandbox", users={"pear0": User.EXISTING}, delivery=hosts) for n in range(domains)
    ]


@pytest.mark.parametrize("dead", [Shut(), Slammed()])
def test_a_dead_host_with_400_domains_costs_a_handful_of_connections_and_all_end_unknown(
    serve, settle_all, dead, users, fill, told
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


def test_with_more_batches_at_once_the_made_up_address_is_asked_once(serve, settle_all, users, fill, told):
    sandbox, settings = serve(
        Domain("plum.sandbox", users=users(60)), rcpts_per_session=5, per_domain_concurrency=4
    )
    queue = Pausing()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert (sandbox.counters().strangers, sandbox.counters().rcpts) == (1, 61)
    assert 1 < max(sandbox.counters().sessions_at_once.values()) <= 4


def test_a_host_whose_answers_contradict_each_other_is_asked_for_a_second_made_up_address(
    serve, settle_all, users, fill, told
):
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


def test_where_somebody_is_let_in_after_a_vague_refusal_postmaster_is_not_asked(
    serve, settle_all, users, fill, told
):
    people = {"apple": User.MISSING} | users(2)
    sandbox, settings = serve(Domain("plum.sandbox", Ordinary("550 address rejected"), users=people))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert Counter(told(queue, mailbox)[0] for mailbox in mailboxes) == {"valid": 2, "invalid": 1}
    assert "postmaster@plum.sandbox" not in sandbox.counters().rcpts_by_address


def harvest(against: TurnsAgainst, domains: int = 12) -> list[Domain]:
    """Domains at one provider that turns against us, each with people who are there and who are not."""
    people = {f"pear{n}": User.EXISTING for n in range(6)} | {f"fig{n}": User.MISSING for n in range(3)}
    names = (f"plum{n}.sandbox" for n in range(domains))
    return [Domain(name, against, people, SharedHosts(("mx1.harvest.sandbox",))) for name in names]


def test_a_provider_that_begins_to_refuse_us_is_let_alone_and_all_ends_with_the_truth(
    serve, settle_all, users, fill, told
):
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
    serve, settle_all, fill, told
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

    async def settle(self, outcomes):
        self.begun += [outcome.pause for outcome in outcomes if outcome.pause]
        self.taken_back += sum(len(outcome.doubted) for outcome in outcomes)
        await super().settle(outcomes)


def test_a_host_that_closes_after_some_recipients_is_asked_for_the_rest_anew(
    serve, settle_all, users, fill, told
):
    sandbox, settings = serve(Domain("plum.sandbox", ClosesAfter(3), users=users(8)))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert {finding.attempts for finding in queue.findings.values()} == {1}


def test_a_vague_refusal_is_weighed_by_what_postmaster_is_told(serve, settle_all, users, fill, told):
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


def test_that_postmaster_was_let_in_before_proves_no_vague_refusal_of_a_later_session(
    serve, settle_all, users, fill, told
):
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
    serve, work, until, end, place, users, fill, told
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


def test_a_mailbox_that_is_always_put_off_keeps_nobody_else_waiting(serve, work, until, users, fill):
    plum = Domain("plum.sandbox", Dislikes("pear0", line("451 4.2.0 try again later")), users=users(9))
    sandbox, settings = serve(plum, rcpts_per_session=1, greylist_retry_seconds=(600,))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)
    others = [mailbox for mailbox, text in mailboxes.items() if not text.startswith("pear0@")]

    async def others_are_told(_worker):
        await until(lambda: set(others) <= queue.findings.keys())

    work(queue, settings, others_are_told)
    assert [each.deferral.why for each in queue.waiting()] == [Reason.TEMPORARY]


def test_who_is_blocked_never_ends_as_invalid(serve, settle_all, users, fill, told):
    sandbox, settings = serve(Domain("plum.sandbox", Blocked(), users=users(25, User.MISSING)))
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("unknown", "blocked")}


def test_a_backup_host_answers_where_the_first_does_not(serve, settle_all, users, fill, told):
    plum = Domain(
        "plum.sandbox", users=users(2), delivery=SharedHosts(("mx.dead.sandbox", "mx.live.sandbox"))
    )
    sandbox, settings = serve(plum, shared={"mx.dead.sandbox": Shut(), "mx.live.sandbox": Open()})
    queue = MemoryQueue()
    mailboxes = fill(queue, sandbox)

    settle_all(queue, settings)
    assert {told(queue, mailbox) for mailbox in mailboxes} == {("valid", "accepted")}
    assert {finding.evidence.mx_host for finding in queue.findings.values()} == {"mx.live.sandbox"}


def test_what_one_worker_gave_back_the_next_one_settles(serve, work, settle_all, until, users, fill, told):
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


class Elsewhere(MemoryQueue):
    """A queue that another engine works on until `may_acquire` is set."""

    may_acquire = False

    async def acquire(self):
        return self.may_acquire


def test_while_another_engine_has_the_lease_nothing_is_asked(serve, work, until, users, fill):
    sandbox, settings = serve(Domain("plum.sandbox", users=users(2)))
    queue = Elsewhere()
    fill(queue, sandbox)

    async def job(worker):
        for _ in range(20):
            worker.wake()
            await asyncio.sleep(0)
        assert (queue.findings, sandbox.counters().queries) == ({}, {})
        queue.may_acquire = True
        worker.wake()
        await until(lambda: len(queue.findings) == 2)

    work(queue, settings, job)


def test_a_mail_host_in_a_private_network_is_never_connected_to(serve, settle_all, users, fill, told):
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


def test_evidence_tells_the_reply_or_why_there_was_none(serve, settle_all, users, fill):
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
