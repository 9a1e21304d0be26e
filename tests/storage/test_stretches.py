"""A list's domains in sets: what is left by lane, the largest one by one, and who was put off."""

import pytest
from sqlalchemy import event

from engine.ahead import LONG_WAIT_S
from engine.forecast import assumed
from engine.provider import provider_named
from engine.reply import Reply, Stage
from engine.sharing import domains_together, sessions_of
from storage.stretches import domains_of

SIXTY = [f"plum@orchard{number}.sandbox" for number in range(60)]


@pytest.fixture
def look(desk):
    """Read how a list's domains stand."""

    def give(upload, taught=frozenset()):
        with desk.database.reading() as connection:
            return domains_of(connection, upload, desk.settings, taught, desk.clock())

    return give


@pytest.fixture
def begin(desk):
    """Start a list whose domains' look-ups all find the same."""

    def give(*lines, **known):
        upload = desk.save(*lines)
        desk.start(upload)
        assert desk.acquire()
        desk.resolve(**known)
        return upload

    return give


def figures(crowd):
    return crowd.lane, crowd.addresses, crowd.visits, crowd.sessions, crowd.made_up


def test_domains_behind_the_same_hosts_share_sessions(look, begin):
    (crowd,) = look(begin(*SIXTY, route_key="a1b2")).crowds
    assert figures(crowd) == ("", 60, 60, sessions_of(60, 60, 20, domains_together("")), 0)
    assert crowd.sessions == 10


def test_domains_with_hosts_of_their_own_share_none(look, begin):
    (crowd,) = look(begin(*SIXTY)).crowds
    assert figures(crowd) == ("", 60, 60, 60, 0)


def test_decoys_take_places_in_a_session_too_where_the_provider_bears_them(look, begin):
    three = [f"{fruit}@orchard{number}.sandbox" for number in range(60) for fruit in ("fig", "plum", "sloe")]
    (crowd,) = look(begin(*three, route_key="a1b2", accept_all=None)).crowds
    assert figures(crowd) == ("", 180, 60, sessions_of(60, 240, 20, domains_together("")), 60)


def test_no_decoys_are_counted_where_none_are_asked(look, begin):
    assert not provider_named("yahoo").bears_decoys
    (crowd,) = look(begin(*SIXTY, route_key="a1b2", provider="yahoo", accept_all=None)).crowds
    assert figures(crowd) == ("yahoo", 60, 60, 10, 0)


def test_a_host_that_cut_a_session_short_shares_none(look, begin):
    (crowd,) = look(begin(*SIXTY, route_key="a1b2", portion=4)).crowds
    assert crowd.sessions == 60


def test_at_a_provider_that_allows_few_rcpts_sessions_are_full_of_those(look, begin):
    (crowd,) = look(begin(*SIXTY, route_key="a1b2", provider="outlook", portion=1)).crowds
    assert figures(crowd) == ("outlook", 60, 60, 60, 0)


def test_hosts_that_taught_us_a_limit_are_a_lane_of_their_own(look, begin):
    upload = begin(*SIXTY[:2], route_key="a1b2")
    assert [each.lane for each in look(upload, frozenset({"a1b2"})).crowds] == ["a1b2"]
    assert [each.lane for each in look(upload).crowds] == [""]


def test_of_domains_that_were_not_looked_up_yet_the_usual_is_assumed(desk, look):
    upload = desk.save(*SIXTY)
    desk.start(upload)
    found = look(upload)
    assert found.crowds == assumed(60, 60, 60, desk.settings.rcpts_per_session)
    assert (found.fresh, found.begun) == (60, 0)


def test_what_is_done_is_counted_in_the_sessions_it_took(desk, look, begin):
    upload = begin(*SIXTY, route_key="a1b2")
    desk.settle(*(desk.answer(batch) for batch in desk.claim()))
    found = look(upload)
    (crowd,) = found.crowds
    assert (crowd.addresses, crowd.done, crowd.done_visits, crowd.done_sessions) == (0, 60, 60, 10)
    assert (found.fresh, found.begun) == (0, 60)


def test_domains_that_were_put_off_alike_are_one_row_however_many_they_are(desk, look, begin):
    upload = begin(*SIXTY)
    for number, batch in enumerate(desk.claim()):
        desk.settle(desk.put_off(batch, desk.clock() + (50 if number % 2 else 900)))
    found = look(upload)
    named = [each for each in found.waiting if each.domain]
    later, soon = sorted((each for each in found.waiting if not each.domain), key=lambda each: each.first_s)[
        ::-1
    ]
    assert len(named) == len(found.largest) == 30
    assert later.domains + soon.domains == 30
    assert (later.is_later, soon.is_later, soon.attempts, soon.sessions) == (1, 0, 1, 1)
    assert soon.last_s < 51 < LONG_WAIT_S < later.first_s < 901
    assert sum(each.held for each in found.waiting) == 60


def test_who_is_put_off_is_read_in_as_many_statements_whether_few_or_many_are(desk, look, begin):
    upload = begin(*SIXTY)
    statements = []
    event.listen(desk.database._reading, "before_cursor_execute", lambda *told: statements.append(told[2]))
    look(upload)
    before = len(statements)
    desk.settle(*(desk.put_off(batch, desk.clock() + 50) for batch in desk.claim()))
    statements.clear()
    look(upload)
    assert len(statements) == before


def test_who_is_being_asked_just_now_is_not_waited_for(desk, look, begin):
    upload = begin("plum@orchard.sandbox", "fig@orchard.sandbox")
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, desk.clock() - 1))
    assert desk.claim()
    (waiting,) = look(upload).waiting
    assert (waiting.addresses, waiting.first_s, waiting.last_s, waiting.held) == (2, 0, 0, 0)


def test_those_who_were_asked_least_are_told_apart_where_others_were_put_off_twice(desk, look, begin):
    upload = begin(*(f"plum{number}@barn.sandbox" for number in range(10)))
    (batch,) = desk.claim()
    desk.put_off_twice(batch, soon_s=30, later_s=90)
    (waiting,) = look(upload).waiting
    assert (waiting.is_again, waiting.attempts, waiting.asked, waiting.domains) == (1, 1, 18, 1)
    assert (round(waiting.fewest_s, -1), round(waiting.last_s, -1)) == (30, 90)
    assert (waiting.portion, waiting.sessions) == (9, 2), "all were refused, and a session bears so many"


def test_where_many_are_refused_a_session_asks_few_of_a_large_domain(desk, look, begin):
    upload = begin(*(f"plum{number}@barn.sandbox" for number in range(40)))
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, Reply(552, "5.2.2 mailbox full", Stage.RCPT)))
    assert look(upload).largest["barn.sandbox"].portion == 9


def test_one_refusal_is_kept_for_the_made_up_address_until_it_is_answered(desk, look, begin):
    upload = begin(*(f"plum{number}@barn.sandbox" for number in range(40)), accept_all=None)
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, Reply(552, "5.2.2 mailbox full", Stage.RCPT)))
    assert look(upload).largest["barn.sandbox"].portion == 8
