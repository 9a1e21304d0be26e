"""What the engine says it is doing, and how much waits."""

import asyncio
import time
from dataclasses import asdict, replace

import pytest
from sqlalchemy import event

from engine.limits import LaneLimits
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.reason import Reason
from engine.snapshot import Snapshot
from engine.work_queue import Notice
from storage.lease import SILENCE_S
from storage.pace import Backlog, backlog, heard_of_engine, limits_learned, waiting_entries
from storage.runs import cancel_upload, delete_upload, pause_upload

LANES = (LaneReport("google", 5, 3, 42, 60, BreakerState.HALF_OPEN, 90.5, 80.5), LaneReport("a1b2", 2))
SNAPSHOT = Snapshot(PaceReport(1000.5, 4, 96, LANES, 3, 2, 1), {"a1b2": "mx.plum.sandbox"}, 7, 0.25)


def test_what_the_engine_says_at_its_heartbeat_is_read_back_whole(desk):
    assert desk.acquire()
    asyncio.run(desk.queue.renew(Notice.RUNNING, SNAPSHOT))
    heard = heard_of_engine(desk.database)
    assert (heard.snapshot, heard.is_stale) == (SNAPSHOT, False)


def test_an_engine_that_has_just_begun_has_said_nothing_yet(desk):
    assert desk.acquire()
    assert heard_of_engine(desk.database).snapshot is None


def test_what_was_said_long_ago_is_stale(desk):
    assert desk.acquire()
    asyncio.run(desk.queue.renew(Notice.RUNNING, SNAPSHOT))
    later = time.time() + SILENCE_S + 1
    assert heard_of_engine(desk.database, later).is_stale


def test_with_the_lease_goes_what_was_said(desk):
    assert heard_of_engine(desk.database) is None
    assert desk.acquire()
    asyncio.run(desk.queue.renew(Notice.RUNNING, SNAPSHOT))
    asyncio.run(desk.queue.let_go())
    assert heard_of_engine(desk.database) is None


def test_the_next_engine_does_not_speak_with_the_words_of_the_one_before(desk):
    assert desk.acquire()
    asyncio.run(desk.queue.renew(Notice.RUNNING, SNAPSHOT))
    assert desk.acquire()
    assert heard_of_engine(desk.database).snapshot is None


def test_an_empty_house_has_no_backlog(desk):
    assert backlog(desk.database) == Backlog()


def test_the_backlog_counts_what_waits_and_what_is_put_off(desk):
    upload = desk.save("email", "a@plum.sandbox", "b@plum.sandbox", "c@quince.sandbox", "d@sloe.sandbox")
    desk.start(upload)
    assert asdict(backlog(desk.database)) == {
        "waiting": 4,
        "deferred": 0,
        "due_domains": 3,
        "held_domains": 0,
        "unresolved_domains": 3,
        "paused_lists": 0,
    }
    assert desk.acquire()
    desk.resolve()
    assert backlog(desk.database).unresolved_domains == 0


def test_a_paused_list_is_counted_until_it_is_deleted(desk):
    upload = desk.save("email", "a@plum.sandbox")
    desk.start(upload)
    pause_upload(desk.database, upload, desk.settings)
    assert backlog(desk.database).paused_lists == 1
    delete_upload(desk.database, upload, desk.settings)
    assert backlog(desk.database).paused_lists == 0


def test_what_a_cancelled_list_left_behind_waits_for_nobody(desk):
    upload = desk.begin("a@plum.sandbox")
    (batch,) = desk.claim()
    held = replace(batch.domain, held_until=time.time() + 600, held_for=Reason.GREYLISTED)
    desk.settle(replace(desk.put_off(batch, time.time() + 600), domain=held))
    now = backlog(desk.database)
    assert (now.deferred, now.held_domains) == (1, 1)
    cancel_upload(desk.database, upload, desk.settings)
    assert backlog(desk.database) == Backlog()


@pytest.fixture
def plans(desk):
    """Have SQLite say how it would find what is asked for, once for each statement of a reading."""
    said: list[str] = []

    def explain(connection, cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT (SELECT"):
            said.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(desk.database._reading, "before_cursor_execute", explain)
    return said


def test_no_table_of_addresses_or_domains_is_read_through_to_count_the_backlog(desk, plans):
    backlog(desk.database)
    of_many = [each for each in plans if "mailbox" in each or "domain" in each]
    assert len(of_many) == 5
    assert all("INDEX ix_" in each or each.startswith("SEARCH domain USING INTEGER") for each in of_many), (
        of_many
    )


def test_the_queues_size_counts_only_running_lists(desk):
    upload = desk.begin("pear@orchard.com", "plum@orchard.com")
    desk.save("fig@mill.com")
    assert waiting_entries(desk.database) == 2
    pause_upload(desk.database, upload, desk.settings)
    assert waiting_entries(desk.database) == 0


def test_what_hosts_taught_the_engine_at_work_is_read_and_forgotten_with_its_silence(desk):
    assert desk.acquire()
    asyncio.run(desk.queue.renew(Notice.RUNNING, SNAPSHOT))
    with desk.database.reading() as connection:
        assert limits_learned(connection, 1000.5)["a1b2"] == LaneLimits(2, host="mx.plum.sandbox")
        assert limits_learned(connection, time.time() + SILENCE_S + 1) == {}


def test_without_an_engine_nothing_is_learned(desk):
    with desk.database.reading() as connection:
        assert limits_learned(connection, time.time()) == {}
