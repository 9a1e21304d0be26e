"""A list's domains in sets, for an estimate: by lane, the largest one by one, and those that were put off."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.ahead import LONG_WAIT_S
from engine.forecast import assumed
from engine.interview import MAX_REFUSALS
from engine.provider import all_providers
from engine.settings import Settings
from engine.sharing import Crowd, domains_together
from engine.value import value

LARGEST = 30
"""Domains that are looked at one by one; any other has fewer sessions left."""


@value
class Waiting:
    """Domains of a lane that were put off and are alike: each takes `sessions` when it comes back.

    The first comes back in `first_s` seconds, the last in `last_s`; of those that were asked least, which is
    `attempts` times, the last in `fewest_s`. `is_again` where somebody was put off twice; all of them took
    `asked` questions, `portion` a session. `domain` is the one it is, by its id, where that is among the
    largest, else 0. Of their addresses, those `held` are not due yet, which `held_sessions` will be for.
    """

    lane: str
    domain: int
    attempts: int
    is_again: int
    is_later: int
    sessions: int
    domains: int
    addresses: int
    first_s: float
    last_s: float
    held: int
    held_sessions: int
    fewest_s: float
    asked: int
    portion: int


@value
class Large:
    """One of the largest domains, by its id, and how it stands; a session asks `portion`, as many refuse."""

    domain: int
    crowd: Crowd
    portion: int


@value
class Domains:
    """What a list's rows say of its domains; of those by lane, how many are `fresh` or were asked before."""

    crowds: Sequence[Crowd]
    largest: Mapping[str, Large]
    waiting: Sequence[Waiting]
    fresh: int
    begun: int


def domains_of(
    connection: Connection, upload: int, settings: Settings, taught: frozenset[str], now: float
) -> Domains:
    """Read what is left of a list and what is done; route keys that are `taught` are lanes of their own."""
    names = {
        "upload": upload,
        "portion": settings.rcpts_per_session,
        "refusals": MAX_REFUSALS - 1,  # one is kept for the made-up address
        "taught": json.dumps(sorted(taught)),
        "together": domains_together(""),
        "now": now,
        "limit": LARGEST,
        "long": LONG_WAIT_S,
        **_terms(),
    }
    lanes = connection.execute(_LANES, names).all()
    largest = connection.execute(_LARGEST, names).all()
    names["largest"] = json.dumps([row.id for row in largest])
    waiting = [Waiting(*row) for row in connection.execute(_WAITING, names)]
    return Domains(
        [crowd for row in lanes for crowd in _crowds(row, settings)],
        {row.name: Large(row.id, _alone(row), row.refusing) for row in largest},
        waiting,
        sum(row.fresh for row in lanes),
        sum(row.begun for row in lanes),
    )


def _terms() -> dict[str, str]:
    """Name the providers with terms of their own: no decoys, fewer RCPTs, another number of domains."""
    usual = domains_together("")
    together = {each.name: domains_together(each.name) for each in all_providers()}
    return {
        "spared": json.dumps([each.name for each in all_providers() if not each.bears_decoys]),
        "limited": json.dumps([each.name for each in all_providers() if each.rcpts_per_session]),
        "terms": json.dumps([row for row in together.items() if row[1] != usual]),
    }


def _crowds(row: Row[Any], settings: Settings) -> list[Crowd]:
    """Give a lane as it stands; of domains that were not looked up yet, what is assumed of them."""
    if row.is_resolved:
        crowd = Crowd(
            row.lane,
            row.addresses,
            row.visits,
            row.sessions,
            row.made_up,
            row.done,
            row.done_visits,
            row.done_sessions,
        )
        return [crowd]
    return assumed(row.addresses, row.visits, row.made_up, settings.rcpts_per_session)


def _alone(row: Row[Any]) -> Crowd:
    return Crowd(
        row.lane, row.addresses, row.visits, row.visits, 0, row.done, row.done_visits, row.done_visits
    )


