"""What a list's domains are, from one look at each: how many of which kind, and which are in question.

All figures over domains are summed up from these few kinds. A look at a domain is dear, since what is known
of it is long; so there is one for all figures, and not one for each.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from engine.value import value
from engine.verdict import AcceptAll
from storage.bulk import rows_of
from storage.database import Database

BIN = 10
LAST_BIN = 90
TAKING_MAIL = ("mx", "implicit")
"""The kinds of routes of domains that take mail."""
_AT_ONCE = 2_000


class Kind(NamedTuple):
    """All that figures count a domain by, as its columns have it; `start` is of ten points of its health."""

    route: str | None
    provider: str
    accept_all: str | None
    parked: int | None
    start: int | None
    spf: str | None
    dmarc: str | None
    is_surveyed: int
    offers_tls: int | None
    mta_sts: int | None
    tls_rpt: int | None
    bimi: int | None

    @property
    def takes_mail(self) -> bool:
        """Whether there is a mail host to go to."""
        return self.route in TAKING_MAIL

    @property
    def is_accepting_all(self) -> bool:
        """Whether mail for any address is taken there."""
        return self.takes_mail and self.accept_all == AcceptAll.YES


class InQuestion(NamedTuple):
    """A domain that puts entries at stake, and how many it has; of so many (`accepting`) any is accepted."""

    kind: Kind
    domain: int
    entries: int
    accepting: int


@value
class DomainKinds:
    """How many domains of a list are of which kind, and each of those in question, by its number."""

    counted: Mapping[Kind, int]
    in_question: tuple[InQuestion, ...]


def kinds_of_domains(database: Database, upload: int) -> DomainKinds:
    """Gather what a list's domains are."""
    counted: Counter[Any] = Counter()
    in_question: list[InQuestion] = []
    with database.reading() as connection:
        for rows in _read(connection, upload):
            counted.update(map(_KIND, rows))
            in_question += [InQuestion(Kind(*_KIND(row)), *_COUNTS(row)) for row in rows if _is_odd(row)]
    return DomainKinds({Kind(*each): number for each, number in counted.items()}, tuple(in_question))


_KIND = itemgetter(slice(0, len(Kind._fields)))
_COUNTS = itemgetter(slice(len(Kind._fields), None))


def _is_odd(row: tuple[Any, ...]) -> bool:
    route, _, accept_all, parked = row[:4]
    return bool(parked) or accept_all == "yes" or route not in _SOUND or row[-1] > 0


_SOUND = (*TAKING_MAIL, None)


def _read(connection: Connection, upload: int) -> Iterator[list[tuple[Any, ...]]]:
    cursor = rows_of(connection, _DOMAINS, upload)
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows


# In the order of the domains' own rows, which lie side by side then.
_DOMAINS = (
    "SELECT domain.route_kind, domain.provider, domain.accept_all, domain.parked,"  # noqa: S608 - constants
    f" min(domain.health / {BIN} * {BIN}, {LAST_BIN}), domain.spf_state, domain.dmarc_state,"
    " domain.survey IS NOT NULL, domain.offers_tls, domain.mta_sts, domain.tls_rpt, domain.bimi,"
    " listed.domain_id, listed.entries, listed.accept_all"
    " FROM upload_domain AS listed CROSS JOIN domain ON domain.id = listed.domain_id"
    " WHERE listed.upload_id = ? ORDER BY listed.domain_id"
)
