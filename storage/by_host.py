"""Domains by their mail hosts: which of them lines of the never-probe list with `mx:` keep unasked."""

import json
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, text

from engine.never_probed import names_over
from storage.bulk import rows_of


def domains_behind(connection: Connection, suffixes: Collection[str]) -> list[int]:
    """Find the domains one of whose mail hosts is under one of these names; none of them is read for none."""
    if not suffixes:
        return []
    rows = connection.execute(_LIKELY, {"names": json.dumps(list(suffixes))})
    return _under(rows, frozenset(suffixes))


_LIKELY = text(
    "SELECT id, json_extract(facts, '$.route.hosts') FROM domain WHERE route_kind IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM json_each(:names) AS line WHERE instr(domain.facts, line.value) > 0)"
)


def still_behind(connection: Connection, domains: Collection[int], but: str = "") -> set[int]:
    """Give those of these domains to whose mail hosts no connection may be made now, `but` for one line."""
    suffixes = frozenset(name for (name,) in rows_of(connection, _SUFFIXES)) - {but}
    if not suffixes:
        return set()
    return set(_under(rows_of(connection, _HOSTS, json.dumps(list(domains))), suffixes))


_SUFFIXES = "SELECT DISTINCT name FROM never_probed WHERE kind = 'mx'"
_HOSTS = (
    "SELECT id, json_extract(facts, '$.route.hosts') FROM domain"
    " WHERE id IN (SELECT value FROM json_each(?)) AND facts IS NOT NULL"
)


def _under(rows: Iterable[tuple[int, str | None]], suffixes: frozenset[str]) -> list[int]:
    """Give those of domains (by id, with their hosts) that have a host there; many have the same hosts."""
    known: dict[str, bool] = {}
    found = []
    for domain, hosts in rows:
        if hosts and hosts not in known:
            known[hosts] = _is_under(hosts, suffixes)
        if hosts and known[hosts]:
            found.append(domain)
    return found


def _is_under(hosts: str, suffixes: frozenset[str]) -> bool:
    return any(not suffixes.isdisjoint(names_over(host["name"])) for host in json.loads(hosts))
