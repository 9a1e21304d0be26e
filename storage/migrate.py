"""Brings the schema up to date: one explicit transaction, after a copy of the file."""

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

_SCRIPTS = Path(__file__).parent / "migrations"


class NewerSchema(OSError):
    """The file was written by a newer Winnow than this one."""


def migrate(sql: Engine, path: Path) -> None:
    """Upgrade the schema to the newest version; a kill in the middle leaves the old or the new one whole.

    A file that already holds rows is copied beside itself first (`winnow.db.before-REVISION`).
    """
    scripts = _scripts(_SCRIPTS)
    if _revision_and_tables(sql)[0] == scripts.get_current_head():
        return
    with sql.begin() as connection:
        _upgrade_once(connection, scripts, path)


def _revision_and_tables(sql: Engine) -> tuple[str | None, bool]:
    with sql.connect().execution_options(is_reading=True) as connection:
        return _look(connection)


def _look(connection: Connection) -> tuple[str | None, bool]:
    """Give the schema's revision, and whether there is any table."""
    current = MigrationContext.configure(connection).get_current_revision()
    return current, bool(inspect(connection).get_table_names())


def _upgrade_once(connection: Connection, scripts: ScriptDirectory, path: Path) -> None:
    """Copy the file and upgrade it, unless another process did so while we waited for the transaction."""
    current, has_tables = _look(connection)
    newest = scripts.get_current_head()
    if current == newest:
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerSchema("it was written by a newer version of Winnow")
    if has_tables:
        _copy(path, path.with_name(f"{path.name}.before-{newest}"))
    _upgrade(connection, scripts)


@cache
def _scripts(folder: Path) -> ScriptDirectory:
    """Read the steps of the schema, once: all of them are loaded to know which is the newest."""
    return ScriptDirectory(str(folder))


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS))
    return configuration


def _upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    """Run the missing steps inside the transaction that `connection` has open."""

    def steps(revision: str, _context: MigrationContext) -> list[Any]:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - as alembic's own command does

    with EnvironmentContext(_configuration(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
        environment.run_migrations()


def _copy(source: Path, target: Path) -> None:
    """Copy a database file whole, with what is still in its write-ahead log."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
