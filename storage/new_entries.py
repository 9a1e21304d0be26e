"""Keeps the entries of a list's next rows: with their domains and mailboxes, repeats marked, counted."""

import time
from typing import Any

from sqlalchemy import Connection, text

from engine.address import Address, Malformed
from engine.intake.entries import EntryDraft
from engine.judge import judge_malformed
from engine.verdict import NO_FLAGS, Flag
from storage.bulk import write_each
from storage.counters import count_new
from storage.reader import Reader, first_row_of, is_alias, know_domains, know_mailboxes, mailbox_key


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
