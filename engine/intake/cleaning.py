"""What reading took away from around an address or its @: spaces, brackets, `mailto:` and the like."""

import re
from enum import StrEnum

from engine.address import Address
from engine.value import value


class Cleaning(StrEnum):
    """What stood around an address and is no part of it."""

    MAILTO = "mailto"
    BRACKETS = "brackets"
    SPACES = "spaces"
    SIGNS = "signs"


@value
class Cleaned:
    """How many addresses were cleaned in a way, and the first of those texts as they were read."""

    kind: Cleaning
    addresses: int
    examples: tuple[str, ...]


def cleaning_of(text: str, address: Address) -> Cleaning | None:
    """Say what was taken away from a text that holds an address; None where nothing was.

    Of several the first in `Cleaning` speaks. An international domain is spelt longer or shorter than it
    was read, which is no cleaning.
    """
    if text.isascii() and len(text) == len(address.local_part) + 1 + len(address.domain):
        return None
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), None)


_INVISIBLE = r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_PATTERNS = (
    (Cleaning.MAILTO, re.compile(r"(?i)mailto:")),
    (Cleaning.BRACKETS, re.compile(r"[<>]")),
    (Cleaning.SPACES, re.compile(rf"\A\s|\s\Z|\s@|@\s|{_INVISIBLE}")),
    (Cleaning.SIGNS, re.compile(r"\A[^\w@]|[^\w]\Z|:\s*\S+@")),
)
