"""Single entries: found by filter and search, page by page."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.reason import Reason
from engine.value import value
from engine.verdict import NO_FLAGS, Flag, Status
from storage.as_written import as_read
from storage.at_domain import ids_at_domain, is_rare
from storage.by_outcome import COUNTED, ids_by_outcome
from storage.database import Database
from storage.sought import in_entry, pattern_of
from storage.words import ids_by_words, is_indexed, pieces_of


@value
class Search:
    """What to look for in a list; an empty field looks for anything, `is_waiting` for no outcome yet.

    `words` may stand anywhere in an address, or only at its begin (`is_begin`). `is_empty` looks for the rows
    that hold no address, or for addresses alone (None: for both). `confidence` is from and to in points, both
    included; what waits has none.
    """

    statuses: tuple[Status, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flags: Flag = NO_FLAGS
    words: str = ""
    domain: str = ""
    is_empty: bool | None = None
    is_waiting: bool = False
    is_begin: bool = False
    confidence: tuple[int, int] | None = None


@value
class EntryLine:
    """An entry as a table shows it; status is None while there is no outcome.

    `row` counts from 0, `number` is what a spreadsheet shows beside the row. `corrected` is the address that
    was asked instead of what the text says (`""`: none). Whom nobody asks about for this list has no attempts
    and no time of a check: those of the mailbox are other lists'.
    """

    entry: int
    row: int
    number: int
    ordinal: int
    text: str
    status: Status | None
    reason: Reason | None
    confidence: int | None
    flags: Flag
    suggestion: str
    corrected: str
    domain: str
    provider: str
    attempts: int
    due_at: float | None
    checked_at: float | None

    @property
    def asked(self) -> str:
        """The address as it was asked about: corrected, and without what stood round it; else the text."""
        return self.corrected or as_read(self.text)

    @property
    def place(self) -> tuple[int, int]:
        """Where the entry stands in its list; `find_entries` goes on behind it."""
        return self.row, self.ordinal


COLUMNS = (
    "SELECT entry.id, entry.row, entry.ordinal, entry.column, entry.text, entry.detail, entry.first_row,"
    " entry.status, coalesce(entry.reason, mailbox.why) AS reason, entry.confidence, entry.flags,"
    " entry.suggestion, entry.corrected, coalesce(domain.name, '') AS domain,"
    " coalesce(domain.provider, '') AS provider,"
    " coalesce(mailbox.attempts, 0) AS attempts, mailbox.due_at, mailbox.checked_at, mailbox.evidence,"
    " mailbox.trace, mailbox.id AS mailbox, mailbox.local_part, entry.settled_at, upload.first_number,"
    " upload.state, upload.is_dns_only, upload.sample_size, upload.policy FROM entry"
    " JOIN upload ON upload.id = entry.upload_id LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " LEFT JOIN domain ON domain.id = mailbox.domain_id"
)


def find_entries(
    database: Database,
    upload: int,
    search: Search,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[EntryLine]:
    """Find a list's entries in row order, at most `limit` behind `after` (row, ordinal): keyset paging."""
    where, names = _conditions(search)
    row, ordinal = after or (-1, -1)
    given = {"upload": upload, "row": row, "ordinal": ordinal, "limit": limit, **names}
    with database.reading() as connection:
        if _count(connection, upload, search) == 0:
            return []
        find = _way_to(connection, upload, search)
        if find is None:
            return [line_of(found) for found in connection.execute(text(_behind(where)), given)]
        ids = {"ids": json.dumps(find(connection, where, given))}
        return [line_of(found) for found in connection.execute(_NAMED, ids)]


_Find = Callable[[Connection, str, dict[str, Any]], list[int]]
"""What gives the ids of the entries that fit a condition, in row order."""


def _way_to(connection: Connection, upload: int, search: Search) -> _Find | None:
    """Choose what leads to few entries; None where it is as well to go through the list in its order."""
    if is_indexed(search.words, is_begin=search.is_begin):
        return ids_by_words
    if search.domain:
        return ids_at_domain if is_rare(connection, upload, search.domain) else None
    return ids_by_outcome if not search.words and _asks_outcome(search) else None


def _behind(where: str) -> str:
    return (
        f"{COLUMNS} WHERE entry.upload_id = :upload AND (entry.row, entry.ordinal) > (:row, :ordinal)"
        f"{where} ORDER BY entry.row, entry.ordinal LIMIT :limit"
    )


