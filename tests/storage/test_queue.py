"""The engine's queue: what is due is leased once, and written back whole or not at all."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from engine.batch import Closed, Outcome
from engine.disposition import WHOLE_DOMAIN
from engine.exchange import NoMail
from engine.prober import longest_probe_s
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.verdict import AcceptAll, Status
from engine.work_queue import StoreFails
from storage import queue
from storage.runs import pause_upload
from storage.summaries import summarise


def _addresses(batches):
    return sorted(str(each.address) for batch in batches for each in batch.recipients)


def test_a_domain_waits_for_a_route_until_it_is_kept(desk):
    desk.start(desk.save("pear@orchard.com", "plum@mill.com"))
    assert desk.acquire()
    assert desk.claim() == [], "nobody knows where to ask"
    waiting = asyncio.run(desk.queue.claim_domains(10))
    assert {each.name for each in waiting} == {"orchard.com", "mill.com"}
    assert len(asyncio.run(desk.queue.claim_domains(1))) == 1
    desk.resolve()
    assert asyncio.run(desk.queue.claim_domains(10)) == []
    assert len(desk.claim()) == 2


def test_what_is_leased_is_not_leased_again(desk):
    desk.begin("pear@orchard.com", "plum@mill.com")
    assert _addresses(desk.claim()) == ["pear@orchard.com", "plum@mill.com"]
    assert desk.claim() == []


def test_a_claim_gives_no_more_batches_than_it_is_asked_for(desk):
    desk.begin(*(f"pear@orchard{n}.com" for n in range(5)))
    sizes = [len(desk.claim(2)) for _ in range(4)]
    assert sizes == [2, 2, 1, 0]


def test_one_claim_gives_one_batch_a_domain_of_at_most_its_portion(desk):
    desk.start(desk.save(*(f"pear{n}@orchard.com" for n in range(25)), "plum@mill.com"))
    assert desk.acquire()
    desk.resolve(portion=10)
    batches = desk.claim()
    assert sorted(len(each.recipients) for each in batches) == [1, 10]
    closed = Closed(domains=frozenset({"orchard.com"}))
    assert desk.claim(closed=closed) == [], "pacing holds the domain back while a batch is out"
    assert [len(each.recipients) for each in desk.claim()] == [10]


def test_a_lease_that_ran_out_is_due_again(desk, clock):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    assert batch.lease_until > clock() + 60
    clock.ahead_s = batch.lease_until - clock() + 1
    assert _addresses(desk.claim()) == ["pear@orchard.com"]


def test_a_lease_lasts_as_long_as_asking_them_all_can_take(desk, clock):
    desk.start(desk.save(*(f"pear{n}@orchard.com" for n in range(600))))
    assert desk.acquire()
    desk.resolve(portion=600)
    (batch,) = desk.claim()
    assert batch.lease_until - clock() > longest_probe_s(desk.settings, 600, batch.domain.provider)


def test_closed_domains_and_full_lanes_are_held_back(desk):
    desk.begin("pear@orchard.com", "plum@mill.com", "fig@farm.com")
    closed = Closed(frozenset({"mill.com"}), room={"key-farm.com": 0})
    assert _addresses(desk.claim(closed=closed)) == ["pear@orchard.com"]
    assert desk.claim(closed=closed) == []
    assert _addresses(desk.claim()) == ["fig@farm.com", "plum@mill.com"]


@pytest.mark.parametrize(
    "known",
    [
        {"route": NoMail(Reason.NULL_MX), "route_key": "", "accept_all": None, "portion": WHOLE_DOMAIN},
        {"accept_all": AcceptAll.YES, "portion": WHOLE_DOMAIN},
    ],
)
def test_while_probing_is_off_only_what_its_domain_settles_goes_out(desk, known):
    desk.begin("pear@orchard.com")
    desk.start(desk.save("plum@mill.com"))
    desk.resolve(**known)
    assert _addresses(desk.claim(closed=Closed(is_probing_off=True))) == ["plum@mill.com"]
    assert _addresses(desk.claim()) == ["pear@orchard.com"]


def test_a_deferred_recipient_comes_back_when_it_is_due_with_what_it_answered(desk, clock, recount):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    answer = Reply(250, "ok", Stage.RCPT)
    told = replace(batch, recipients=tuple(replace(each, answer=answer) for each in batch.recipients))
    desk.settle(desk.put_off(told, clock() + 900))
    assert desk.claim() == []
    (deferred,) = summarise(desk.database, upload).deferred
    assert (deferred.why, deferred.count) == (Reason.GREYLISTED, 1)
    clock.ahead_s = 901
    ((recipient,),) = (each.recipients for each in desk.claim())
    assert (recipient.attempts, recipient.answer) == (1, answer)
    recount(desk)


def test_what_is_given_back_is_due_at_once(desk):
    desk.begin("pear@orchard.com", "plum@orchard.com")
    (batch,) = desk.claim()
    desk.settle(Outcome(batch, batch.domain, released=batch.recipients))
    (again,) = desk.claim()
    assert [each.address for each in again.recipients] == [each.address for each in batch.recipients]


def test_a_batch_may_be_settled_in_part(desk, clock, recount):
    upload = desk.begin("pear@orchard.com", "plum@orchard.com", "fig@orchard.com")
    (batch,) = desk.claim()
    first, second, third = batch.recipients
    put_off = desk.put_off(replace(batch, recipients=(second,)), clock() + 60).deferrals
    finding = desk.finding(batch, first, Reply(250, "2.1.5 ok", Stage.RCPT))
    desk.settle(Outcome(batch, batch.domain, (finding,), put_off, (third,)))
    assert _addresses(desk.claim()) == ["fig@orchard.com"]
    assert summarise(desk.database, upload).standing.settled == 1
    recount(desk)


def test_what_a_killed_engine_had_leased_the_next_one_gets_at_once(open_desk, clock):
    first, second = open_desk(), open_desk()
    first.begin("pear@orchard.com", "plum@mill.com", "fig@farm.com")
    held = first.claim(2)
    assert len(held) == 2
    with first.database.writing() as connection:  # a killed process gives nothing back
        connection.execute(text("UPDATE engine_lease SET heartbeat_at = 0"))
    assert second.acquire()
    assert _addresses(second.claim()) == ["fig@farm.com", "pear@orchard.com", "plum@mill.com"]


@pytest.mark.parametrize("statement", [queue._DOMAINS_IN_HAND, queue._GIVEN_BACK])
def test_what_is_in_hand_is_found_without_reading_every_mailbox(desk, statement):
    plan = desk.rows(f"EXPLAIN QUERY PLAN {statement}".replace("?", "1"))
    assert "USING INDEX ix_mailbox_state" in str(plan)


def test_what_a_stopping_engine_gives_back_is_due_at_once(open_desk):
    first, second = open_desk(), open_desk()
    first.begin("pear@orchard.com")
    assert len(first.claim()) == 1
    asyncio.run(first.queue.let_go())
    assert second.acquire()
    assert _addresses(second.claim()) == ["pear@orchard.com"]


def test_a_settled_mailbox_is_settled_in_every_list_that_names_it(desk, recount, replies):
    lists = [
        desk.begin("pear@orchard.com", "plum@orchard.com"),
        desk.begin("PEAR@orchard.com", "pear@orchard.com"),
        desk.save("pear@orchard.com"),
    ]
    pause_upload(desk.database, lists[0], desk.settings)
    (batch,) = desk.claim()
    assert _addresses([batch]) == ["pear@orchard.com"]
    desk.settle(desk.answer(batch, replies["missing"]))
    rows = desk.rows("SELECT upload_id, status FROM entry WHERE status IS NOT NULL ORDER BY id")
    assert [tuple(each) for each in rows] == [
        (lists[0], Status.INVALID),
        (lists[1], Status.INVALID),
        (lists[1], Status.INVALID),
        (lists[2], Status.INVALID),
    ]
    recount(desk)


def test_each_check_is_one_settled_event(desk):
    desk.begin("pear@orchard.com", "plum@orchard.com", "PEAR@orchard.com")
    desk.finish()
    desk.begin("pear@orchard.com", reuse_days=0.0)
    desk.finish()
    checks = desk.rows(
        "SELECT folded, number, checks FROM settled_check JOIN mailbox ON mailbox.id = mailbox_id"
        " ORDER BY folded, number"
    )
    assert [tuple(each) for each in checks] == [("pear", 1, 2), ("pear", 2, 2), ("plum", 1, 1)]


def test_a_second_event_for_the_same_check_cannot_be_written(desk):
    desk.begin("pear@orchard.com")
    desk.finish()
    with pytest.raises(IntegrityError), desk.database.writing() as connection:
        connection.execute(
            text("INSERT INTO settled_check SELECT mailbox_id, number, 0, 'valid', '', 1 FROM settled_check")
        )


def _everything(desk):
    tables = ("mailbox", "entry", "tally", "upload", "upload_domain", "settled_check", "domain")
    return {table: desk.rows(f"SELECT * FROM {table}") for table in tables}


def test_on_a_full_disk_a_settle_fails_in_words_and_leaves_nothing_half_written(open_desk, recount):
    desk = open_desk()
    desk.begin(*(f"pear{n}@orchard{n % 40}.com" for n in range(400)))
    batches = desk.claim()
    assert len(batches) == 40
    before = _everything(desk)
    _fill_disk(desk)
    outcomes = [desk.answer(each) for each in batches]
    with pytest.raises(StoreFails, match="full"):
        desk.settle(*outcomes)
    assert _everything(desk) == before
    _free_disk(desk)
    desk.settle(*outcomes)
    assert desk.value("SELECT count(*) FROM settled_check") == 400
    recount(desk)


def _fill_disk(desk):
    """Leave the one that writes room for no further page: SQLite then says what it says of a full disk."""
    _where_it_writes(desk, "PRAGMA max_page_count = 1")


def _free_disk(desk):
    _where_it_writes(desk, "PRAGMA max_page_count = 1000000")


def _where_it_writes(desk, pragma):
    with desk.database.writing() as connection:
        connection.exec_driver_sql(pragma)
