"""Judges a list again, from stored evidence, under another policy: no network, nobody is asked."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.policy import Policy, judges_alike
from storage.bulk import write_each
from storage.codec import dump_policy, load_policy
from storage.counters import count_changes
from storage.database import Database
from storage.grounds import Ground, found_by, found_in, grounds_of_rows
from storage.policies import NamedPolicy
from storage.progress import Tell, tell_nobody
from storage.unasked import open_for_client
from storage.uploads import UploadState, upload_row
from storage.wanting import hold_back

CHUNK_ROWS = 2_000
_Change = tuple[Row[Any], dict[str, Any]]
"""An entry as it was read, and the row that it is to become."""


def apply_policy(database: Database, upload: int, named: NamedPolicy, tell: Tell = tell_nobody) -> int:
    """Give a list a policy, and judge its entries by it. Say how many got another outcome.

    Answers that come later are judged by it at once; `tell` hears the share (0-1) of rows that is done.
    """
    with database.writing() as connection:
        _give(connection, upload, named)
    return _judge_again(database, upload, tell)


def _give(connection: Connection, upload: int, named: NamedPolicy) -> None:
    """Give a list a policy, and note whether its entries are judged by that already."""
    row = upload_row(connection, upload)
    is_judged = row is not None and _is_judged_by(row, named.policy)
    new = dump_policy(named.policy)
    connection.execute(
        text(
            "UPDATE upload SET policy_name = :name, policy = :policy, judged_policy = :judged"
            " WHERE id = :upload"
        ),
        {"name": named.name, "policy": new, "judged": new if is_judged else "", "upload": upload},
    )


def _is_judged_by(row: Row[Any], policy: Policy) -> bool:
    """Tell whether all entries of a list are judged, and no verdict of theirs would be another."""
    return bool(row.judged_policy) and judges_alike(load_policy(row.judged_policy), policy)


def finish_judging(database: Database) -> None:
    """Do again what a kill broke off while lists were being judged again."""
    with database.reading() as connection:
        rows = connection.execute(text("SELECT id FROM upload WHERE judged_policy <> policy")).scalars()
        broken_off = list(rows)
    for upload in broken_off:
        _judge_again(database, upload, tell_nobody)


def _judge_again(database: Database, upload: int, tell: Tell) -> int:
    """Go through a list in chunks by the policy it has now, and note when all is done."""
    with database.reading() as connection:
        begun = upload_row(connection, upload)
    if begun is None or begun.judged_policy == begun.policy:
        return 0
    _hold_back(database, begun)
    changed = 0
    for start in range(0, begun.row_count, CHUNK_ROWS):
        changes = _changes(_grounds(database, begun, start), load_policy(begun.policy))
        if changes:
            with database.writing() as connection:
                changed += _write(connection, begun, changes)
        tell(min((start + CHUNK_ROWS) / begun.row_count, 1.0))
    with database.writing() as connection:
        connection.execute(
            text("UPDATE upload SET judged_policy = policy WHERE id = :upload AND policy = :policy"),
            {"upload": upload, "policy": begun.policy},
        )
    return changed


def _hold_back(database: Database, begun: Row[Any]) -> None:
    """Have nobody asked, for a list that runs, whom the policy that it has now lets nobody ask about."""
    if begun.state != UploadState.RUNNING:
        return
    with database.reading() as connection:
        mailboxes = open_for_client(connection, begun.id)
    hold_back(database, begun.id, mailboxes)


def _grounds(database: Database, begun: Row[Any], start: int) -> list[Ground]:
    with database.reading() as connection:
        rows = (start, start + CHUNK_ROWS)
        return grounds_of_rows(connection, begun.id, rows, load_policy(begun.policy))


def _write(connection: Connection, begun: Row[Any], changes: list[_Change]) -> int:
    """Write outcomes to entries that are still as they were read, and move the list's counters."""
    same = _still_the_same(connection, begun, changes)
    write_each(
        connection,
        "UPDATE entry SET status = :status, reason = :reason, confidence = :confidence, flags = :flags"
        " WHERE id = :id",
        [new for _, new in same],
    )
    count_changes(connection, same)
    return len(same)


def _still_the_same(connection: Connection, begun: Row[Any], changes: list[_Change]) -> list[_Change]:
    """Leave out what the engine, or another process, has judged by the list's policy in the meantime."""
    rows = connection.execute(
        text(
            "SELECT entry.id, entry.status, entry.reason, entry.confidence, entry.flags, entry.settled_at"
            " FROM upload JOIN json_each(:entries) AS changed CROSS JOIN entry ON entry.id = changed.value"
            " WHERE upload.id = :upload AND upload.policy = :policy"
        ),
        {
            "entries": json.dumps([entry.id for entry, _ in changes]),
            "upload": begun.id,
            "policy": begun.policy,
        },
    )
    now = {row.id: tuple(row) for row in rows}
    return [change for change in changes if now.get(change[0].id) == _seen(change[0])]


def _seen(entry: Row[Any]) -> tuple[Any, ...]:
    return entry.id, entry.status, entry.reason, entry.confidence, entry.flags, entry.settled_at


def _changes(grounds: Sequence[Ground], policy: Policy) -> list[_Change]:
    """Pair the entries that get another outcome with it."""
    pairs = ((ground[0], found_by(ground, policy)) for ground in grounds)
    return [
        (entry, {"id": entry.id, **dict(zip(_OUTCOME, new, strict=True))})
        for entry, new in pairs
        if new != found_in(entry)
    ]


_OUTCOME = ("status", "reason", "confidence", "flags")
