"""Starting, pausing and cancelling: which mailboxes are wanted, which answers still hold."""

import asyncio

import pytest
from sqlalchemy import text

from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.runs import cancel_upload, pause_upload
from storage.summaries import summarise
from storage.uploads import UploadState


def _state(desk, upload):
    return summarise(desk.database, upload).standing.state


def _expire_all(desk):
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE mailbox SET expires_at = checked_at - 1"))


def _outcomes(desk, upload):
    sql = "SELECT text, status, reason, flags FROM entry WHERE upload_id = :u ORDER BY row, ordinal"
    return desk.rows(sql, u=upload)


def test_a_start_wants_every_mailbox_once(desk, recount):
    upload = desk.begin("pear@orchard.com", "plum@orchard.com", "PEAR@orchard.com", "fig@mill.com")
    assert _state(desk, upload) is UploadState.RUNNING
    assert sorted(desk.finish()) == ["fig@mill.com", "pear@orchard.com", "plum@orchard.com"]
    assert _state(desk, upload) is UploadState.DONE
    recount(desk)


def test_starting_twice_changes_nothing(desk):
    upload = desk.begin("pear@orchard.com", "plum@mill.com")
    claimed = desk.claim(1)
    before = desk.rows("SELECT * FROM mailbox")
    desk.start(upload)
    assert desk.rows("SELECT * FROM mailbox") == before
    assert len(claimed) == 1
    assert len(desk.claim()) == 1, "what is out stays out"


def test_fresh_answers_are_reused_and_flagged(desk, recount):
    first = desk.begin("pear@orchard.com", "plum@orchard.com")
    desk.finish()
    second = desk.begin("plum@orchard.com", "quince@orchard.com")
    reused, waiting = _outcomes(desk, second)
    assert (reused.status, reused.reason) == (Status.VALID, Reason.ACCEPTED)
    assert reused.flags & Flag.REUSED
    assert waiting.status is None
    assert desk.finish() == ["quince@orchard.com"]
    assert not any(each.flags & Flag.REUSED for each in _outcomes(desk, first))
    assert not _outcomes(desk, second)[1].flags & Flag.REUSED
    recount(desk)


def test_a_list_of_nothing_but_fresh_answers_is_done_at_once(desk):
    desk.begin("pear@orchard.com")
    desk.finish()
    second = desk.begin("PEAR@orchard.com", "pear@orchard.com")
    assert _state(desk, second) is UploadState.DONE
    assert desk.claim() == []


def test_checking_again_asks_for_what_is_still_fresh(desk, recount, replies):
    first = desk.begin("pear@orchard.com")
    desk.finish()
    second = desk.begin("pear@orchard.com", is_fresh_wanted=True)
    assert desk.finish(replies["missing"]) == ["pear@orchard.com"]
    assert [each.status for each in _outcomes(desk, second)] == [Status.INVALID]
    assert [each.status for each in _outcomes(desk, first)] == [Status.INVALID], "every list sees the newest"
    assert desk.value("SELECT count(*) FROM settled_check") == 2
    recount(desk)


def test_checking_again_reuses_what_was_asked_since_it_was_handed_in(desk):
    fresh = desk.save("pear@orchard.com", is_fresh_wanted=True)
    desk.begin("pear@orchard.com")
    desk.finish()
    desk.start(fresh)
    assert _state(desk, fresh) is UploadState.DONE
    assert desk.claim() == []


def test_expired_answers_are_asked_again(desk):
    desk.begin("pear@orchard.com")
    desk.finish()
    _expire_all(desk)
    second = desk.begin("pear@orchard.com")
    assert desk.finish() == ["pear@orchard.com"]
    assert not _outcomes(desk, second)[0].flags & Flag.REUSED


def test_a_mailbox_asked_again_starts_with_its_first_attempt(desk):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, 0.0))
    desk.finish()
    assert desk.value("SELECT attempts FROM mailbox") == 2
    _expire_all(desk)
    desk.begin("pear@orchard.com")
    ((recipient,),) = (batch.recipients for batch in desk.claim())
    assert recipient.attempts == 0
    assert recipient.answer is None


