"""What is noted of a run with the strict provider, from a database and counters that are made up."""

import sqlite3

import pytest

from bench.strict import Found, _ask, _look


class World:
    """Counters that grow with each question."""

    def __init__(self) -> None:
        self.asked = 0

    def counters(self):
        self.asked += 1
        answered = {"consumer": 0, "provider": 0, "own": 0, "strict": 10 * self.asked}
        return {"warnings": 1, "bans": 0, "answered": answered, "refused_in_ban": 0}


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "winnow.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE domain (id INTEGER, name TEXT)")
        connection.execute("CREATE TABLE mailbox (domain_id INTEGER, state TEXT)")
        connection.execute("INSERT INTO domain VALUES (1, 'rye.strictpost.sandbox'), (2, 'plum.sandbox')")
        connection.execute("INSERT INTO mailbox VALUES (1, 'waiting'), (2, 'waiting')")
    return file


def test_others_are_done_when_only_the_strict_providers_addresses_wait(database):
    found = Found()
    _look(found, database, 7.0)
    assert found.others_s == float("inf")

    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE mailbox SET state = 'settled' WHERE domain_id = 2")
    _look(found, database, 9.0)
    _look(found, database, 11.0)

    assert found.others_s == 9.0


def test_the_hosts_are_asked_every_ten_seconds(capsys):
    found, world = Found(), World()
    for now_s in (0.0, 5.0, 10.0, 14.0, 21.0):
        _ask(found, world, now_s)

    assert found.answered == [(0.0, 10), (10.0, 20), (21.0, 30)]
    assert (found.warnings, found.bans) == (1, 0)
