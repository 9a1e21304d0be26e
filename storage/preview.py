"""What another policy would do to a list, before it is given to it: worked out, and never written.

Few kinds of outcome stand in a list, and addresses of one kind are mostly judged alike. So some of each kind
are judged, and what becomes of them is taken for all of the kind. Domains that a policy names are kinds of
their own, so that a single one among thousands is not missed.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from engine.policy import Policy
from engine.reason import Reason
from engine.value import value
from engine.verdict import Status
from storage.codec import load_policy
from storage.database import Database
from storage.grounds import Found, Ground, found_by, grounds_of_entries
from storage.uploads import upload_row

OF_EACH_KIND = 200
MOST_LOOKED_AT = 100_000
"""Addresses that a sample is drawn from; of a larger list, a part that is always the same."""
EXAMPLES = 3
_WHOLE = 2**32


@value
class Move:
    """So many addresses of one status that would have another, with a few of them."""

    before: Status
    after: Status
    reason: Reason
    addresses: int
    examples: tuple[str, ...]


@value
class Preview:
    """How many addresses have which status now and then, and the moves between, the biggest first.

    `judged` of `whole` addresses were judged for it.
    """

    now: dict[Status, int]
    then: dict[Status, int]
    moves: tuple[Move, ...]
    judged: int
    whole: int

    @property
    def is_exact(self) -> bool:
        """Whether each address was looked at."""
        return self.judged >= self.whole

    @property
    def changed(self) -> int:
        """How many addresses would get another status."""
        return sum(move.addresses for move in self.moves)


class _Drawn(NamedTuple):
    """An entry drawn for its kind, and how many of the list it stands for."""

    entry: int
    stands_for: float


def preview_policy(database: Database, upload: int, policy: Policy) -> Preview | None:
    """Say what a policy would make of a list as it is now; None where there is no such list."""
    with database.reading() as connection:
        row = upload_row(connection, upload)
        if row is None:
            return None
        now = _now(connection, upload)
        named = _named_domains(connection, upload, (policy, load_policy(row.policy)))
        drawn = list(_draw(connection, upload, row.entry_count, named))
        grounds = grounds_of_entries(connection, upload, [each.entry for each in drawn], policy)
    moves = _moves(grounds, {each.entry: each.stands_for for each in drawn}, policy)
    return Preview(now, _then(now, moves), moves, len(drawn), sum(now.values()))


_NOW = text(
    "SELECT status, sum(count) AS addresses FROM tally"
    " WHERE upload_id = :upload AND status <> '' AND reason <> 'empty' GROUP BY status"
)


def _now(connection: Connection, upload: int) -> dict[Status, int]:
    counted = {row.status: row.addresses for row in connection.execute(_NOW, {"upload": upload})}
    return {status: counted.get(status.value, 0) for status in Status}


def _named_domains(connection: Connection, upload: int, policies: Sequence[Policy]) -> list[int]:
    """Give the list's domains that one of the policies has a word of its own on."""
    naming = [policy for policy in policies if policy.names_domains]
    if not naming:
        return []
    rows = connection.execute(_DOMAINS, {"upload": upload})
    return [row.id for row in rows if any(policy.names(row.name) for policy in naming)]


_DOMAINS = text(
    "SELECT domain.id, domain.name FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id WHERE listed.upload_id = :upload"
)


# The hash of a row's number (Knuth's multiplicative one) draws without regard to how the list is ordered.
_PLACE = "((entry.row * 2654435761) & 4294967295)"
_OUTCOME = f"SELECT entry.id, entry.status, entry.reason, entry.confidence, entry.flags, {_PLACE} AS place"
_SETTLED = "+entry.status IS NOT NULL AND +entry.reason <> 'empty'"
_SOME_OF_EACH = (
    "ranked AS (SELECT id, row_number() OVER (PARTITION BY status, reason, confidence, flags ORDER BY place)"
    " AS number, count(*) OVER (PARTITION BY status, reason, confidence, flags) AS size FROM seen)"
    " SELECT id, size FROM ranked WHERE number <= :most"
)
_NAMED = "json_each(:named) AS listed CROSS JOIN mailbox ON mailbox.domain_id = listed.value"
_AT_NAMED = text(
    f"WITH seen AS ({_OUTCOME} FROM {_NAMED} CROSS JOIN entry ON entry.mailbox_id = mailbox.id"
    f" WHERE +entry.upload_id = :upload AND {_SETTLED}), {_SOME_OF_EACH}"
)
_ELSEWHERE = text(
    f"WITH seen AS ({_OUTCOME} FROM entry WHERE entry.upload_id = :upload AND {_PLACE} < :part"  # noqa: S608
    f" AND {_SETTLED} AND (entry.mailbox_id IS NULL OR entry.mailbox_id NOT IN"
    f" (SELECT mailbox.id FROM {_NAMED}))), {_SOME_OF_EACH}"
)


def _draw(connection: Connection, upload: int, entries: int, named: Sequence[int]) -> Iterator[_Drawn]:
    """Draw some entries of each kind, always the same ones; at the domains named, of all there are."""
    part = min(1.0, MOST_LOOKED_AT / max(entries, 1))
    names = {
        "upload": upload,
        "part": round(part * _WHOLE),
        "named": json.dumps(list(named)),
        "most": OF_EACH_KIND,
    }
    for drawing, share in ((_AT_NAMED, 1.0), (_ELSEWHERE, part)):
        for row in connection.execute(drawing, names):
            yield _Drawn(row.id, row.size / min(row.size, OF_EACH_KIND) / share)


_Kind = tuple[Status, Status, Reason]


def _moves(grounds: Sequence[Ground], stands_for: dict[int, float], policy: Policy) -> tuple[Move, ...]:
    sizes: defaultdict[_Kind, float] = defaultdict(float)
    examples: dict[_Kind, list[str]] = {}
    for ground in grounds:
        entry, found = ground[0], found_by(ground, policy)
        if found[0] == entry.status:
            continue
        kind = _kind(entry.status, found)
        sizes[kind] += stands_for[entry.id]
        if len(shown := examples.setdefault(kind, [])) < EXAMPLES:
            shown.append(entry.text)
    moves = [Move(*kind, max(round(size), 1), tuple(examples[kind])) for kind, size in sizes.items()]
    return tuple(sorted(moves, key=lambda move: -move.addresses))


def _kind(before: str, found: Found) -> _Kind:
    return Status(before), Status(found[0]), Reason(found[1])


def _then(now: dict[Status, int], moves: Sequence[Move]) -> dict[Status, int]:
    """Count what there would be: no status can lose more than it has."""
    then = Counter(now)
    for move in moves:
        moved = min(move.addresses, then[move.before])
        then[move.before] -= moved
        then[move.after] += moved
    return {status: then[status] for status in Status}
