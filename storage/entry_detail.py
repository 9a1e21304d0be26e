"""One entry in full: what was found, why, what was said, and what was found before."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.judge import judge
from engine.never_probed import evidence_unasked
from engine.reason import NEVER_AGAIN, Reason
from engine.value import value
from engine.verdict import Evidence, Status, TraceLine, Verdict
from storage.codec import load_evidence, load_policy, load_trace
from storage.database import Database
from storage.entries import COLUMNS, EntryLine, line_of
from storage.uploads import UploadState


@value
class PastCheck:
    """An earlier check of the same mailbox (Unix seconds)."""

    settled_at: float
    status: Status
    reason: Reason
    attempts: int


@value
class EntryDetail:
    """One entry in full: its verdict with the ledger, its trace, and the mailbox's earlier checks.

    A duplicate has `first_number`, the number of the row the same mailbox stands in first, and `first_entry`
    there. What waits is asked about only while its list runs (`is_running`); what has its outcome may be
    asked about once more (`may_ask_again`) where a host was or can be asked.
    """

    line: EntryLine
    is_running: bool
    may_ask_again: bool
    column: str
    detail: str
    first_number: int | None
    first_entry: int | None
    verdict: Verdict | None
    evidence: Evidence | None
    trace: tuple[TraceLine, ...]
    past: tuple[PastCheck, ...]


def read_entry(database: Database, upload: int, entry: int) -> EntryDetail | None:
    """Read one entry of a list in full; None where there is no such entry."""
    with database.reading() as connection:
        row = connection.execute(
            text(f"{COLUMNS} WHERE entry.upload_id = :upload AND entry.id = :entry"),
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
        line=line_of(row),
        is_running=row.state == UploadState.RUNNING,
        may_ask_again=_may_ask_again(row),
        column=row.column,
        detail=row.detail,
        first_number=None if row.first_row is None else row.first_row + row.first_number,
        first_entry=first_entry,
        verdict=judge(evidence, load_policy(row.policy)) if evidence else None,
        evidence=evidence,
        trace=() if _is_of_another_list(row) else load_trace(row.trace),
        past=() if row.reason == Reason.NEVER_PROBED else _past(past),
    )


def _may_ask_again(row: Row[Any]) -> bool:
    """Tell whether an address may be asked about again.

    Not by DNS alone, nor in a list that stands still, nor while only a sample of it is asked about.
    """
    has_outcome = bool(row.mailbox and row.status) and row.reason not in NEVER_AGAIN
    return has_outcome and not row.is_dns_only and not row.sample_size and row.state in _ASKING


_ASKING = (UploadState.RUNNING, UploadState.DONE, UploadState.CANCELLED)


def _evidence(row: Row[Any]) -> Evidence | None:
    """Give the evidence that an entry's outcome rests on; others, as of a cancelled list, rest on none."""
    is_its_own = row.status and row.evidence and row.settled_at == row.checked_at
    if is_its_own and not _is_of_another_list(row):
        return load_evidence(row.evidence)
    if row.status and row.reason == Reason.NEVER_PROBED:
        return evidence_unasked(Address(row.local_part, row.domain))
    return None


def _is_of_another_list(row: Row[Any]) -> bool:
    """Tell whether what was said of an address is no business of this list, for which nobody was asked."""
    if row.reason != Reason.NEVER_PROBED:
        return False
    return row.settled_at != row.checked_at or load_policy(row.policy).never_probes(row.domain)


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