_NAMED = text(
    f"{COLUMNS} WHERE entry.id IN (SELECT value FROM json_each(:ids)) ORDER BY entry.id"  # noqa: S608 - constants
)


def count_entries(database: Database, upload: int, search: Search) -> int | None:
    """Count what `find_entries` would find, from the list's counters; None where no counter can tell."""
    with database.reading() as connection:
        return _count(connection, upload, search)


def _count(connection: Connection, upload: int, search: Search) -> int | None:
    if search.words or (search.domain and _is_narrow(search)):
        return None
    if search.domain:
        return _count_at_domain(connection, upload, search)
    where, names = _conditions(search)
    found: int = connection.execute(
        text(f"SELECT coalesce(sum(entry.count), 0) FROM ({COUNTED}) AS entry WHERE TRUE{where}"),  # noqa: S608
        {"upload": upload, **names},
    ).scalar_one()
    return found


def _is_narrow(search: Search) -> bool:
    """Tell whether it asks for more than the counters of one domain tell apart."""
    return bool(search.reasons or search.flags or search.is_empty or search.confidence)


def _asks_outcome(search: Search) -> bool:
    return _is_narrow(search) or search.is_waiting or bool(search.statuses)


def _count_at_domain(connection: Connection, upload: int, search: Search) -> int:
    row = connection.execute(
        text(
            "SELECT upload_domain.* FROM upload_domain JOIN domain ON domain.id = upload_domain.domain_id"
            " WHERE upload_domain.upload_id = :upload AND domain.name = :domain"
        ),
        {"upload": upload, "domain": search.domain},
    ).one_or_none()
    if row is None or (search.is_waiting and search.statuses):
        return 0
    by_status: dict[Status, int] = {status: getattr(row, status) for status in Status}
    if search.is_waiting:
        return int(row.entries) - sum(by_status.values())
    return sum(by_status[status] for status in search.statuses) if search.statuses else int(row.entries)


def _conditions(search: Search) -> tuple[str, dict[str, Any]]:
    conditions = {
        " AND entry.status IN (SELECT value FROM json_each(:statuses))": search.statuses,
        " AND entry.reason IN (SELECT value FROM json_each(:reasons))": search.reasons,
        " AND (entry.flags & :flags) = :flags": search.flags,
        f" AND {in_entry(search.words, is_begin=search.is_begin)}": search.words,
        " AND entry.mailbox_id IN (SELECT mailbox.id FROM mailbox JOIN domain ON domain.id ="
        " mailbox.domain_id WHERE domain.name = :domain)": search.domain,
        " AND entry.status = :invalid AND entry.reason = :empty": search.is_empty,
        " AND entry.reason IS NOT :empty": search.is_empty is False,
        " AND entry.status IS NULL": search.is_waiting,
        " AND entry.status IS NOT NULL AND entry.confidence BETWEEN :least AND :most": search.confidence,
    }
    least, most = search.confidence or (0, 0)
    names = {
        "least": least,
        "most": most,
        "statuses": json.dumps(search.statuses),
        "reasons": json.dumps(search.reasons),
        "flags": int(search.flags),
        "pieces": pieces_of(search.words, is_begin=search.is_begin),
        "words": search.words,
        "pattern": pattern_of(search.words, is_begin=search.is_begin),
        "domain": search.domain,
        "invalid": Status.INVALID,
        "empty": Reason.EMPTY,
    }
    return "".join(sql for sql, is_set in conditions.items() if is_set), names


def line_of(row: Row[Any]) -> EntryLine:
    """Read an entry as a table shows it from a row of `COLUMNS`."""
    is_unasked = row.reason == Reason.NEVER_PROBED
    return EntryLine(
        entry=row.id,
        row=row.row,
        number=row.row + row.first_number,
        ordinal=row.ordinal,
        text=row.text,
        status=Status(row.status) if row.status else None,
        reason=Reason(row.reason) if row.reason else None,
        confidence=row.confidence,
        flags=Flag(row.flags),
        suggestion=row.suggestion,
        corrected=row.corrected,
        domain=row.domain,
        provider=row.provider,
        attempts=0 if is_unasked else row.attempts,
        due_at=row.due_at,
        checked_at=None if is_unasked else row.checked_at,
    )
