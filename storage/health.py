"""How well the domains of a list are set up: figures over all of them, and one of them in full."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text

from engine.batch import DomainFacts
from engine.dmarc import DmarcState
from engine.health import Health, health_of
from engine.spf import SpfState
from engine.survey import Survey
from engine.value import value
from storage.codec import load_facts, load_survey
from storage.database import Database

BIN = 10
LAST_BIN = 90


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


def health_board(database: Database, upload: int) -> HealthBoard:
    """Sum up how a list's domains are set up."""
    with database.reading() as connection:
        rows = connection.execute(
            text(
                f"SELECT min(health / {BIN} * {BIN}, {LAST_BIN}) AS bin, spf_state, dmarc_state,"  # noqa: S608
                " count(*) AS domains, count(survey) AS surveyed,"
                " sum(offers_tls) AS tls, count(offers_tls) AS tls_known,"
                " sum(mta_sts) AS mta_sts, count(mta_sts) AS mta_sts_known,"
                " sum(tls_rpt) AS tls_rpt, count(tls_rpt) AS tls_rpt_known,"
                " sum(bimi) AS bimi, count(bimi) AS bimi_known, sum(parked) AS parked"
                " FROM upload_domain JOIN domain ON domain.id = upload_domain.domain_id"
                " WHERE upload_domain.upload_id = :upload GROUP BY bin, spf_state, dmarc_state"
            ),
            {"upload": upload},
        ).all()
    return HealthBoard(
        domains=_sum(rows, "domains"),
        surveyed=_sum(rows, "surveyed"),
        by_score=_count(rows, "bin"),
        by_spf={SpfState(state): count for state, count in _count(rows, "spf_state").items()},
        by_dmarc={DmarcState(state): count for state, count in _count(rows, "dmarc_state").items()},
        encryption=_share(rows, "tls"),
        mta_sts=_share(rows, "mta_sts"),
        tls_rpt=_share(rows, "tls_rpt"),
        bimi=_share(rows, "bimi"),
        parked=_sum(rows, "parked"),
    )


def _sum(rows: Sequence[Row[Any]], column: str) -> int:
    return sum(getattr(row, column) or 0 for row in rows)


def _share(rows: Sequence[Row[Any]], column: str) -> Share:
    return Share(_sum(rows, column), _sum(rows, f"{column}_known"))


def _count(rows: Sequence[Row[Any]], column: str) -> Counter[Any]:
    """Count domains by what stands in a column; null is not counted."""
    counted: Counter[Any] = Counter()
    for row in rows:
        value = getattr(row, column)
        if value is not None:
            counted[value] += row.domains
    return counted


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
