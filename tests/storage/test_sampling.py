"""A list of which a sample is checked first: who is asked, when it stops, how it goes on, what it tells."""

import time

import pytest

from engine.settings import Settings
from engine.verdict import Status
from storage.again import ask_unknown_again
from storage.deletion import restore_list
from storage.pace import waiting_entries
from storage.runs import (
    cancel_upload,
    check_by_dns_only,
    check_whole,
    delete_upload,
    finish_changes,
    pause_upload,
    start_upload,
)
from storage.sampling import draw_sample, sample_standing
from storage.summaries import summarise
from storage.uploads import UploadState

LINES = (
    *(f"plum{number}@orchard.com" for number in range(60)),
    *(f"fig{number}@mill.com" for number in range(30)),
    *(f"pear@farm{number}.com" for number in range(10)),
)
SIZE = 20


@pytest.fixture
def sample(desk):
    """A list of a hundred addresses of which a sample of twenty is under way."""
    upload = desk.save(*LINES)
    draw_sample(desk.database, upload, SIZE)
    desk.start(upload)
    assert desk.acquire()
    return upload


def state(desk, upload):
    return summarise(desk.database, upload).standing.state


def wanted(desk):
    return desk.value("SELECT count(*) FROM mailbox WHERE is_wanted = 1 AND due_at IS NOT NULL")


def sampled(desk, upload):
    rows = desk.rows(
        "SELECT local_part || '@' || name FROM sampled JOIN mailbox ON mailbox.id = mailbox_id"
        " JOIN domain ON domain.id = domain_id WHERE upload_id = :upload",
        upload=upload,
    )
    return {address for (address,) in rows}


def test_a_sample_takes_from_each_stratum_as_many_as_it_is_large(desk, sample):
    counted = desk.rows("SELECT stratum, stratum_size, count(*) FROM sampled GROUP BY stratum ORDER BY 2")
    assert [tuple(each)[1:] for each in counted] == [(10, 2), (30, 6), (60, 12)]


def test_the_same_list_has_always_the_same_sample(desk, sample):
    again = desk.save(*LINES)
    draw_sample(desk.database, again, SIZE)
    assert sampled(desk, again) == sampled(desk, sample)


def test_only_the_sample_is_asked_about_and_then_the_list_is_paused(desk, sample, recount):
    assert wanted(desk) == SIZE
    assert waiting_entries(desk.database) == SIZE
    assert set(desk.finish()) == sampled(desk, sample)
    assert state(desk, sample) is UploadState.PAUSED
    assert wanted(desk) == 0
    assert desk.value("SELECT count(*) FROM turn") == 0
    assert desk.value("SELECT count(*) FROM upload WHERE applied = state") == 1
    recount(desk)


def test_the_rest_is_asked_about_when_the_list_goes_on_and_nobody_twice(desk, sample, recount):
    first = desk.finish()
    check_whole(desk.database, sample, desk.settings)
    rest = desk.finish()
    assert sorted(first + rest) == sorted(LINES)
    assert state(desk, sample) is UploadState.DONE
    recount(desk)


def test_the_rest_can_be_asked_about_before_the_sample_is_through(desk, sample):
    check_whole(desk.database, sample, desk.settings)
    assert wanted(desk) == len(LINES)
    assert sorted(desk.finish()) == sorted(LINES)
    assert state(desk, sample) is UploadState.DONE


def test_a_sample_can_be_paused_and_resumed(desk, sample):
    desk.resolve()
    (batch,) = desk.claim(1)
    desk.settle(desk.answer(batch))
    pause_upload(desk.database, sample, desk.settings)
    assert wanted(desk) == 0
    desk.start(sample)
    assert wanted(desk) == SIZE - len(batch.recipients)
    desk.finish()
    assert sample_standing(desk.database, sample).is_through


def test_a_sample_that_is_ended_early_leaves_a_list_that_is_ended_early(desk, sample, recount):
    desk.finish()
    cancel_upload(desk.database, sample, desk.settings)
    summary = summarise(desk.database, sample)
    assert summary.standing.state is UploadState.CANCELLED
    assert summary.standing.sample_size == 0
    assert summary.standing.statuses[Status.UNKNOWN] == len(LINES) - SIZE
    recount(desk)
    ask_unknown_again(desk.database, sample, desk.settings)
    assert len(desk.finish()) == len(LINES) - SIZE
    assert state(desk, sample) is UploadState.DONE


def test_a_sample_that_goes_on_by_dns_only_goes_on_as_a_whole(desk, sample, recount):
    check_by_dns_only(desk.database, sample, desk.settings)
    desk.resolve()
    assert summarise(desk.database, sample).standing.sample_size == 0
    assert wanted(desk) == 0
    recount(desk)


def test_a_deleted_sample_asks_nobody_and_comes_back_paused(desk, sample):
    delete_upload(desk.database, sample, desk.settings)
    assert wanted(desk) == 0
    assert restore_list(desk.database, sample) is UploadState.PAUSED
    desk.start(sample)
    assert wanted(desk) == SIZE


