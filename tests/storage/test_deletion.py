"""Deleting a list and bringing it back."""

import time

import pytest

from storage.deletion import KEPT_S, delete_for_good, deleted_lists, restore_list
from storage.doubted import take_back
from storage.estimates import estimate_list
from storage.pace import waiting_entries
from storage.runs import delete_upload, finish_changes, start_upload
from storage.summaries import standings, summarise
from storage.uploads import UploadState, find_upload, is_there


@pytest.fixture
def delete(desk):
    """Delete a list."""
    return lambda upload: delete_upload(desk.database, upload, desk.settings)


def test_a_deleted_list_is_among_the_deleted_and_nowhere_else(desk, delete):
    upload = desk.begin("pear@orchard.com")
    continuation = desk.value("SELECT continuation FROM upload")
    assert find_upload(desk.database, continuation) == upload
    delete(upload)
    assert standings(desk.database) == []
    assert summarise(desk.database, upload) is None
    assert find_upload(desk.database, continuation) is None
    assert not is_there(desk.database, upload)
    assert estimate_list(desk.database, upload, desk.settings) is None
    assert waiting_entries(desk.database) == 0
    assert [(each.upload, each.name, each.rows) for each in deleted_lists(desk.database)] == [
        (upload, "fruits.csv", 1)
    ]


def test_a_running_list_that_is_deleted_asks_nobody_and_comes_back_paused(desk, delete):
    upload = desk.begin("pear@orchard.com", "plum@mill.com")
    delete(upload)
    assert desk.claim() == []
    assert restore_list(desk.database, upload) is UploadState.PAUSED
    assert desk.claim() == []
    desk.start(upload)
    assert sorted(desk.finish()) == ["pear@orchard.com", "plum@mill.com"]
    assert deleted_lists(desk.database) == []


def test_what_another_list_wants_is_still_asked(desk, delete):
    deleted = desk.begin("pear@orchard.com", "plum@mill.com")
    desk.begin("pear@orchard.com")
    delete(deleted)
    assert desk.finish() == ["pear@orchard.com"]


def test_a_finished_list_comes_back_as_it_was(desk, delete):
    upload = desk.begin("pear@orchard.com")
    desk.finish()
    before = summarise(desk.database, upload)
    delete(upload)
    assert restore_list(desk.database, upload) is UploadState.DONE
    assert summarise(desk.database, upload) == before


def test_a_deleted_list_is_neither_started_nor_run_again(desk, delete, replies):
    upload = desk.begin("pear@orchard.com")
    desk.finish(replies["full"])
    delete(upload)
    start_upload(desk.database, upload, desk.settings)
    assert desk.value("SELECT state FROM upload") == "done"


def test_answers_that_are_taken_back_do_not_wake_a_deleted_list(desk, delete):
    from engine.batch import Pause, Scope

    upload = desk.begin("pear@orchard.com")
    desk.finish()
    delete(upload)
    pause = Pause(Scope.DOMAIN, "orchard.com", time.time(), time.time() + 60, 1, 0.9)
    with desk.database.writing() as connection:
        take_back(connection, [desk.value("SELECT id FROM mailbox")], pause)
    assert desk.value("SELECT state FROM upload") == "done"
    assert desk.value("SELECT is_wanted FROM mailbox") == 0


def test_a_done_list_that_is_deleted_has_nobody_asked_for_an_answer_that_was_taken_back(desk, delete):
    from engine.batch import Pause, Scope

    upload = desk.begin("pear@orchard.com")
    desk.finish()
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET finished_at = finished_at - 7200")
    pause = Pause(Scope.DOMAIN, "orchard.com", time.time() - 60, time.time() - 1, 1, 0.9)
    with desk.database.writing() as connection:
        take_back(connection, [desk.value("SELECT id FROM mailbox")], pause)
    assert desk.value("SELECT is_wanted FROM mailbox") == 1
    delete(upload)
    assert desk.value("SELECT state FROM upload") == "done"
    assert desk.finish() == []


def test_a_list_that_is_being_read_is_not_deleted(desk, delete):
    upload = desk.save("pear@orchard.com")
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET state = 'reading'")
    delete(upload)
    assert is_there(desk.database, upload)


def test_a_kill_in_the_middle_of_deleting_is_made_up_for(desk, delete):
    desk.begin("pear@orchard.com")
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET deleted_at = 1e12, state = 'paused', applied = ''")
    assert desk.value("SELECT is_wanted FROM mailbox") == 1
    finish_changes(desk.database, desk.settings)
    assert desk.value("SELECT is_wanted FROM mailbox") == 0


def test_the_one_deleted_last_stands_first_and_says_when_it_goes(desk, delete):
    first, second = desk.save("pear@orchard.com"), desk.save("plum@orchard.com")
    delete(second)
    delete(first)
    found = deleted_lists(desk.database)
    assert [each.upload for each in found] == [first, second]
    assert found[0].gone_at == found[0].deleted_at + KEPT_S


def test_after_its_days_a_list_does_not_come_back(desk, delete):
    upload = desk.save("pear@orchard.com")
    delete(upload)
    later = time.time() + KEPT_S + 1
    assert deleted_lists(desk.database, later) == []
    assert restore_list(desk.database, upload, later) is None
    assert not is_there(desk.database, upload)


def test_a_list_deleted_for_good_does_not_come_back(desk, delete):
    upload, kept = desk.save("pear@orchard.com"), desk.save("plum@orchard.com")
    delete(upload)
    delete_for_good(desk.database, upload)
    delete_for_good(desk.database, kept)
    assert restore_list(desk.database, upload) is None
    assert is_there(desk.database, kept), "only what was deleted before"


def test_the_same_file_handed_in_again_after_a_deletion_is_a_new_list(desk, delete):
    first = desk.save("pear@orchard.com")
    delete(first)
    second = desk.save("pear@orchard.com")
    assert [(each.upload, each.check) for each in standings(desk.database)] == [(second, 1)]
