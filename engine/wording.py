"""How numbers, days and names of ours are written in a sentence."""

from datetime import UTC, datetime
from enum import StrEnum


def times(attempts: int) -> str:
    """Write how often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(attempts, f"{attempts} times")


def day(at: float) -> str:
    """Write the day (UTC) of a Unix time: "2031-05-09"."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def spaced(member: StrEnum) -> str:
    """Write one of our names as words: "mailbox missing"."""
    return member.value.replace("_", " ")
