"""Single entries: found by filter and search, page by page, and one of them in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.judge import judge
from engine.never_probed import evidence_unasked
from engine.reason import Reason
from engine.verdict import NO_FLAGS, Evidence, Flag, Status, TraceLine, Verdict
from storage.codec import load_evidence, load_policy, load_trace
from storage.database import Database
from storage.uploads import UploadState


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in a list; an empty field looks for anything, `is_waiting` for no outcome yet.

    `is_empty` looks for the rows that hold no address, or for addresses alone (None: for both).
    """

    statuses: tuple[Status, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flags: Flag = NO_FLAGS
    words: str = ""
    domain: str = ""
    is_empty: bool | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry as a table shows it; status is None while there is no outcome.

    `row` counts from 0, `number` is what a spreadsheet shows beside the row.
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
    domain: str
    provider: str
    attempts: int
    due_at: float | None
    checked_at: float | None

    @property
    def place(self) -> tuple[int, int]:
        """Where the entry stands in its list; `find_entries` goes on behind it."""
        return self.row, self.ordinal


@dataclass(frozen=True, slots=True)
class PastCheck:
    """An earlier check of the same mailbox (Unix seconds)."""

    settled_at: float
    status: Status
    reason: Reason
    attempts: int


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry in full: its verdict with the ledger, its trace, and the mailbox's earlier checks.

    A duplicate has `first_number`, the number of the row the same mailbox stands in first, and `first_entry`
    there. What waits is asked about only while its list runs (`is_running`).
    """

    line: EntryLine
    is_running: bool
    column: str
    detail: str
    first_number: int | None
    first_entry: int | None
    verdict: Verdict | None
    evidence: Evidence | None
    trace: tuple[TraceLine, ...]
    past: tuple[PastCheck, ...]


_COLUMNS = (
    "SELECT entry.id, entry.row, entry.ordinal, entry.column, entry.text, entry.detail, entry.first_row,"
    " entry.status, coalesce(entry.reason, mailbox.why) AS reason, entry.confidence, entry.flags,"
    " entry.suggestion, coalesce(domain.name, '') AS domain, coalesce(domain.provider, '') AS provider,"
    " coalesce(mailbox.attempts, 0) AS attempts, mailbox.due_at, mailbox.checked_at, mailbox.evidence,"
    " mailbox.trace, mailbox.id AS mailbox, mailbox.local_part, entry.settled_at, upload.first_number,"
    " upload.state, upload.policy FROM entry"
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
    sql = (
        f"{_COLUMNS} WHERE entry.upload_id = :upload AND (entry.row, entry.ordinal) > (:row, :ordinal)"
        f"{where} ORDER BY entry.row, entry.ordinal LIMIT :limit"
    )
    row, ordinal = after or (-1, -1)
    given = {"upload": upload, "row": row, "ordinal": ordinal, "limit": limit, **names}
    with database.reading() as connection:
        return [_line(found) for found in connection.execute(text(sql), given)]


def count_entries(database: Database, upload: int, search: Search) -> int | None:
    """Count what `find_entries` would find, from the list's counters; None where no counter can tell."""
    if search.words or (search.domain and (search.reasons or search.flags or search.is_empty)):
        return None
    with database.reading() as connection:
        if search.domain:
            return _count_at_domain(connection, upload, search)
        where, names = _conditions(search)
        found: int = connection.execute(
            text(f"SELECT coalesce(sum(entry.count), 0) FROM ({_COUNTED}) AS entry WHERE TRUE{where}"),  # noqa: S608
            {"upload": upload, **names},
        ).scalar_one()
    return found


_COUNTED = "SELECT nullif(status, '') AS status, reason, flags, count FROM tally WHERE upload_id = :upload"
"""The counters under the names that entries have, so that one search fits both."""


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
        " AND entry.text LIKE :words ESCAPE '\\'": search.words,
        " AND entry.mailbox_id IN (SELECT mailbox.id FROM mailbox JOIN domain ON domain.id ="
        " mailbox.domain_id WHERE domain.name = :domain)": search.domain,
        " AND entry.status = :invalid AND entry.reason = :empty": search.is_empty,
        " AND entry.reason IS NOT :empty": search.is_empty is False,
        " AND entry.status IS NULL": search.is_waiting,
    }
    names = {
        "statuses": json.dumps(search.statuses),
        "reasons": json.dumps(search.reasons),
        "flags": int(search.flags),
        "words": f"%{_escape(search.words)}%",
        "domain": search.domain,
        "invalid": Status.INVALID,
        "empty": Reason.EMPTY,
    }
    return "".join(sql for sql, is_set in conditions.items() if is_set), names


def _escape(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _line(row: Row[Any]) -> EntryLine:
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
        domain=row.domain,
        provider=row.provider,
        attempts=row.attempts,
        due_at=row.due_at,
        checked_at=row.checked_at,
    )


def read_entry(database: Database, upload: int, entry: int) -> EntryDetail | None:
    """Read one entry of a list in full; None where there is no such entry."""
    with database.reading() as connection:
        row = connection.execute(
            text(f"{_COLUMNS} WHERE entry.upload_id = :upload AND entry.id = :entry"),
            {"upload": upload, "entry": entry},
        ).one_or_none()
        if row is None:
            return None
        past = connection.execute(
            text("SELECT * FROM settled_check WHERE mailbox_id = :mailbox ORDER BY number DESC"),
            {"mailbox": row.mailbox},
        ).all()
        first_entry = _first_entry(connection, upload, row) if row.first_row is not None else None
    evidence = _evidence(row)
    return EntryDetail(
        line=_line(row),
        is_running=row.state == UploadState.RUNNING,
        column=row.column,
        detail=row.detail,
        first_number=None if row.first_row is None else row.first_row + row.first_number,
        first_entry=first_entry,
        verdict=judge(evidence, load_policy(row.policy)) if evidence else None,
        evidence=evidence,
        trace=load_trace(row.trace),
        past=_past(past),
    )


def _evidence(row: Row[Any]) -> Evidence | None:
    """Give the evidence that an entry's outcome rests on; others, as of a cancelled list, rest on none."""
    if row.status and row.evidence and row.settled_at == row.checked_at:
        return load_evidence(row.evidence)
    if row.status and row.reason == Reason.NEVER_PROBED:
        return evidence_unasked(Address(row.local_part, row.domain))
    return None


def _first_entry(connection: Connection, upload: int, row: Row[Any]) -> int | None:
    """Find where a duplicate's mailbox stands first."""
    found: int | None = connection.execute(
        text("SELECT min(id) FROM entry WHERE upload_id = :upload AND row = :row AND mailbox_id = :mailbox"),
        {"upload": upload, "row": row.first_row, "mailbox": row.mailbox},
    ).scalar()
    return found


def _past(rows: Sequence[Row[Any]]) -> tuple[PastCheck, ...]:
    return tuple(
        PastCheck(row.settled_at, Status(row.status), Reason(row.reason), row.attempts) for row in rows
    )
