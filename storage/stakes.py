"""Which domains of a list put rows at stake, and how: the most rows first, from sets and not row by row."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from heapq import nsmallest
from typing import NamedTuple

from sqlalchemy import Connection, text

from engine.reason import Reason
from engine.value import value
from engine.verdict import AcceptAll
from storage.bulk import read_set
from storage.database import Database
from storage.domain_kinds import DomainKinds, Kind
from storage.holds import HELD_DOMAINS
from storage.tables.lists import AT_STAKE

NAMED = 3
"""How many of the largest domains are named."""
SAMPLED = 100
"""How many of the largest domains are looked at for what their hosts said."""


class Stake(StrEnum):
    """What puts rows at stake: their domain's own fault, or that its hosts do not say."""

    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"
    NO_MAIL_HOST = "no_mail_host"
    NOT_LOOKED_UP = "not_looked_up"
    PARKED = "parked"
    ACCEPT_ALL = "accept_all"
    BLOCKED = "blocked"
    WAITING = "waiting"
    UNREACHABLE = "unreachable"


BY_KIND = {
    Reason.NO_SUCH_DOMAIN: Stake.NO_SUCH_DOMAIN,
    Reason.NULL_MX: Stake.NULL_MX,
    Reason.NO_MAIL_HOST: Stake.NO_MAIL_HOST,
    Reason.DNS_FAILED: Stake.NOT_LOOKED_UP,
    Reason.UNROUTABLE_MX: Stake.NO_MAIL_HOST,
}
"""What the kind of a domain's route puts at stake: all its rows."""

BY_REASON = {
    Reason.BLOCKED: Stake.BLOCKED,
    Reason.BLANKET_REFUSAL: Stake.BLOCKED,
    Reason.GREYLISTED: Stake.WAITING,
    Reason.RATE_LIMITED: Stake.WAITING,
    Reason.TEMPORARY: Stake.WAITING,
    Reason.UNREACHABLE: Stake.UNREACHABLE,
    Reason.TIMEOUT: Stake.UNREACHABLE,
    Reason.DROPPED: Stake.UNREACHABLE,
    Reason.BUDGET: Stake.UNREACHABLE,
}
"""What a reason puts at stake: the rows that have it, or wait for it."""


@value
class StakeLine:
    """The domains that put rows at stake in one way, by id.

    The first ones are those with the most rows: `largest` names some with their rows, and of some more
    `samples` are mailboxes, one a domain, 0 where any will do. All others come in no order.
    """

    stake: Stake
    rows: int
    domains: tuple[int, ...]
    largest: tuple[tuple[str, int], ...]
    samples: tuple[int, ...]


@value
class StakeBoard:
    """All that puts rows of a list at stake, the most rows first; each of the `rows` is in one line."""

    rows: int
    lines: tuple[StakeLine, ...]


class Found(NamedTuple):
    """A domain with something that puts so many of its rows at stake, and one of the mailboxes."""

    stake: Stake
    domain: int
    rows: int
    sample: int


def stake_board(database: Database, kinds: DomainKinds, asked: Sequence[Found]) -> StakeBoard:
    """Rank what puts a list's rows at stake; each row counts once, by what tells most of it.

    A domain's own standing puts all its rows at stake, whatever its host said of some. Only where its host
    treated them differently does a domain stand in several lines, in each with the rows it did that to.
    """
    standing = list(_by_domain(kinds))
    told = {each.domain for each in standing}
    merged = _merged([*standing, *(each for each in asked if each.domain not in told)])
    with database.reading() as connection:
        lines = [_line(connection, stake, domains) for stake, domains in merged.items()]
    return StakeBoard(sum(line.rows for line in lines), tuple(sorted(lines, key=lambda line: -line.rows)))


def _merged(found: Sequence[Found]) -> dict[Stake, dict[int, tuple[int, int]]]:
    """Add up each domain's rows by what puts them at stake; the later mailbox is its sample."""
    merged: dict[Stake, dict[int, tuple[int, int]]] = {}
    for stake, domain, rows, sample in found:
        domains = merged.setdefault(stake, {})
        had, known = domains.get(domain, (0, 0))
        domains[domain] = had + rows, sample or known
    return merged


