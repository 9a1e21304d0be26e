"""The bound's arithmetic, on lists that are small enough to be counted by hand."""

import pytest

from bench.bound import Bound, Limits, Load, Talk, bound


def load(recipients: int = 1, domain: str = "plum.sandbox", **changed) -> Load:
    return Load(
        domain, **{"route": domain, "lane": domain, "recipients": recipients, "per_session": 20} | changed
    )


def least(loads: list[Load], talk: Talk = Talk.LOCKSTEP, **changed) -> Bound:
    limits = {"sessions": 10, "round_trip_s": 1.0} | changed
    return bound(loads, Limits(**limits), talk)


def test_one_address_takes_the_opening_ehlo_mail_rcpt_the_decoy_and_quit():
    assert least([load()]) == Bound(7.0, "plum.sandbox", sessions=1, trips=7)


def test_no_decoy_is_asked_where_nobody_is_let_in():
    assert least([load(decoys=0)]).seconds == 6.0


def test_a_domain_has_as_many_sessions_as_its_recipients_need():
    found = least([load(45)])

    assert (found.sessions, found.trips) == (3, 3 * 5 + 45 + 1)
    assert found.seconds == 61.0


def test_sessions_of_a_domain_that_may_be_open_at_once_share_its_trips():
    assert least([load(45)], per_domain=2).seconds == 30.5


def test_a_domain_never_has_more_sessions_at_once_than_there_are_in_all_or_than_its_lane_bears():
    assert least([load(45)], per_domain=2, sessions=1).seconds == 61.0
    assert least([load(45, lane="press")], per_domain=2, lanes={"press": 1}).seconds == 61.0


def test_many_domains_are_bound_by_the_sessions_at_once():
    loads = [load(1, f"plum{n}.sandbox") for n in range(100)]

    assert least(loads) == Bound(70.0, "10 sessions at once", sessions=100, trips=700)


def test_a_lane_is_bound_by_the_sessions_its_provider_bears():
    loads = [load(1, f"plum{n}.sandbox", lane="press") for n in range(20)]

    assert least(loads, lanes={"press": 5}).seconds == 28.0
    assert least(loads, lanes={"press": 5}).because == "the lane press"
    assert least(loads, lanes={"other": 1}).seconds == 14.0


def test_a_greylisted_domain_is_asked_twice_with_the_wait_in_between():
    found = least([load(3, rounds=2)], greylist_wait_s=100.0)

    assert found.seconds == 2 * (5 + 3 + 1) + 100.0
    assert found.sessions == 2


def test_the_wait_of_a_greylisted_domain_costs_the_others_nothing():
    loads = [load(1, f"plum{n}.sandbox") for n in range(100)]

    assert least([*loads, load(1, "fig.sandbox", rounds=2)], greylist_wait_s=10.0).seconds == 71.4


def test_only_so_many_sessions_begin_in_a_minute():
    found = least([load(100, per_session=1, decoys=0)], per_minute=10, round_trip_s=0.1)

    assert found.seconds == pytest.approx(9 * 60 + 0.6)


def test_a_domain_rests_between_its_sessions():
    assert least([load(45)], backoff_s=4.0).seconds == 61.0 + 2 * 0.75 * 4


def test_in_flights_a_session_takes_five_trips_however_many_recipients_it_has():
    assert least([load(20)], Talk.PIPELINED).seconds == 5.0
    assert least([load(21)], Talk.PIPELINED).seconds == 10.0


def test_in_flights_domains_of_the_same_hosts_share_sessions():
    loads = [load(1, f"plum{n}.sandbox", route="mx.press.sandbox") for n in range(80)]
    found = least(loads, Talk.PIPELINED)

    assert found.sessions == 10
    assert found.trips == 10 * 4 + 80
    assert least([load(1, each.domain) for each in loads], Talk.PIPELINED).sessions == 80


def test_in_flights_too_a_session_takes_no_more_recipients_than_it_may():
    assert least([load(5, per_session=1)], Talk.PIPELINED).sessions == 5


def test_an_empty_list_takes_no_time():
    assert least([]).seconds == 0.0
