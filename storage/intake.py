"""Keeps a list as handed in: every row with all its cells, every address of it."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import islice

from sqlalchemy import Connection, text

from engine.intake.correction import correct
from engine.intake.entries import EntryDraft, read_entries
from engine.intake.sheet import Sheet
from engine.work_queue import StoreFails
from storage.bulk import write_each
from storage.codec import dump_policy
from storage.database import Database
from storage.never_probed import read_never_probed
from storage.new_entries import keep_entries
from storage.progress import Tell, tell_nobody
from storage.reader import Reader
from storage.turns import place_domains
from storage.uploads import Choice, continuation_of, find_made
from storage.words import index_entries

CHUNK_ROWS = 2_000


def save_upload(database: Database, sheet: Sheet, choice: Choice, tell: Tell = tell_nobody) -> int:
    """Keep a list: every row with all its cells, every address of it. Give its id; it is not started yet.

    Committed in chunks of 2,000 rows, the upload in state `reading` until it is whole; `tell` hears the share
    (0-1) that is kept. Raises StoreFails where the database cannot be written; what is kept by then is called
    interrupted at once.
    """
    with database.writing() as connection:
        upload = _begin(connection, sheet, choice)
    _save_whole(database, upload, sheet, choice, tell)
    return upload


def save_once(database: Database, sheet: Sheet, choice: Choice, title: str, tell: Tell = tell_nobody) -> int:
    """Keep a list under a name of the user's own, but where the same is there or being saved: give that one.

    Of two who want it at once, one saves it. All else is as in `save_upload`.
    """
    with database.writing() as connection:
        made = find_made(connection, continuation_of(sheet, choice))
        upload = _begin(connection, sheet, choice, title) if made is None else made
    if made is None:
        _save_whole(database, upload, sheet, choice, tell)
    return upload


def _save_whole(database: Database, upload: int, sheet: Sheet, choice: Choice, tell: Tell) -> None:
    """Save all of a list, or call it interrupted."""
    with ExitStack() as broken_off:
        broken_off.callback(_break_off, database, upload)
        _save(database, upload, sheet, choice, tell)
        broken_off.pop_all()


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


def _begin(connection: Connection, sheet: Sheet, choice: Choice, title: str = "") -> int:
    names = {
        "name": sheet.name,
        "title": title,
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
        "now": time.time(),
        "policy_name": choice.policy.name,
        "policy": dump_policy(choice.policy.policy),
        "sha256": sheet.sha256,
    }
    return int(connection.execute(_BEGUN, names).scalar_one())


_BEGUN = text(
    "INSERT INTO upload (name, title, sheet_name, continuation, state, applied, header, has_header,"
    " address_columns, notes, reuse_days, is_dns_only, row_count, first_number, entry_count,"
    " settled_count, created_at, read_at, policy_name, policy, judged_policy, sha256)"
    " VALUES (:name, :title, :sheet_name, :continuation, 'reading', '', :header, :has_header, :columns,"
    " :notes, :reuse_days, :is_dns_only, :rows, :first_number, 0, 0, :now, :now,"
    " :policy_name, :policy, :policy, :sha256) RETURNING id"
)


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


def _finish(connection: Connection, upload: int) -> None:
    connection.execute(text("UPDATE upload SET state = 'ready' WHERE id = :upload"), {"upload": upload})
