"""The queue in memory does as the one in SQL does (tests/storage): holds, pauses, room, taking back."""

import asyncio
from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import Closed, Deferral, DomainFacts, Outcome, Pause, Scope
from engine.exchange import MailHost, MailHosts
from engine.finding import finding_of
from engine.memory_queue import MemoryQueue
from engine.never_probed import never_probed_of, parse_listed
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.retry import Terms
from engine.settings import Settings
from engine.verdict import AcceptAll

NOW = 10_000.0
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)


@pytest.fixture
def clock(clock):
    clock.now = NOW
    return clock


@pytest.fixture
def queue(clock):
    return MemoryQueue(clock)


def fill(queue, *texts: str, provider="google", **known) -> None:
    """Put addresses in, and find out where their domains' mail goes."""
    for text in texts:
        local_part, name = text.split("@")
        queue.add(Address(local_part, name))
        hosts = MailHosts((MailHost(f"mx.{name}", 10, ("192.0.2.1",)),))
        facts = DomainFacts(name, hosts, f"key-{name}", provider, accept_all=AcceptAll.NO, portion=2)
        asyncio.run(queue.keep([replace(facts, accept_all_at=NOW, **known)]))


def claim(queue, closed: Closed = Closed(), limit: int = 100):  # noqa: B008 - frozen
    convoys = asyncio.run(queue.claim(limit, closed))
    return [batch for convoy in convoys for batch in convoy.batches]


def names(batches) -> list[str]:
    return sorted(str(each.address) for batch in batches for each in batch.recipients)


def put_off(batch, until: float, *, is_held: bool = False) -> Outcome:
    deferrals = tuple(
        Deferral(replace(each, attempts=each.attempts + 1), until, Reason.GREYLISTED)
        for each in batch.recipients
    )
    return Outcome(batch, replace(batch.domain, held_until=until if is_held else 0.0), deferrals=deferrals)


def refused(batch, **more) -> Outcome:
    told = (replace(each, answer=NO) for each in batch.recipients)
    findings = tuple(finding_of(each, batch.domain, Terms(Settings(), NOW)) for each in told)
    return Outcome(batch, batch.domain, findings=findings, **more)


def test_a_held_domain_gives_nobody_before_its_time_and_then_first_who_was_put_off(queue, clock):
    fill(queue, *(f"pear{n}@plum.example" for n in range(5)))
    (batch,) = claim(queue)
    asyncio.run(queue.settle([put_off(batch, NOW + 45, is_held=True)]))
    assert claim(queue) == []
    clock.now += 45
    (again,) = claim(queue)
    assert names([again]) == names([batch])


@pytest.mark.parametrize(
    ("scope", "name"),
    [(Scope.PROVIDER, "google"), (Scope.ROUTE, "key-plum.example"), (Scope.DOMAIN, "plum.example")],
)
def test_a_claim_gives_nobody_whose_hosts_are_paused(queue, scope, name):
    fill(queue, "pear@plum.example")
    fill(queue, "fig@mill.example", provider="zoho")
    pause = Pause(scope, name, NOW, NOW + 60)
    assert names(claim(queue, Closed(pauses=(pause,)))) == ["fig@mill.example"]


def test_a_claim_gives_no_more_of_a_provider_than_there_is_room_for(queue):
    fill(queue, *(f"pear@plum{n}.example" for n in range(5)))
    fill(queue, "fig@mill.example", provider="zoho")
    assert len(claim(queue, Closed(room={"google": 2}))) == 3


def test_what_its_domain_settles_goes_on_in_spite_of_pause_and_room(queue):
    fill(queue, "pear@plum.example", accept_all=AcceptAll.YES)
    pause = Pause(Scope.PROVIDER, "google", NOW, NOW + 60)
    assert len(claim(queue, Closed(pauses=(pause,), room={"google": 0}))) == 1


def test_a_pause_that_ends_before_its_time_is_kept_no_longer(queue):
    fill(queue, "fig@mill.example")
    (batch,) = claim(queue)
    pauses = [Pause(Scope.PROVIDER, name, NOW, NOW + 60) for name in ("google", "zoho")]
    begun = [Outcome(batch, batch.domain, released=batch.recipients, pause=pause) for pause in pauses]
    asyncio.run(queue.settle([*begun, replace(begun[0], pause=None, ended=(pauses[0],))]))
    assert asyncio.run(queue.pauses()) == [pauses[1]]


