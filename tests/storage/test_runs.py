"""Starting, pausing and cancelling: which mailboxes are wanted, which answers still hold."""

import asyncio
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from engine.policy import Policy, Weight
from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.policies import NamedPolicy, policy_of_list
from storage.runs import CHUNK_ROWS, cancel_upload, finish_changes, pause_upload, start_upload
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
    second = desk.begin("pear@orchard.com", reuse_days=0.0)
    assert desk.finish(replies["missing"]) == ["pear@orchard.com"]
    assert [each.status for each in _outcomes(desk, second)] == [Status.INVALID]
    assert [each.status for each in _outcomes(desk, first)] == [Status.INVALID], "every list sees the newest"
    assert desk.value("SELECT count(*) FROM settled_check") == 2
    recount(desk)


def test_checking_again_reuses_what_was_asked_since_it_was_handed_in(desk):
    fresh = desk.save("pear@orchard.com", reuse_days=0.0)
    desk.begin("pear@orchard.com")
    desk.finish()
    desk.start(fresh)
    assert _state(desk, fresh) is UploadState.DONE
    assert desk.claim() == []


@pytest.mark.parametrize(("reuse_days", "asked"), [(None, []), (7.0, []), (1.0, ["pear@orchard.com"])])
def test_an_answer_is_reused_only_if_it_is_young_enough(desk, reuse_days, asked):
    desk.begin("pear@orchard.com")
    desk.finish()
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE mailbox SET checked_at = checked_at - 3 * 86400"))
    desk.begin("pear@orchard.com", reuse_days=reuse_days)
    assert desk.finish() == asked


def test_a_list_is_judged_from_the_start_by_the_policy_that_was_chosen_with_it(desk):
    strict = NamedPolicy("Orchard Ltd", Policy(role=Weight.INVALID))
    usual = desk.save("info@orchard.com")
    upload = desk.save("info@orchard.com", policy=strict)
    desk.start(usual)
    assert desk.acquire()
    desk.finish()
    assert [each.status for each in _outcomes(desk, upload)] == [Status.INVALID]
    assert [each.status for each in _outcomes(desk, usual)] == [Status.RISKY]
    assert policy_of_list(desk.database, upload) == strict
    assert desk.value("SELECT count(*) FROM upload WHERE judged_policy <> policy") == 0


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
    pause_upload(desk.database, upload, desk.settings)
    assert _state(desk, upload) is UploadState.PAUSED
    assert desk.claim() == []
    desk.start(upload)
    assert len(desk.finish()) == 2
    assert _state(desk, upload) is UploadState.DONE


def test_pausing_one_list_does_not_stop_another_that_wants_the_same_mailbox(desk, recount):
    first = desk.begin("pear@orchard.com", "plum@orchard.com")
    second = desk.begin("pear@orchard.com", "fig@mill.com")
    pause_upload(desk.database, first, desk.settings)
    assert sorted(desk.finish()) == ["fig@mill.com", "pear@orchard.com"]
    assert _state(desk, second) is UploadState.DONE
    assert _state(desk, first) is UploadState.PAUSED
    assert [each.status for each in _outcomes(desk, first)] == [Status.VALID, None]
    recount(desk)


def test_what_comes_back_after_a_pause_is_still_kept(desk, recount):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    pause_upload(desk.database, upload, desk.settings)
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
    cancel_upload(desk.database, upload, desk.settings)
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
    cancel_upload(desk.database, first, desk.settings)
    assert [each.status for each in _outcomes(desk, second)] == [None]
    assert desk.finish() == ["pear@orchard.com"]
    assert [each.status for each in _outcomes(desk, second)] == [Status.VALID]
    recount(desk)


def test_what_a_cancelled_list_had_out_may_still_come_back(desk, recount):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    cancel_upload(desk.database, upload, desk.settings)
    desk.settle(desk.answer(batch))
    assert _state(desk, upload) is UploadState.CANCELLED
    assert desk.value("SELECT count(*) FROM entry WHERE status IS NOT NULL") == 1
    recount(desk)


