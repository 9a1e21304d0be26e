"""Two lists compared, address by address: who died, who came back, who is new, who is gone.

A list shows the newest answer there is, also one that a later list asked for. So what was known *then* is
taken from the history of checks: the last one before the later list was handed in. What is known *now* is
the last one until the later list was done. Both are by the usual policy. Where a list has nobody asked about
an address, its own word is compared: what others were told of the address is none of its answers.
"""

from collections import Counter
from enum import StrEnum
from math import inf
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.reason import Reason
from engine.value import value
from engine.verdict import Status
from storage.database import Database
from storage.listed_rows import with_listed_of
from storage.uploads import upload_row

MOST_LINES = 1_000
"""How many addresses of a kind are given at most."""


class Kind(StrEnum):
    """What became of an address between two lists."""

    DIED = "died"
    CAME_BACK = "came_back"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    SAME = "same"
    OPEN = "open"
    """It stands in both, but for one of the two there is no answer."""


@value
class Line:
    """An address of either list: what was said of it then, and what is said now, and why (None: nothing)."""

    address: str
    then: Status | None
    now: Status | None
    why: Reason | None


@value
class Comparison:
    """How many addresses of two lists are of which kind.

    `never_asked` counts those of the changed ones that are on the never-probe list now: no file holds them.
    """

    earlier: int
    later: int
    counts: dict[Kind, int]
    never_asked: int = 0

    @property
    def shared(self) -> int:
        """How many addresses stand in both lists."""
        return sum(self.counts.values()) - self.counts[Kind.NEW] - self.counts[Kind.GONE]

    @property
    def changed(self) -> int:
        """How many addresses are not as before: of those in both lists, and all new and gone ones."""
        return sum(self.counts.values()) - self.counts[Kind.SAME] - self.counts[Kind.OPEN]


def compare_lists(database: Database, one: int, other: int) -> Comparison | None:
    """Count what became of the addresses of two lists, each once; None where one of them is not there."""
    with database.reading() as connection:
        named = names_of(connection, one, other)
        if named is None:
            return None
        pairs = connection.execute(text(f"{_COUNTED} GROUP BY is_shared, then_is, now_is"), named).all()
        gone = connection.execute(text(f"SELECT count(*) {_GONE}"), named).scalar_one()
        never_asked = sum(
            connection.execute(text(sql), named).scalar_one() for sql in (_LEFT_OUT, _GONE_LEFT_OUT)
        )
    counts = Counter({Kind.GONE: gone})
    for row in pairs:
        counts[kind_of(row)] += row.addresses
    by_kind = {kind: counts[kind] for kind in Kind}
    return Comparison(named["earlier"], named["later"], by_kind, never_asked)


def lines_of(database: Database, one: int, other: int, kind: Kind, limit: int = MOST_LINES) -> list[Line]:
    """Give the addresses of a kind in their list's order, at most `limit`."""
    with database.reading() as connection:
        named = names_of(connection, one, other)
        if named is None:
            return []
        sql = _LINES.format(_ARE[kind]) if kind in _ARE else _GONE_LINES
        return [_line(row) for row in connection.execute(text(sql), named | {"limit": limit})]


def names_of(connection: Connection, one: int, other: int) -> dict[str, Any] | None:
    """Say which of two lists is the later one, and from which times their answers are."""
    earlier, later = (upload_row(connection, upload) for upload in sorted((one, other)))
    if earlier is None or later is None or earlier.id == later.id:
        return None
    if earlier.deleted_at is not None or later.deleted_at is not None:
        return None
    return {
        "earlier": earlier.id,
        "later": later.id,
        "earlier_by_dns": earlier.is_dns_only,
        "later_by_dns": later.is_dns_only,
        "earlier_unasks": _has_unasked(connection, earlier.id),
        "later_unasks": _has_unasked(connection, later.id),
        "then": later.created_at,
        "until": inf if later.finished_at is None else later.finished_at + _ROUNDED_S,
    }


def _has_unasked(connection: Connection, upload: int) -> bool:
    """Tell by the counters whether a list has nobody asked about some address."""
    return connection.execute(_COUNTED_UNASKED, {"upload": upload}).first() is not None


_COUNTED_UNASKED = text(
    "SELECT 1 FROM tally WHERE upload_id = :upload AND reason = 'never_probed' AND count > 0 LIMIT 1"
)
_ROUNDED_S = 1.0
"""A list's end is kept in whole seconds."""


# A mailbox counts once in a list: where it is a row's own address, else where it stands first. A unary +
# keeps the planner from walking all entries of a list for each of a mailbox's few.
_ONCE_IN = (
    "FROM {among} WHERE entry.upload_id = :{side} AND entry.mailbox_id IS NOT NULL"
    " AND entry.first_row IS NULL AND (entry.ordinal = 0 OR NOT EXISTS (SELECT 1 FROM entry AS same"
    " WHERE same.mailbox_id = entry.mailbox_id AND +same.upload_id = :{side} AND same.first_row IS NULL"
    " AND (same.ordinal = 0 OR same.id < entry.id)))"
)
_IN_LATER = f" {_ONCE_IN.format(side='later', among='entry')}"
_GONE_AMONG = (
    f"{_ONCE_IN.replace('{side}', 'earlier')} AND NOT EXISTS (SELECT 1 FROM entry AS other"  # noqa: S608
    " WHERE other.mailbox_id = entry.mailbox_id AND +other.upload_id = :later)"
)
_GONE = _GONE_AMONG.format(among="entry")
_CHECK = (
    "(SELECT checked.{what} FROM settled_check AS checked WHERE checked.mailbox_id = entry.mailbox_id"
    " AND checked.settled_at {before} ORDER BY checked.number DESC LIMIT 1)"
)
_OWN = (
    "(SELECT own.{what} FROM entry AS own WHERE own.mailbox_id = entry.mailbox_id"
    " AND +own.upload_id = :{side}{only} LIMIT 1)"
)
_UNASKED = " AND :{side}_unasks AND +own.reason = 'never_probed'"


