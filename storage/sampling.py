"""Draws a list's sample before it is started, and says what its answers tell of the whole list."""

import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.expected import Stratum
from engine.reason import Reason
from engine.sample_estimate import Drawn, SampleEstimate, estimate_whole
from engine.sampling import SAMPLE_SIZE, Placed, allocate, evenly, strata_by_domain
from engine.value import value
from engine.verdict import Status
from storage.bulk import rows_of, write_each
from storage.database import Database


def draw_sample(database: Database, upload: int, wanted: int = SAMPLE_SIZE) -> None:
    """Have only so many of a list's addresses checked when it is started, one list of them for each list.

    Nothing is done with a list that was started already, or is no larger than that.
    """
    with database.reading() as connection:
        rows = _drawn_from(connection, upload, wanted)
    if not rows:
        return
    with database.writing() as connection:
        if not rows_of(connection, _SIZED, len(rows), upload).rowcount:
            return
        write_each(
            connection,
            "INSERT INTO sampled (upload_id, mailbox_id, stratum, stratum_size)"
            " VALUES (:upload, :mailbox, :stratum, :size)",
            rows,
        )


_SIZED = (
    "UPDATE upload SET sample_size = ? WHERE id = ? AND state = 'ready' AND started_at IS NULL"
    " AND sample_size = 0 AND is_dns_only = 0 AND deleted_at IS NULL"
)


def _drawn_from(connection: Connection, upload: int, wanted: int) -> list[dict[str, int | str]]:
    """Draw from each stratum, evenly spread over the list's rows; nothing from a list that is not larger."""
    strata = _strata(connection, upload, wanted)
    sizes = {name: len(members) for name, members in strata.items()}
    if sum(sizes.values()) <= wanted:
        return []
    return [
        {"upload": upload, "mailbox": strata[name][place], "stratum": name, "size": sizes[name]}
        for name, number in allocate(sizes, wanted).items()
        for place in evenly(sizes[name], number)
    ]


def _strata(connection: Connection, upload: int, wanted: int) -> dict[str, "array[int]"]:
    """Sort a list's mailboxes, in the order of its rows, into strata."""
    stratum = strata_by_domain(_domains(connection, upload), wanted)
    strata: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for mailbox, domain in _mailboxes(connection, upload):
        strata[stratum[domain]].append(mailbox)
    return strata


def _mailboxes(connection: Connection, upload: int) -> Iterator[tuple[int, int]]:
    """Walk a list's mailboxes where each is named first, with their domains; one row may name one twice."""
    row, seen = -1, set[int]()
    for at, mailbox, domain in rows_of(connection, _FIRST, upload):
        if at != row:
            row, seen = at, set()
        if mailbox not in seen:
            seen.add(mailbox)
            yield mailbox, domain


_FIRST = (
    "SELECT entry.row, entry.mailbox_id, mailbox.domain_id FROM entry"
    " CROSS JOIN mailbox INDEXED BY ix_mailbox_domain ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = ? AND entry.first_row IS NULL ORDER BY entry.row, entry.ordinal"
)


def _domains(connection: Connection, upload: int) -> dict[int, Placed]:
    rows = rows_of(connection, _PLACED, upload)
    return {domain: Placed(name, entries, provider) for domain, name, entries, provider in rows}


_PLACED = (
    "SELECT domain.id, domain.name, listed.entries, domain.provider FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id WHERE listed.upload_id = ?"
)


@value
class SampleStanding:
    """How far a list's sample is, and what it tells so far.

    Of `drawn` addresses `waiting` have no answer yet, `put_off` of them wait for `first_at` (Unix seconds) or
    later. `whole` is how many addresses the sample speaks for.
    """

    drawn: int
    whole: int
    waiting: int
    put_off: int
    first_at: float | None
    estimate: SampleEstimate | None

    @property
    def is_through(self) -> bool:
        """Whether everybody in the sample has an answer."""
        return not self.waiting


def sample_standing(database: Database, upload: int) -> SampleStanding:
    """Say how far a list's sample is, by its few rows alone."""
    with database.reading() as connection:
        rows = connection.execute(_STANDING, {"upload": upload, "now": time.time()}).all()
    sizes = {row.stratum: row.stratum_size for row in rows}
    put_off = [row.due_at for row in rows if row.status is None and row.due_at is not None]
    return SampleStanding(
        drawn=len(rows),
        whole=sum(sizes.values()),
        waiting=sum(row.status is None for row in rows),
        put_off=len(put_off),
        first_at=min(put_off, default=None),
        estimate=estimate_whole(_answered(rows)),
    )


def _answered(rows: Sequence[Row[Any]]) -> list[Drawn]:
    """Count the answered addresses of a sample that were answered alike."""
    alike = Counter(
        (row.stratum, row.stratum_size, row.status, row.reason, row.provider)
        for row in rows
        if row.status is not None
    )
    return [
        Drawn(stratum, size, Stratum(Status(status), Reason(reason), provider, number))
        for (stratum, size, status, reason, provider), number in alike.items()
    ]


# Several entries of a list may name a mailbox: the first of them speaks for it.
_STANDING = text(
    "SELECT sampled.stratum, sampled.stratum_size, entry.status, entry.reason, domain.provider,"
    " coalesce(hold.until, iif(mailbox.state = 'deferred', mailbox.due_at, NULL)) AS due_at"
    " FROM sampled CROSS JOIN mailbox ON mailbox.id = sampled.mailbox_id"
    " CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " LEFT JOIN hold ON hold.domain_id = domain.id AND hold.until > :now AND domain.needs_probe = 1"
    " CROSS JOIN entry ON entry.id = (SELECT min(id) FROM entry AS named"
    " WHERE named.mailbox_id = sampled.mailbox_id AND +named.upload_id = sampled.upload_id)"
    " WHERE sampled.upload_id = :upload"
)
