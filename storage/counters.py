"""The counters of lists, moved in the same transaction as the entries they count."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from storage.bulk import rows_of, write_set
from storage.sampled import pause_if_sampled

WAITING = ""
"""What stands for the status of entries without an outcome where they are counted."""


Counted = Any
"""An entry as it was before a change: a row with upload_id, domain_id, and the columns of its tally."""


def count_new(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Count entries that were just read, and those of them that are settled already."""
    _add_tallies(
        connection,
        Counter(
            (
                row["upload_id"],
                row["ordinal"] == 0,
                row["status"] or WAITING,
                row["reason"] or "",
                row["confidence"] or 0,
                row["flags"],
            )
            for row in rows
        ),
    )
    _add_settled(connection, Counter(row["upload_id"] for row in rows if row["status"] is not None))


def count_changes(connection: Connection, changes: Iterable[tuple[Counted, dict[str, Any]]]) -> None:
    """Move the lists' counters from what entries were to what they are now, and end lists that are done.

    Lists whose counters stay as they were, since outcomes only changed places, have a new revision as well.
    """
    tallies: Counter[tuple[Any, ...]] = Counter()
    domains: Counter[tuple[int, int, str]] = Counter()
    settled: Counter[int] = Counter()
    for entry, row in changes:
        is_first = entry.ordinal == 0
        now = (entry.upload_id, is_first, row["status"], row["reason"], row["confidence"], row["flags"])
        if entry.status is None:
            before = (entry.upload_id, is_first, WAITING, "", 0, entry.flags)
            settled[entry.upload_id] += 1
        else:
            before = (entry.upload_id, is_first, entry.status, entry.reason, entry.confidence, entry.flags)
            domains[entry.upload_id, entry.domain_id, entry.status] -= 1
            if now != before:
                settled[entry.upload_id] += 0
        tallies[now] += 1
        tallies[before] -= 1
        domains[entry.upload_id, entry.domain_id, row["status"]] += 1
    _add_tallies(connection, tallies)
    _add_domains(connection, domains)
    _add_settled(connection, settled)


def count_taken_back(connection: Connection, entries: Sequence[tuple[Counted, int]]) -> None:
    """Move the lists' counters back for entries, as they were, that wait again with these flags."""
    tallies: Counter[tuple[Any, ...]] = Counter()
    domains: Counter[tuple[int, int, str]] = Counter()
    settled: Counter[int] = Counter()
    for entry, flags in entries:
        is_first = entry.ordinal == 0
        tallies[entry.upload_id, is_first, entry.status, entry.reason, entry.confidence, entry.flags] -= 1
        tallies[entry.upload_id, is_first, WAITING, "", 0, flags] += 1
        domains[entry.upload_id, entry.domain_id, entry.status] -= 1
        settled[entry.upload_id] -= 1
    _add_tallies(connection, tallies)
    _add_domains(connection, domains)
    _add_settled(connection, settled)


def _add_tallies(connection: Connection, tallies: Counter[tuple[Any, ...]]) -> None:
    names = ("upload_id", "is_first", "status", "reason", "confidence", "flags")
    rows = [dict(zip(names, key, strict=True)) | {"count": count} for key, count in tallies.items() if count]
    write_set(
        connection,
        "INSERT INTO tally (upload_id, is_first, status, reason, confidence, flags, count)"
        " SELECT * FROM new WHERE true ON CONFLICT DO UPDATE SET count = count + excluded.count",
        rows,
    )


def _add_domains(connection: Connection, domains: Counter[tuple[int, int, str]]) -> None:
    by_status: dict[str, list[dict[str, int]]] = {}
    for (upload, domain, status), count in domains.items():
        if count:
            row = {"number": count, "upload": upload, "domain": domain}
            by_status.setdefault(status, []).append(row)
    for status, rows in by_status.items():
        write_set(
            connection,
            f"UPDATE upload_domain SET {status} = {status} + number"  # noqa: S608 - one of five Status words
            " FROM new WHERE upload_id = upload AND domain_id = domain",
            rows,
        )


def _add_settled(connection: Connection, settled: Counter[int]) -> None:
    """Add how many entries more have an outcome, of each list that changed (0: none more), and note that."""
    for upload, count in settled.items():
        rows_of(connection, _ADD_SETTLED, count, upload)
        end_if_done(connection, upload)


_ADD_SETTLED = "UPDATE upload SET settled_count = settled_count + ?, revision = revision + 1 WHERE id = ?"


def end_if_done(connection: Connection, upload: int) -> None:
    """Call a running list done when all its entries have their outcome; pause it when its sample has."""
    rows_of(
        connection,
        "UPDATE upload SET state = 'done', sample_size = 0, finished_at = CAST(strftime('%s', 'now') AS REAL)"
        " WHERE id = ? AND state = 'running' AND settled_count >= entry_count",
        upload,
    )
    pause_if_sampled(connection, upload)
