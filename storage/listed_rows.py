"""Which entries and rows of a list are on the never-probe list now, whenever they were checked."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from engine.address import Address
from engine.verdict import Flag
from storage.as_written import HELD_AS_WRITTEN
from storage.bulk import rows_of
from storage.selection import Listed

HAS_CORRECTED = (
    "EXISTS (SELECT 1 FROM tally WHERE tally.upload_id = {}"  # noqa: S608 - a constant
    f" AND tally.flags & {int(Flag.CORRECTED)} AND tally.count > 0)"
)
"""Tells by the counters whether a list (its id stands for `{}`) has corrected entries."""
_MAY_BE_HELD = f"(SELECT 1 WHERE EXISTS (SELECT 1 FROM never_probed) AND {HAS_CORRECTED})"  # noqa: S608 - constants
"""Spares a list its walk where it has no corrected entry, or nobody is on the never-probe list."""
# Of a list's entries and the lines that are addresses, the fewer are walked, and looked up among the others.
# Whether there are more lines than entries is told without a look at more of them than that.
_MORE_LINES = """
    (SELECT 1 FROM never_probed WHERE kind = 'address'
    LIMIT 1 OFFSET coalesce((SELECT entry_count FROM upload WHERE id = {upload}), 0))
"""

_LISTED_OF = f"""
WITH RECURSIVE over (id, name) AS (
    SELECT domain.id, domain.name FROM upload_domain
    CROSS JOIN domain ON domain.id = upload_domain.domain_id
    WHERE upload_domain.upload_id = {{upload}} AND EXISTS (SELECT 1 FROM never_probed WHERE kind = 'domain')
    UNION ALL SELECT id, substr(name, instr(name, '.') + 1) FROM over WHERE instr(name, '.') > 0
), listed_mailbox (id) AS (
    SELECT mailbox.id FROM over
    CROSS JOIN never_probed ON never_probed.kind = 'domain' AND never_probed.name = over.name
    CROSS JOIN mailbox ON mailbox.domain_id = over.id
    UNION SELECT mailbox.id FROM (SELECT 1 WHERE NOT EXISTS {_MORE_LINES}) CROSS JOIN never_probed
    CROSS JOIN domain ON domain.name = substr(never_probed.name, instr(never_probed.name, '@') + 1)
    CROSS JOIN mailbox ON mailbox.domain_id = domain.id
        AND mailbox.folded = substr(never_probed.name, 1, instr(never_probed.name, '@') - 1)
    WHERE never_probed.kind = 'address'
    UNION SELECT mailbox.id FROM (SELECT 1 WHERE EXISTS {_MORE_LINES}) CROSS JOIN entry
    CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id CROSS JOIN domain ON domain.id = mailbox.domain_id
    CROSS JOIN never_probed ON never_probed.kind = 'address'
        AND never_probed.name = mailbox.folded || '@' || domain.name
    WHERE entry.upload_id = {{upload}}
), listed_entry (id, row) AS (
    SELECT entry.id, entry.row FROM listed_mailbox
    CROSS JOIN entry ON entry.mailbox_id = listed_mailbox.id WHERE +entry.upload_id = {{upload}}
    UNION SELECT entry.id, entry.row FROM {_MAY_BE_HELD.format("{upload}")}
    CROSS JOIN entry WHERE entry.upload_id = {{upload}} AND {HELD_AS_WRITTEN}
), listed (row) AS (SELECT DISTINCT row FROM listed_entry)
"""  # noqa: S608 - a constant


def with_listed_of(upload: str) -> str:
    """Begin a statement about a list (`upload` is the place of its id) that may name who of it is listed.

    `listed_entry` are those entries, by id and row; `listed` the rows one of whose addresses is listed. It
    walks the list's domains with the names they are under, and the lines that are addresses (or the list's
    entries, where those are fewer), each by index. Else rows are looked through only where some were
    corrected: those are listed as they are written, too. MX suffixes hold nobody back here: they only keep
    hosts unasked.
    """
    return _LISTED_OF.format(upload=upload)


WITH_LISTED = with_listed_of(":upload")
HOW_LISTED = f"iif(entry.id IN (SELECT id FROM listed_entry), {Listed.ITSELF:d}, {Listed.BESIDE:d})"  # noqa: S608
"""Tells of a listed row's `entry` whether it is listed itself, or another one of its row."""


def listed_as_written(connection: Connection, upload: int, mailboxes: Sequence[int]) -> dict[int, Address]:
    """Find the mailboxes that the never-probe list names as this list writes them, before correction."""
    rows = rows_of(connection, _AS_WRITTEN, upload, json.dumps(list(mailboxes)), upload)
    return {mailbox: Address(local_part, domain) for mailbox, local_part, domain in rows}


_AS_WRITTEN = (
    "SELECT mailbox.id, mailbox.local_part, domain.name"  # noqa: S608 - constants
    f" FROM {_MAY_BE_HELD.format('?')} CROSS JOIN json_each(?) AS wanted"
    " CROSS JOIN entry ON entry.mailbox_id = wanted.value"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id CROSS JOIN domain ON domain.id = mailbox.domain_id"
    f" WHERE +entry.upload_id = ? AND {HELD_AS_WRITTEN}"
)


def open_as_written(connection: Connection, upload: int) -> list[int]:
    """Give those of a list's mailboxes that have no outcome yet and are listed as they were written."""
    return [mailbox for (mailbox,) in rows_of(connection, _OPEN_AS_WRITTEN, upload, upload)]


_OPEN_AS_WRITTEN = (
    f"SELECT DISTINCT entry.mailbox_id FROM {_MAY_BE_HELD.format('?')} CROSS JOIN entry"  # noqa: S608
    f" WHERE entry.upload_id = ? AND entry.status IS NULL AND {HELD_AS_WRITTEN}"
)
