"""Pauses: kept over a restart, honoured by every claim, and shown while they hold."""

import asyncio
from dataclasses import replace

import pytest

from engine.batch import Closed, Outcome, Pause, Scope
from engine.reason import Reason
from engine.snapshot import Snapshot
from engine.verdict import AcceptAll
from engine.work_queue import Notice
from storage.pauses import KEPT_S, pauses, pauses_over
from storage.summaries import summarise


def _names(batches):
    return sorted(str(each.address) for batch in batches for each in batch.recipients)


@pytest.fixture
def begun(desk, clock):
    """Begin a pause with a batch that is given back; give the pause."""

    def begin(batch, scope=Scope.PROVIDER, name="google", until_s=2700.0, rounds=1):
        pause = Pause(scope, name, clock(), clock() + until_s, rounds, 0.75)
        desk.settle(Outcome(batch, batch.domain, released=batch.recipients, pause=pause))
        return pause

    return begin


def test_a_pause_is_shown_while_it_holds_the_widest_first(desk, begun):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    narrow = begun(batch, Scope.DOMAIN, "orchard.com")
    wide = begun(batch)
    begun(batch, Scope.ROUTE, "key", until_s=0.0)
    assert pauses(desk.database) == (wide, narrow)


def test_a_list_is_told_of_no_pause_of_a_domain_that_is_not_on_it(desk, begun):
    first = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    second = desk.save("plum@mill.com")
    narrow, wide = begun(batch, Scope.DOMAIN, "orchard.com"), begun(batch)
    assert pauses_over(desk.database, first) == (wide, narrow)
    assert pauses_over(desk.database, second) == (wide,)


def test_pauses_outlive_the_engine(open_desk, clock):
    first, second = open_desk(), open_desk()
    first.begin("pear@orchard.com")
    (batch,) = first.claim()
    pause = Pause(Scope.ALL, "", clock(), clock() + 60, 2, 0.5)
    first.settle(Outcome(batch, batch.domain, released=batch.recipients, pause=pause))
    assert asyncio.run(second.queue.pauses()) == [pause]


def test_why_hosts_are_let_alone_and_how_long_that_is_borne_outlives_the_engine(open_desk, clock):
    first, second = open_desk(), open_desk()
    first.begin("pear@orchard.com")
    (batch,) = first.claim()
    pause = Pause(Scope.ROUTE, "key", clock(), clock() + 60, 2, why=Reason.UNREACHABLE, borne=3)
    first.settle(Outcome(batch, batch.domain, released=batch.recipients, pause=pause))
    (kept,) = asyncio.run(second.queue.pauses())
    assert kept == pause
    assert not kept.is_final


def test_who_waits_for_hosts_that_do_not_answer_is_held_and_counted_as_that(desk, clock):
    upload = _world(desk)
    (other,) = desk.claim(1, Closed(room={"google": 0}))
    pause = Pause(Scope.PROVIDER, "google", clock(), clock() + 900, why=Reason.UNREACHABLE, borne=3)
    desk.settle(Outcome(other, other.domain, released=other.recipients, pause=pause))
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))

    (deferred,) = summarise(desk.database, upload).deferred
    assert (deferred.why, deferred.count, deferred.last_at) == (Reason.UNREACHABLE, 6, pause.until)
    assert set(_names(desk.claim())) == {"fig@farm.com"}


def test_a_later_pause_of_the_same_hosts_replaces_the_earlier(desk, begun):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    begun(batch)
    second = begun(batch, rounds=2)
    assert asyncio.run(desk.queue.pauses()) == [second]


def test_hosts_that_refuse_us_and_do_not_answer_besides_are_under_two_pauses(desk, begun, clock):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    refused = begun(batch)
    silent = Pause(Scope.PROVIDER, "google", clock(), clock() + 60, why=Reason.UNREACHABLE, borne=3)
    desk.settle(Outcome(batch, batch.domain, released=batch.recipients, pause=silent))
    assert set(asyncio.run(desk.queue.pauses())) == {refused, silent}

    desk.settle(Outcome(batch, batch.domain, released=batch.recipients, ended=(silent,)))
    assert asyncio.run(desk.queue.pauses()) == [refused]


def test_pauses_of_yesterday_are_forgotten(desk, begun, clock):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    begun(batch, until_s=1.0)
    clock.ahead_s = KEPT_S - 10
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert len(asyncio.run(desk.queue.pauses())) == 1
    clock.ahead_s = KEPT_S + 10
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert asyncio.run(desk.queue.pauses()) == []


