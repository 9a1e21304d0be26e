"""How the database behaves, and that what cannot be opened is refused in words."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from engine.work_queue import StoreFails
from storage.database import Database, UnusableDatabase, open_database


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 30_000)]
)
def test_every_connection_is_set_up(database, pragma, value):
    with database.reading() as first, database.reading() as second:
        for connection in (first, second):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_row_that_points_nowhere_is_refused(database):
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(text("INSERT INTO sheet_row (upload_id, number, cells) VALUES (7, 0, '[]')"))


def test_deleting_a_list_deletes_its_rows(desk):
    upload = desk.save("pear@orchard.com", "plum@orchard.com")
    with desk.database.writing() as connection:
        connection.execute(text("DELETE FROM upload WHERE id = :id"), {"id": upload})
    assert desk.value("SELECT count(*) FROM sheet_row") == 0
    assert desk.value("SELECT count(*) FROM entry") == 0


def test_writing_holds_the_file_from_its_first_moment(database):
    with database.writing(), database.reading() as other:
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        other.exec_driver_sql("COMMIT")
        with pytest.raises(OperationalError, match="locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.exec_driver_sql("BEGIN")


def test_reading_sees_one_moment_while_others_write(database):
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM domain")).scalar() == 0
        _write_domain(database)
        assert reader.execute(text("SELECT count(*) FROM domain")).scalar() == 0
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM domain")).scalar() == 1


def test_a_writing_that_breaks_off_leaves_nothing(database):
    with pytest.raises(IntegrityError):
        _write_twice(database)
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM domain")).scalar() == 0


def _write_twice(database):
    with database.writing() as connection:
        connection.execute(text(DOMAIN))
        connection.execute(text(DOMAIN))


DOMAIN = (
    "INSERT INTO domain (name, route_key, provider, mx_host, needs_probe, portion)"
    " VALUES ('orchard.com', '', '', '', 1, 1)"
)


def _write_domain(database):
    def write():
        with database.writing() as connection:
            connection.execute(text(DOMAIN))

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(20)
    assert not writer.is_alive()


def test_a_writer_waits_for_one_write_and_not_for_all_of_anothers(database):
    begun, ended = [], threading.Event()

    def write_again_and_again():
        while len(begun) < 500 and not ended.is_set():
            with database.writing() as connection:
                begun.append(connection.execute(text(COUNTED)).scalar())

    other = threading.Thread(target=write_again_and_again)
    other.start()
    while len(begun) < 2:
        time.sleep(0.001)
    before = len(begun)
    with database.writing():
        between = len(begun) - before
    ended.set()
    other.join(20)
    assert between <= 2


COUNTED = (
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 20000)"
    " SELECT max(n) FROM counted"
)


def test_a_lack_of_connections_is_said_plainly(tmp_path):
    sql = create_engine(
        f"sqlite:///{tmp_path}/winnow.db",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.01,
        connect_args={"check_same_thread": False},
    )
    database = Database(tmp_path / "winnow.db", sql, sql)
    with (
        database.reading(),
        pytest.raises(StoreFails, match="all connections are in use"),
        database.reading(),
    ):
        pass
    database.close()


@pytest.mark.parametrize(
    "url", ["", "winnow.db", "postgresql+psycopg://127.0.0.1/winnow", "sqlite://", "mysql://127.0.0.1/winnow"]
)
def test_what_names_no_sqlite_file_is_refused(url):
    with pytest.raises(UnusableDatabase, match="DATABASE_URL"):
        open_database(url)


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(UnusableDatabase, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "fruit").write_text("pear")
    with pytest.raises(UnusableDatabase, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}/fruit/winnow.db")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no folder that not even root can write")
def test_a_folder_that_cannot_be_written_is_refused():
    with pytest.raises(UnusableDatabase, match="cannot be opened"):
        open_database("sqlite:////proc/winnow.db")


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(database_file):
    database_file.write_text("pear\n" * 1000)
    with pytest.raises(UnusableDatabase, match="not a database"):
        open_database(f"sqlite:///{database_file}")
    assert database_file.read_text() == "pear\n" * 1000


def test_opening_waits_while_another_makes_the_file(database_file):
    maker = sqlite3.connect(database_file, isolation_level=None)
    maker.execute("BEGIN IMMEDIATE")
    opened = []
    opener = threading.Thread(target=lambda: opened.append(open_database(f"sqlite:///{database_file}")))
    opener.start()
    opener.join(0.5)
    assert opener.is_alive(), "it gave up at once"
    maker.execute("COMMIT")
    maker.close()
    opener.join(20)
    (database,) = opened
    database.close()


def test_missing_folders_are_made(tmp_path):
    file = tmp_path / "a" / "b" / "winnow.db"
    open_database(f"sqlite:///{file}").close()
    assert file.exists()
