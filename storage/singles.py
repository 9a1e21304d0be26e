"""Single addresses that somebody asks about by themselves: lists of one, asked before all others."""

import json
import time
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.batch import DomainFacts, Pause
from engine.intake.cell import Found
from engine.intake.entries import EntryDraft
from engine.reason import Reason
from engine.settings import Settings
from engine.value import value
from storage.bulk import rows_of
from storage.codec import dump_policy, load_facts
from storage.counters import end_if_done
from storage.database import Database
from storage.deletion import delete_for_good
from storage.entries import COLUMNS, EntryLine, line_of
from storage.entry_detail import EntryDetail, read_entry
from storage.new_entries import keep_entries
from storage.pauses import pause_over
from storage.policies import NamedPolicy
from storage.reader import Reader
from storage.runs import delete_upload
from storage.turns import look_up_first, take_turn
from storage.uploads import upload_row
from storage.wanting import want
from storage.words import index_entries

MOST_KEPT = 20
"""Checks that are kept; the oldest one goes as the next is asked for."""
_USUAL = NamedPolicy()


class Phase(StrEnum):
    """Where a single check stands."""

    WAITS = "waits"
    LOOKS_UP = "looks_up"
    ASKS = "asks"
    PUT_OFF = "put_off"
    OVER = "over"


@value
class SingleCheck:
    """A single check as it stands: its entry, what is known of its domain, and whose policy judges it.

    `address` is what is asked about, in our own spelling; `""` where the text is none.

    `asked_at` is when somebody wanted to know; `until` is when it goes on where it is put off, and `why` it
    was (Unix seconds). `let_alone` is the pause that its mail hosts are under now. Where a list knew the
    answer before, nobody was asked for this check (`is_reused`).
    """

    upload: int
    detail: EntryDetail
    address: str
    phase: Phase
    asked_at: float
    policy_name: str
    facts: DomainFacts | None
    why: Reason | None
    until: float | None
    let_alone: Pause | None = None

    @property
    def is_over(self) -> bool:
        """Whether there is an answer."""
        return self.phase is Phase.OVER

    @property
    def is_reused(self) -> bool:
        """Whether its answer is from before it was asked for."""
        checked_at = self.detail.line.checked_at
        return self.is_over and checked_at is not None and checked_at < self.asked_at

    @property
    def is_asked(self) -> bool:
        """Whether its answer is one that its mail host gave, or was asked for."""
        evidence = self.detail.evidence
        return self.detail.line.attempts > 0 or (evidence is not None and evidence.rcpt is not None)


@value
class Recent:
    """A single check among the last ones: when it was asked for (Unix seconds), and its entry."""

    upload: int
    asked_at: float
    line: EntryLine

    @property
    def is_reused(self) -> bool:
        """Whether its answer is from before it was asked for."""
        has_answer = self.line.status is not None and self.line.checked_at is not None
        return has_answer and (self.line.checked_at or 0.0) < self.asked_at


def ask_single(database: Database, found: Found, settings: Settings, named: NamedPolicy = _USUAL) -> int:
    """Ask about one address before all others, and give the check's id; what is none is settled at once.

    An answer that still holds is taken. An earlier check of the same text by the same policy goes, and so
    does the oldest of too many.
    """
    with database.writing() as connection:
        upload = _begin(connection, found.text, named)
        keep_entries(connection, Reader(upload), [EntryDraft(0, "", 0, found.text, found.result)])
        index_entries(connection, upload, 0, 1)
        _start(connection, upload, settings)
        replaced = [old for (old,) in rows_of(connection, _REPLACED, upload, upload, MOST_KEPT)]
    for old in replaced:
        remove_single(database, old, settings)
    return upload


def _begin(connection: Connection, wanted: str, named: NamedPolicy) -> int:
    """Write the list of one: it runs from the beginning, so a kill leaves one that goes on, or none."""
    names = {
        "name": wanted,
        "continuation": f"single {uuid.uuid4().hex}",
        "now": time.time(),
        "policy_name": named.name,
        "policy": dump_policy(named.policy),
    }
    return int(connection.execute(_BEGUN, names).scalar_one())


_BEGUN = text(
    "INSERT INTO upload (name, sheet_name, continuation, state, applied, header, has_header, address_columns,"
    " notes, row_count, first_number, entry_count, settled_count, created_at, read_at,"
    " started_at, policy_name, policy, judged_policy, is_single)"
    " VALUES (:name, '', :continuation, 'running', 'running', '[]', 0, '[]', '[]', 1, 1, 0, 0, :now, :now,"
    " :now, :policy_name, :policy, :policy, 1) RETURNING id"
)