def test_a_done_list_is_neither_paused_nor_cancelled(desk):
    upload = desk.begin("pear@orchard.com")
    desk.finish()
    pause_upload(desk.database, upload, desk.settings)
    cancel_upload(desk.database, upload, desk.settings)
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


@pytest.mark.parametrize("transactions", [1, 2, 3])
@pytest.mark.parametrize(
    ("change", "state"),
    [
        (start_upload, UploadState.RUNNING),
        (pause_upload, UploadState.PAUSED),
        (cancel_upload, UploadState.CANCELLED),
    ],
)
def test_a_change_that_a_kill_breaks_off_is_done_again(
    desk, dying, recount, monkeypatch, change, state, transactions
):
    monkeypatch.setattr("storage.runs.CHUNK_ROWS", 2)
    addresses = [f"plum{number}@orchard.com" for number in range(6)]
    upload = desk.save(*addresses) if change is start_upload else desk.begin(*addresses)
    with pytest.raises(dying.Killed):
        change(dying(desk.database, transactions), upload, desk.settings)

    finish_changes(desk.database, desk.settings)

    assert _state(desk, upload) is state
    wanted = desk.rows("SELECT count(*) AS n FROM mailbox WHERE is_wanted = 1")[0].n
    assert wanted == (6 if state is UploadState.RUNNING else 0)
    outcomes = {each.reason for each in _outcomes(desk, upload)}
    assert outcomes == ({Reason.NOT_CHECKED} if state is UploadState.CANCELLED else {None})
    recount(desk)


def test_a_pause_in_the_middle_of_a_start_wins(desk, dying, monkeypatch):
    monkeypatch.setattr("storage.runs.CHUNK_ROWS", 2)
    upload = desk.save(*(f"plum{number}@orchard.com" for number in range(6)))

    class Interrupted(dying):
        @contextmanager
        def writing(self):
            self.left -= 1
            if self.left == 0:
                pause_upload(self.database, upload, desk.settings)
            with self.database.writing() as connection:
                yield connection

    start_upload(Interrupted(desk.database, 3), upload, desk.settings)

    assert _state(desk, upload) is UploadState.PAUSED
    assert desk.rows("SELECT * FROM mailbox WHERE is_wanted = 1") == []


def test_a_cancelled_list_is_not_started_again(desk):
    upload = desk.begin("plum@orchard.com")
    cancel_upload(desk.database, upload, desk.settings)
    start_upload(desk.database, upload, desk.settings)
    assert _state(desk, upload) is UploadState.CANCELLED


def test_half_answers_of_a_cancelled_list_are_not_used_when_checked_anew(desk):
    first = desk.begin("plum@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, desk.clock() + 900))
    cancel_upload(desk.database, first, desk.settings)

    desk.begin("plum@orchard.com", "fig@mill.com", reuse_days=0.0)

    recipients = [each for batch in desk.claim() for each in batch.recipients]
    assert {(str(each.address), each.attempts, each.answer) for each in recipients} == {
        ("plum@orchard.com", 0, None),
        ("fig@mill.com", 0, None),
    }


def test_a_domain_whose_look_up_failed_is_looked_up_again_for_the_next_list(desk):
    desk.begin("plum@orchard.com")
    with desk.database.writing() as connection:
        connection.execute(
            text("UPDATE domain SET route_kind = 'dns_failed', resolved_at = resolved_at - 60")
        )
    desk.start(desk.save("fig@orchard.com"))
    assert desk.resolve() == ["orchard.com"]


def test_domains_of_a_cancelled_list_are_not_looked_up(desk):
    upload = desk.save("plum@orchard.com")
    desk.start(upload)
    cancel_upload(desk.database, upload, desk.settings)
    desk.start(desk.save("fig@mill.com"))
    assert desk.acquire()
    assert desk.resolve() == ["mill.com"]


def test_the_share_that_is_started_is_told_to_its_end(desk):
    upload = desk.save(*(f"fig{number}@orchard.com" for number in range(3 * CHUNK_ROWS)))
    told = []
    start_upload(desk.database, upload, desk.settings, told.append)
    assert told == pytest.approx([1 / 3, 2 / 3, 1])
