from engine.batch import DomainFacts
from engine.exchange import MailHost, MailHosts, NoMail
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.reason import Reason
from engine.snapshot import LANES_KEPT, LaneNames, most_telling


def facts(provider: str = "other", key: str = "a1b2", host: str = "mx.plum.sandbox") -> DomainFacts:
    return DomainFacts("plum.sandbox", MailHosts((MailHost(host, 10),)), key, provider)


def test_hosts_that_are_nobody_s_we_know_are_named_by_the_first_of_them():
    names = LaneNames()
    names.note(facts())
    names.note(facts("google", "c3d4", "aspmx.l.google.com"))
    names.note(DomainFacts("fallow.sandbox", NoMail(Reason.NULL_MX)))
    pace = PaceReport(lanes=(LaneReport("a1b2", 5), LaneReport("google", 5), LaneReport("", 5)))
    assert names.snapshot(pace, 0.0).mx_hosts == {"a1b2": "mx.plum.sandbox"}


def test_a_lane_that_is_no_longer_reported_of_is_forgotten():
    names = LaneNames()
    names.note(facts())
    names.snapshot(PaceReport(), 0.0)
    assert names.snapshot(PaceReport(lanes=(LaneReport("a1b2", 5),)), 0.0).mx_hosts == {}


def test_of_many_lanes_those_are_kept_at_which_most_is_going_on():
    names = LaneNames()
    for number in range(LANES_KEPT + 5):
        names.note(facts(key=f"k{number}"))
    lanes = tuple(LaneReport(f"k{number}", 5, sessions=number) for number in range(LANES_KEPT + 5))
    snapshot = names.snapshot(PaceReport(sessions=9, lanes=lanes), 0.25)
    assert [each.sessions for each in snapshot.pace.lanes] == [*range(LANES_KEPT + 4, 4, -1)]
    assert len(snapshot.mx_hosts) == LANES_KEPT
    assert (snapshot.lanes_left_out, snapshot.worst_lag_s, snapshot.pace.sessions) == (5, 0.25, 9)
    assert names.snapshot(PaceReport(lanes=lanes[:1]), 0.0).mx_hosts, "a lane that was cut is still known"


def test_hosts_that_are_let_alone_stand_first():
    alone = LaneReport("a", 1, breaker=BreakerState.OPEN)
    trial = LaneReport("b", 1, 1, breaker=BreakerState.HALF_OPEN)
    busy, warned, idle = LaneReport("c", 9, 9, 90), LaneReport("d", 1, warned_at=5.0), LaneReport("e", 1)
    assert most_telling((idle, busy, warned, alone, trial)) == (trial, alone, busy, warned, idle)
