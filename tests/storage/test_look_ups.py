"""How far the look-ups of a list are that is checked by DNS alone."""

import asyncio

import pytest

from engine.ahead import LookUps
from engine.exchange import LookupFailed
from engine.reason import Reason
from storage import look_ups
from storage.look_ups import look_ups_ahead
from storage.uploads import upload_row

FORTY = [f"{fruit}@orchard{number}.sandbox" for number in range(40) for fruit in ("fig", "plum")]


@pytest.fixture
def look(desk):
    """Read how far a list is, some seconds from now."""

    def give(upload, after_s=0.0):
        with desk.database.reading() as connection:
            return look_ups_ahead(connection, upload_row(connection, upload), desk.clock() + after_s)

    return give


@pytest.fixture
def begin(desk):
    """Start a list that is to be checked by DNS alone."""

    def give(*lines):
        upload = desk.save(*lines, is_dns_only=True)
        desk.start(upload)
        assert desk.acquire()
        return upload

    return give


def resolve(desk, domains, **known):
    """Look some of the domains up that wait for it."""
    waiting = asyncio.run(desk.queue.claim_domains(domains))
    asyncio.run(desk.queue.keep([desk.facts(each.name, **known) for each in waiting]))


def counts(ahead: LookUps):
    return ahead.domains, ahead.addresses, ahead.done, ahead.done_addresses


def test_before_the_first_answer_everything_is_left(look, begin):
    assert counts(look(begin(*FORTY))) == (40, 80, 0, 0)


def test_the_later_half_of_what_came_back_tells_the_speed_with_the_time_it_took(desk, look, begin):
    upload = begin(*FORTY)
    resolve(desk, 10)
    desk.clock.ahead_s = 7.0
    resolve(desk, 10)
    ahead = look(upload, after_s=3.0)
    assert counts(ahead) == (20, 40, 10, 20)
    assert ahead.active_s == pytest.approx(10, abs=1)
    assert ahead.still_s == pytest.approx(3, abs=1)
    assert ahead.failed_share == 0


def test_the_first_look_up_is_the_later_half_by_itself(desk, look, begin):
    upload = begin(*FORTY)
    resolve(desk, 1)
    assert counts(look(upload)) == (39, 78, 1, 2)


def test_look_ups_that_nobody_answers_are_counted_as_a_part(desk, look, begin):
    upload = begin(*FORTY)
    resolve(desk, 6)
    resolve(desk, 2, route=LookupFailed(Reason.DNS_FAILED, "timeout"), route_key="")
    assert look(upload).failed_share == 0.25


def test_look_ups_that_fail_at_once_keep_nobody_waiting(desk, look, begin):
    upload = begin(*FORTY)
    resolve(desk, 6)
    resolve(desk, 2, route=LookupFailed(Reason.DNS_FAILED, "SERVFAIL"), route_key="")
    assert look(upload).failed_share == 0


def test_routes_that_were_known_before_took_no_time_of_this_run(desk, look, begin):
    begin(*FORTY[:20])
    resolve(desk, 10)
    upload = begin(*FORTY)
    assert counts(look(upload)) == (30, 60, 0, 0)
    resolve(desk, 10)
    assert counts(look(upload)) == (20, 40, 5, 10)


def test_a_large_list_is_told_by_some_of_its_domains(desk, look, begin, monkeypatch):
    monkeypatch.setattr(look_ups, "SAMPLED", 10)
    upload = begin(*FORTY)
    resolve(desk, 20)
    ahead = look(upload)
    assert 0 < ahead.domains + ahead.done < 40
    assert ahead.addresses == 40


def test_a_list_without_domains_has_no_look_ups(look, begin):
    assert counts(look(begin("no address"))) == (0, 0, 0, 0)
