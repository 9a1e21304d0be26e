"""What a selection keeps and removes of a list, counted from the list's counters: how many rows, and why."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, text

from engine.value import replace, value
from engine.verdict import Flag, Status
from storage.database import Database
from storage.listed_rows import HOW_LISTED, WITH_LISTED
from storage.rows_at import At, count_at_provider, count_at_providers, count_at_small, shares_of
from storage.selection import Listed, Outcome, Removal, Selection, outcome_of
from storage.summaries import Summary


@value
class Split:
    """How many rows a selection keeps and removes. Rows that wait are unknown."""

    kept: int
    removed: int


Outcomes = tuple[tuple[Outcome, int], ...]
"""What was found of the addresses that speak for rows, and for how many rows each."""


def outcomes_of(summary: Summary) -> Outcomes:
    """Count rows by what was found of their first address, from the list's counters: of no provider."""
    settled = (
        (Outcome(cell.status, cell.flags, cell.reason, cell.confidence), cell.count)
        for cell in summary.cells
        if cell.is_first
    )
    waiting = ((Outcome(Status.UNKNOWN, flags), count) for flags, count in summary.waiting_rows.items())
    return (*settled, *waiting)


_LISTED = text(
    f"{WITH_LISTED} SELECT '' AS provider, entry.status, entry.reason, entry.confidence, entry.flags,"  # noqa: S608
    f" {HOW_LISTED} AS listed, count(*) AS rows FROM listed"
    " CROSS JOIN entry ON entry.upload_id = :upload AND entry.row = listed.row AND entry.ordinal = 0"
    " GROUP BY 2, 3, 4, 5, 6"
)


def with_listed(database: Database, upload: int, outcomes: Outcomes) -> Outcomes:
    """Mark those of counted rows that hold an address on the never-probe list now: a look at these alone."""
    with database.reading() as connection:
        rows = connection.execute(_LISTED, {"upload": upload}).all()
    return told_apart(outcomes, [_move(row, listed=Listed.NO) for row in rows])


def with_providers(
    database: Database, upload: int, outcomes: Outcomes, providers: Collection[str]
) -> Outcomes:
    """Tell those of counted rows apart that are at these providers.

    It is a look at these alone, by their domains; of a provider with much of the list, at the list's rows in
    their order, which are passed by sooner. Who is listed is marked already, as `with_listed` does.
    """
    shares = shares_of(database, upload, providers)
    large = [each for each in providers if each in shares.large]
    rows = [row for each in large for row in count_at_provider(database, upload, each)]
    rows += count_at_providers(database, upload, shares.small)
    return told_apart(outcomes, [_move(row, provider="") for row in rows])


def at_small_domains(database: Database, upload: int, addresses: int) -> Outcomes:
    """Count the rows whose first address is at a domain that has fewer addresses of the list than that.

    It is a look at all of these rows.
    """
    found: Counter[Outcome] = Counter()
    for row in count_at_small(database, upload, addresses):
        found[_found(row)] += row.rows
    return tuple(found.items())


Move = tuple[Outcome, Outcome, int]
"""What rows are counted as so far, what they are to be counted as, and how many they are."""


def told_apart(outcomes: Outcomes, moves: Iterable[Move]) -> Outcomes:
    """Count rows as something else than so far.

    No more are taken than were counted, whatever was settled in between, so that the sum stays the same.
    """
    left, apart = Counter(dict(outcomes)), Counter[Outcome]()
    for before, after, rows in moves:
        moved = min(rows, left[before])
        left[before] -= moved
        apart[after] += moved
    return tuple((left + apart).items())


def _move(row: Row[Any] | At, **before: Any) -> Move:
    found = _found(row)
    return replace(found, **before), found, row.rows


def _found(row: Row[Any] | At) -> Outcome:
    return outcome_of((row.status, row.flags, row.reason, row.confidence, row.provider, row.listed))


def providers_of(database: Database, upload: int) -> dict[str, int]:
    """Count a list's addresses by who runs their domain's mail hosts, most first; unknown ones left out."""
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT domain.provider, sum(upload_domain.entries) AS entries FROM upload_domain"
                " JOIN domain ON domain.id = upload_domain.domain_id"
                " WHERE upload_domain.upload_id = :upload AND domain.provider <> ''"
                " GROUP BY domain.provider ORDER BY entries DESC"
            ),
            {"upload": upload},
        )
        return {row.provider: row.entries for row in rows}


def kept_of(outcomes: Outcomes, selection: Selection) -> Outcomes:
    """Leave out what a selection would remove."""
    return tuple((found, count) for found, count in outcomes if selection.removes(found) is None)


def split(outcomes: Outcomes, selection: Selection) -> Split:
    """Count the rows that a selection would keep and remove."""
    kept = sum(count for _, count in kept_of(outcomes, selection))
    return Split(kept, sum(count for _, count in outcomes) - kept)


def waiting_rows(summary: Summary) -> int:
    """Count the rows whose first address has no outcome yet."""
    return sum(summary.waiting_rows.values())


def rows_with_several(summary: Summary) -> int:
    """Count the rows that hold several addresses."""
    settled = sum(cell.count for cell in summary.cells if cell.is_first and Flag.SEVERAL in cell.flags)
    return settled + sum(rows for flags, rows in summary.waiting_rows.items() if Flag.SEVERAL in flags)


def removed_by(outcomes: Outcomes, selection: Selection) -> list[tuple[Removal, int]]:
    """Count removed rows by what removes them, most first; each row counts once."""
    return _counted((selection.removes(found), count) for found, count in outcomes)


def _counted(rows: Iterable[tuple[Removal | None, int]]) -> list[tuple[Removal, int]]:
    removed: Counter[Removal] = Counter()
    for removal, count in rows:
        if removal is not None:
            removed[removal] += count
    return removed.most_common()
