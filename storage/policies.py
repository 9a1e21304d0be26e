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


class UnusableName(ValueError):
    """A policy cannot be called that; the message says why in the user's words."""


@value
class JudgedList:
    """A list that a client's policy was given to, and whether it still has the policy as that is now."""

    upload: int
    is_current: bool


def policy_name_of(database: Database, text_given: str) -> str:
    """Give the name that a new policy may have, of what was typed. Raises UnusableName."""
    name = " ".join(text_given.split())
    if not name or name.casefold() in _RESERVED:
        raise UnusableName("Name the client whose policy it is" if not name else _NOT_USUAL)
    if len(name) > LONGEST_NAME:
        raise UnusableName(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}")
    if name.casefold() in {each.name.casefold() for each in all_policies(database)}:
        raise UnusableName(f"There is a policy called {name} already")
    return name


LONGEST_NAME = 80
_RESERVED = {"usual", "usual policy"}
_NOT_USUAL = "The usual policy is everybody's, and stays as it is; choose another name"


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


def rename_policy(database: Database, old: str, text_given: str) -> str:
    """Call a client's policy otherwise, on its lists too, and give the new name.

    Raises UnusableName, and NoSuchPolicy.
    """
    is_same_but_for_case = " ".join(text_given.split()).casefold() == old.casefold()
    new = " ".join(text_given.split()) if is_same_but_for_case else policy_name_of(database, text_given)
    names = {"old": old, "new": new}
    with database.writing() as connection:
        if not connection.execute(text("UPDATE policy SET name = :new WHERE name = :old"), names).rowcount:
            raise NoSuchPolicy(f"there is no policy called {old!r}")
        connection.execute(text("UPDATE upload SET policy_name = :new WHERE policy_name = :old"), names)
    return new


def lists_judged_by(database: Database, named: NamedPolicy) -> list[JudgedList]:
    """Give the lists that have a client's policy, the newest first: no deleted ones, no single checks."""
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT id, policy = :policy AS is_current FROM upload"
                " WHERE policy_name = :name AND deleted_at IS NULL AND is_single = 0 ORDER BY id DESC"
            ),
            {"name": named.name, "policy": dump_policy(named.policy)},
        )
        return [JudgedList(row.id, bool(row.is_current)) for row in rows]


def remove_policy(database: Database, name: str) -> None:
    """Forget a client's policy; lists judged by it stay as they are. Raises NoSuchPolicy."""
    with database.writing() as connection:
        removed = connection.execute(text("DELETE FROM policy WHERE name = :name"), {"name": name})
    if not removed.rowcount:
        raise NoSuchPolicy(f"there is no policy called {name!r}")
