"""How numbers, days, domains and names of ours are written in a sentence."""

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


def readable(domain: str) -> str:
    """Write a domain's A-labels as people read them (RFC 5891); as they are where they mean nothing."""
    try:
        return domain.encode().decode("idna")
    except UnicodeError:
        return domain
