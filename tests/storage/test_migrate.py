"""The schema: brought up to date whole or not at all, after a copy, never backwards."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from storage import migrate
from storage.database import Database, UnusableDatabase, open_database
from storage.dismissed import dismiss, is_dismissed
from storage.entries import Search, find_entries
from storage.plans import Plan, plan_send, plans_of
from storage.singles import recent_singles
from storage.summaries import standings
from storage.tables import Table

HOUSE = Path(__file__).parents[2]
MIGRATIONS = HOUSE / "storage/migrations"
COMING = "to_come"
SCHEMA_TO_COME = """
import sqlalchemy as sa
from alembic import op

revision = "to_come"
down_revision = "{newest}"


def upgrade():
    op.create_table("harvest", sa.Column("fruit", sa.String()))
    with op.batch_alter_table("upload") as upload:
        upload.add_column(sa.Column("season", sa.String(), nullable=True))
        upload.alter_column("name", new_column_name="heading")
    op.execute("INSERT INTO harvest (fruit) VALUES ('quince')")
"""
KILLED_AT_STATEMENT = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from storage import migrate
from storage.database import open_database

url, scripts, deadly = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
migrate._SCRIPTS = scripts
seen = 0

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    global seen
    seen += statement.split()[0].upper() in {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE"}
    if seen == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

open_database(url)
print(seen)
"""


@pytest.fixture
def newer_scripts(tmp_path: Path) -> Path:
    """Give the migrations of a Winnow to come, which has one schema more."""
    scripts = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    (scripts / "versions/to_come.py").write_text(SCHEMA_TO_COME.format(newest=newest))
    return scripts


@pytest.fixture
def database(database_file: Path) -> Iterator[Database]:
    """Make a database as the first start does, not a copy of one."""
    opened = open_database(f"sqlite:///{database_file}")
    yield opened
    opened.close()


@pytest.fixture
def old_file(database_file: Path, database: Database) -> Path:
    """Give a file of the newest schema with one list in it."""
    database.close()
    _run(database_file, f"INSERT INTO upload ({', '.join(UPLOAD)}) VALUES ({', '.join('?' * len(UPLOAD))})")
    return database_file


UPLOAD = {
    "name": "fruits.csv",
    "sheet_name": "",
    "continuation": "c",
    "state": "ready",
    "applied": "",
    "header": "[]",
    "has_header": 1,
    "address_columns": "[]",
    "notes": "[]",
    "row_count": 0,
    "first_number": 2,
    "entry_count": 0,
    "settled_count": 0,
    "created_at": 0.0,
    "read_at": 0.0,
}


def _run(file: Path, sql: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(sql, tuple(UPLOAD.values()) if "?" in sql else ())
    connection.close()


def _schema(file: Path) -> dict[str, str]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: "".join(sql.split()).replace('"', "") for name, sql in rows}


def _upgrade_and_die(file: Path, scripts: Path, deadly: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED_AT_STATEMENT, f"sqlite:///{file}", str(scripts), str(deadly)]
    return subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=60, check=False)


INDEX_OF_WORDS = "entry_words"
"""A virtual table, which the tables' classes cannot describe, with the tables that it keeps its rows in."""


def _differences(connection: Connection) -> list[object]:
    described = {"include_name": lambda name, _kind, _parents: not str(name).startswith(INDEX_OF_WORDS)}
    return compare_metadata(MigrationContext.configure(connection, opts=described), Table.metadata)


def test_a_fresh_file_gets_exactly_the_schema_that_the_tables_describe(database_file, database):
    with database.reading() as connection:
        assert _differences(connection) == []


def test_a_fresh_file_has_the_same_keys_and_partial_indexes_as_the_tables(database_file, database, tmp_path):
    described = tmp_path / "described.db"
    sql = create_engine(f"sqlite:///{described}")
    Table.metadata.create_all(sql)
    sql.dispose()
    migrated = _schema(database_file)
    del migrated["alembic_version"]
    migrated = {name: sql for name, sql in migrated.items() if not name.startswith(INDEX_OF_WORDS)}
    assert len(migrated) > 15
    assert {name: _parts(sql) for name, sql in migrated.items()} == {
        name: _parts(sql) for name, sql in _schema(described).items()
    }


