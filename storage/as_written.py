"""Which lines of the never-probe list hold an address as a list writes it: told to SQLite, row by row.

A list's own text says what was written before a correction, with whatever stood round it. SQL cannot read
that as the intake does, so SQLite is given a function that does.
"""

import json
import sqlite3
from functools import lru_cache
from itertools import chain

from engine.address import Address
from engine.intake.cell import addresses_in
from engine.never_probed import lines_over

HELD_AS_WRITTEN = """
    entry.corrected <> '' AND EXISTS (SELECT 1 FROM json_each(lines_over(entry.text)) AS line
        CROSS JOIN never_probed ON never_probed.kind = json_extract(line.value, '$[0]')
        AND never_probed.name = json_extract(line.value, '$[1]'))
"""
"""Where `entry` is read: it was corrected, and its address or domain is listed as it was written."""


def teach(connection: sqlite3.Connection) -> None:
    """Give a connection the function that `HELD_AS_WRITTEN` asks: the lines over a text, as JSON pairs."""
    connection.create_function("lines_over", 1, _lines_over, deterministic=True)


@lru_cache(maxsize=4_096)
def _lines_over(written: str) -> str:
    read = (found.result for found in addresses_in(written))
    held = (lines_over(address) for address in read if isinstance(address, Address))
    return json.dumps([(line.kind.value, line.name) for line in chain.from_iterable(held)])
