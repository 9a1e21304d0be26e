"""Lists that are asked again before a send, at its time or as soon as there is an engine."""

import asyncio

import pytest

from engine.snapshot import Snapshot
from engine.work_queue import Notice
from storage import planned
from storage.plans import Plan, Scope, plan_send, plans_of
from storage.runs import cancel_upload, delete_upload, finish_changes, pause_upload
from storage.summaries import summarise
from storage.uploads import UploadState

DAY_S = 86_400.0
ADDRESSES = ("pear@orchard.com", "plum@mill.com")


@pytest.fixture
def beat(desk):
    """Let a heartbeat of the engine pass, some days ahead."""

    def at(days=0.0):
        desk.clock.ahead_s = days * DAY_S
        assert desk.acquire()
        asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))

    return at


@pytest.fixture
def done(desk, replies):
    """A list of one valid address, whose answer holds for 60 days, and one full one, called risky."""
    upload = desk.begin(*ADDRESSES)
    desk.finish({"pear@orchard.com": replies["accepted"], "plum@mill.com": replies["full"]})
    return upload


def plan(desk, upload, send_days, ask_days, scope=Scope.AGEING):
    now = desk.clock()
    plan_send(desk.database, Plan(upload, now + send_days * DAY_S, now + ask_days * DAY_S, scope))


def state(desk, upload):
    return summarise(desk.database, upload).standing.state


def test_before_its_time_nobody_is_asked(desk, done, beat):
    plan(desk, done, send_days=90, ask_days=88)
    beat(days=87)
    assert state(desk, done) is UploadState.DONE
    assert plans_of(desk.database, [done])[done].begun_at is None


def test_at_its_time_those_are_asked_whose_answers_will_be_too_old(desk, done, beat, recount):
    plan(desk, done, send_days=90, ask_days=88)
    beat(days=88.1)
    assert state(desk, done) is UploadState.RUNNING
    found = plans_of(desk.database, [done])[done]
    assert found.reopened == 2
    assert found.asked_at is not None
    assert sorted(desk.finish()) == sorted(ADDRESSES)
    assert state(desk, done) is UploadState.DONE
    recount(desk)


def test_answers_that_hold_until_the_send_are_left(desk, done, beat):
    with desk.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE mailbox SET expires_at = expires_at - 55 * 86400 WHERE folded = 'plum'"
        )
    plan(desk, done, send_days=10, ask_days=8)
    beat(days=8.1)
    assert desk.finish() == ["plum@mill.com"]


def test_an_app_that_was_closed_asks_at_its_next_start(desk, done, beat):
    plan(desk, done, send_days=90, ask_days=80)
    beat(days=89)
    assert plans_of(desk.database, [done])[done].reopened == 2


def test_after_the_day_of_the_send_nothing_is_asked(desk, done, beat):
    plan(desk, done, send_days=90, ask_days=88)
    beat(days=91)
    assert state(desk, done) is UploadState.DONE
    assert plans_of(desk.database, [done])[done].begun_at is None


@pytest.fixture
def unknown(desk, replies):
    """A list that was ended early: one address has its answer, the other nobody was asked about."""
    upload = desk.begin(*ADDRESSES)
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    desk.settle(desk.answer(batch))
    cancel_upload(desk.database, upload, desk.settings)
    return upload


def test_only_the_unknown_are_asked_where_that_was_wanted(desk, unknown, beat):
    plan(desk, unknown, send_days=90, ask_days=88, scope=Scope.UNKNOWN)
    beat(days=88.1)
    assert desk.finish() == ["plum@mill.com"]
    assert state(desk, unknown) is UploadState.DONE


def test_a_list_without_anybody_to_ask_stays_done(desk, done, beat):
    plan(desk, done, send_days=90, ask_days=88, scope=Scope.UNKNOWN)
    beat(days=88.1)
    assert state(desk, done) is UploadState.DONE
    found = plans_of(desk.database, [done])[done]
    assert (found.reopened, found.asked_at is None) == (0, False)


def test_a_list_is_asked_once_for_a_plan(desk, done, beat):
    plan(desk, done, send_days=90, ask_days=88)
    beat(days=88.1)
    desk.finish()
    beat(days=88.2)
    assert state(desk, done) is UploadState.DONE


def test_a_deleted_list_is_not_asked(desk, done, beat):
    plan(desk, done, send_days=3, ask_days=1)
    delete_upload(desk.database, done, desk.settings)
    beat(days=1.5)
    assert plans_of(desk.database, [done])[done].begun_at is None


def test_a_paused_list_waits_until_it_has_ended(desk, replies, beat):
    upload = desk.begin(*ADDRESSES)
    pause_upload(desk.database, upload, desk.settings)
    plan(desk, upload, send_days=90, ask_days=0)
    beat(days=1)
    assert state(desk, upload) is UploadState.PAUSED
    desk.start(upload)
    desk.finish(replies["full"])
    beat(days=2)
    assert state(desk, upload) is UploadState.RUNNING


def test_many_rows_are_asked_about_piece_by_piece(desk, monkeypatch, beat, recount):
    monkeypatch.setattr(planned, "CHUNK_ROWS", 2)
    upload = desk.begin(*(f"pear{n}@orchard.com" for n in range(5)))
    desk.finish()
    plan(desk, upload, send_days=90, ask_days=88)
    beat(days=88.1)
    assert plans_of(desk.database, [upload])[upload].reopened == 5
    recount(desk)
    assert len(desk.finish()) == 5


def test_a_piece_after_which_the_list_is_ended_early_is_the_last(desk, monkeypatch):
    monkeypatch.setattr(planned, "CHUNK_ROWS", 2)
    upload = desk.begin(*(f"pear{n}@orchard.com" for n in range(5)))
    desk.finish()
    plan(desk, upload, send_days=90, ask_days=0)
    with desk.database.writing() as connection:
        assert planned.ask_next(connection, desk.settings, desk.clock() + DAY_S)
    cancel_upload(desk.database, upload, desk.settings)
    with desk.database.writing() as connection:
        assert not planned.ask_next(connection, desk.settings, desk.clock() + DAY_S)
    found = plans_of(desk.database, [upload])[upload]
    assert (found.reopened, found.asked_at is None) == (2, False)


def test_a_list_that_is_being_ended_early_is_not_begun_before_all_its_outcomes_are_there(
    desk, done, beat, recount
):
    plan(desk, done, send_days=90, ask_days=88)
    ended = desk.begin("fig@brook.com")
    plan(desk, ended, send_days=90, ask_days=88)
    with desk.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE upload SET state = 'cancelled', applied = '' WHERE id = {ended}")
    beat(days=88.1)
    assert state(desk, done) is UploadState.RUNNING
    assert plans_of(desk.database, [ended])[ended].begun_at is None
    finish_changes(desk.database, desk.settings)
    beat(days=88.1)
    assert plans_of(desk.database, [ended])[ended].reopened == 1
    assert state(desk, ended) is UploadState.RUNNING
    recount(desk)
