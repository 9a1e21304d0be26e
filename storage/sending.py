"""What tells whether a list is ready to send: its addresses by status and by the size of their domain.

What may bounce is reckoned of the rows that a file has, since each of them is one message.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.expected import Stratum
from engine.policy import LARGEST_SMALL_DOMAIN
from engine.readiness import Counts
from engine.reason import NEVER_AGAIN, Reason
from engine.value import replace
from engine.verdict import NO_FLAGS, Flag, Status
from storage.database import Database
from storage.listed_rows import WITH_LISTED
from storage.removals import Outcomes
from storage.selection import Outcome
from storage.strata import kept_strata, strata_of

_STATUSES = text(
    "SELECT status, sum(count) AS addresses FROM tally"
    " WHERE upload_id = :upload AND status <> '' AND reason <> 'empty' GROUP BY status"
)
_BY_SIZE = text(
    "SELECT entries AS size, sum(valid) AS valid, sum(invalid) AS invalid, sum(accept_all) AS accept_all,"
    " sum(risky) AS risky, sum(unknown) AS unknown FROM upload_domain"
    " WHERE upload_id = :upload AND entries < :most GROUP BY entries"
)
_ROWS = text(
    "SELECT status, reason, sum(count) AS rows FROM tally WHERE upload_id = :upload AND status <> ''"
    " AND reason <> 'empty' AND is_first = 1 AND flags & :repeated = 0 GROUP BY status, reason"
)
_UPLOAD = text("SELECT entry_count - settled_count AS waiting, is_dns_only FROM upload WHERE id = :upload")
_LISTED = text(
    f"{WITH_LISTED} SELECT entry.status, entry.reason, coalesce(domain.provider, '') AS provider,"  # noqa: S608
    " coalesce(at_domain.entries, 0) AS size, count(*) AS addresses,"
    " sum(entry.ordinal = 0 AND entry.flags & :repeated = 0) AS rows FROM listed"
    " CROSS JOIN entry ON entry.upload_id = :upload AND entry.row = listed.row"
    " LEFT JOIN mailbox ON mailbox.id = entry.mailbox_id LEFT JOIN domain ON domain.id = mailbox.domain_id"
    " LEFT JOIN upload_domain AS at_domain"
    " ON at_domain.upload_id = :upload AND at_domain.domain_id = mailbox.domain_id"
    " WHERE +entry.status IS NOT NULL AND +entry.reason <> 'empty' GROUP BY 1, 2, 3, 4"
)
_Rows = Sequence[Row[Any]]
_Sizes = dict[int, Counter[Status]]


def counts_for_sending(database: Database, upload: int) -> Counts:
    """Count a list's addresses, from its counters and its domains; looked at are the never-probed ones alone.

    Those are left out, with all of their row: no file that is to be sent to has them.
    """
    names = {"upload": upload, "most": LARGEST_SMALL_DOMAIN, "repeated": int(Flag.DUPLICATE)}
    with database.reading() as connection:
        statuses = _statuses(connection.execute(_STATUSES, names).all())
        sizes = _sizes(connection, names)
        rows = connection.execute(_ROWS, names).all()
        row = connection.execute(_UPLOAD, names).one_or_none()
        listed = connection.execute(_LISTED, names).all()
    unasked = _statuses(listed)
    strata = _strata_less(strata_of(database, upload), listed)
    kept = _kept(rows, listed)
    return Counts(
        statuses={status: statuses[status] - unasked[status] for status in Status},
        by_size=_less(sizes, listed),
        strata=tuple(kept_strata(kept, _safe(strata))),
        waiting=row.waiting if row else 0,
        unasked=unasked,
        rows=_by_status(kept),
        askable=0 if row is None or row.is_dns_only else _askable(strata),
    )


def _statuses(rows: _Rows) -> Counter[Status]:
    counted: Counter[Status] = Counter()
    for row in rows:
        counted[Status(row.status)] += row.addresses
    return counted


def _kept(rows: _Rows, listed: _Rows) -> Outcomes:
    """Count the rows that a file has by what was found of them, less what it would have of listed ones."""
    left: Counter[tuple[str, str]] = Counter()
    for row in rows:
        left[row.status, row.reason] += row.rows
    for row in listed:
        left[row.status, row.reason] -= row.rows
    told = (
        (Outcome(Status(status), NO_FLAGS, Reason(why)), number) for (status, why), number in left.items()
    )
    return tuple((found, number) for found, number in told if number > 0)


def _by_status(kept: Outcomes) -> Counter[Status]:
    """Count rows that hold an address, by status."""
    counted: Counter[Status] = Counter()
    for found, number in kept:
        counted[found.status] += number if found.reason is not Reason.EMPTY else 0
    return counted


def _safe(strata: Iterable[Stratum], without: Collection[str] = ()) -> list[Stratum]:
    """Give the strata that say how a list's valid addresses are spread over providers, without some."""
    valid = (each for each in strata if each.status is Status.VALID)
    return [each for each in valid if each.provider not in without]


def counts_of_choice(counts: Counts, kept: Outcomes, small: Outcomes, without: Collection[str]) -> Counts:
    """Count what further choices leave of a list, as its file has it, `without` some providers.

    `small` are the kept rows at small domains, whatever these are.
    """
    rows = _by_status(kept)
    return replace(
        counts,
        statuses=rows,
        by_size={0: _by_status(small)},
        strata=tuple(kept_strata(kept, _safe(counts.strata, without))),
        rows=rows,
    )


def _askable(strata: Iterable[Stratum]) -> int:
    """Count the unknown addresses of which another try may tell."""
    unknown = (each for each in strata if each.status is Status.UNKNOWN and each.reason not in NEVER_AGAIN)
    return round(sum(each.addresses for each in unknown))


def _sizes(connection: Connection, names: Mapping[str, int]) -> _Sizes:
    rows = connection.execute(_BY_SIZE, names)
    return {row.size: Counter({status: getattr(row, status.value) for status in Status}) for row in rows}


def _less(sizes: _Sizes, listed: _Rows) -> _Sizes:
    for row in listed:
        if row.size in sizes:
            sizes[row.size][Status(row.status)] -= row.addresses
    return sizes


def _strata_less(strata: Iterable[Stratum], listed: _Rows) -> tuple[Stratum, ...]:
    """Take the listed ones out of strata: valid ones are told apart by provider, all others by reason."""
    gone: defaultdict[tuple[Status, Reason, str], int] = defaultdict(int)
    for row in listed:
        is_valid = row.status == Status.VALID
        key = (Status(row.status), Reason(row.reason), row.provider if is_valid else "")
        gone[key] += row.addresses
    kinds = ((each, gone[each.status, each.reason or Reason.EMPTY, each.provider]) for each in strata)
    lessened = (replace(each, addresses=each.addresses - less) for each, less in kinds)
    return tuple(each for each in lessened if each.addresses > 0)