def _world(desk):
    """Start a list at two providers: five domains at one, and one at the other."""
    upload = desk.save(*(f"pear@orchard{n}.com" for n in range(5)), "plum@mill.com")
    desk.start(upload)
    assert desk.acquire()
    desk.resolve(provider="google")
    desk.start(desk.save("fig@farm.com"))
    desk.resolve(provider="zoho")
    return upload


@pytest.mark.parametrize(
    ("scope", "name", "open_ones"),
    [
        (Scope.PROVIDER, "google", {"fig@farm.com"}),
        (Scope.ROUTE, "key-farm.com", {"plum@mill.com", *(f"pear@orchard{n}.com" for n in range(5))}),
        (Scope.DOMAIN, "mill.com", {"fig@farm.com", *(f"pear@orchard{n}.com" for n in range(5))}),
        (Scope.ALL, "", set()),
    ],
)
def test_a_claim_gives_nobody_whose_hosts_are_paused(desk, clock, scope, name, open_ones):
    _world(desk)
    pause = Pause(scope, name, clock(), clock() + 900)
    assert set(_names(desk.claim(closed=Closed(pauses=(pause,))))) == open_ones


@pytest.mark.parametrize(
    ("scope", "name", "held"),
    [
        (Scope.PROVIDER, "google", 6),
        (Scope.ROUTE, "key-mill.com", 1),
        (Scope.DOMAIN, "mill.com", 1),
        (Scope.ALL, "", 6),
    ],
)
def test_the_next_heartbeat_holds_what_is_paused_and_the_list_counts_it(
    desk, begun, clock, scope, name, held
):
    upload = _world(desk)
    (other,) = desk.claim(1, Closed(room={"google": 0}))
    pause = begun(other, scope, name, until_s=900.0)
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))

    (deferred,) = summarise(desk.database, upload).deferred
    assert (deferred.why, deferred.count, deferred.last_at) == (Reason.BLOCKED, held, pause.until)
    assert len(set(_names(desk.claim())) - {"fig@farm.com"}) == 6 - held
    clock.ahead_s = 901
    assert len(set(_names(desk.claim())) - {"fig@farm.com"}) >= held


def test_who_is_held_for_a_pause_is_asked_at_once_when_that_ends_before_its_time(desk, clock):
    _world(desk)
    (other,) = desk.claim(1, Closed(room={"google": 0}))
    back = Outcome(other, other.domain, released=other.recipients)
    until = clock() + 900
    google = Pause(Scope.PROVIDER, "google", clock(), until, why=Reason.UNREACHABLE, borne=3)
    refused = Pause(Scope.DOMAIN, "orchard1.com", clock(), until + 1)
    desk.settle(replace(back, pause=google), replace(back, pause=refused))
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert set(_names(desk.claim())) == {"fig@farm.com"}

    desk.settle(replace(back, ended=(google,)))
    assert asyncio.run(desk.queue.pauses()) == [refused]
    assert "pear@orchard0.com" in _names(desk.claim())


def test_a_pause_that_ended_ends_no_later_one_of_the_same_hosts(desk, begun):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    first, second = begun(batch), begun(batch, rounds=2, until_s=3000.0)
    desk.settle(Outcome(batch, batch.domain, released=batch.recipients, ended=(first,)))
    assert asyncio.run(desk.queue.pauses()) == [second]


def test_a_final_pause_holds_nobody(desk, begun):
    _world(desk)
    (other,) = desk.claim(1, Closed(room={"google": 0}))
    begun(other, rounds=2)
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert len(set(_names(desk.claim())) - {"fig@farm.com"}) == 6


def test_what_its_domain_settles_goes_on_in_a_pause(desk, clock):
    desk.start(desk.save("pear@orchard.com"))
    assert desk.acquire()
    desk.resolve(provider="google", accept_all=AcceptAll.YES)
    pause = Pause(Scope.PROVIDER, "google", clock(), clock() + 900)
    assert _names(desk.claim(closed=Closed(pauses=(pause,), room={"google": 0}))) == ["pear@orchard.com"]


def test_a_claim_gives_no_more_of_a_provider_than_there_is_room_for(desk):
    _world(desk)
    room = Closed(room={"google": 2, "zoho": 0})
    assert len(desk.claim(closed=room)) == 2
    assert len(desk.claim(closed=replace(room, room={"google": 1}))) == 2, "one there and one at the other"


def test_a_provider_without_room_does_not_keep_others_from_their_turn(desk):
    _world(desk)
    (only,) = desk.claim(1, Closed(room={"google": 0}))
    assert _names([only]) == ["fig@farm.com"]
