"""How well the domains of a list are set up: figures over all of them, and one of them in full."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import text

from engine.batch import DomainFacts
from engine.dmarc import DmarcState
from engine.health import Health, health_of
from engine.spf import SpfState
from engine.survey import Survey
from engine.value import value
from storage.codec import load_facts, load_survey
from storage.database import Database
from storage.domain_kinds import DomainKinds, Kind


@value
class Share:
    """So many domains have something, of so many of which it is known."""

    having: int
    known: int


@value
class HealthBoard:
    """Figures over the domains of a list; `surveyed` of them have been read.

    `by_score` counts those with a score by the first of ten points (0, 10, ... 90; 100 stands under 90),
    `by_spf` and `by_dmarc` those whose state is known. `parked` counts the domains that a service for domains
    without use holds.
    """

    domains: int
    surveyed: int
    by_score: Mapping[int, int]
    by_spf: Mapping[SpfState, int]
    by_dmarc: Mapping[DmarcState, int]
    encryption: Share
    mta_sts: Share
    tls_rpt: Share
    bimi: Share
    parked: int


@value
class DomainHealth:
    """All that is known of one domain, with its health's ledger; None for what nobody has read yet."""

    facts: DomainFacts
    survey: Survey | None
    health: Health | None


def health_board(kinds: DomainKinds) -> HealthBoard:
    """Sum up how a list's domains are set up."""
    counted = kinds.counted
    return HealthBoard(
        domains=sum(counted.values()),
        surveyed=sum(number for kind, number in counted.items() if kind.is_surveyed),
        by_score=_count(counted, lambda kind: kind.start),
        by_spf={SpfState(state): number for state, number in _count(counted, lambda kind: kind.spf).items()},
        by_dmarc={
            DmarcState(state): number for state, number in _count(counted, lambda kind: kind.dmarc).items()
        },
        encryption=_share(counted, lambda kind: kind.offers_tls),
        mta_sts=_share(counted, lambda kind: kind.mta_sts),
        tls_rpt=_share(counted, lambda kind: kind.tls_rpt),
        bimi=_share(counted, lambda kind: kind.bimi),
        parked=sum(number for kind, number in counted.items() if kind.parked),
    )


def _count(counted: Mapping[Kind, int], of: Callable[[Kind], Any]) -> Counter[Any]:
    """Count domains by something of their kind; what is not known is not counted."""
    told: Counter[Any] = Counter()
    for kind, number in counted.items():
        if of(kind) is not None:
            told[of(kind)] += number
    return told


def _share(counted: Mapping[Kind, int], of: Callable[[Kind], int | None]) -> Share:
    told = _count(counted, of)
    return Share(told[1], told.total())


def find_health(database: Database, name: str) -> DomainHealth | None:
    """Find one domain; None where nobody has looked it up."""
    with database.reading() as connection:
        row = connection.execute(
            text("SELECT facts, survey FROM domain WHERE name = :name AND facts IS NOT NULL"), {"name": name}
        ).one_or_none()
    if row is None:
        return None
    facts = load_facts(row.facts)
    survey = load_survey(row.survey) if row.survey else None
    return DomainHealth(facts, survey, health_of(facts.route, survey, offers_tls=facts.offers_tls))
