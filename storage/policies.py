"""Clients' policies by name."""

import time

from sqlalchemy import text

from engine.policy import DEFAULT_POLICY, Policy
from engine.value import value
from storage.codec import dump_policy, load_policy
from storage.database import Database

USUAL = ""
"""The name of the usual policy, which every list has that was given no other."""


@value
class NamedPolicy:
    """A policy and the name of the client whose it is; the usual one has no name."""

    name: str = USUAL
    policy: Policy = DEFAULT_POLICY


class NoSuchPolicy(LookupError):
    """There is no policy of this name; the message says so."""


def save_policy(database: Database, named: NamedPolicy) -> None:
    """Keep a client's policy, in the place of an earlier one. Lists keep the copy that they were given."""
    with database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO policy (name, value, changed_at) VALUES (:name, :value, :now)"
                " ON CONFLICT DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at"
            ),
            {"name": named.name, "value": dump_policy(named.policy), "now": time.time()},
        )


def find_policy(database: Database, name: str) -> NamedPolicy:
    """Find the policy of a client. Raises NoSuchPolicy."""
    with database.reading() as connection:
        value = connection.execute(
            text("SELECT value FROM policy WHERE name = :name"), {"name": name}
        ).scalar()
    if value is None:
        raise NoSuchPolicy(f"there is no policy called {name!r}")
    return NamedPolicy(name, load_policy(value))


def all_policies(database: Database) -> list[NamedPolicy]:
    """Give all clients' policies by their names' order."""
    with database.reading() as connection:
        rows = connection.execute(text("SELECT name, value FROM policy ORDER BY name"))
        return [NamedPolicy(row.name, load_policy(row.value)) for row in rows]


def policy_of_list(database: Database, upload: int) -> NamedPolicy:
    """Give the policy that a list is judged by; the usual one where there is no such list."""
    with database.reading() as connection:
        row = connection.execute(
            text("SELECT policy_name, policy FROM upload WHERE id = :upload"), {"upload": upload}
        ).one_or_none()
    return NamedPolicy(row.policy_name, load_policy(row.policy)) if row else NamedPolicy()


def remove_policy(database: Database, name: str) -> None:
    """Forget a client's policy; lists judged by it stay as they are. Raises NoSuchPolicy."""
    with database.writing() as connection:
        removed = connection.execute(text("DELETE FROM policy WHERE name = :name"), {"name": name})
    if not removed.rowcount:
        raise NoSuchPolicy(f"there is no policy called {name!r}")
