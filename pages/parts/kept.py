"""Figures of a list, kept while it stands as it did: the same sums are made once."""

import time
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

import streamlit as st

from engine.expected import Share, expected_bounces
from engine.policy import Policy
from engine.readiness import Counts
from pages.parts.cards import LIVE
from storage.again import count_let_go
from storage.at_stake import at_stake_by_reason
from storage.database import Database
from storage.domain_kinds import kinds_of_domains
from storage.domains import DomainBoard, domain_board
from storage.fixing import may_fix
from storage.health import HealthBoard, health_board
from storage.never_asked import state_of_list
from storage.policies import policy_of_list
from storage.preview import Preview, preview_policy
from storage.removals import Outcomes, at_small_domains
from storage.sayings import HostSaying, sayings_at
from storage.sending import counts_for_sending
from storage.stakes import StakeBoard, stake_board
from storage.strata import safe_strata
from storage.summaries import Standing, standings_of
from storage.surveys import is_surveying

CHANGING_S = 4.0
"""Seconds for which figures are kept that change by themselves."""
_KEPT_S, _KEPT_LONG_S = 120.0, 3600.0
_EXPECTED_S = 10.0
_MOST_KEPT = 100
_BY_PLACE = {Database: lambda database: database.place, Policy: repr}


def moment_of(database: Database, standing: Standing) -> Hashable:
    """Say how a list stands, to tell whether its figures still hold; while it changes, for some seconds.

    What other lists find meanwhile of the same domains and mailboxes shows when the figures are counted anew.
    """
    if standing.state in LIVE or is_surveying(database):
        return _begun_at(database, standing.upload)
    return standing.state, standing.finished_at, standing.revision


@st.cache_data(ttl=CHANGING_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _begun_at(database: Database, upload: int) -> float:  # noqa: ARG001 - keys
    """Say when the seconds began, by the first who asked: all parts of a page have the same ones, mostly."""
    return time.time()


def kept_domains(database: Database, standing: Standing) -> DomainBoard:
    """Sum a list's domains up by their mail."""
    return _boards(database, standing.upload, moment_of(database, standing))[0]


def kept_health(database: Database, standing: Standing) -> HealthBoard:
    """Sum up how a list's domains are set up."""
    return _boards(database, standing.upload, moment_of(database, standing))[1]


def kept_stakes(database: Database, standing: Standing) -> StakeBoard:
    """Rank what puts a list's rows at stake."""
    return _boards(database, standing.upload, moment_of(database, standing))[2]


def kept_counts(database: Database, standing: Standing) -> Counts:
    """Count what tells whether a list is ready to send, anew where the never-probe list was changed."""
    moment = (moment_of(database, standing), state_of_list(database))
    return _counts(database, standing.upload, moment)


def kept_small(database: Database, standing: Standing, addresses: int) -> Outcomes:
    """Count the rows at domains that have fewer addresses of a list than that."""
    moment = (moment_of(database, standing), state_of_list(database))
    return _small(database, standing.upload, addresses, moment)


def kept_let_go(database: Database, standing: Standing) -> int:
    """Count who was never asked about and may be now, by the never-probe list and the policy as they are."""
    given = policy_of_list(database, standing.upload)
    moment = (repr(given), standing.revision, standing.settled, state_of_list(database))
    return _let_go(database, standing.upload, moment)


def kept_expected(database: Database, standing: Standing) -> Share | None:
    """Reckon what may bounce of a list's safe addresses: anew every ten seconds while it changes."""
    seen = 0 if standing.state in LIVE else standing.revision
    return _expected(database, standing.upload, seen)


def kept_preview(database: Database, standing: Standing, policy: Policy) -> Preview | None:
    """Work out what another policy would do to a list, as long as it is judged as it is now."""
    given = policy_of_list(database, standing.upload)
    now = (given.name, given.policy, standing.settled, standing.revision)
    return _preview(database, standing.upload, policy, now)


def kept_sayings(database: Database, upload: int, domain: str) -> list[HostSaying]:
    """Give what a domain's host said when it turned us away from a list's addresses."""
    moments = [moment_of(database, each) for each in standings_of(database, [upload])]
    return _sayings(database, upload, domain, tuple(moments))


def kept_may_fix(database: Database, standing: Standing) -> bool:
    """Tell whether a list that has ended has domains that a new list of it would have corrected."""
    return _may_fix(database, standing.upload, (standing.state, standing.finished_at, standing.revision))


@st.cache_data(ttl=_KEPT_LONG_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _may_fix(database: Database, upload: int, moment: Hashable) -> bool:  # noqa: ARG001 - a key
    return may_fix(database, upload)


_Boards = tuple[DomainBoard, HealthBoard, StakeBoard]


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _boards(database: Database, upload: int, moment: Hashable) -> _Boards:  # noqa: ARG001 - a key
    with ThreadPoolExecutor(1) as beside:  # SQLite lets others go on while it reads
        by_reason = beside.submit(at_stake_by_reason, database, upload)
        kinds = kinds_of_domains(database, upload)
        return domain_board(kinds), health_board(kinds), stake_board(database, kinds, by_reason.result())


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _counts(database: Database, upload: int, moment: Hashable) -> Counts:  # noqa: ARG001 - a key
    return counts_for_sending(database, upload)


@st.cache_data(
    ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner="Looking at small domains", hash_funcs=_BY_PLACE
)
def _small(database: Database, upload: int, addresses: int, moment: Hashable) -> Outcomes:  # noqa: ARG001 - a key
    return at_small_domains(database, upload, addresses)


@st.cache_data(ttl=_KEPT_LONG_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _let_go(database: Database, upload: int, moment: Hashable) -> int:  # noqa: ARG001 - a key
    return count_let_go(database, upload)


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _sayings(database: Database, upload: int, domain: str, moment: Hashable) -> list[HostSaying]:  # noqa: ARG001
    return sayings_at(database, upload, domain)


@st.cache_data(ttl=_EXPECTED_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs=_BY_PLACE)
def _expected(database: Database, upload: int, seen: int) -> Share | None:  # noqa: ARG001 - a key
    return expected_bounces(safe_strata(database, upload))


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner="Working it out", hash_funcs=_BY_PLACE)
def _preview(database: Database, upload: int, policy: Policy, now: Hashable) -> Preview | None:  # noqa: ARG001
    return preview_policy(database, upload, policy)
