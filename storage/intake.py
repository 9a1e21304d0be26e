"""Keeps a list as handed in: every row with all its cells, every address of it."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text

from engine.address import Address, Malformed
from engine.intake.correction import correct
from engine.intake.entries import EntryDraft, read_entries
from engine.intake.sheet import Sheet
from engine.judge import judge_malformed
from engine.verdict import NO_FLAGS, Flag
from engine.work_queue import StoreFails
from storage.bulk import write_each
from storage.codec import dump_policy
from storage.counters import count_new
from storage.database import Database
from storage.never_probed import read_never_probed
from storage.progress import Tell, tell_nobody
from storage.reader import Reader, first_row_of, is_alias, know_domains, know_mailboxes, mailbox_key
from storage.turns import place_domains
from storage.uploads import Choice, continuation_of
from storage.words import index_entries

CHUNK_ROWS = 2_000


def save_upload(database: Database, sheet: Sheet, choice: Choice, tell: Tell = tell_nobody) -> int:
    """Keep a list: every row with all its cells, every address of it. Give its id; it is not started yet.

    Committed in chunks of 2,000 rows, the upload in state `reading` until it is whole; `tell` hears the share
    (0-1) that is kept. Raises StoreFails where the database cannot be written; what is kept by then is called
    interrupted at once.
    """
    upload = _begin(database, sheet, choice)
    with ExitStack() as broken_off:
        broken_off.callback(_break_off, database, upload)
        _save(database, upload, sheet, choice, tell)
        broken_off.pop_all()
    return upload


def _break_off(database: Database, upload: int) -> None:
    """Say of a list that it will not be whole; where that cannot be written, the engine does it later."""
    with suppress(StoreFails), database.writing() as connection:
        connection.execute(_BROKEN_OFF, {"upload": upload})


_BROKEN_OFF = text("UPDATE upload SET state = 'interrupted' WHERE id = :upload AND state = 'reading'")


def _save(database: Database, upload: int, sheet: Sheet, choice: Choice, tell: Tell) -> None:
    """Save a list's rows and entries, chunk by chunk, and note at the end that it is whole."""
    reader = Reader(upload)
    drafts = _Drafts(_entries(database, sheet, choice))
    rows = sheet.frame.itertuples(index=False, name=None)
    for start in range(0, len(sheet.frame), CHUNK_ROWS):
        chunk = list(islice(rows, CHUNK_ROWS))
        found = drafts.before(start + CHUNK_ROWS)
        with database.writing() as connection:
            _save_rows(connection, upload, start, chunk)
            keep_entries(connection, reader, found)
            index_entries(connection, upload, start, start + CHUNK_ROWS)
        tell(min((start + CHUNK_ROWS) / len(sheet.frame), 1.0))
    place_domains(database, upload)
    with database.writing() as connection:
        _finish(connection, upload)


def _entries(database: Database, sheet: Sheet, choice: Choice) -> Iterator[EntryDraft]:
    """Read a list's entries, slips corrected where that was chosen."""
    drafts = read_entries(sheet, choice.columns)
    if not choice.corrections:
        return drafts
    return correct(drafts, choice.corrections, read_never_probed(database, choice.policy.policy))


class _Drafts:
    """Hands out a list's entries in step with its rows."""

    def __init__(self, drafts: Iterator[EntryDraft]) -> None:
        self._drafts = drafts
        self._next: EntryDraft | None = next(drafts, None)

    def before(self, row: int) -> list[EntryDraft]:
        """Give the entries of the rows before this one that have not been given yet."""
        taken: list[EntryDraft] = []
        while self._next is not None and self._next.row < row:
            taken.append(self._next)
            self._next = next(self._drafts, None)
        return taken


def _begin(database: Database, sheet: Sheet, choice: Choice) -> int:
    now = time.time()
    with database.writing() as connection:
        row = connection.execute(
            text(
                "INSERT INTO upload (name, sheet_name, continuation, state, applied, header, has_header,"
                " address_columns, notes, reuse_days, is_dns_only, row_count, first_number, entry_count,"
                " settled_count, created_at, read_at, policy_name, policy, judged_policy, sha256)"
                " VALUES (:name, :sheet_name, :continuation, 'reading', '', :header, :has_header, :columns,"
                " :notes, :reuse_days, :is_dns_only, :rows, :first_number, 0, 0, :now, :now,"
                " :policy_name, :policy, :policy, :sha256) RETURNING id"
            ),
            {
                "name": sheet.name,
                "sheet_name": sheet.sheet_name,
                "continuation": continuation_of(sheet, choice),
                "header": json.dumps(list(sheet.frame.columns), ensure_ascii=False),
                "has_header": sheet.has_header,
                "columns": json.dumps(choice.columns, ensure_ascii=False),
                "notes": json.dumps(sheet.notes, ensure_ascii=False),
                "reuse_days": choice.reuse_days,
                "is_dns_only": choice.is_dns_only,
                "rows": len(sheet.frame),
                "first_number": sheet.row_number(0),
                "now": now,
                "policy_name": choice.policy.name,
                "policy": dump_policy(choice.policy.policy),
                "sha256": sheet.sha256,
            },
        )
        return int(row.scalar_one())


def _save_rows(connection: Connection, upload: int, start: int, rows: Sequence[tuple[str, ...]]) -> None:
    write_each(
        connection,
        "INSERT INTO sheet_row (upload_id, number, cells) VALUES (:upload, :number, :cells)",
        [
            {"upload": upload, "number": number, "cells": json.dumps(cells, ensure_ascii=False)}
            for number, cells in enumerate(rows, start)
        ],
    )
    connection.execute(
        text("UPDATE upload SET read_at = :now WHERE id = :upload"), {"now": time.time(), "upload": upload}
    )


