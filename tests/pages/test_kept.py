"""Figures that are kept while a list stands as it did."""

import time

import pytest
import streamlit as st

from engine.batch import DomainFacts
from engine.exchange import NoMail
from engine.never_probed import parse_listed
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Status
from pages.parts.kept import (
    kept_counts,
    kept_domains,
    kept_expected,
    kept_preview,
    kept_sayings,
    moment_of,
)
from storage.database import open_database
from storage.never_probed import Origin
from storage.routes import keep_routes
from storage.summaries import standings
from storage.withholding import never_probe


@pytest.fixture
def other(tmp_path):
    opened = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    yield opened
    opened.close()


def test_figures_are_made_anew_when_the_list_stands_otherwise(runtime, save):
    save("a@mill.sandbox")
    (standing,) = standings(runtime.database)
    assert kept_domains(runtime.database, standing).resolved == 0
    with runtime.database.writing() as connection:
        keep_routes(connection, [DomainFacts("mill.sandbox", NoMail(Reason.NO_SUCH_DOMAIN))])
        connection.exec_driver_sql("UPDATE domain SET survey_at = NULL")
    assert kept_domains(runtime.database, standing).resolved == 0
    later = replace(standing, finished_at=1.0)
    assert kept_domains(runtime.database, later).resolved == 1


def test_all_parts_of_a_page_show_a_list_that_changes_as_it_was_when_the_first_of_them_asked(runtime, save):
    save("a@mill.sandbox", is_started=True)
    (standing,) = standings(runtime.database)
    asked_at = time.time()
    moments = {moment_of(runtime.database, standing) for _ in range(3)}
    assert len(moments) == 1
    assert asked_at <= moments.pop() <= time.time()
    ended_at = time.time()
    st.cache_data.clear()
    assert moment_of(runtime.database, standing) >= ended_at


def test_counts_for_sending_are_those_of_the_database_at_hand(runtime, save, other):
    save("a@mill.sandbox")
    (standing,) = standings(runtime.database)
    assert kept_counts(runtime.database, standing).waiting == 1
    assert kept_counts(other, standing).waiting == 0


def test_a_preview_is_that_of_the_database_at_hand(runtime, save, other):
    save("a@mill.sandbox")
    (standing,) = standings(runtime.database)
    assert kept_preview(other, standing, DEFAULT_POLICY) != kept_preview(
        runtime.database, standing, DEFAULT_POLICY
    )


def test_what_may_bounce_is_that_of_the_database_at_hand(runtime, save, other):
    save("a@mill.sandbox")
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload_domain SET valid = 1")
        connection.exec_driver_sql("UPDATE domain SET provider = 'google'")
    (standing,) = standings(runtime.database)
    standing = replace(standing, statuses=standing.statuses | {Status.VALID: 1})
    assert kept_expected(other, standing) is None
    assert kept_expected(runtime.database, standing) is not None


def test_counts_for_sending_are_made_anew_when_the_never_probe_list_was_changed(runtime, save):
    upload = save("a@mill.sandbox", is_started=True)
    runtime.cancel_upload(upload)
    (standing,) = standings(runtime.database)
    assert kept_counts(runtime.database, standing).statuses[Status.UNKNOWN] == 1
    never_probe(runtime.database, [parse_listed("mill.sandbox")], Origin())
    assert kept_counts(runtime.database, standing).statuses[Status.UNKNOWN] == 0


def test_figures_are_made_anew_where_outcomes_changed_though_the_counts_did_not(runtime, save):
    save("a@mill.sandbox")
    (standing,) = standings(runtime.database)
    assert moment_of(runtime.database, standing) != moment_of(
        runtime.database, replace(standing, revision=standing.revision + 1)
    )


def test_what_a_host_said_is_asked_for_once_while_a_list_stands_as_it_did(runtime, save, settle):
    upload = save("blocked@mill.sandbox", is_started=True)
    settle()
    said = kept_sayings(runtime.database, upload, "mill.sandbox")
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailbox SET trace = NULL")
    assert kept_sayings(runtime.database, upload, "mill.sandbox") == said
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET revision = revision + 1")
    assert kept_sayings(runtime.database, upload, "mill.sandbox") == []
    assert kept_sayings(runtime.database, 99, "mill.sandbox") == []
