"""What domains publish, kept: which are to be surveyed, what a survey found, and the health that follows."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from engine.batch import DomainFacts
from engine.health import health_of
from engine.survey import Survey
from storage.bulk import rows_of, write_set
from storage.codec import dump_survey, load_facts, load_survey
from storage.database import Database


def due_surveys(connection: Connection, limit: int) -> list[DomainFacts]:
    """Give up to `limit` domains whose route was found and whose records were not read since."""
    return [load_facts(facts) for (facts,) in rows_of(connection, _DUE, limit)]


_DUE = "SELECT facts FROM domain WHERE survey_at IS NOT NULL AND facts IS NOT NULL ORDER BY survey_at LIMIT ?"


def is_surveying(database: Database) -> bool:
    """Tell whether the records of any domain are still to be read."""
    with database.reading() as connection:
        return rows_of(connection, _DUE_ANY).fetchone() is not None


_DUE_ANY = "SELECT 1 FROM domain WHERE survey_at IS NOT NULL LIMIT 1"


def write_surveys(connection: Connection, surveys: Sequence[Survey]) -> None:
    """Keep what surveys found; a domain that was looked up again meanwhile is to be surveyed again."""
    write_set(
        connection,
        "UPDATE domain SET survey = new.survey, spf = new.spf, dmarc = new.dmarc, spf_state = new.spf_state,"
        " dmarc_state = new.dmarc_state, mta_sts = new.mta_sts, tls_rpt = new.tls_rpt, bimi = new.bimi,"
        " parked = new.parked, survey_at = CASE WHEN survey_at > new.taken_at THEN survey_at END"
        " FROM new WHERE domain.name = new.name",
        [_row(each) for each in surveys],
    )
    refresh_health(connection, [each.domain for each in surveys])


def _row(survey: Survey) -> dict[str, Any]:
    spf, dmarc = survey.spf, survey.dmarc
    return {
        "name": survey.domain,
        "survey": dump_survey(survey),
        "spf": None if spf is None or spf.is_unanswered else spf.text,
        "dmarc": dmarc and dmarc.text,
        "spf_state": spf and spf.state,
        "dmarc_state": dmarc and dmarc.state,
        "mta_sts": survey.has_mta_sts,
        "tls_rpt": survey.has_tls_rpt,
        "bimi": survey.has_bimi,
        "parked": survey.is_parked,
        "taken_at": survey.taken_at,
    }


def refresh_health(connection: Connection, names: Sequence[str]) -> None:
    """Work out again how healthy domains are, after a survey, or after a probe that learned of encryption."""
    if not names:
        return
    rows = rows_of(connection, _SURVEYED, json.dumps(list(names))).fetchall()
    write_set(
        connection,
        "UPDATE domain SET health = new.health FROM new WHERE domain.name = new.name",
        [{"name": name, "health": _score(facts, survey)} for name, facts, survey in rows],
    )


_SURVEYED = (
    "SELECT name, facts, survey FROM domain WHERE survey IS NOT NULL AND facts IS NOT NULL"
    " AND name IN (SELECT value FROM json_each(?))"
)


def _score(facts: str, survey: str) -> int | None:
    known = load_facts(facts)
    health = health_of(known.route, load_survey(survey), offers_tls=known.offers_tls)
    return None if health is None else health.score
