"""The part of a list that is checked first."""

import pytest

from storage.sampled import SAMPLE_LEFT, open_in_sample, pause_if_sampled
from storage.sampling import draw_sample

LINES = [f"plum{number}@orchard.com" for number in range(9)]
SIZE = 4


@pytest.fixture
def sample(desk):
    upload = desk.save(*LINES, "PLUM0@orchard.com")
    draw_sample(desk.database, upload, SIZE)
    desk.start(upload)
    return upload


def left(desk, upload):
    return desk.value(f"SELECT {SAMPLE_LEFT} FROM upload WHERE id = :upload", upload=upload)


def look(desk, upload):
    with desk.database.reading() as connection:
        return open_in_sample(connection, upload)


def pause(desk, upload):
    with desk.database.writing() as connection:
        pause_if_sampled(connection, upload)
    return desk.value("SELECT state FROM upload WHERE id = :upload", upload=upload)


def test_who_of_a_sample_waits_is_named_once_however_often_the_list_names_him(desk, sample):
    drawn = {row.mailbox_id for row in desk.rows("SELECT mailbox_id FROM sampled")}
    assert sorted(look(desk, sample)) == sorted(drawn)
    assert len(drawn) == SIZE


def test_the_entries_left_are_those_of_the_sample_alone(desk, sample):
    named = desk.value("SELECT count(*) FROM entry JOIN sampled USING (mailbox_id)")
    assert left(desk, sample) == named
    assert desk.acquire()
    desk.finish()
    assert left(desk, sample) == 0
    assert look(desk, sample) == []
    assert desk.value("SELECT count(*) FROM entry WHERE status IS NULL") > 0


def test_a_running_list_is_paused_once_its_sample_is_through_and_not_before(desk, sample):
    assert pause(desk, sample) == "running"
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE entry SET status = 'valid'")
    assert pause(desk, sample) == "paused"
    assert desk.value("SELECT applied FROM upload") == "paused"
    assert desk.value("SELECT count(*) FROM turn") == 0


def test_a_list_that_is_checked_as_a_whole_is_not_paused(desk):
    upload = desk.save(*LINES)
    desk.start(upload)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE entry SET status = 'valid'")
    assert pause(desk, upload) == "running"