def test_a_paused_list_asks_for_nothing_and_goes_on_when_started(desk):
    upload = desk.begin("pear@orchard.com", "plum@mill.com")
    pause_upload(desk.database, upload)
    assert _state(desk, upload) is UploadState.PAUSED
    assert desk.claim() == []
    desk.start(upload)
    assert len(desk.finish()) == 2
    assert _state(desk, upload) is UploadState.DONE


def test_pausing_one_list_does_not_stop_another_that_wants_the_same_mailbox(desk, recount):
    first = desk.begin("pear@orchard.com", "plum@orchard.com")
    second = desk.begin("pear@orchard.com", "fig@mill.com")
    pause_upload(desk.database, first)
    assert sorted(desk.finish()) == ["fig@mill.com", "pear@orchard.com"]
    assert _state(desk, second) is UploadState.DONE
    assert _state(desk, first) is UploadState.PAUSED
    assert [each.status for each in _outcomes(desk, first)] == [Status.VALID, None]
    recount(desk)


def test_what_comes_back_after_a_pause_is_still_kept(desk, recount):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    pause_upload(desk.database, upload)
    desk.settle(desk.answer(batch))
    assert [each.status for each in _outcomes(desk, upload)] == [Status.VALID]
    desk.start(upload)
    assert _state(desk, upload) is UploadState.DONE
    recount(desk)


def test_cancelling_gives_every_entry_exactly_one_outcome(desk, recount):
    upload = desk.begin(
        "a,email", "1,pear@orchard.com", "2,plum@mill.com; fig@mill.com", "3,no address", "4,"
    )
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    desk.settle(desk.answer(batch))
    cancel_upload(desk.database, upload)
    assert [(each.status, each.reason) for each in _outcomes(desk, upload)] == [
        (Status.VALID, Reason.ACCEPTED),
        (Status.UNKNOWN, Reason.NOT_CHECKED),
        (Status.UNKNOWN, Reason.NOT_CHECKED),
        (Status.INVALID, Reason.MALFORMED),
        (Status.INVALID, Reason.EMPTY),
    ]
    assert _state(desk, upload) is UploadState.CANCELLED
    assert desk.claim() == []
    recount(desk)


def test_cancelling_one_list_leaves_what_another_waits_for(desk, recount):
    first = desk.begin("pear@orchard.com")
    second = desk.begin("pear@orchard.com")
    cancel_upload(desk.database, first)
    assert [each.status for each in _outcomes(desk, second)] == [None]
    assert desk.finish() == ["pear@orchard.com"]
    assert [each.status for each in _outcomes(desk, second)] == [Status.VALID]
    recount(desk)


def test_what_a_cancelled_list_had_out_may_still_come_back(desk, recount):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    cancel_upload(desk.database, upload)
    desk.settle(desk.answer(batch))
    assert _state(desk, upload) is UploadState.CANCELLED
    assert desk.value("SELECT count(*) FROM entry WHERE status IS NOT NULL") == 1
    recount(desk)


def test_a_done_list_is_neither_paused_nor_cancelled(desk):
    upload = desk.begin("pear@orchard.com")
    desk.finish()
    pause_upload(desk.database, upload)
    cancel_upload(desk.database, upload)
    assert _state(desk, upload) is UploadState.DONE
    assert [each.status for each in _outcomes(desk, upload)] == [Status.VALID]


@pytest.mark.parametrize("hours", [1, 25])
def test_a_domain_is_looked_up_again_once_its_facts_are_old(desk, hours):
    desk.begin("pear@orchard.com")
    desk.finish()
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE domain SET resolved_at = resolved_at - :s"), {"s": hours * 3600})
    second = desk.save("plum@orchard.com")
    desk.start(second)
    waiting = asyncio.run(desk.queue.claim_domains(10))
    assert [each.name for each in waiting] == (["orchard.com"] if hours > 24 else [])
