"""Finds the policy that a command names."""

from storage.database import Database
from storage.policies import NamedPolicy, find_policy

USUAL = "usual"
"""What the policy is called that every list has until it is given another."""


def choose_policy(database: Database, name: str) -> NamedPolicy:
    """Give the policy of a client, or the usual one. Raises NoSuchPolicy."""
    return NamedPolicy() if name == USUAL else find_policy(database, name)
