"""Which domains of a list put rows at stake, and how: the most rows first, from sets and not row by row."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest

from sqlalchemy import Connection, text

from engine.reason import Reason
from engine.value import value
from engine.verdict import AcceptAll
from storage.at_stake import Found
from storage.database import Database
from storage.domain_kinds import DomainKinds, Kind
from storage.stake import BY_KIND, Stake

NAMED = 3
"""How many of the largest domains are named."""
SAMPLED = 100
"""How many of the largest domains are looked at for what their hosts said."""


@value
class StakeLine:
    """The domains that put rows at stake in one way, by id.

    The first ones are those with the most rows: `largest` names some with their rows, and of some more
    `samples` are mailboxes, one a domain, 0 where any will do. All others come in no order. Of what goes by
    no name of its own, `reasons` says how many rows have which, the most first.
    """

    stake: Stake
    rows: int
    domains: tuple[int, ...]
    largest: tuple[tuple[str, int], ...]
    samples: tuple[int, ...]
    reasons: tuple[tuple[Reason, int], ...] = ()


@value
class StakeBoard:
    """All that puts rows of a list at stake, the most rows first, what goes by no name of its own last.

    Each of the `rows` is in one line. While a list runs, one whose outcome changes between two of the looks
    that make a board may be in two of them, or in none, until the next board.
    """

    rows: int
    lines: tuple[StakeLine, ...]


def stake_board(database: Database, kinds: DomainKinds, by_reason: Sequence[Found]) -> StakeBoard:
    """Rank what puts a list's rows at stake; each row counts once, by what tells most of it.

    A domain's own standing puts all its rows at stake, whatever its host said of some. Only where its host
    treated them differently does a domain stand in several lines, in each with the rows it did that to.
    """
    standing = list(_by_domain(kinds))
    told = {each.domain for each in standing}
    others = (each for each in (*_accepting(kinds), *by_reason) if each.domain not in told)
    found = [*standing, *others]
    with database.reading() as connection:
        lines = [_line(connection, stake, domains, found) for stake, domains in _merged(found).items()]
    lines.sort(key=lambda line: (line.stake is Stake.OTHER, -line.rows))
    return StakeBoard(sum(line.rows for line in lines), tuple(lines))


def _merged(found: Sequence[Found]) -> dict[Stake, dict[int, tuple[int, int]]]:
    """Add up each domain's rows by what puts them at stake; the later mailbox is its sample."""
    merged: dict[Stake, dict[int, tuple[int, int]]] = {stake: {} for stake in Stake}
    for stake, domain, rows, sample, _ in found:
        domains = merged[stake]
        had, known = domains.get(domain, _NONE)
        domains[domain] = had + rows, sample or known
    return {stake: domains for stake, domains in merged.items() if domains}


_NONE = (0, 0)


def _line(
    connection: Connection, stake: Stake, domains: Mapping[int, tuple[int, int]], found: Sequence[Found]
) -> StakeLine:
    ranked = nsmallest(SAMPLED, domains, key=lambda domain: (-domains[domain][0], domain))
    names, is_ranked = _names(connection, ranked[:NAMED]), set(ranked)
    return StakeLine(
        stake=stake,
        rows=sum(rows for rows, _ in domains.values()),
        domains=(*ranked, *(domain for domain in domains if domain not in is_ranked)),
        largest=tuple((names[domain], domains[domain][0]) for domain in ranked[:NAMED]),
        samples=tuple(domains[domain][1] for domain in ranked),
        reasons=_reasons(found) if stake is Stake.OTHER else (),
    )


def _reasons(found: Sequence[Found]) -> tuple[tuple[Reason, int], ...]:
    """Count the rows that go by no name of their own by reason, the most first."""
    counted: Counter[Reason] = Counter()
    for each in found:
        if each.stake is Stake.OTHER and each.why:
            counted[each.why] += each.rows
    return tuple(counted.most_common())


def _names(connection: Connection, domains: list[int]) -> dict[int, str]:
    rows = connection.execute(
        text("SELECT id, name FROM domain WHERE id IN (SELECT value FROM json_each(:domains))"),
        {"domains": json.dumps(domains)},
    )
    return {row.id: row.name for row in rows}


def _by_domain(kinds: DomainKinds) -> Iterator[Found]:
    """Give the domains whose own standing puts all their rows at stake, each with what tells most of it."""
    for each in kinds.in_question:
        if stake := _standing_of(each.kind):
            yield Found(stake, each.domain, each.entries, 0)


def _accepting(kinds: DomainKinds) -> Iterator[Found]:
    """Give the domains at which rows are called accept-all, as where a provider's yes is worth nothing."""
    for each in kinds.in_question:
        if each.accepting:
            yield Found(Stake.ACCEPT_ALL, each.domain, each.accepting, 0)


def _standing_of(kind: Kind) -> Stake | None:
    """Say what a domain itself puts at stake: who takes no mail is not parked, who is parked not doubtful."""
    accepting = Stake.ACCEPT_ALL if kind.accept_all == AcceptAll.YES else None
    by_route = BY_KIND.get(Reason(kind.route)) if kind.route and not kind.takes_mail else None
    return by_route or (Stake.PARKED if kind.parked else accepting)