def test_a_pause_takes_back_what_is_doubted_and_is_kept(queue, clock):
    fill(queue, "pear@plum.example", "fig@plum.example")
    (batch,) = claim(queue)
    asyncio.run(queue.settle([refused(batch)]))
    pause = Pause(Scope.PROVIDER, "google", NOW, NOW + 60)
    asyncio.run(queue.settle([Outcome(batch, batch.domain, pause=pause, doubted=(0,))]))

    assert set(queue.findings) == {1}
    assert asyncio.run(queue.pauses()) == [pause]
    assert queue.facts("plum.example").accept_all is None
    assert claim(queue) == []
    clock.now += 60
    assert names(claim(queue)) == ["pear@plum.example"]


def test_at_a_final_pause_what_is_doubted_is_due_at_once(queue):
    fill(queue, "pear@plum.example")
    (batch,) = claim(queue)
    pause = Pause(Scope.PROVIDER, "google", NOW, NOW + 60, rounds=2)
    asyncio.run(queue.settle([refused(batch, pause=pause, doubted=(0,))]))
    assert names(claim(queue)) == ["pear@plum.example"]


def test_what_is_on_the_never_probe_list_is_settled_and_neither_looked_up_nor_asked(queue):
    queue.never_probed = never_probed_of([parse_listed("plum.example"), parse_listed("fig@mill.example")])
    for text in ("fig@plum.example", "fig@mill.example", "fig@quay.example"):
        queue.add(Address(*text.split("@")))

    assert [facts.name for facts in asyncio.run(queue.claim_domains(10))] == ["quay.example"]
    assert [finding.evidence.withheld for finding in queue.findings.values()] == [Reason.NEVER_PROBED] * 2


def test_the_list_holds_from_the_moment_it_changes(queue):
    fill(queue, "fig@plum.example", "fig@mill.example")
    queue.never_probed = never_probed_of([parse_listed("plum.example"), parse_listed("mx:mx.mill.example")])

    (batch,) = claim(queue)
    assert (batch.domain.name, batch.withheld) == ("mill.example", Reason.NEVER_PROBED)


def test_an_answer_that_was_on_its_way_when_the_list_changed_is_kept(queue):
    fill(queue, "fig@plum.example")
    (batch,) = claim(queue)
    queue.never_probed = never_probed_of([parse_listed("plum.example")])
    assert claim(queue) == []

    told = finding_of(replace(batch.recipients[0], answer=NO), batch.domain, Terms(Settings(), NOW))
    asyncio.run(queue.settle([Outcome(batch, batch.domain, findings=(told,))]))
    assert [finding.evidence.withheld for finding in queue.findings.values()] == [None]


def test_why_hosts_are_let_alone_is_kept(queue):
    fill(queue, "pear@orchard.example")
    (batch,) = claim(queue)
    pause = Pause(Scope.ROUTE, "key", NOW, NOW + 60, 2, why=Reason.UNREACHABLE, borne=3)
    asyncio.run(queue.settle([Outcome(batch, batch.domain, released=batch.recipients, pause=pause)]))
    assert asyncio.run(queue.pauses()) == [pause]


def test_who_is_watched_goes_out_first_and_alone(queue):
    fill(queue, *(f"pear{n}@plum.example" for n in range(5)), provider="zoho")
    queue.add(Address("fig", "plum.example"), is_watched=True)
    fill(queue, *(f"pear{n}@mill.example" for n in range(9)))
    (batch,) = claim(queue, limit=1)
    assert (batch.is_watched, names([batch])) == (True, ["fig@plum.example"])
    asyncio.run(queue.settle([Outcome(batch, batch.domain, released=())]))
    assert not any(each.is_watched for each in claim(queue))


def test_nobody_comes_along_with_who_is_watched(queue):
    fill(queue, "pear@plum.example", "pear@mill.example", route_key="shared", portion=20)
    queue.add(Address("fig", "plum.example"), is_watched=True)
    (watched,) = [each for each in asyncio.run(queue.claim(100, Closed())) if each.batches[0].is_watched]
    assert names(watched.batches) == ["fig@plum.example"]