def _parts(sql: str) -> list[str]:
    """Take a statement apart at its constraints, whose order means nothing."""
    ending = ")WITHOUTROWID" if sql.endswith("WITHOUTROWID") else ")"
    return [*sorted(part.rstrip(",") for part in sql.removesuffix(ending).split("CONSTRAINT")), ending]


def test_a_fresh_file_leaves_no_copy_beside_itself(database_file, database):
    assert not list(database_file.parent.glob("*.before-*"))


def test_opening_a_file_of_the_newest_schema_changes_nothing(old_file):
    before = _schema(old_file)
    open_database(f"sqlite:///{old_file}").close()
    assert _schema(old_file) == before
    assert not list(old_file.parent.glob("*.before-*"))


def test_an_older_file_is_copied_beside_itself_before_it_is_changed(old_file, newer_scripts, monkeypatch):
    before = _schema(old_file)
    monkeypatch.setattr(migrate, "_SCRIPTS", newer_scripts)
    open_database(f"sqlite:///{old_file}").close()
    copy = old_file.with_name("winnow.db.before-to_come")
    assert _schema(copy) == before
    assert "harvest" in _schema(old_file)
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT name FROM upload").fetchall() == [("fruits.csv",)]
    connection.close()


@pytest.mark.parametrize("deadly", [1, 7, 14, 19])
def test_a_kill_while_a_fresh_file_is_made_leaves_nothing_half_made(database_file, deadly):
    killed = _upgrade_and_die(database_file, MIGRATIONS, deadly)
    assert killed.returncode == -signal.SIGKILL, killed
    assert _schema(database_file) == {}
    database = open_database(f"sqlite:///{database_file}")
    with database.reading() as connection:
        assert _differences(connection) == []
    database.close()


