"""What is known of domains, kept: the routes that look-ups found, and what batches learned."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.batch import DomainFacts, Outcome
from engine.disposition import is_settled_by_domain
from engine.exchange import MailHosts, NoMail, Route
from engine.survey import is_worth_surveying
from storage.bulk import read_set, write_set
from storage.codec import dump_facts
from storage.surveys import refresh_health
from storage.turns import LOOK_UP, OTHER, find_crowds, lane_at, move_clocks, rank_domains


def keep_routes(connection: Connection, facts: Sequence[DomainFacts]) -> None:
    """Keep what a look-up found of domains, which need no look-up then."""
    write_set(
        connection,
        f"UPDATE domain SET {_FACTS}, resolve_at = NULL,"  # noqa: S608 - a constant
        " survey_at = coalesce(new.survey_at, domain.survey_at) FROM new WHERE domain.name = new.name",
        [_facts_row(each) for each in facts],
    )
    _give_turns(connection, facts)


def _give_turns(connection: Connection, facts: Sequence[DomainFacts]) -> None:
    """Let domains go from the order of look-ups over to the order of their lanes."""
    names = json.dumps([each.name for each in facts])
    rows = read_set(connection, "id, rank", _RANKS_OF, names)
    if not rows:
        return
    move_clocks(connection, {LOOK_UP: max(rank for _, rank in rows)})
    rank_domains(connection, [domain for domain, _ in rows])
    find_crowds(connection, {each.route_key for each in facts if each.provider == OTHER and each.route_key})


_RANKS_OF = "SELECT id, rank FROM domain WHERE name IN (SELECT value FROM json_each(?))"


def keep_facts(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Keep what batches learned of their domains, where that is news, unless somebody knows better by now.

    That is a later look-up, or of the same one whether the domain accepts all; but a batch that knew it, and
    doubts it now, is believed.
    """
    learned = [each for each in outcomes if each.domain != each.batch.domain]
    for apart in _parted(learned):
        rows = [_facts_row(each.domain) | {"is_doubted": _is_doubted(each)} for each in apart]
        write_set(connection, _LEARNED, rows)
    refresh_health(connection, [each.domain.name for each in learned if _has_told_of_tls(each)])


def _parted(outcomes: Sequence[Outcome]) -> Iterator[Iterable[Outcome]]:
    """Part outcomes so that no part has two of one domain; what came later is in a later part."""
    rest = list(outcomes)
    while rest:
        first: dict[str, Outcome] = {}
        rest = [each for each in rest if first.setdefault(each.domain.name, each) is not each]
        yield first.values()


def _has_told_of_tls(outcome: Outcome) -> bool:
    offers_tls = outcome.domain.offers_tls
    return offers_tls is not None and offers_tls != outcome.batch.domain.offers_tls


def _is_doubted(outcome: Outcome) -> bool:
    """Tell whether a batch no longer believes what was known of its domain when it went out."""
    return outcome.batch.domain.accept_all is not None and outcome.domain.accept_all is None


_FACTS = (
    "facts = new.facts, route_kind = new.route_kind, route_key = new.route_key, provider = new.provider,"
    " mx_host = new.mx_host, accept_all = new.accept_all, needs_probe = new.needs_probe,"
    " portion = new.portion, resolved_at = new.resolved_at, mx_count = new.mx_count,"
    " offers_tls = new.offers_tls,"
    " lane = iif(new.lane = '' AND domain.lane = new.route_key, domain.lane, new.lane)"
)
_LEARNED = (
    f"UPDATE domain SET {_FACTS}, survey_at = CASE"  # noqa: S608 - a constant
    " WHEN domain.resolved_at < new.resolved_at THEN coalesce(new.survey_at, domain.survey_at)"
    " ELSE domain.survey_at END FROM new WHERE domain.name = new.name"
    " AND coalesce(domain.resolved_at, 0) <= new.resolved_at AND (domain.resolved_at < new.resolved_at"
    " OR domain.accept_all IS NULL OR new.accept_all IS NOT NULL OR new.is_doubted)"
)


def _facts_row(facts: DomainFacts) -> dict[str, Any]:
    route = facts.route
    hosts = route.hosts if isinstance(route, MailHosts) else ()
    needs_probe = not is_settled_by_domain(facts)
    return {
        "name": facts.name,
        "facts": dump_facts(facts),
        "route_kind": _route_kind(facts),
        "route_key": facts.route_key,
        "provider": facts.provider,
        "mx_host": hosts[0].name if hosts else "",
        "accept_all": facts.accept_all,
        "needs_probe": needs_probe,
        "lane": lane_at(facts, needs_probe=needs_probe),
        "portion": facts.portion,
        "resolved_at": facts.resolved_at,
        "mx_count": _mx_count(route),
        "offers_tls": facts.offers_tls,
        "survey_at": facts.resolved_at if is_worth_surveying(route) else None,
    }


def _mx_count(route: Route | None) -> int | None:
    """Count the MX records of a domain, those that lead nowhere too; None where nobody knows."""
    if isinstance(route, MailHosts):
        return 0 if route.is_implicit else len(route.hosts) + len(route.unresolved)
    return 0 if isinstance(route, NoMail) else None


def _route_kind(facts: DomainFacts) -> str:
    """Say in one word how a domain takes mail: `mx`, `implicit`, or why not."""
    route = facts.route
    if isinstance(route, MailHosts):
        return "implicit" if route.is_implicit else "mx"
    return str(getattr(route, "refusal", None) or getattr(route, "failure", None) or "")
