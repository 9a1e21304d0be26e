"""Notes that are agreed to: remembered once, with the first time, and beyond a restart."""

import time

import pytest

from storage.agreements import FIRST_CHECK, agree, agreed_at
from storage.database import open_database


def test_at_first_nothing_was_agreed_to(database):
    assert agreed_at(database) is None


def test_the_time_is_kept_beyond_a_restart(database, database_file):
    agree(database)
    at = agreed_at(database)
    assert at == pytest.approx(time.time(), abs=60)
    database.close()
    opened = open_database(f"sqlite:///{database_file}")
    assert agreed_at(opened, FIRST_CHECK) == at
    opened.close()


def test_agreeing_twice_keeps_the_first_time(database):
    agree(database)
    first = agreed_at(database)
    agree(database)
    assert agreed_at(database) == first