def _line(connection: Connection, stake: Stake, domains: Mapping[int, tuple[int, int]]) -> StakeLine:
    ranked = nsmallest(SAMPLED, domains, key=lambda domain: (-domains[domain][0], domain))
    names, is_ranked = _names(connection, ranked[:NAMED]), set(ranked)
    return StakeLine(
        stake=stake,
        rows=sum(rows for rows, _ in domains.values()),
        domains=(*ranked, *(domain for domain in domains if domain not in is_ranked)),
        largest=tuple((names[domain], domains[domain][0]) for domain in ranked[:NAMED]),
        samples=tuple(domains[domain][1] for domain in ranked),
    )


def _names(connection: Connection, domains: list[int]) -> dict[int, str]:
    rows = connection.execute(
        text("SELECT id, name FROM domain WHERE id IN (SELECT value FROM json_each(:domains))"),
        {"domains": json.dumps(domains)},
    )
    return {row.id: row.name for row in rows}


def _by_domain(kinds: DomainKinds) -> Iterator[Found]:
    """Give the domains whose own standing puts all their rows at stake, each with what tells most of it."""
    for domain, entries, kind in kinds.in_question:
        if stake := _standing_of(kind):
            yield Found(stake, domain, entries, 0)


def _standing_of(kind: Kind) -> Stake | None:
    """Say what a domain itself puts at stake: who takes no mail is not parked, who is parked not doubtful."""
    accepting = Stake.ACCEPT_ALL if kind.accept_all == AcceptAll.YES else None
    by_route = BY_KIND.get(Reason(kind.route)) if kind.route and not kind.takes_mail else None
    return by_route or (Stake.PARKED if kind.parked else accepting)


def turned_away(database: Database, upload: int) -> list[Found]:
    """Give the domains whose hosts refuse us, put us off or do not answer, with the rows they do it to."""
    names = {"upload": upload, "now": time.time()}
    with database.reading() as connection:
        rows = [*read_set(connection, "domain_id, why, entries, sample", _SETTLED, upload)]
        rows += [[*row] for sql in (_DEFERRED, _HELD) for row in connection.execute(sql, names)]
    return [
        Found(stake, domain, entries, sample)
        for domain, why, entries, sample in rows
        if entries and (stake := BY_REASON.get(why))
    ]


# An index has these entries alone, and all that is asked of them; its condition has to be said in its words.
_SETTLED = (
    "SELECT mailbox.domain_id, entry.reason AS why, count(*) AS entries, max(mailbox.id) AS sample"  # noqa: S608
    " FROM entry INDEXED BY ix_entry_at_stake CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    f" WHERE entry.upload_id = ? AND {AT_STAKE} GROUP BY mailbox.domain_id, entry.reason"
)
_DEFERRED = text(
    "SELECT mailbox.domain_id, mailbox.why, count(*) AS entries, max(mailbox.id) AS sample"  # noqa: S608
    " FROM mailbox INDEXED BY ix_mailbox_state"
    " CROSS JOIN entry INDEXED BY ix_entry_mailbox ON entry.mailbox_id = mailbox.id"
    " WHERE mailbox.state IN ('active', 'deferred') AND mailbox.state = 'deferred'"
    " AND entry.upload_id = :upload AND entry.status IS NULL"
    f" AND mailbox.domain_id NOT IN ({HELD_DOMAINS}) GROUP BY mailbox.domain_id, mailbox.why"
)
_HELD = text(
    "SELECT hold.domain_id, hold.why, listed.entries - listed.valid - listed.invalid - listed.accept_all"  # noqa: S608 - a constant
    " - listed.risky - listed.unknown AS entries, 0 AS sample"
    " FROM hold CROSS JOIN upload_domain AS listed"
    " ON listed.upload_id = :upload AND listed.domain_id = hold.domain_id"
    f" WHERE hold.domain_id IN ({HELD_DOMAINS})"
)
