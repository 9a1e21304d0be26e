import pytest

from engine.adaptive import MEMORY_S, START
from engine.batch import DomainFacts, Scope
from engine.bearing import Bearing
from engine.lane import Outing
from engine.lanes import Lanes


@pytest.fixture
def lanes():
    return Lanes()


def begin(lanes: Lanes, key: str, now: float = 0.0) -> Outing:
    outing = Outing(key, now, 10)
    lanes.begin(DomainFacts(f"{key}.example", route_key=key), outing, now)
    return outing


def test_a_lane_in_use_has_so_much_less_room_and_others_are_not_named(lanes):
    begin(lanes, "orchard")
    room = lanes.room(0.0, ())
    assert room["orchard"] == START - 1
    assert "mill" not in room


def test_on_trial_one_session_goes_out_and_none_while_it_or_a_doubt_is_there(lanes):
    trial = ((Scope.ROUTE, "orchard"),)
    assert lanes.room(0.0, trial)["orchard"] == 1
    outing = begin(lanes, "orchard")
    assert lanes.room(0.0, trial)["orchard"] == 0
    lanes.leave(outing, 0.0)
    facts = DomainFacts("plum.example", route_key="orchard")
    lanes.doubt(facts, 0.0, 1)
    assert lanes.room(0.0, trial)["orchard"] == 0
    lanes.doubt(facts, 0.0, -1)
    assert lanes.room(0.0, trial)["orchard"] == 1


def test_the_hosts_of_a_lane_have_talked_since_their_last_rcpt_was_granted(lanes):
    assert not lanes.has_talked_since("orchard", 0.0)
    outing = begin(lanes, "orchard", 5.0)
    lanes.of(DomainFacts("plum.example", route_key="orchard")).grant(outing, 1, 7.0)
    assert lanes.has_talked_since("orchard", 6.0)
    assert not lanes.has_talked_since("orchard", 7.0)


def test_lanes_at_rest_are_forgotten_and_those_that_warned_are_not(lanes):
    for n in range(100):
        lanes.leave(begin(lanes, f"plum{n}"), 0.0)
    warned = begin(lanes, "orchard")
    lanes.hear(warned, Bearing.WARNED, 0.0)
    lanes.leave(warned, 0.0)
    lanes.forget(70.0)
    assert set(lanes._lanes) == {"orchard"}

    lanes.forget(70.0 + 2 * MEMORY_S)
    assert lanes._lanes == {}


def test_no_session_is_reported_where_there_are_no_mail_hosts(lanes):
    begin(lanes, "")
    begin(lanes, "orchard")
    assert list(lanes.report(0.0, 5000.0)) == ["orchard"]


def test_a_lane_that_was_asked_much_is_told_of_between_two_sessions_and_for_a_minute(lanes):
    outing = begin(lanes, "google", 5.0)
    lanes.of(DomainFacts("gmail.example", route_key="google")).grant(outing, 10, 5.0)
    lanes.leave(outing, 6.0)
    quiet = begin(lanes, "mill", 5.0)
    lanes.leave(quiet, 6.0)

    told = lanes.report(7.0, 0.0)
    assert {name: (each.sessions, each.rcpts) for name, each in told.items()} == {"google": (0, 10)}
    assert lanes.report(70.0, 0.0) == {}