def keep_entries(connection: Connection, reader: Reader, drafts: list[EntryDraft]) -> None:
    """Keep entries of a list's next rows, with the domains and mailboxes they name, and count them."""
    addresses = [draft.result for draft in drafts if isinstance(draft.result, Address)]
    know_domains(connection, reader, addresses)
    know_mailboxes(connection, reader, addresses)
    several = _rows_with_several(drafts)
    rows = [_entry_row(reader, draft, is_several=draft.row in several) for draft in drafts]
    _spare_rows_with_news(rows)
    if not rows:
        return
    write_each(
        connection,
        "INSERT INTO entry (upload_id, row, column, ordinal, text, detail, mailbox_id, first_row,"
        " status, reason, confidence, flags, suggestion, settled_at, corrected)"
        " VALUES (:upload_id, :row, :column, :ordinal, :text, :detail, :mailbox_id, :first_row,"
        " :status, :reason, :confidence, :flags, :suggestion, :settled_at, :corrected)",
        rows,
    )
    _count(connection, reader, drafts, rows)


def _spare_rows_with_news(rows: list[dict[str, Any]]) -> None:
    """Call no address a duplicate where a new one begins its row; nor the same mailbox beside a new one's.

    A row that begins as an earlier row does stays a duplicate whatever stands beside: by its first address
    it would be written to again.
    """
    again = {row["row"] for row in rows if row["ordinal"] == 0 and Flag.DUPLICATE in Flag(row["flags"])}
    new = [row for row in rows if row["mailbox_id"] is not None and row["first_row"] is None]
    others = [row for row in new if Flag.ALIAS not in Flag(row["flags"])]
    _spare(rows, Flag.DUPLICATE, {row["row"] for row in new} - again)
    _spare(rows, Flag.ALIAS, {row["row"] for row in others})


def _spare(rows: list[dict[str, Any]], flag: Flag, numbers: set[int]) -> None:
    for row in rows:
        if row["row"] in numbers:
            row["flags"] &= ~int(flag)


def _rows_with_several(drafts: list[EntryDraft]) -> set[int]:
    return {draft.row for draft in drafts if draft.ordinal > 0}


def _entry_row(reader: Reader, draft: EntryDraft, *, is_several: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "upload_id": reader.upload,
        "row": draft.row,
        "column": draft.column,
        "ordinal": draft.ordinal,
        "text": draft.text,
        "flags": _own_flags(draft, is_several=is_several),
        "corrected": str(draft.result) if draft.is_corrected else "",
    }
    if isinstance(draft.result, Malformed):
        return row | _malformed_outcome(draft.result, row["flags"])
    mailbox = reader.mailboxes[mailbox_key(reader, draft.result)]
    first_row = first_row_of(reader, mailbox, draft)
    return row | {
        "detail": "",
        "mailbox_id": mailbox,
        "first_row": None if first_row == draft.row else first_row,
        "flags": row["flags"] | int(_repeat(reader, draft, draft.result, first_row)),
        "suggestion": "",
        "status": None,
        "reason": None,
        "confidence": None,
        "settled_at": None,
    }


def _own_flags(draft: EntryDraft, *, is_several: bool) -> int:
    several = Flag.SEVERAL if is_several else NO_FLAGS
    return int(several | (Flag.CORRECTED if draft.is_corrected else NO_FLAGS))


def _repeat(reader: Reader, draft: EntryDraft, address: Address, first_row: int) -> Flag:
    """Tell how an address repeats one of an earlier row: as it is, or in another spelling."""
    if first_row != draft.row:
        return Flag.DUPLICATE
    return Flag.ALIAS if is_alias(reader, address, draft) else NO_FLAGS


def _malformed_outcome(malformed: Malformed, flags: int) -> dict[str, Any]:
    """Settle a text that is no address at once, with what was probably meant."""
    verdict = judge_malformed(malformed)
    return {
        "flags": flags | int(verdict.flags),
        "suggestion": verdict.suggestion,
        "detail": malformed.detail,
        "mailbox_id": None,
        "first_row": None,
        "status": verdict.status,
        "reason": verdict.reason,
        "confidence": verdict.confidence,
        "settled_at": time.time(),
    }


def _count(
    connection: Connection, reader: Reader, drafts: list[EntryDraft], rows: list[dict[str, Any]]
) -> None:
    """Count new entries: all of them, per domain, and by what is known of them."""
    per_domain: dict[int, int] = {}
    for draft in drafts:
        if isinstance(draft.result, Address):
            domain = reader.domains[draft.result.domain]
            per_domain[domain] = per_domain.get(domain, 0) + 1
    if per_domain:
        write_each(
            connection,
            "INSERT INTO upload_domain (upload_id, domain_id, entries, valid, invalid, accept_all, risky,"
            " unknown) VALUES (:upload, :domain, :entries, 0, 0, 0, 0, 0)"
            " ON CONFLICT DO UPDATE SET entries = entries + excluded.entries",
            [{"upload": reader.upload, "domain": d, "entries": n} for d, n in per_domain.items()],
        )
    connection.execute(
        text("UPDATE upload SET entry_count = entry_count + :new WHERE id = :upload"),
        {"new": len(rows), "upload": reader.upload},
    )
    count_new(connection, rows)


def _finish(connection: Connection, upload: int) -> None:
    connection.execute(text("UPDATE upload SET state = 'ready' WHERE id = :upload"), {"upload": upload})
