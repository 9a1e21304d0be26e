"""Judges a list again, from stored evidence, under another policy: no network, nobody is asked."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.dns_only import evidence_by_dns
from engine.judge import judge
from engine.policy import Policy
from engine.verdict import Flag
from storage.bulk import write_each
from storage.codec import dump_evidence, dump_policy, load_evidence, load_facts, load_policy, shape_of
from storage.counters import count_changes
from storage.database import Database
from storage.policies import NamedPolicy
from storage.progress import Tell, tell_nobody
from storage.settle import OWN_FLAGS
from storage.uploads import upload_row

CHUNK_ROWS = 2_000
_Change = tuple[Row[Any], dict[str, Any]]
"""An entry as it was read, and the row that it is to become."""
_Ground = tuple[Row[Any], str]
"""An entry as it was read, and the evidence, as JSON, that it is judged by."""
_KEPT_FLAGS = int(OWN_FLAGS | Flag.REUSED)


def apply_policy(database: Database, upload: int, named: NamedPolicy, tell: Tell = tell_nobody) -> int:
    """Give a list a policy, and judge its entries by it. Say how many got another outcome.

    Answers that come later are judged by it at once; `tell` hears the share (0-1) of rows that is done.
    """
    with database.writing() as connection:
        connection.execute(
            text(
                "UPDATE upload SET policy_name = :name, policy = :policy,"
                " judged_policy = iif(judged_policy = :policy, :policy, '') WHERE id = :upload"
            ),
            {"name": named.name, "policy": dump_policy(named.policy), "upload": upload},
        )
    return _judge_again(database, upload, tell)


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
    changed = 0
    for start in range(0, begun.row_count, CHUNK_ROWS):
        changes = _changes(_grounds(database, upload, start), load_policy(begun.policy))
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


# An entry whose outcome rests on its mailbox's evidence was settled when that was checked; others, such as
# those of a cancelled list, keep the outcome they have.
_ENTRIES = text(
    "SELECT entry.id, entry.upload_id, entry.ordinal, entry.status, entry.reason, entry.confidence,"
    " entry.flags, entry.settled_at, mailbox.domain_id, mailbox.evidence FROM entry"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = :upload AND entry.row >= :start AND entry.row < :end"
    " AND +entry.status IS NOT NULL AND mailbox.evidence IS NOT NULL"
    " AND entry.settled_at = mailbox.checked_at"
)


# A list that is checked by DNS alone rests on its domains' routes, and of a policy only on what it says of
# disposable ones.
_ENTRIES_BY_DNS = text(
    "SELECT entry.id, entry.upload_id, entry.ordinal, entry.status, entry.reason, entry.confidence,"
    " entry.flags, entry.settled_at, mailbox.domain_id, mailbox.local_part, domain.name, domain.facts"
    " FROM upload CROSS JOIN entry ON entry.upload_id = upload.id"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE upload.id = :upload AND upload.is_dns_only = 1 AND entry.row >= :start AND entry.row < :end"
    " AND +entry.reason IN ('dns_only', 'disposable') AND entry.flags & :disposable"
    " AND entry.settled_at IS NOT mailbox.checked_at AND domain.facts IS NOT NULL"
)


def _grounds(database: Database, upload: int, start: int) -> list[_Ground]:
    """Read the entries of some rows that rest on evidence, each with its own."""
    names = {"upload": upload, "start": start, "end": start + CHUNK_ROWS, "disposable": int(Flag.DISPOSABLE)}
    with database.reading() as connection:
        probed = connection.execute(_ENTRIES, names).all()
        by_dns = connection.execute(_ENTRIES_BY_DNS, names).all()
    return [*((row, shape_of(row.evidence)) for row in probed), *((row, _by_dns(row)) for row in by_dns)]


def _by_dns(entry: Row[Any]) -> str:
    address = Address(entry.local_part, entry.name)
    return dump_evidence(evidence_by_dns(address, load_facts(entry.facts)))


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


def _changes(grounds: Sequence[_Ground], policy: Policy) -> list[_Change]:
    """Pair the entries that get another outcome with it."""
    pairs = ((entry, _outcome(entry.flags, evidence, policy)) for entry, evidence in grounds)
    return [
        (entry, {"id": entry.id, **dict(zip(_OUTCOME, new, strict=True))})
        for entry, new in pairs
        if new != (entry.status, entry.reason, entry.confidence, entry.flags)
    ]


_OUTCOME = ("status", "reason", "confidence", "flags")


def _outcome(known: int, evidence: str, policy: Policy) -> tuple[str, str, int, int]:
    """Judge an entry that has these flags; what it is suggested for depends on no policy."""
    status, reason, confidence, flags = _judged(evidence, policy)
    return status, reason, confidence, known & _KEPT_FLAGS | flags


@lru_cache(maxsize=16_384)
def _judged(evidence: str, policy: Policy) -> tuple[str, str, int, int]:
    """Judge evidence: of 300,000 addresses, most were answered like many others."""
    verdict = judge(load_evidence(evidence), policy)
    return verdict.status.value, verdict.reason.value, verdict.confidence, int(verdict.flags)
