"""Brings the schema up to date: one explicit transaction, after a copy of the file."""

import sqlite3
from pathlib import Path

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
    scripts = ScriptDirectory.from_config(_configuration())
    newest = scripts.get_current_head()
    with sql.connect().execution_options(is_reading=True) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        is_empty = not inspect(connection).get_table_names()
    if current == newest:
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerSchema("it was written by a newer version of Winnow")
    if not is_empty:
        _copy(path, path.with_name(f"{path.name}.before-{newest}"))
    with sql.begin() as connection:
        _upgrade(connection, scripts)


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS))
    return configuration


def _upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    """Run the missing steps inside the transaction that `connection` has open."""

    def steps(revision: str, _context: MigrationContext) -> list[object]:
        return scripts._upgrade_revs("head", revision)  # type: ignore[return-value]  # noqa: SLF001 - as alembic's own command does

    with EnvironmentContext(_configuration(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
        environment.run_migrations()


def _copy(source: Path, target: Path) -> None:
    """Copy a database file whole, with what is still in its write-ahead log."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
