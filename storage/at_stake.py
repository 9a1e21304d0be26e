"""The rows of a list that are at stake by their reason, counted by domain in sets."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from engine.reason import Reason
from storage.bulk import read_set
from storage.database import Database
from storage.holds import HELD_DOMAINS
from storage.stake import BY_RARE_REASON, STAKE_OF, Stake
from storage.tables.lists import AT_STAKE


class Found(NamedTuple):
    """A domain with something that puts so many of its rows at stake, one of the mailboxes, and the reason.

    There is none where the domain itself is the reason.
    """

    stake: Stake
    domain: int
    rows: int
    sample: int
    why: Reason | None = None


def at_stake_by_reason(database: Database, upload: int) -> list[Found]:
    """Give the domains whose rows have a reason that puts them at stake, or wait for one, with these rows.

    That a domain takes no mail is told by how it stood when they were settled: it may stand otherwise by now.
    """
    names = {"upload": upload, "now": time.time()}
    with database.reading() as connection:
        rows = [*read_set(connection, _COLUMNS, _SETTLED, upload)]
        rows += [[*row] for sql in (_DEFERRED, _HELD) for row in connection.execute(sql, names)]
        rows += _rare(connection, upload)
    return list(_found(rows))


_COLUMNS = "domain_id, why, entries, sample"


def _found(rows: Iterable[Sequence[Any]]) -> Iterator[Found]:
    for domain, why, entries, sample in rows:
        if entries and why in _BY_WORD:
            stake, reason = _BY_WORD[why]
            yield Found(stake, domain, entries, sample, reason)


_BY_WORD = {reason.value: (stake, reason) for reason, stake in STAKE_OF.items()}


def _rare(connection: Connection, upload: int) -> list[list[Any]]:
    """Count the rows with rare reasons by domain; nothing is read where the list's counters know of none.

    Left out is whom a policy calls valid, and the status accept-all, which is counted for each domain.
    """
    found = connection.execute(_TALLIED, {"upload": upload, "rare": json.dumps([*BY_RARE_REASON])}).all()
    if not found:
        return []
    statuses, reasons = (json.dumps(sorted(set(words))) for words in zip(*found, strict=True))
    return read_set(connection, _COLUMNS, _OF_REASONS, upload, statuses, reasons)


_TALLIED = text(
    "SELECT status, reason FROM tally WHERE upload_id = :upload AND status NOT IN ('', 'valid', 'accept_all')"
    " AND reason IN (SELECT value FROM json_each(:rare)) GROUP BY status, reason HAVING sum(count) > 0"
)
_OF_REASONS = (
    "SELECT mailbox.domain_id, entry.reason AS why, count(*) AS entries, max(mailbox.id) AS sample"
    " FROM entry INDEXED BY ix_entry_outcome"
    " CROSS JOIN mailbox INDEXED BY ix_mailbox_domain ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = ? AND entry.status IN (SELECT value FROM json_each(?))"
    " AND entry.reason IN (SELECT value FROM json_each(?)) GROUP BY mailbox.domain_id, entry.reason"
)
# An index has these entries alone, and all that is asked of them; its condition has to be said in its words.
_SETTLED = (
    "SELECT mailbox.domain_id, entry.reason AS why, count(*) AS entries, max(mailbox.id) AS sample"  # noqa: S608
    " FROM entry INDEXED BY ix_entry_at_stake"
    " CROSS JOIN mailbox INDEXED BY ix_mailbox_domain ON mailbox.id = entry.mailbox_id"
    f" WHERE entry.upload_id = ? AND {AT_STAKE} GROUP BY mailbox.domain_id, entry.reason"
)
_DEFERRED = text(
    "SELECT mailbox.domain_id, mailbox.why, count(*) AS entries, max(mailbox.id) AS sample"  # noqa: S608
    " FROM mailbox INDEXED BY ix_mailbox_state"
    " CROSS JOIN entry INDEXED BY ix_entry_mailbox ON entry.mailbox_id = mailbox.id"
    " WHERE mailbox.state IN ('active', 'deferred') AND mailbox.state = 'deferred'"
    " AND entry.upload_id = :upload AND entry.status IS NULL"
    f" AND mailbox.domain_id NOT IN ({HELD_DOMAINS}) GROUP BY mailbox.domain_id, mailbox.why"
)
_HELD = text(
    "SELECT hold.domain_id, hold.why, listed.entries - listed.valid - listed.invalid - listed.accept_all"  # noqa: S608 - a constant
    " - listed.risky - listed.unknown AS entries, 0 AS sample"
    " FROM hold CROSS JOIN upload_domain AS listed"
    " ON listed.upload_id = :upload AND listed.domain_id = hold.domain_id"
    f" WHERE hold.domain_id IN ({HELD_DOMAINS})"
)
