"""An address as a list writes it: read without what stands round it, and told to SQLite row by row.

A list's own text says what was written before a correction, with whatever stood round it. SQL cannot read
that as the intake does, so SQLite is given functions that do.
"""

import json
import re
import sqlite3
from functools import cache, lru_cache
from itertools import chain

from engine.address import Address, parse_address
from engine.intake.cell import addresses_in
from engine.never_probed import lines_over
from storage.sought import begins, holds

HELD_AS_WRITTEN = """
    entry.corrected <> '' AND EXISTS (SELECT 1 FROM json_each(lines_over(entry.text)) AS line
        CROSS JOIN never_probed ON never_probed.kind = json_extract(line.value, '$[0]')
        AND never_probed.name = json_extract(line.value, '$[1]'))
"""
"""Where `entry` is read: it was corrected, and its address or domain is listed as it was written."""


def teach(connection: sqlite3.Connection) -> None:
    """Give a connection the functions of a text: `lines_over` it, as JSON pairs, and the text `as_read`.

    It is told, too, whether a text `holds` the words that are looked for, and whether it `begins` with them.
    """
    connection.create_function("lines_over", 1, _lines_over, deterministic=True)
    connection.create_function("as_read", 1, as_read, deterministic=True)
    connection.create_function("holds", 2, holds, deterministic=True)
    connection.create_function("begins", 2, begins, deterministic=True)


@lru_cache(maxsize=4_096)
def _lines_over(written: str) -> str:
    held = (lines_over(address) for address in addresses_written(written))
    return json.dumps([(line.kind.value, line.name) for line in chain.from_iterable(held)])


def addresses_written(written: str) -> list[Address]:
    """Read the addresses in what a list wrote, before any correction."""
    return [found.result for found in addresses_in(written) if isinstance(found.result, Address)]


def as_read(found: str) -> str:
    """Give an address as it was read, without the name, brackets or signs that stood round it."""
    text_read = found.strip()
    if _BARE_ADDRESS.fullmatch(text_read):
        return text_read
    address = parse_address(text_read)
    return str(address) if isinstance(address, Address) else text_read


_SIGNS = (
    r"\s<>\"'(),:;\[\]`´“”„‘’‚«»‹›"
    r"\x00\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"  # none of these is seen
)
_BARE_ADDRESS = re.compile(rf"[^{_SIGNS}]+@[^{_SIGNS}]*[^{_SIGNS}.]")
_BMP = 0x10000


@cache
def signs_around() -> tuple[str, ...]:
    """Give each sign that may stand right before an address in a text and is no part of it."""
    return tuple(filter(re.compile(f"[{_SIGNS}]").match, map(chr, range(1, _BMP))))
