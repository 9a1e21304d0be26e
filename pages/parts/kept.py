"""Figures over a list's domains, kept while the list stands as it did: the same sums are made once."""

import time
from collections.abc import Hashable

import streamlit as st

from engine.readiness import Counts
from pages.parts.cards import LIVE
from storage.database import Database
from storage.domains import DomainBoard, domain_board
from storage.health import HealthBoard, health_board
from storage.sending import counts_for_sending
from storage.stakes import StakeBoard, stake_board
from storage.summaries import Standing
from storage.surveys import is_surveying

CHANGING_S = 4.0
"""Seconds for which figures are kept that change by themselves."""
_KEPT_S = 120.0
_MOST_KEPT = 100


def moment_of(database: Database, standing: Standing) -> Hashable:
    """Say how a list stands, to tell whether its figures still hold; while it changes, for some seconds."""
    if standing.state in LIVE or is_surveying(database):
        return int(time.time() / CHANGING_S)
    return standing.state, standing.finished_at, tuple(standing.statuses.items())


def kept_domains(database: Database, standing: Standing) -> DomainBoard:
    """Sum a list's domains up by their mail."""
    return _domains(database, standing.upload, moment_of(database, standing))


def kept_health(database: Database, standing: Standing) -> HealthBoard:
    """Sum up how a list's domains are set up."""
    return _health(database, standing.upload, moment_of(database, standing))


def kept_stakes(database: Database, standing: Standing) -> StakeBoard:
    """Rank what puts a list's rows at stake."""
    return _stakes(database, standing.upload, moment_of(database, standing))


def kept_counts(database: Database, standing: Standing) -> Counts:
    """Count what tells whether a list is ready to send."""
    return _counts(database, standing.upload, moment_of(database, standing))


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs={Database: id})
def _domains(database: Database, upload: int, moment: Hashable) -> DomainBoard:  # noqa: ARG001 - a key
    return domain_board(database, upload)


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs={Database: id})
def _health(database: Database, upload: int, moment: Hashable) -> HealthBoard:  # noqa: ARG001 - a key
    return health_board(database, upload)


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs={Database: id})
def _stakes(database: Database, upload: int, moment: Hashable) -> StakeBoard:  # noqa: ARG001 - a key
    return stake_board(database, upload)


@st.cache_data(ttl=_KEPT_S, max_entries=_MOST_KEPT, show_spinner=False, hash_funcs={Database: id})
def _counts(database: Database, upload: int, moment: Hashable) -> Counts:  # noqa: ARG001 - a key
    return counts_for_sending(database, upload)
