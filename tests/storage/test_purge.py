"""Purging: a deleted list goes with all that no other list names, in pieces, and across kills."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.snapshot import Snapshot
from engine.work_queue import Notice
from storage import purge
from storage.deletion import KEPT_S, delete_for_good
from storage.purge import purge_next
from storage.runs import delete_upload

HOUSE = Path(__file__).parents[2]
OF_A_LIST = ("upload", "sheet_row", "entry", "tally", "upload_domain", "turn")
OF_MAILBOXES = ("domain", "mailbox", "settled_check")


@pytest.fixture
def delete(desk):
    """Delete a list for good, so that it is to be purged at once."""

    def let_go(upload):
        delete_upload(desk.database, upload, desk.settings)
        delete_for_good(desk.database, upload)

    return let_go


@pytest.fixture
def purge_all(desk):
    """Purge until nothing is left to purge; give how many pieces that took."""

    def go_on():
        pieces = 0
        while True:
            with desk.database.writing() as connection:
                if not purge_next(connection, desk.clock()):
                    return pieces
            pieces += 1

    return go_on


def _counts(desk, *tables):
    return {table: desk.value(f"SELECT count(*) FROM {table}") for table in tables}


def test_nothing_is_purged_before_its_days_are_over(desk, purge_all):
    upload = desk.begin("pear@orchard.com")
    before = _counts(desk, *OF_A_LIST, *OF_MAILBOXES)
    delete_upload(desk.database, upload, desk.settings)
    assert purge_all() == 0
    assert _counts(desk, *OF_A_LIST, *OF_MAILBOXES) == before | {"turn": 0}
    desk.clock.ahead_s = KEPT_S + 1
    assert purge_all() > 0
    assert set(_counts(desk, *OF_A_LIST, *OF_MAILBOXES).values()) == {0}


def test_what_another_list_names_stays_with_its_answers(desk, delete, purge_all, recount):
    gone = desk.begin("pear@orchard.com", "plum@mill.com", "fig@orchard.com")
    kept = desk.begin("pear@orchard.com")
    desk.finish()
    before = desk.rows("SELECT * FROM entry WHERE upload_id = :kept", kept=kept)
    delete(gone)
    purge_all()
    assert desk.rows("SELECT name FROM domain") == [("orchard.com",)]
    assert desk.rows("SELECT folded, checks FROM mailbox") == [("pear", 1)]
    assert desk.rows("SELECT * FROM entry") == before
    assert desk.value("SELECT count(*) FROM settled_check") == 1
    recount(desk)


def test_a_mailbox_that_is_being_asked_about_stays_until_its_answer_is_in(desk, delete, purge_all):
    upload = desk.begin("pear@orchard.com", "no address")
    (batch,) = desk.claim()
    delete(upload)
    purge_all()
    assert desk.rows("SELECT folded FROM mailbox") == [("pear",)]
    assert _counts(desk, "entry", "upload") == {"entry": 1, "upload": 1}
    desk.settle(desk.answer(batch))
    purge_all()
    assert set(_counts(desk, *OF_A_LIST, *OF_MAILBOXES).values()) == {0}


def test_the_days_over_do_not_come_back_when_the_clock_goes_back(desk, purge_all):
    upload = desk.save("pear@orchard.com")
    delete_upload(desk.database, upload, desk.settings)
    with desk.database.writing() as connection:
        assert purge_next(connection, desk.clock() + KEPT_S + 1)
    assert desk.value("SELECT deleted_at FROM upload") == 0
    assert purge_all() > 0


def test_a_large_list_goes_in_many_pieces(desk, delete, purge_all, monkeypatch):
    monkeypatch.setattr(purge, "CHUNK_ENTRIES", 3)
    monkeypatch.setattr(purge, "CHUNK_ROWS", 4)
    upload = desk.begin(*(f"pear{n}@orchard{n}.com" for n in range(10)))
    delete(upload)
    assert purge_all() == 4 + 3 + 1, "entries, rows, and the list; its domains went with their mailboxes"
    assert set(_counts(desk, *OF_A_LIST, *OF_MAILBOXES).values()) == {0}


def test_domains_that_stay_keep_the_turns_of_others(desk, delete, purge_all):
    gone = desk.begin("plum@orchard.com")
    desk.begin("pear@orchard.com")
    delete(gone)
    purge_all()
    assert desk.finish() == ["pear@orchard.com"]


def test_the_engines_heartbeat_purges(desk, delete):
    upload = desk.begin("pear@orchard.com")
    delete(upload)
    asyncio.run(desk.queue.renew(Notice.RUNNING, Snapshot()))
    assert set(_counts(desk, *OF_A_LIST, *OF_MAILBOXES).values()) == {0}


KILLED_AT_PIECE = """
import os, signal, sys, time
from storage import purge
from storage.database import open_database

purge.CHUNK_ENTRIES, purge.CHUNK_ROWS = 3, 4
database, deadly = open_database(sys.argv[1]), int(sys.argv[2])
for piece in range(deadly):
    with database.writing() as connection:
        purge.purge_next(connection, time.time())
        if piece == deadly - 1:
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("deadly", [1, 3, 5, 7, 8])
def test_a_kill_in_the_middle_is_gone_on_from_at_the_next_start(
    desk, delete, purge_all, recount, database_file, deadly
):
    kept = desk.begin("pear0@orchard0.com", "fig@mill.com")
    gone = desk.begin(*(f"pear{n}@orchard{n}.com" for n in range(10)))
    desk.finish()
    delete(gone)
    command = [sys.executable, "-c", KILLED_AT_PIECE, f"sqlite:///{database_file}", str(deadly)]
    killed = subprocess.run(command, cwd=HOUSE, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed
    assert desk.rows("SELECT id FROM upload WHERE deleted_at IS NULL") == [(kept,)]
    purge_all()
    assert desk.rows("SELECT id FROM upload") == [(kept,)]
    assert _counts(desk, *OF_MAILBOXES) == {"domain": 2, "mailbox": 2, "settled_check": 2}
    assert desk.rows("PRAGMA foreign_key_check") == []
    recount(desk)
