"""The domains of a list, ranked by how many of its rows are at stake."""

import json
from collections import Counter
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text

from engine.dmarc import DmarcState
from engine.spf import SpfState
from engine.value import value
from engine.verdict import AcceptAll, Status
from storage.database import Database
from storage.domain_kinds import TAKING_MAIL, DomainKinds
from storage.sought import as_sought, held_by


@value
class DomainLine:
    """A domain as a table shows it.

    `route_kind` is `mx`, `implicit`, why there is no route, or None while nobody has looked. SPF, DMARC and
    health (0-100) are None until the domain was surveyed, or where the DNS did not say.
    """

    name: str
    entries: int
    statuses: dict[Status, int]
    route_kind: str | None
    provider: str
    mx_host: str
    accept_all: AcceptAll | None
    spf: SpfState | None
    dmarc: DmarcState | None
    health: int | None

    @property
    def place(self) -> tuple[int, str]:
        """Where the domain stands in its list; `find_domains` goes on behind it."""
        return self.entries, self.name

    @property
    def settled(self) -> int:
        """How many of its entries have an outcome."""
        return sum(self.statuses.values())

    @property
    def valid_share(self) -> float | None:
        """The valid share (0-1) of the settled entries; None before there is any."""
        return self.statuses[Status.VALID] / self.settled if self.settled else None


class Safeguard(StrEnum):
    """What a domain may have besides SPF and DMARC, by the column that says so."""

    ENCRYPTION = "offers_tls"
    MTA_STS = "mta_sts"
    TLS_RPT = "tls_rpt"
    BIMI = "bimi"


@value
class DomainSearch:
    """Which domains of a list to look for; an empty field looks for any.

    `words` may stand in an international domain's name as people read it, or as the DNS has it.
    `scores` is health from and to, both included (0-100), `providers` are those of domains that take mail,
    and `among` are the ids of those to look among.
    """

    words: str = ""
    providers: tuple[str, ...] = ()
    spf: tuple[SpfState, ...] = ()
    dmarc: tuple[DmarcState, ...] = ()
    having: Safeguard | None = None
    scores: tuple[int, int] | None = None
    among: tuple[int, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether it finds every domain."""
        return self == DomainSearch()


@value
class DomainBoard:
    """Figures over all domains of a list; `by_provider` counts only those that take mail."""

    domains: int
    resolved: int
    by_kind: dict[str, int]
    by_provider: dict[str, int]
    accept_all: int
    taking_mail: int


_FROM = (
    " FROM upload_domain JOIN domain ON domain.id = upload_domain.domain_id"
    " WHERE upload_domain.upload_id = :upload"
)


_ANY = DomainSearch()


def find_domains(
    database: Database,
    upload: int,
    search: DomainSearch = _ANY,
    *,
    after: tuple[int, str] | None = None,
    limit: int = 100,
) -> list[DomainLine]:
    """Find the domains of a list that fit a search, those with the most entries first.

    At most `limit` behind `after` (entries, name): keyset paging.
    """
    entries, name = after or (_MOST_ENTRIES, "")
    where, names = _conditions(search)
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT domain.*, upload_domain.entries, upload_domain.valid, upload_domain.invalid,"
                " upload_domain.accept_all AS accepting, upload_domain.risky, upload_domain.unknown"
                f"{_FROM}{where} AND upload_domain.entries <= :entries"
                " AND (upload_domain.entries < :entries OR domain.name > :name)"
                " ORDER BY upload_domain.entries DESC, domain.name LIMIT :limit"
            ),
            {"upload": upload, "entries": entries, "name": name, "limit": limit, **names},
        )
        return [_line(row) for row in rows]


def _conditions(search: DomainSearch) -> tuple[str, dict[str, Any]]:
    least, most = search.scores or (0, 0)
    conditions = {
        f" AND {held_by('domain.name')}": search.words,
        " AND domain.provider IN (SELECT value FROM json_each(:providers))"
        " AND domain.route_kind IN (SELECT value FROM json_each(:taking))": search.providers,
        " AND domain.spf_state IN (SELECT value FROM json_each(:spf))": search.spf,
        " AND domain.dmarc_state IN (SELECT value FROM json_each(:dmarc))": search.dmarc,
        f" AND domain.{search.having}": search.having,
        " AND domain.health BETWEEN :least AND :most": search.scores,
        " AND domain.id IN (SELECT value FROM json_each(:among))": search.among,
    }
    names = {
        "words": as_sought(search.words),
        "providers": json.dumps(search.providers),
        "taking": json.dumps(TAKING_MAIL),
        "spf": json.dumps(search.spf),
        "dmarc": json.dumps(search.dmarc),
        "least": least,
        "most": most,
        "among": json.dumps(search.among),
    }
    return "".join(sql for sql, is_set in conditions.items() if is_set), names


_MOST_ENTRIES = 2**63 - 1
"""More entries than any domain has (SQLite's largest integer): behind it stand all."""


def _line(row: Row[Any]) -> DomainLine:
    return DomainLine(
        name=row.name,
        entries=row.entries,
        statuses={
            Status.VALID: row.valid,
            Status.INVALID: row.invalid,
            Status.ACCEPT_ALL: row.accepting,
            Status.RISKY: row.risky,
            Status.UNKNOWN: row.unknown,
        },
        route_kind=row.route_kind,
        provider=row.provider,
        mx_host=row.mx_host,
        accept_all=AcceptAll(row.accept_all) if row.accept_all else None,
        spf=SpfState(row.spf_state) if row.spf_state else None,
        dmarc=DmarcState(row.dmarc_state) if row.dmarc_state else None,
        health=row.health,
    )


def domain_board(kinds: DomainKinds) -> DomainBoard:
    """Sum a list's domains up."""
    by_kind: Counter[str] = Counter()
    by_provider: Counter[str] = Counter()
    for kind, number in kinds.counted.items():
        by_kind[kind.route or ""] += number
        if kind.provider and kind.takes_mail:
            by_provider[kind.provider] += number
    total = by_kind.total()
    return DomainBoard(
        domains=total,
        resolved=total - by_kind.pop("", 0),
        by_kind=dict(by_kind),
        by_provider=dict(by_provider),
        accept_all=sum(number for kind, number in kinds.counted.items() if kind.is_accepting_all),
        taking_mail=sum(by_kind[each] for each in TAKING_MAIL),
    )
