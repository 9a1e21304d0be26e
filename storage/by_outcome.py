"""The entries of some outcomes, found by index: of each kind that a list's counters name, its next few."""

from typing import Any

from sqlalchemy import Connection, text

from storage.words import BEHIND

COUNTED = (
    "SELECT nullif(status, '') AS status, reason, confidence, flags, count FROM tally"
    " WHERE upload_id = :upload"
)
"""A list's counters under the names that its entries have, so that one search fits both."""


def ids_by_outcome(connection: Connection, where: str, given: dict[str, Any]) -> list[int]:
    """Give the ids of a list's entries that fit `where`, which asks for nothing but outcomes, in order.

    `given` names the upload, the row and ordinal that they are behind, the limit, and what `where` asks for.
    The work is at most the limit for each kind of outcome, wherever in the list its entries stand.
    """
    return list(connection.execute(text(_NEXT.format(where=where)), given).scalars())


# What waits has a status, a reason and points of null, and is counted under "" and 0. The index ends in the
# id, which rises as the list's order does.
_NEXT = f"""
SELECT entry.id FROM (SELECT DISTINCT status, iif(status IS NULL, NULL, reason) AS reason,
    iif(status IS NULL, NULL, confidence) AS confidence, flags FROM ({COUNTED}) AS entry
    WHERE count > 0{{where}}) AS kind
CROSS JOIN entry ON entry.id IN (
    SELECT one.id FROM entry AS one INDEXED BY ix_entry_outcome
    WHERE one.upload_id = :upload AND one.status IS kind.status AND one.reason IS kind.reason
        AND one.confidence IS kind.confidence AND one.flags = kind.flags AND one.id > coalesce({BEHIND}, 0)
    ORDER BY one.id LIMIT :limit)
ORDER BY entry.id LIMIT :limit
"""  # noqa: S608 - constants