def _said(what: str, side: str, before: str) -> str:
    """Write what was said of an address: by DNS or unasked its list's own word, else that time's check."""
    own, unasked = (_OWN.format(what=what, side=side, only=only.format(side=side)) for only in ("", _UNASKED))
    check = _CHECK.format(what=what, before=before)
    return f"iif(:{side}_by_dns, {own}, coalesce({unasked}, {check}))"


_THEN = _said("status", "earlier", "< :then")
_NOW = _said("status", "later", "<= :until")
_WHY = _said("reason", "later", "<= :until")
_WHY_THEN = _said("reason", "earlier", "< :then")
_ADDRESS = "coalesce(nullif(entry.corrected, ''), entry.text) AS text"
_SHARED = (
    "EXISTS (SELECT 1 FROM entry AS other WHERE other.mailbox_id = entry.mailbox_id"
    " AND +other.upload_id = :earlier)"
)
_PAIRS = f"SELECT {_SHARED} AS is_shared, {_THEN} AS then_is, {_NOW} AS now_is"
# Kept apart, or each of these look-ups would be made twice: once to group by and once to give.
_COUNTED = (
    f"WITH pair AS MATERIALIZED ({_PAIRS}{_IN_LATER})"  # noqa: S608 - constants
    " SELECT is_shared, then_is, now_is, count(*) AS addresses FROM pair"
)
_LINES = (
    f"SELECT * FROM ({_PAIRS}, {_WHY} AS why, {_ADDRESS}, entry.row, entry.ordinal{_IN_LATER})"  # noqa: S608
    " WHERE {} ORDER BY row, ordinal LIMIT :limit"
)
_GONE_LINES = (
    f"SELECT {_ADDRESS}, {_THEN} AS then_is, NULL AS now_is, NULL AS why"
    f" {_GONE} ORDER BY entry.row, entry.ordinal LIMIT :limit"
)
_IS_CHANGED = "(NOT is_shared OR then_is <> now_is)"
_NOT_LISTED = "NOT IN (SELECT id FROM listed_entry)"
CHANGED_ROWS = (
    f"{with_listed_of(':later')} SELECT text, is_shared, then_is, why_then, now_is, why FROM"  # noqa: S608
    f" ({_PAIRS}, {_WHY} AS why, {_WHY_THEN} AS why_then, {_ADDRESS}, entry.id, entry.row, entry.ordinal"
    f"{_IN_LATER} AND entry.id {_NOT_LISTED}) WHERE {_IS_CHANGED} ORDER BY row, ordinal"
)
"""Selects what changed of a later list's addresses, in both lists or new; but for the never-probe list."""
GONE_ROWS = (
    f"{with_listed_of(':earlier')} SELECT {_ADDRESS}, {_THEN} AS then_is, {_WHY_THEN} AS why_then,"
    f" NULL AS now_is, NULL AS why {_GONE} AND entry.id {_NOT_LISTED} ORDER BY entry.row, entry.ordinal"
)
"""Selects the addresses that stand in the earlier list only, but for the never-probe list."""
_LISTED = "listed_entry CROSS JOIN entry ON entry.id = listed_entry.id"
_LISTED_IN_LATER = _ONCE_IN.format(side="later", among=_LISTED)
_LEFT_OUT = (
    f"{with_listed_of(':later')} SELECT count(*) FROM ({_PAIRS} {_LISTED_IN_LATER}) WHERE {_IS_CHANGED}"  # noqa: S608
)
_GONE_LEFT_OUT = f"{with_listed_of(':earlier')} SELECT count(*) {_GONE_AMONG.format(among=_LISTED)}"
"""Count what these two leave out: a look at the listed entries alone."""
_ARE = {
    Kind.DIED: "is_shared AND then_is = 'valid' AND now_is = 'invalid'",
    Kind.CAME_BACK: "is_shared AND then_is = 'invalid' AND now_is = 'valid'",
    Kind.CHANGED: (
        "is_shared AND then_is <> now_is AND then_is || now_is NOT IN ('validinvalid', 'invalidvalid')"
    ),
    Kind.NEW: "NOT is_shared",
    Kind.SAME: "is_shared AND then_is = now_is",
    Kind.OPEN: "is_shared AND (then_is IS NULL OR now_is IS NULL)",
}


def kind_of(row: Row[Any]) -> Kind:
    """Name what became of addresses that stand in the later list."""
    if not row.is_shared:
        return Kind.NEW
    if row.then_is is None or row.now_is is None:
        return Kind.OPEN
    if row.then_is == row.now_is:
        return Kind.SAME
    return _TURNS.get((row.then_is, row.now_is), Kind.CHANGED)


_TURNS = {
    (Status.VALID, Status.INVALID): Kind.DIED,
    (Status.INVALID, Status.VALID): Kind.CAME_BACK,
}


def _line(row: Row[Any]) -> Line:
    then, now = (status and Status(status) for status in (row.then_is, row.now_is))
    return Line(row.text.strip(), then, now, row.why and Reason(row.why))