def _start(connection: Connection, upload: int, settings: Settings) -> None:
    take_turn(connection, upload)
    row = upload_row(connection, upload)
    assert row is not None, "it was just written"
    for (mailbox,) in rows_of(connection, _MAILBOX, upload).fetchall():
        want(connection, row, [mailbox], settings)
        look_up_first(connection, mailbox)
    end_if_done(connection, upload)


_MAILBOX = "SELECT mailbox_id FROM entry WHERE upload_id = ? AND mailbox_id IS NOT NULL"
_SINGLES = "upload INDEXED BY ix_upload_single WHERE is_single = 1 AND deleted_at IS NULL"
_REPLACED = (
    f"SELECT id FROM {_SINGLES} AND (name, policy_name) ="  # noqa: S608 - constants
    " (SELECT name, policy_name FROM upload WHERE id = ?) AND id < ? UNION"
    f" SELECT * FROM (SELECT id FROM {_SINGLES} ORDER BY id DESC LIMIT -1 OFFSET ?)"
)


def remove_single(database: Database, upload: int, settings: Settings) -> None:
    """Forget a single check; what no list names goes with it as the engine tidies up."""
    if is_single(database, upload):
        delete_upload(database, upload, settings)
        delete_for_good(database, upload)


def is_single(database: Database, upload: int) -> bool:
    """Tell whether there is such a single check."""
    with database.reading() as connection:
        row = upload_row(connection, upload)
    return row is not None and bool(row.is_single) and row.deleted_at is None


def recent_singles(database: Database) -> list[Recent]:
    """Give the single checks that are kept, the latest first."""
    with database.reading() as connection:
        asked = rows_of(connection, _LATEST).fetchall()
        rows = connection.execute(_ENTRIES, {"uploads": json.dumps([upload for upload, _ in asked])}).all()
    lines = map(line_of, rows)
    return [Recent(upload, asked_at, line) for (upload, asked_at), line in zip(asked, lines, strict=True)]


_LATEST = f"SELECT id, created_at FROM {_SINGLES} ORDER BY id DESC"  # noqa: S608 - a constant
_ENTRIES = text(
    f"{COLUMNS} WHERE entry.upload_id IN (SELECT value FROM json_each(:uploads))"  # noqa: S608 - a constant
    " ORDER BY entry.upload_id DESC"
)


def read_single(database: Database, upload: int) -> SingleCheck | None:
    """Read a single check as it stands; None where there is no such check."""
    with database.reading() as connection:
        row = connection.execute(_STANDING, {"upload": upload, "now": time.time()}).one_or_none()
        is_asking = row is not None and row.needs_probe
        pause = pause_over(connection, row.domain, row.route_key, row.provider) if row and is_asking else None
    detail = read_entry(database, upload, row.entry) if row else None
    if row is None or detail is None:
        return None
    waited_for = pause if pause and not pause.is_final else None
    phase = _phase(row, detail, waited_for)
    is_put_off = phase is Phase.PUT_OFF
    return SingleCheck(
        upload=upload,
        detail=detail,
        address=f"{row.local_part}@{row.domain}" if row.domain else "",
        phase=phase,
        asked_at=row.created_at,
        policy_name=row.policy_name,
        facts=load_facts(row.facts) if row.facts else None,
        why=_why(row, waited_for) if is_put_off else None,
        until=_until(row, waited_for) if is_put_off else None,
        let_alone=pause,
    )


def _why(row: Row[Any], pause: Pause | None) -> Reason:
    return Reason(row.held_for) if row.held_for else pause.why if pause else Reason(row.why)


def _until(row: Row[Any], pause: Pause | None) -> float:
    return max(row.due_at or 0.0, row.held_until or 0.0, pause.until if pause else 0.0)


def _phase(row: Row[Any], detail: EntryDetail, pause: Pause | None) -> Phase:
    if detail.line.status is not None:
        return Phase.OVER
    if row.state == "active":
        return Phase.ASKS
    if row.resolve_at is not None:
        return Phase.LOOKS_UP
    is_put_off = pause or row.held_for or (row.why and row.due_at and row.due_at > time.time())
    return Phase.PUT_OFF if is_put_off else Phase.WAITS


_STANDING = text(
    "SELECT entry.id AS entry, upload.created_at, upload.policy_name, mailbox.local_part, mailbox.state,"
    " mailbox.due_at, mailbox.why, domain.name AS domain, domain.resolve_at, domain.facts,"
    " domain.route_key, domain.provider, domain.needs_probe,"
    " hold.until AS held_until, hold.why AS held_for"
    " FROM upload CROSS JOIN entry ON entry.upload_id = upload.id"
    " LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id"
    " LEFT JOIN hold ON hold.domain_id = domain.id AND hold.until > :now AND domain.needs_probe = 1"
    " WHERE upload.id = :upload AND upload.is_single = 1 AND upload.deleted_at IS NULL"
)