@pytest.mark.parametrize("broken", ["running", "paused", "cancelled"])
def test_a_change_that_a_kill_broke_off_is_done_again_for_the_sample(desk, broken, recount):
    upload = desk.save(*LINES)
    draw_sample(desk.database, upload, SIZE)
    desk.start(upload)
    with desk.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE upload SET state = ?, applied = '', sample_size = iif(? = 'cancelled', 0, sample_size)",
            (broken, broken),
        )
        connection.exec_driver_sql("UPDATE mailbox SET is_wanted = ?", (int(broken != "running"),))
    finish_changes(desk.database, desk.settings)
    assert wanted(desk) == (SIZE if broken == "running" else 0)
    recount(desk)


@pytest.mark.parametrize("transactions", [0, 1, 2, 3])
def test_going_on_as_a_whole_is_done_again_where_a_kill_broke_it_off_or_never_was(
    desk, sample, dying, monkeypatch, recount, transactions
):
    monkeypatch.setattr("storage.runs.CHUNK_ROWS", 40)
    desk.finish()
    with pytest.raises(dying.Killed):
        check_whole(dying(desk.database, transactions), sample, desk.settings)

    finish_changes(desk.database, desk.settings)

    assert state(desk, sample) is (UploadState.RUNNING if transactions else UploadState.PAUSED)
    assert wanted(desk) == (len(LINES) - SIZE if transactions else 0)
    assert sample_standing(desk.database, sample).is_through
    recount(desk)


def test_a_deleted_sample_is_not_checked_as_a_whole(desk, sample):
    delete_upload(desk.database, sample, desk.settings)
    check_whole(desk.database, sample, desk.settings)
    restore_list(desk.database, sample)
    assert summarise(desk.database, sample).standing.sample_size == SIZE
    assert wanted(desk) == 0


def test_another_list_keeps_what_it_wants_when_a_sample_is_paused(desk, sample):
    other = desk.save(*LINES[:50])
    desk.start(other)
    asked = wanted(desk)
    pause_upload(desk.database, sample, desk.settings)
    assert wanted(desk) == 50 < asked
    pause_upload(desk.database, other, desk.settings)
    assert wanted(desk) == 0


def test_a_sample_that_runs_wants_nobody_for_a_whole_list_that_is_paused(desk, sample):
    other = desk.save(*LINES)
    desk.start(other)
    assert wanted(desk) == len(LINES)
    pause_upload(desk.database, other, desk.settings)
    assert wanted(desk) == SIZE


def test_answers_that_still_hold_end_a_sample_at_once(desk, sample):
    desk.finish()
    again = desk.save(*LINES)
    draw_sample(desk.database, again, SIZE)
    desk.start(again)
    assert state(desk, again) is UploadState.PAUSED
    assert sample_standing(desk.database, again).is_through
    check_whole(desk.database, again, desk.settings)
    assert wanted(desk) == len(LINES) - SIZE


def test_a_list_whose_rest_another_one_had_answered_is_done_with_its_sample(desk, sample):
    pause_upload(desk.database, sample, desk.settings)
    drawn = sampled(desk, sample)
    desk.start(desk.save(*(line for line in LINES if line not in drawn)))
    desk.finish()
    desk.start(sample)
    desk.finish()
    standing = summarise(desk.database, sample).standing
    assert (standing.state, standing.sample_size) == (UploadState.DONE, 0)


def test_each_stratum_is_weighed_as_in_the_list(desk, sample, replies):
    answers = {line: replies["missing" if "orchard" in line else "accepted"] for line in LINES}
    desk.finish(answers)
    standing = sample_standing(desk.database, sample)
    invalid = standing.estimate.statuses[Status.INVALID]
    assert (standing.drawn, standing.whole, standing.waiting) == (SIZE, len(LINES), 0)
    assert invalid.point == pytest.approx(0.6)
    assert invalid.low < 0.6 < invalid.high


def test_a_duplicate_counts_once_and_is_answered_with_its_first(desk, recount):
    upload = desk.save(*LINES, *LINES[:40])
    draw_sample(desk.database, upload, SIZE)
    desk.start(upload)
    assert desk.acquire()
    desk.finish()
    standing = sample_standing(desk.database, upload)
    assert (standing.drawn, standing.whole) == (SIZE, len(LINES))
    assert state(desk, upload) is UploadState.PAUSED
    recount(desk)


def test_those_who_are_put_off_are_said_with_their_time(desk, sample):
    desk.resolve()
    (batch, *_) = desk.claim()
    due_at = time.time() + 900
    desk.settle(desk.put_off(batch, due_at))
    standing = sample_standing(desk.database, sample)
    assert standing.put_off == len(batch.recipients)
    assert standing.first_at == pytest.approx(due_at)
    assert not standing.is_through


@pytest.mark.parametrize("number", [5, SIZE])
def test_of_a_list_that_is_no_larger_than_its_sample_the_whole_is_checked(desk, number):
    upload = desk.save(*LINES[:number])
    draw_sample(desk.database, upload, SIZE)
    assert summarise(desk.database, upload).standing.sample_size == 0
    desk.start(upload)
    assert wanted(desk) == number


def test_a_list_that_was_started_already_gets_no_sample(desk):
    upload = desk.begin(*LINES)
    draw_sample(desk.database, upload, SIZE)
    assert summarise(desk.database, upload).standing.sample_size == 0
    assert desk.value("SELECT count(*) FROM sampled") == 0


def test_a_list_by_dns_alone_gets_no_sample(desk):
    upload = desk.save(*LINES, is_dns_only=True)
    draw_sample(desk.database, upload, SIZE)
    start_upload(desk.database, upload, Settings())
    assert summarise(desk.database, upload).standing.sample_size == 0