@pytest.mark.parametrize("deadly", [1, 2, 3, 4, 5, 6])
def test_a_kill_in_the_middle_of_an_upgrade_leaves_the_old_schema_whole(
    old_file, newer_scripts, monkeypatch, deadly
):
    before = _schema(old_file)
    killed = _upgrade_and_die(old_file, newer_scripts, deadly)
    assert killed.returncode == -signal.SIGKILL, killed
    assert _schema(old_file) == before
    monkeypatch.setattr(migrate, "_SCRIPTS", newer_scripts)
    open_database(f"sqlite:///{old_file}").close()
    with sqlite3.connect(old_file) as connection:
        assert connection.execute("SELECT heading, season FROM upload").fetchall() == [("fruits.csv", None)]
        assert connection.execute("SELECT fruit FROM harvest").fetchall() == [("quince",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(COMING,)]
    connection.close()


OPENED_ON_SIGNAL = """
import sys
from storage.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(sys.argv[1])
"""


@pytest.mark.parametrize("attempt", range(3))
def test_several_processes_may_open_a_fresh_file_at_the_same_moment(database_file, attempt):
    command = [sys.executable, "-c", OPENED_ON_SIGNAL, f"sqlite:///{database_file}"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    opening = [subprocess.Popen(command, cwd=HOUSE, **pipes) for _ in range(4)]
    for each in opening:
        assert each.stdout.readline() == "ready\n"
    for each in opening:
        each.stdin.write("\n")
        each.stdin.flush()
    assert [each.communicate(timeout=60)[1] for each in opening] == [""] * 4
    assert [each.returncode for each in opening] == [0] * 4


def test_a_newer_schema_is_refused_in_words(old_file):
    _run(old_file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnusableDatabase, match="newer version of Winnow"):
        open_database(f"sqlite:///{old_file}")
    assert not list(old_file.parent.glob("*.before-*"))


FIRST_ROWS = """
INSERT INTO upload VALUES (1, 'fruits.csv', '', 'c', 'done', 'done', '["email"]', 1, '["email"]', '[]', 0,
                           1, 2, 1, 1, 1.0, 1.0, 1.0, 2.0);
INSERT INTO domain VALUES (1, 'orchard.com', NULL, 'mx', 'k', 'other', 'mx.orchard.com', 'no', '', '', 1, 20,
                           1.0, NULL, NULL);
INSERT INTO mailbox VALUES (1, 1, 'fig', 'fig', 'settled', NULL, 0, 1, NULL, NULL, '{}', '[]', 1, 2.0, 9.0);
INSERT INTO sheet_row VALUES (1, 0, '["fig@orchard.com"]');
INSERT INTO entry VALUES (1, 1, 0, 'email', 0, 'fig@orchard.com', '', 1, NULL, NULL, 'valid', 'accepted', 95,
                          0, '', 2.0);
INSERT INTO tally VALUES (1, 1, 'valid', 'accepted', 95, 0, 1);
INSERT INTO upload_domain VALUES (1, 1, 1, 1, 0, 0, 0, 0);
INSERT INTO settled_check VALUES (1, 1, 2.0, 'valid', 'accepted', 1);
"""
FIRST_TABLES = (
    "upload", "domain", "mailbox", "sheet_row", "entry", "tally", "upload_domain", "settled_check",
)  # fmt: skip


@pytest.fixture
def first_file(database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file that the first Winnow wrote, with a row in every table of a list."""
    scripts = tmp_path / "first"
    (scripts / "versions").mkdir(parents=True)
    shutil.copy(MIGRATIONS / "versions/0001_first_schema.py", scripts / "versions")
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "_SCRIPTS", scripts)
        open_database(f"sqlite:///{database_file}").close()
    with sqlite3.connect(database_file) as connection:
        connection.executescript(FIRST_ROWS)
    connection.close()
    return database_file


def test_a_file_of_the_first_schema_comes_up_to_date_with_every_row_in_it(first_file):
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        assert _differences(connection) == []
        for table in FIRST_TABLES:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1, table
        upload = connection.execute(text("SELECT * FROM upload")).one()
    database.close()
    assert (upload.name, upload.policy_name, upload.policy, upload.judged_policy) == (
        "fruits.csv", "", "{}", "{}",
    )  # fmt: skip
    assert len(list(first_file.parent.glob("*.before-*"))) == 1


def test_a_file_of_the_first_schema_ends_with_the_schema_of_a_fresh_one(first_file, tmp_path):
    open_database(f"sqlite:///{first_file}").close()
    fresh = tmp_path / "fresh.db"
    open_database(f"sqlite:///{fresh}").close()
    assert _schema(first_file) == _schema(fresh)


@pytest.fixture
def file_before_names(database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file of before lines of the never-probe list said whose they are, with one line."""
    scripts = tmp_path / "before_names"
    shutil.copytree(
        MIGRATIONS, scripts, ignore=lambda _, names: [each for each in names if "0013" <= each < "a"]
    )
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "_SCRIPTS", scripts)
        open_database(f"sqlite:///{database_file}").close()
    _run(database_file, "INSERT INTO never_probed VALUES ('domain', 'orchard.com', 'a partner', 7.0)")
    return database_file


def test_a_line_of_the_never_probe_list_from_before_is_of_no_list_of_the_users_own(file_before_names):
    database = open_database(f"sqlite:///{file_before_names}")
    with database.reading() as connection:
        assert _differences(connection) == []
        rows = connection.execute(text("SELECT kind, name, source, why, added_at FROM never_probed")).all()
    database.close()
    assert [tuple(row) for row in rows] == [("domain", "orchard.com", "", "a partner", 7.0)]


@pytest.fixture
def file_before_two_pauses(database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file of when the same hosts had one pause at most, with one."""
    scripts = tmp_path / "before_two_pauses"
    shutil.copytree(
        MIGRATIONS, scripts, ignore=lambda _, names: [each for each in names if "0017" <= each < "a"]
    )
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "_SCRIPTS", scripts)
        open_database(f"sqlite:///{database_file}").close()
    _run(database_file, "INSERT INTO pause VALUES ('provider', 'zoho', 1.0, 2.0, 1, 0.5, 'unreachable', 3)")
    return database_file


def test_a_pause_from_before_the_same_hosts_could_have_two_is_kept(file_before_two_pauses):
    database = open_database(f"sqlite:///{file_before_two_pauses}")
    with database.reading() as connection:
        assert _differences(connection) == []
        rows = connection.execute(text("SELECT * FROM pause")).all()
    database.close()
    assert [tuple(row) for row in rows] == [("provider", "zoho", 1.0, 2.0, 1, 0.5, "unreachable", 3)]


WAITING = (
    "UPDATE mailbox SET is_wanted = 1, due_at = 1",
    "UPDATE domain SET due_at = 1, provider = 'google', facts = '{}'",
    "INSERT INTO domain VALUES (2, 'mill.com', '{}', 'null_mx', '', '', '', '', '', '', 0, 9, 1.0, NULL, 1)",
    "INSERT INTO domain VALUES (3, 'farm.com', '{}', 'mx', 'k', 'other', '', '', '', '', 1, 9, 1.0, NULL, 1)",
)


def test_what_waited_before_there_were_turns_has_one_by_its_row(first_file):
    for statement in WAITING:
        _run(first_file, statement)
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        domains = connection.execute(text("SELECT name, lane, rank FROM domain ORDER BY id")).all()
        mailboxes = connection.execute(text("SELECT rank FROM mailbox")).scalars().all()
    database.close()
    assert [tuple(each) for each in domains] == [
        ("orchard.com", "google", 1.0), ("mill.com", "-", 2.0), ("farm.com", "", 3.0),
    ]  # fmt: skip
    assert mailboxes == [1.0]


CROWD = (
    "WITH RECURSIVE n(id) AS (VALUES (4) UNION ALL SELECT id + 1 FROM n WHERE id < 203) INSERT INTO domain"
    " SELECT id, 'plum' || id || '.com', '{}', 'mx', 'crowded', 'other', '', '', '', '', 1, 9, 1.0, NULL, 1"
    " FROM n"
)


def test_an_mx_set_that_many_shared_before_there_were_lanes_is_one(first_file):
    _run(first_file, CROWD)
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        lanes = connection.execute(
            text("SELECT lane, count(*) FROM domain GROUP BY lane ORDER BY lane")
        ).all()
        clocks = connection.execute(text("SELECT lane, clock FROM lane_clock")).all()
    database.close()
    assert [tuple(each) for each in lanes] == [("", 1), ("crowded", 200)]
    assert [tuple(each) for each in clocks] == [("crowded", 0.0)]


def test_a_list_of_before_goes_by_its_files_name_and_is_not_deleted(first_file):
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        upload = connection.execute(text("SELECT name, title, deleted_at FROM upload")).one()
    database.close()
    assert tuple(upload) == ("fruits.csv", "", None)


def test_entries_from_before_there_was_an_index_of_words_are_found_by_a_part(first_file):
    database = open_database(f"sqlite:///{first_file}")
    searches = Search(words="g@orch"), Search(words="fig@o", is_begin=True)
    found = [find_entries(database, 1, search) for search in searches]
    database.close()
    assert [[each.text for each in one] for one in found] == [["fig@orchard.com"]] * 2


def test_a_list_of_before_has_no_send_planned_and_can_have_one(first_file):
    database = open_database(f"sqlite:///{first_file}")
    assert plans_of(database, [1]) == {}
    plan_send(database, Plan(1, 2000.0, 1000.0))
    assert list(plans_of(database, [1])) == [1]
    database.close()


def test_a_list_of_before_is_no_single_check(first_file):
    database = open_database(f"sqlite:///{first_file}")
    assert [each.upload for each in standings(database)] == [1]
    assert recent_singles(database) == []
    database.close()


def test_nothing_counts_as_corrected_that_was_read_before_there_were_corrections(first_file):
    database = open_database(f"sqlite:///{first_file}")
    (found,) = find_entries(database, 1, Search())
    database.close()
    assert (found.text, found.corrected) == ("fig@orchard.com", "")


def test_a_list_that_was_asked_anew_before_there_were_days_still_reuses_no_answer(first_file):
    _run(first_file, "UPDATE upload SET is_fresh_wanted = 1")
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        upload = connection.execute(text("SELECT reuse_days, sample_size FROM upload")).one()
    database.close()
    assert tuple(upload) == (0.0, 0)


def test_a_list_of_before_reuses_all_answers_that_hold_and_nothing_was_agreed_to(first_file):
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        upload = connection.execute(text("SELECT reuse_days, sample_size FROM upload")).one()
        agreed = connection.execute(text("SELECT count(*) FROM agreement")).scalar()
    database.close()
    assert (tuple(upload), agreed) == ((None, 0), 0)


def test_in_a_file_of_before_nothing_was_dismissed(first_file):
    database = open_database(f"sqlite:///{first_file}")
    assert not is_dismissed(database, "tour")
    dismiss(database, "tour")
    assert is_dismissed(database, "tour")
    database.close()


def test_of_a_list_of_before_nobody_knows_its_file(first_file):
    database = open_database(f"sqlite:///{first_file}")
    with database.reading() as connection:
        known = connection.execute(text("SELECT sha256 FROM upload")).scalar()
    database.close()
    assert known == ""