_ACCEPTED = "valid + accept_all AS accepted"
_DONE = "valid + invalid + accept_all + risky + unknown AS done"
_COUNTED = (
    f"SELECT domain_id, entries, invalid, {_ACCEPTED}, {_DONE} FROM upload_domain"  # noqa: S608 - constants
    " WHERE upload_id = :upload{}"
)
_LANE = (
    "CASE WHEN domain.provider NOT IN ('', 'other') THEN domain.provider"
    " WHEN domain.route_key IN (SELECT value FROM json_each(:taught)) THEN domain.route_key"
    " ELSE '' END AS lane"
)
_LISTED = (
    f"listed AS (SELECT counted.*, domain.id, domain.name, {_LANE},"  # noqa: S608 - constants
    " domain.provider, domain.route_key, domain.portion AS usual,"
    " domain.needs_probe = 1 AS is_probed, coalesce(domain.accept_all = 'yes', 0) AS is_accepting,"
    " domain.resolved_at IS NOT NULL AS is_resolved, domain.accept_all IS NULL AS is_undecided,"
    " CASE WHEN domain.resolved_at IS NULL THEN :portion"
    " WHEN invalid * domain.portion > :refusals * done THEN max(:refusals * done / invalid, 1)"
    " ELSE domain.portion END AS portion"
    " FROM counted CROSS JOIN domain ON domain.id = counted.domain_id)"
)
_ALL = f"WITH counted AS MATERIALIZED ({_COUNTED.format('')}), {_LISTED}"
_BIG = f"WITH counted AS MATERIALIZED ({_COUNTED.format(' ORDER BY entries DESC LIMIT 300')}), {_LISTED}"
_VISITS = "((entries - done + portion - 1) / portion * is_probed)"
_DONE_VISITS = "CASE WHEN is_probed THEN (done + portion - 1) / portion ELSE is_accepting * (done > 0) END"
# Only few MX sets are those of several domains: all other domains are summed by lane.
_SHARED = (
    "shared AS MATERIALIZED (SELECT route_key FROM upload_domain CROSS JOIN domain"
    " ON domain.id = upload_domain.domain_id WHERE upload_id = :upload AND route_key <> ''"
    " GROUP BY route_key HAVING count(*) > 1)"
)
# A domain whose session was cut short has a smaller portion than is usual there, and shares none.
_MATES = (
    "mates AS (SELECT lane, provider, is_resolved, max(usual) AS portion, hosts = '' AS is_alone,"  # noqa: S608 - constants
    " sum((entries - done) * is_probed) AS addresses,"
    f" sum({_VISITS}) AS visits, sum(done * (is_probed OR is_accepting)) AS done,"
    f" sum({_DONE_VISITS}) AS done_visits, sum((is_probed OR is_accepting) AND done > 0) AS begun_at,"
    " sum(is_undecided AND is_probed AND entries > done) AS made_up,"
    " sum(is_probed AND done = 0) AS fresh, sum(is_probed AND done > 0) AS begun"
    " FROM (SELECT listed.*, iif(route_key IN (SELECT route_key FROM shared) AND (usual >= :portion"
    " OR provider IN (SELECT value FROM json_each(:limited))), route_key, '') AS hosts FROM listed)"
    " GROUP BY lane, is_resolved, hosts)"
)
_TERMS = (
    "terms(provider, together) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each(:terms)),"
    " known AS (SELECT mates.*, coalesce(terms.together, :together) AS together,"
    " made_up * (mates.provider NOT IN (SELECT value FROM json_each(:spared))) AS decoys"
    " FROM mates LEFT JOIN terms ON terms.provider = mates.provider)"
)
_SESSIONS = (
    "sum(iif(is_alone, {0}, min({0}, max(({0} + together - 1) / together, ({1} + portion - 1) / portion))))"
)
_LANES = text(
    f"{_ALL}, {_SHARED}, {_MATES}, {_TERMS}"  # noqa: S608 - constants
    " SELECT lane, is_resolved, sum(addresses) AS addresses, sum(visits) AS visits,"
    f" {_SESSIONS.format('visits', 'addresses + decoys')} AS sessions, sum(decoys) AS made_up,"
    f" sum(done) AS done, sum(done_visits) AS done_visits,"
    f" {_SESSIONS.format('done_visits', 'done + begun_at')} AS done_sessions,"
    " sum(fresh) AS fresh, sum(begun) AS begun FROM known GROUP BY lane, is_resolved"
)
# Where most are refused or put off, a session ends after as many of them as it bears; none is kept for the
# made-up address once that is answered.
_REFUSALS = "(:refusals + 1 - is_undecided)"
_REFUSING = f"max(iif({{0}}, min(portion, {_REFUSALS} * ({{1}}) / max({{1}} - accepted, 1)), portion), 1)"
_LARGEST = text(
    f"{_BIG} SELECT id, name, lane, entries - done AS addresses, {_VISITS} AS visits, done,"  # noqa: S608 - constants
    f" {_DONE_VISITS} AS done_visits, {_REFUSING.format('done > accepted', 'done')} AS refusing"
    " FROM listed WHERE is_probed AND entries > done ORDER BY visits DESC LIMIT :limit"
)
# Whoever has the fewest attempts, and of these comes back last, in one pass over the index: times of one
# domain are less than 1e7 seconds apart.
_PUT_OFF = (
    "SELECT domain_id, min(attempts), max(attempts), count(*), sum(attempts), max(due_at),"
    " max(due_at - attempts * 1e7) + min(attempts) * 1e7, 0.0"
    " FROM mailbox WHERE is_wanted = 1 AND due_at IS NOT NULL AND attempts > 0 GROUP BY domain_id"
)
_FIRST = (
    "SELECT due_at FROM mailbox WHERE domain_id = listed.id AND is_wanted = 1 AND due_at IS NOT NULL"
    " AND attempts > 0 ORDER BY due_at LIMIT 1"
)
_ACTIVE = "SELECT domain_id FROM mailbox WHERE state IN ('active', 'deferred') AND state = 'active'"
# A domain waits as a whole until its first mailbox is due; what a pause took back has no attempts that tell.
_NOT_DUE = (
    "SELECT id, NULL, NULL, 0, 0, due_at, NULL, due_at FROM domain"  # noqa: S608 - constants
    f" WHERE due_at > :now AND id NOT IN ({_ACTIVE})"
)
# Whoever of a domain is being asked just now is due, and with him the others of it.
_WAITING = text(
    "WITH put_off(domain_id, attempts, most, number, asked, last_at, fewest_at, until) AS"  # noqa: S608 - constants
    f" ({_PUT_OFF} UNION ALL {_NOT_DUE}),"
    " whole AS MATERIALIZED (SELECT domain_id, sum(number) AS number, min(number) = 0 AS is_held,"
    " max(last_at) AS last_at, coalesce(max(fewest_at), max(last_at)) AS fewest_at,"
    " coalesce(min(attempts), 1) AS attempts, coalesce(max(most), 1) > 1 AS is_again,"
    " sum(asked) AS asked, max(until) AS until FROM put_off GROUP BY domain_id),"
    f" counted AS MATERIALIZED (SELECT whole.*, entries, invalid, {_ACCEPTED}, {_DONE} FROM whole"
    " CROSS JOIN upload_domain AS shown"
    " ON shown.upload_id = :upload AND shown.domain_id = whole.domain_id),"
    f" {_LISTED},"
    f" each AS MATERIALIZED (SELECT id, lane, {_REFUSING.format('is_again', 'done + asked')} AS portion,"
    f" id NOT IN ({_ACTIVE}) AS is_waiting, attempts, is_again,"
    " iif(is_held, entries - done, min(number, entries - done)) AS addresses,"
    " iif(is_held AND number < entries - done, (entries - done) * attempts, asked) AS asked,"
    f" max(coalesce(({_FIRST}), 0) - :now, until - :now, 0.0) AS first_s, max(last_at - :now, 0.0) AS last_s,"
    " max(fewest_at - :now, until - :now, 0.0) AS fewest_s"
    " FROM listed WHERE is_probed AND entries > done)"
    " SELECT lane, iif(id IN (SELECT value FROM json_each(:largest)), id, 0) AS domain, attempts,"
    " is_again, first_s * is_waiting > :long AS is_later, (addresses + portion - 1) / portion AS sessions,"
    " count(*), sum(addresses), min(first_s * is_waiting), max(last_s * is_waiting),"
    " sum(addresses * (last_s > 0 AND is_waiting)),"
    " sum((addresses + portion - 1) / portion * (last_s > 0 AND is_waiting)),"
    " max(fewest_s * is_waiting), sum(asked), min(portion) FROM each GROUP BY 1, 2, 3, 4, 5, 6"
)
