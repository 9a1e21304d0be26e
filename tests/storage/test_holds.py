"""Domains that wait as a whole: nobody of them goes out, and a list counts them as put off."""

import asyncio
from dataclasses import replace

from engine.batch import Outcome
from engine.reason import Reason
from engine.snapshot import Snapshot
from engine.verdict import AcceptAll
from engine.work_queue import Notice
from storage.summaries import summarise


def _names(batches):
    return sorted(str(each.address) for batch in batches for each in batch.recipients)


def _greylisted(desk, batch, until):
    """Put off all of a batch, and hold its domain."""
    outcome = desk.put_off(batch, until)
    held = replace(batch.domain, held_until=until, held_for=Reason.GREYLISTED, rounds=1)
    return replace(outcome, domain=held)


def test_a_held_domain_gives_nobody_before_its_time_and_then_first_who_was_put_off(desk, clock):
    desk.start(desk.save(*(f"pear{n}@orchard.com" for n in range(30)), "plum@mill.com"))
    assert desk.acquire()
    desk.resolve(portion=10)
    orchard, mill = sorted(desk.claim(), key=lambda each: -len(each.recipients))
    desk.settle(_greylisted(desk, orchard, clock() + 900), desk.answer(mill))
    assert desk.claim() == []
    clock.ahead_s = 901
    (again,) = desk.claim()
    assert [each.mailbox for each in again.recipients] == [each.mailbox for each in orchard.recipients]


def test_a_list_counts_all_of_a_held_domain_as_put_off(desk, clock):
    upload = desk.save(*(f"pear{n}@orchard.com" for n in range(30)), "plum@mill.com")
    desk.start(upload)
    assert desk.acquire()
    desk.resolve(portion=10)
    orchard, mill = sorted(desk.claim(), key=lambda each: -len(each.recipients))
    until = clock() + 900
    desk.settle(_greylisted(desk, orchard, until), desk.put_off(mill, clock() + 60, Reason.TEMPORARY))

    summary = summarise(desk.database, upload)
    found = {each.why: (each.count, each.last_at) for each in summary.deferred}
    assert found[Reason.GREYLISTED] == (30, until)
    assert found[Reason.TEMPORARY][0] == 1
    assert sum(each.count for each in summary.deferred) == summary.standing.waiting


def test_what_waits_alone_and_with_its_domain_for_one_reason_is_counted_together(desk, clock):
    upload = desk.begin("pear@orchard.com", "fig@orchard.com", "plum@mill.com")
    orchard, mill = sorted(desk.claim(), key=lambda each: -len(each.recipients))
    desk.settle(_greylisted(desk, orchard, clock() + 900), desk.put_off(mill, clock() + 60))

    (deferred,) = summarise(desk.database, upload).deferred
    assert (deferred.why, deferred.count) == (Reason.GREYLISTED, 3)
    assert deferred.first_at < deferred.last_at


def test_a_domain_that_is_known_to_accept_all_is_held_no_more(desk, clock):
    desk.begin("pear@orchard.com", "fig@orchard.com")
    (batch,) = desk.claim()
    desk.settle(_greylisted(desk, replace(batch, recipients=batch.recipients[:1]), clock() + 900))
    everybody = replace(batch.domain, accept_all=AcceptAll.YES)
    desk.settle(Outcome(batch, everybody, released=batch.recipients[1:]))
    assert _names(desk.claim()) == ["fig@orchard.com"]


def test_a_hold_outlives_the_engine_and_goes_with_its_domain(open_desk, clock):
    first, second = open_desk(), open_desk()
    first.begin("pear@orchard.com")
    (batch,) = first.claim()
    first.settle(_greylisted(first, batch, clock() + 900))
    first.start(first.save("fig@orchard.com"))
    asyncio.run(first.queue.let_go())
    assert second.acquire()
    assert second.claim() == [], "a new list waits with the domain too"
    clock.ahead_s = 901
    assert _names(second.claim()) == ["fig@orchard.com", "pear@orchard.com"]


def test_what_is_over_is_forgotten(desk, clock):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    desk.settle(_greylisted(desk, batch, clock() + 900))
    assert desk.value("SELECT count(*) FROM hold") == 1
    clock.ahead_s = 901
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert desk.value("SELECT count(*) FROM hold") == 0
