"""Entries that wait for an outcome again."""

import json

import pytest
from sqlalchemy import text

from engine.verdict import Flag
from storage.reopening import REOPENED, leave_open


@pytest.fixture
def done(desk):
    """A list that is done, one of its rows a duplicate of another."""
    upload = desk.begin("info@mill.com", "INFO@mill.com", "pear@orchard.com")
    desk.finish()
    return upload


def reopen(desk, *folded):
    with desk.database.writing() as connection:
        ids = json.dumps(
            [row.id for row in desk.rows("SELECT id, folded FROM mailbox") if row.folded in folded]
        )
        entries = connection.execute(text(REOPENED), {"mailboxes": ids}).all()
        leave_open(connection, entries)
    return len(entries)


def test_all_entries_of_a_mailbox_are_left_open_and_uncounted_and_no_others(desk, done, recount):
    assert reopen(desk, "info") == 2
    rows = desk.rows("SELECT status, reason, confidence, settled_at FROM entry ORDER BY row")
    assert [tuple(row) for row in rows[:2]] == [(None, None, None, None)] * 2
    assert rows[2].status == "valid"
    assert desk.value("SELECT settled_count FROM upload") == 1
    recount(desk)


def test_what_speaks_of_an_entrys_place_in_its_list_stays(desk, done, recount):
    before = [Flag(row.flags) for row in desk.rows("SELECT flags FROM entry ORDER BY row")]
    assert (before[0], before[1]) == (Flag.ROLE, Flag.ROLE | Flag.DUPLICATE)
    reopen(desk, "info")
    assert [row.flags for row in desk.rows("SELECT flags FROM entry ORDER BY row")][:2] == [0, Flag.DUPLICATE]
    recount(desk)


def test_what_is_open_already_is_not_taken_back_twice(desk, done, recount):
    reopen(desk, "info")
    assert reopen(desk, "info") == 0
    recount(desk)
