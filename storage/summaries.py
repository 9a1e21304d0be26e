"""What pages and the terminal show of lists: figures from counters, never from the entries themselves."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status
from storage.database import Database
from storage.deferred import Deferred, deferred_of
from storage.uploads import UploadState


@value
class Standing:
    """A list's headline: where it stands and how many of its entries have which status.

    `empty` counts the rows that hold nothing where an address is looked for: each of them is an entry too,
    with status invalid, but no address. `check` is 1 for the first check of a list, 2 where the same list was
    handed in once before.
    """

    upload: int
    name: str
    sheet_name: str
    state: UploadState
    rows: int
    entries: int
    settled: int
    created_at: float
    started_at: float | None
    finished_at: float | None
    statuses: dict[Status, int]
    empty: int = 0
    check: int = 1
    reuse_days: float | None = None
    """Answers older than so many days were not reused; None where all that still held were."""
    is_dns_only: bool = False
    sample_size: int = 0
    """How many addresses are checked first; 0 where it is the whole list."""
    title: str = ""
    """The user's own name for the list; `""` where it goes by its file's name."""
    policy_name: str = ""
    """Whose policy the list is judged by; `""` where it is the usual one."""
    revision: int = 0
    """It rises whenever outcomes of the list changed, even where its counters stay as they were."""

    @property
    def waiting(self) -> int:
        """How many entries have no outcome yet."""
        return self.entries - self.settled

    @property
    def addresses(self) -> int:
        """How many addresses stand in the list, malformed ones too, each as often as it stands there."""
        return self.entries - self.empty

    @property
    def checked(self) -> int:
        """How many of the addresses have their outcome."""
        return self.settled - self.empty

    @property
    def address_statuses(self) -> dict[Status, int]:
        """How many of the checked addresses have which status: rows that hold none are left out."""
        return self.statuses | {Status.INVALID: self.statuses[Status.INVALID] - self.empty}

    @property
    def share(self) -> float:
        """The checked share of the addresses, 0-1; a list without addresses is whole."""
        return self.checked / self.addresses if self.addresses else 1.0


@value
class Cell:
    """Settled entries that share all that a list counts by."""

    is_first: bool
    status: Status
    reason: Reason
    confidence: int
    flags: Flag
    count: int


@value
class Summary:
    """All the figures of one list."""

    standing: Standing
    header: tuple[str, ...]
    address_columns: tuple[str, ...]
    notes: tuple[str, ...]
    cells: tuple[Cell, ...]
    deferred: tuple[Deferred, ...] = field(default=())
    waiting_rows: dict[Flag, int] = field(default_factory=dict)
    """Rows whose first address has no outcome yet, by the flags known of it already."""

    def by_reason(self) -> list[tuple[Status, Reason, int]]:
        """Count entries by status and reason, most first."""
        counted: Counter[tuple[Status, Reason]] = Counter()
        for cell in self.cells:
            counted[cell.status, cell.reason] += cell.count
        return [(*pair, count) for pair, count in counted.most_common() if count]

    def by_confidence(self, width: int = 5) -> dict[tuple[int, Status], int]:
        """Count addresses by confidence, in bins of `width` points (the last one holds 100), and status."""
        counted: Counter[tuple[int, Status]] = Counter()
        for cell in self.cells:
            if cell.reason is not Reason.EMPTY:
                counted[min(cell.confidence, 99) // width * width, cell.status] += cell.count
        return dict(counted)


_UPLOADS = (
    "SELECT upload.*, sum(state <> 'interrupted') OVER (PARTITION BY continuation ORDER BY id) AS number"
    " FROM upload WHERE deleted_at IS NULL AND is_single = 0"
)


def standings(database: Database) -> list[Standing]:
    """All lists but the deleted ones, newest first."""
    with database.reading() as connection:
        uploads = connection.execute(text(f"{_UPLOADS} ORDER BY id DESC")).all()
        counted = connection.execute(text(_COUNTED.format(""))).all()
    return _standings(uploads, counted)


def standings_of(database: Database, uploads: Sequence[int]) -> list[Standing]:
    """Give where these lists stand, in this order, in a time that does not grow with all the others."""
    names = {"uploads": json.dumps(list(uploads))}
    with database.reading() as connection:
        rows = connection.execute(text(f"SELECT * FROM ({_UPLOADS}) WHERE id {_AMONG}"), names).all()  # noqa: S608
        counted = connection.execute(text(_COUNTED.format(f"AND upload_id {_AMONG}")), names).all()
    found = {each.upload: each for each in _standings(rows, counted)}
    return [found[upload] for upload in uploads if upload in found]


_AMONG = "IN (SELECT value FROM json_each(:uploads))"
_COUNTED = (
    "SELECT upload_id, status, sum(count) AS entries, sum(count * (reason = 'empty')) AS empty"
    " FROM tally WHERE status <> '' {} GROUP BY upload_id, status"
)


def _standings(uploads: Sequence[Row[Any]], counted: Sequence[Row[Any]]) -> list[Standing]:
    statuses: dict[int, dict[Status, int]] = {}
    empty: Counter[int] = Counter()
    for row in counted:
        statuses.setdefault(row.upload_id, {})[Status(row.status)] = row.entries
        empty[row.upload_id] += row.empty
    return [_standing(row, statuses.get(row.id, {}), empty[row.id]) for row in uploads]


def _standing(row: Row[Any], statuses: dict[Status, int], empty: int) -> Standing:
    return Standing(
        upload=row.id,
        name=row.name,
        sheet_name=row.sheet_name,
        state=UploadState(row.state),
        rows=row.row_count,
        entries=row.entry_count,
        settled=row.settled_count,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        statuses={status: statuses.get(status, 0) for status in Status},
        empty=empty,
        check=max(row.number, 1),
        reuse_days=row.reuse_days,
        is_dns_only=bool(row.is_dns_only),
        sample_size=row.sample_size,
        title=row.title,
        policy_name=row.policy_name,
        revision=row.revision,
    )


def summarise(database: Database, upload: int) -> Summary | None:
    """Give all figures of a list, in a time that does not grow with it; None where there is no such list."""
    with database.reading() as connection:
        row = _upload(connection, upload)
        if row is None:
            return None
        cells = _cells(connection, upload)
        waiting = _waiting_rows(connection, upload)
        deferred = deferred_of(connection, upload) if row.settled_count < row.entry_count else ()
    statuses: Counter[Status] = Counter()
    for cell in cells:
        statuses[cell.status] += cell.count
    empty = sum(cell.count for cell in cells if cell.reason is Reason.EMPTY)
    return Summary(
        standing=_standing(row, dict(statuses), empty),
        header=tuple(json.loads(row.header)),
        address_columns=tuple(json.loads(row.address_columns)),
        notes=tuple(json.loads(row.notes)),
        cells=cells,
        deferred=deferred,
        waiting_rows=waiting,
    )


def _upload(connection: Connection, upload: int) -> Row[Any] | None:
    same_list = "continuation = (SELECT continuation FROM upload WHERE id = :upload)"
    return connection.execute(
        text(f"SELECT * FROM ({_UPLOADS} AND {same_list}) WHERE id = :upload"),  # noqa: S608 - constants
        {"upload": upload},
    ).one_or_none()


def _cells(connection: Connection, upload: int) -> tuple[Cell, ...]:
    rows = connection.execute(
        text("SELECT * FROM tally WHERE upload_id = :upload AND status <> '' AND count > 0"),
        {"upload": upload},
    )
    return tuple(
        Cell(
            bool(row.is_first),
            Status(row.status),
            Reason(row.reason),
            row.confidence,
            Flag(row.flags),
            row.count,  # type: ignore[arg-type]
        )
        for row in rows
    )


def _waiting_rows(connection: Connection, upload: int) -> dict[Flag, int]:
    rows = connection.execute(
        text(
            "SELECT flags, count FROM tally"
            " WHERE upload_id = :upload AND is_first = 1 AND status = '' AND count > 0"
        ),
        {"upload": upload},
    )
    return {Flag(flags): count for flags, count in rows}
