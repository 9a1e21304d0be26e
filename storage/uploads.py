"""Lists as handed in: where they stand, and how the same one is found again."""

import hashlib
import json
import math
import time
from dataclasses import field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.intake.correction import Correction
from engine.intake.sheet import Sheet
from engine.value import value
from storage.codec import load_policy
from storage.database import Database
from storage.policies import NamedPolicy


class UploadState(StrEnum):
    """Where a list stands."""

    READING = "reading"
    INTERRUPTED = "interrupted"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


@value
class Choice:
    """What the user chose about a list: its address columns, how it is to be checked, and by whose policy.

    Answers of the last `reuse_days` are reused: 0 asks about every address anew, None reuses all that still
    hold. `is_dns_only` asks no mail host at all; addresses are asked about with these `corrections` of their
    domains.
    """

    columns: tuple[str, ...]
    reuse_days: float | None = None
    is_dns_only: bool = False
    policy: NamedPolicy = field(default_factory=NamedPolicy)
    corrections: tuple[Correction, ...] = ()


def continuation_of(sheet: Sheet, choice: Choice) -> str:
    """Name a file together with how it is to be checked: the same again continues the same upload.

    The policy is no part of it: a list may be given another at any time, and nobody is asked for that.
    """
    parts = [
        sheet.sha256,
        sheet.sheet_name,
        str(sheet.has_header),
        *choice.columns,
        str(choice.reuse_days == 0),
        *(["dns only"] if choice.is_dns_only else []),
        *sorted(f"{wrong} > {right}" for wrong, right in choice.corrections),
        *([f"reuse {choice.reuse_days:g} days"] if choice.reuse_days else []),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def find_upload(database: Database, continuation: str) -> int | None:
    """Find the latest whole upload of the same file and choice that was neither cancelled nor deleted."""
    with database.reading() as connection:
        return _find(connection, continuation, read_after=math.inf)


def find_made(connection: Connection, continuation: str) -> int | None:
    """Find the latest upload as `find_upload` does, but one that is just being read as well."""
    return _find(connection, continuation, read_after=time.time() - AT_WORK_S)


def _find(connection: Connection, continuation: str, read_after: float) -> int | None:
    names = {"continuation": continuation, "read_after": read_after}
    found: int | None = connection.execute(_SAME, names).scalar()
    return found


_SAME = text(
    "SELECT max(id) FROM upload WHERE continuation = :continuation AND deleted_at IS NULL"
    " AND state NOT IN ('interrupted', 'cancelled') AND (state <> 'reading' OR read_at > :read_after)"
)


def find_earlier(database: Database, sheet: Sheet) -> int | None:
    """Find the latest list that was read from the same file and sheet, or is just now, however it is checked.

    A cancelled one is found only where there is no other, and one of another name, such as the list in which
    typing errors were fixed, only where none has the file's own.
    """
    silent = time.time() - AT_WORK_S
    named = {"sha256": sheet.sha256, "sheet_name": sheet.sheet_name, "name": sheet.name, "silent": silent}
    with database.reading() as connection:
        found: int | None = connection.execute(_SAME_FILE, named).scalar()
    return found


def earlier_choice(database: Database, sheet: Sheet) -> Choice | None:
    """Give what was chosen about the latest list of the same file; None where there is none.

    Columns that the sheet has no more, as where its header is read otherwise, are left out.
    """
    found = find_earlier(database, sheet)
    if found is None:
        return None
    with database.reading() as connection:
        row = upload_row(connection, found)
    if row is None:
        return None
    columns = tuple(name for name in json.loads(row.address_columns) if name in sheet.frame.columns)
    policy = NamedPolicy(row.policy_name, load_policy(row.policy))
    return Choice(columns, row.reuse_days, bool(row.is_dns_only), policy)


AT_WORK_S = 30.0
"""Seconds without a new row after which nobody is taken to be reading a list just now."""

_SAME_FILE = text(
    "SELECT id FROM upload WHERE sha256 = :sha256 AND sheet_name = :sheet_name"
    " AND state <> 'interrupted' AND (state <> 'reading' OR read_at > :silent)"
    " AND deleted_at IS NULL AND is_single = 0 ORDER BY state = 'cancelled', name <> :name, id DESC LIMIT 1"
)


def is_there(database: Database, upload: int) -> bool:
    """Tell whether there is such a list, and nobody deleted it."""
    with database.reading() as connection:
        row = upload_row(connection, upload)
    return row is not None and row.deleted_at is None


def mark_interrupted(connection: Connection, *, silent_for_s: float = 120.0) -> None:
    """Say of lists whose reading broke off (nobody has written a row for so long) that they are not whole."""
    connection.execute(
        text("UPDATE upload SET state = 'interrupted' WHERE state = 'reading' AND read_at < :before"),
        {"before": time.time() - silent_for_s},
    )


def upload_row(connection: Connection, upload: int) -> Row[Any] | None:
    """Read an upload's own row; None where there is no such list. It may be deleted."""
    return connection.execute(text("SELECT * FROM upload WHERE id = :id"), {"id": upload}).one_or_none()
