"""One engine per database."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import text

from engine.batch import Closed
from engine.snapshot import Snapshot
from engine.work_queue import LeaseLost, Notice
from storage.lease import SILENCE_S, engine_holder, lease_holder


def _renew(desk, notice=Notice.RUNNING):
    asyncio.run(desk.queue.renew(notice, Snapshot()))


def _set_pid(desk, pid):
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE engine_lease SET pid = :pid"), {"pid": pid})


def _dead_pid():
    finished = subprocess.Popen([sys.executable, "-c", ""])
    finished.wait(30)
    return finished.pid


def test_the_second_opener_is_refused_while_the_first_lives(open_desk):
    first, second = open_desk(), open_desk()
    assert first.acquire()
    assert not second.acquire()
    assert first.acquire(), "whoever has it may take it again"


def test_a_lease_that_is_given_back_is_free(open_desk):
    first, second = open_desk(), open_desk()
    assert first.acquire()
    asyncio.run(first.queue.let_go())
    assert second.acquire()


def test_another_takes_over_after_the_heartbeat_went_silent(open_desk, clock):
    first, second = open_desk(), open_desk()
    assert first.acquire()
    clock.ahead_s = SILENCE_S - 1
    assert not second.acquire()
    clock.ahead_s = SILENCE_S + 1
    assert second.acquire()
    assert not first.acquire()


def test_a_heartbeat_keeps_the_lease(open_desk, clock):
    first, second = open_desk(), open_desk()
    assert first.acquire()
    clock.ahead_s = SILENCE_S - 1
    _renew(first)
    clock.ahead_s = 2 * SILENCE_S - 2
    assert not second.acquire()


def test_another_takes_over_at_once_when_the_holders_process_is_dead(open_desk):
    first, second = open_desk(), open_desk()
    assert first.acquire()
    _set_pid(first, _dead_pid())
    assert second.acquire()


def test_a_dead_number_on_another_machine_or_boot_says_nothing(open_desk):
    first, second = open_desk(), open_desk()
    assert first.acquire()
    _set_pid(first, _dead_pid())
    with first.database.writing() as connection:
        connection.execute(text("UPDATE engine_lease SET boot_id = 'another'"))
    assert not second.acquire()


def test_whoever_lost_the_lease_may_write_nothing(open_desk, clock):
    loser, winner = open_desk(), open_desk()
    loser.begin("pear@orchard.com", "plum@mill.com")
    batch, *_ = loser.claim(1)
    clock.ahead_s = SILENCE_S + 1
    assert winner.acquire()
    clock.ahead_s = 0.0
    before = loser.rows("SELECT * FROM mailbox"), loser.rows("SELECT * FROM entry")
    for write in (
        loser.queue.settle([loser.answer(batch)]),
        loser.queue.claim(5, Closed()),
        loser.queue.keep([batch.domain]),
        loser.queue.renew(Notice.RUNNING, Snapshot()),
        loser.queue.let_go(),
    ):
        with pytest.raises(LeaseLost):
            asyncio.run(write)
    assert (loser.rows("SELECT * FROM mailbox"), loser.rows("SELECT * FROM entry")) == before
    assert not loser.acquire()
    assert [b.recipients for b in winner.claim()], "the winner goes on"


def test_pages_see_who_holds_the_lease_and_what_it_says_of_itself(desk, clock):
    assert engine_holder(desk.database) is None
    assert desk.acquire()
    _renew(desk, Notice.PORT_CLOSED)
    holder = engine_holder(desk.database)
    assert holder is not None
    assert holder.notice is Notice.PORT_CLOSED
    with desk.database.reading() as connection:
        assert lease_holder(connection, clock() + SILENCE_S + 1) is None
