import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adaptive import START
from engine.address import Address
from engine.batch import UNLIMITED, Batch, Convoy, DomainFacts, Recipient, Scope
from engine.bearing import Bearing
from engine.domain_pace import PATIENCE
from engine.pace_report import BreakerState, LaneReport
from engine.pacing import Pacing
from engine.settings import Settings
from engine.verdict import AcceptAll

JITTER = (0.75, 1.25)


class Clock:
    """A clock that stands until it is moved; seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def batch(
    name="plum.example", count=1, provider="", key="", accept_all=AcceptAll.NO, first=0, rounds=0
) -> Batch:
    recipients = tuple(Recipient(n, Address(f"pear{n}", name)) for n in range(first, first + count))
    route_key = key or f"key-{name}"
    facts = DomainFacts(name, None, route_key, provider, accept_all=accept_all, rounds=rounds)
    return Batch(facts, recipients)


class Desk(Pacing):
    """Pacing whose batches go out and come back one a session."""

    def begin(self, batch):
        out = super().begin(Convoy((batch,)))
        self.out.setdefault(batch.domain.name, []).append(out)
        return out

    def end(self, batch, **how):
        self.leave(self.out[batch.domain.name].pop())
        super().end(batch, **how)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pacing(clock):
    def make(**changed):
        base = {"session_backoff_ms": 0, "domain_sessions_per_minute": 0}
        made = Desk(Settings(**(base | changed)), clock)
        made.out = {}
        return made

    return make


def is_open(pacing, name="plum.example") -> bool:
    return name not in pacing.closed().domains


def test_a_domain_is_held_back_while_its_batch_is_out(pacing):
    pacing = pacing()
    pacing.begin(batch())
    assert not is_open(pacing)
    assert is_open(pacing, "pear.example")
    assert pacing.next_opening() is None

    pacing.end(batch())
    assert is_open(pacing)


def test_as_many_batches_are_out_at_once_as_may(pacing):
    pacing = pacing(per_domain_concurrency=2)
    pacing.begin(batch())
    assert is_open(pacing)
    pacing.begin(batch())
    assert not is_open(pacing)
    pacing.end(batch())
    assert is_open(pacing)


def test_between_two_sessions_there_is_a_pause_that_jitters(pacing, clock):
    pauses = set()
    for _ in range(20):
        paced = pacing(session_backoff_ms=1000)
        paced.begin(batch())
        paced.end(batch())
        pauses.add(paced.next_opening() - clock.now)

    assert len(pauses) > 1
    assert JITTER[0] <= min(pauses) <= max(pauses) <= JITTER[1]


def test_a_domain_opens_when_its_pause_is_over(pacing, clock):
    pacing = pacing(session_backoff_ms=1000)
    pacing.begin(batch())
    pacing.end(batch())
    assert not is_open(pacing)

    clock.now = pacing.next_opening()
    assert is_open(pacing)
    assert pacing.next_opening() is None


def test_sessions_in_a_minute_are_no_more_than_allowed(pacing, clock):
    pacing = pacing(domain_sessions_per_minute=3)
    for _ in range(3):
        assert is_open(pacing)
        pacing.begin(batch())
        pacing.end(batch())
        clock.now += 10
    assert not is_open(pacing)
    assert pacing.next_opening() == 1060.0

    clock.now = 1060.0
    assert is_open(pacing)


def test_recipients_in_a_minute_are_no_more_than_allowed(pacing, clock):
    pacing = pacing(domain_rcpts_per_minute=30)
    for _ in range(2):
        assert is_open(pacing)
        pacing.begin(batch(count=20))
        pacing.end(batch(count=20))
        clock.now += 1
    assert not is_open(pacing)

    clock.now = 1060.0
    assert is_open(pacing)


def test_a_batch_that_asked_nobody_counts_as_no_session(pacing):
    pacing = pacing(domain_sessions_per_minute=1, domain_rcpts_per_minute=1, session_backoff_ms=60_000)
    for _ in range(5):
        pacing.begin(batch(count=9))
        assert not is_open(pacing)
        pacing.end(batch(count=9), has_asked=False)
        assert is_open(pacing)


def test_a_host_that_turns_us_away_is_given_twice_as_long_each_time(pacing, clock):
    pacing = pacing(session_backoff_ms=1000)
    pauses = []
    for _ in range(4):
        pacing.begin(batch())
        pacing.end(batch(), is_turned_away=True)
        pauses.append(pacing.next_opening() - clock.now)
        clock.now = pacing.next_opening()

    assert all(JITTER[0] * 2**n <= pause <= JITTER[1] * 2**n for n, pause in enumerate(pauses))


def test_being_turned_away_costs_a_pause_even_where_none_is_set(pacing, clock):
    pacing = pacing()
    pacing.begin(batch())
    pacing.end(batch(), is_turned_away=True)

    assert pacing.next_opening() > clock.now


def test_patience_with_a_host_ends_and_comes_back_with_a_session(pacing):
    pacing = pacing()
    assert pacing.is_patient("plum.example")
    for _ in range(PATIENCE):
        assert pacing.is_patient("plum.example")
        pacing.begin(batch())
        pacing.end(batch(), is_turned_away=True)
    assert not pacing.is_patient("plum.example")

    pacing.begin(batch())
    pacing.end(batch())
    assert pacing.is_patient("plum.example")


def turn_away(pacing, clock, times: int) -> float:
    """Let a domain turn us away so many times; give the last pause, in seconds."""
    for _ in range(times):
        pacing.begin(batch())
        pacing.end(batch(), is_turned_away=True)
        pause_s = (pacing.next_opening() or clock.now) - clock.now
        clock.now += pause_s
    return pause_s


def test_a_domain_that_turns_us_away_for_ever_is_held_back_no_longer_than_when_patience_ends(pacing, clock):
    pacing = pacing(session_backoff_ms=1000)

    assert turn_away(pacing, clock, 40) <= JITTER[1] * 2 ** (PATIENCE - 1)


def test_that_a_domain_turned_us_away_is_forgotten_after_an_hour_and_not_before(pacing, clock):
    pacing = pacing(session_backoff_ms=1000)
    turn_away(pacing, clock, PATIENCE)
    clock.now += 3500
    assert not pacing.closed().domains
    assert not pacing.is_patient("plum.example")

    clock.now += 101
    assert not pacing.closed().domains
    assert pacing.is_patient("plum.example")


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 30)), max_size=40), st.integers(1, 4))
def test_no_minute_ever_sees_more_sessions_than_allowed(steps, limit):
    clock = Clock()
    pacing = Desk(Settings(session_backoff_ms=0, domain_sessions_per_minute=limit), clock)
    pacing.out = {}
    began: list[float] = []
    for is_asked, pause in steps:
        if is_open(pacing):
            pacing.begin(batch())
            began += [clock.now] * is_asked
            pacing.end(batch(), has_asked=is_asked)
        clock.now += pause

    for at in began:
        assert sum(at - 60 < other <= at for other in began) <= limit


def test_a_batch_that_asked_nobody_takes_back_its_mark_even_after_a_minute(pacing, clock):
    kept = pacing(per_domain_concurrency=2, domain_sessions_per_minute=1)
    kept.begin(batch())
    clock.now += 61
    kept.closed()
    kept.end(batch(), has_asked=False)
    assert kept.closed().domains == frozenset()


def test_a_provider_with_a_limit_has_room_for_what_is_left_of_it(pacing):
    pacing = pacing()
    for n in range(6):
        pacing.begin(batch(f"plum{n}.example", provider="google"))
    pacing.begin(batch("fig.example", provider="outlook"))
    pacing.begin(batch("pear.example", provider="other"))
    room = pacing.closed().room
    assert (room["google"], room["outlook"], room["gmx"]) == (0, 0, 4)
    assert "other" not in room, "hosts that nobody knows have a lane for each MX set"
    assert room["key-pear.example"] == START - 1

    pacing.end(batch("fig.example", provider="outlook"), has_asked=False)
    for n in range(3):
        pacing.end(batch(f"plum{n}.example", provider="google"))
    assert (pacing.closed().room["google"], pacing.closed().room["outlook"]) == (2, 1)


def convoy(*names: str, **known) -> Convoy:
    return Convoy(tuple(batch(name, key="orchard", **known) for name in names))


def test_a_convoy_is_one_session_of_its_lane_and_one_of_each_of_its_domains(pacing):
    pacing = pacing(domain_sessions_per_minute=1)
    outing = Pacing.begin(pacing, convoy("plum.example", "fig.example"))
    closed = pacing.closed()
    assert closed.room["orchard"] == closed.usual_room - 1
    assert closed.domains == {"plum.example", "fig.example"}

    for each in convoy("plum.example", "fig.example").batches:
        Pacing.end(pacing, each)
    assert pacing.closed().room["orchard"] == closed.usual_room - 1, "the session is still open"
    pacing.leave(outing)
    assert "orchard" not in pacing.closed().room
    assert pacing.closed().domains == {"plum.example", "fig.example"}, "each has had its session"


def test_while_the_accept_all_question_is_open_one_batch_of_a_domain_is_out(pacing):
    pacing = pacing(per_domain_concurrency=3)
    pacing.begin(batch(accept_all=None))
    assert not is_open(pacing)
    pacing.end(batch(accept_all=None))

    pacing.begin(batch(accept_all=AcceptAll.NO))
    assert is_open(pacing)


def test_while_a_domain_waits_as_a_whole_one_batch_of_it_is_out_and_a_round_is_one_session(pacing):
    pacing = pacing(per_domain_concurrency=4)
    pacing.begin(batch(rounds=1))
    assert not is_open(pacing)
    pacing.end(batch(rounds=1))
    pacing.begin(batch(rounds=0))
    assert is_open(pacing)


def test_a_warning_closes_its_lane_and_slows_no_other(pacing, clock):
    pacing = pacing()
    warned, other = batch("plum.example", key="orchard"), batch("fig.example", key="farm")
    pacing.begin(warned)
    pacing.begin(other)
    assert pacing.allow(warned)(90) == 90
    pacing.hear(warned, Bearing.WARNED, answered=90)

    assert pacing.allow(warned)(1) == 0
    assert pacing.allow(other)(500) == 500
    pacing.end(warned)
    pacing.end(other)
    closed = pacing.closed()
    assert (closed.room["orchard"], closed.room.get("farm", closed.usual_room)) == (0, START)
    clock.now = pacing.next_opening()
    assert 1060 < clock.now < 1065
    assert pacing.closed().room["orchard"] > 0


def test_a_session_is_heard_once_and_once_more_if_it_ends_with_a_warning(pacing):
    pacing = pacing()
    Pacing.begin(pacing, convoy("plum.example", "fig.example", "pear.example"))
    plum, fig, pear = convoy("plum.example", "fig.example", "pear.example").batches
    pacing.hear(plum, Bearing.EASY, 5)
    assert lane(pacing).warned_at is None
    pacing.hear(fig, Bearing.WARNED, 0)
    warned = lane(pacing)
    assert warned.warned_at is not None
    pacing.hear(pear, Bearing.WARNED, 0)
    assert lane(pacing) == warned


def test_two_sessions_of_a_domain_at_once_are_told_apart(pacing):
    pacing = pacing(per_domain_concurrency=2)
    one, two = (batch(key="orchard", first=n) for n in (0, 50))
    for each in (one, two):
        pacing.begin(each)
        pacing.allow(each)(1)
    pacing.hear(one, Bearing.EASY, 1)
    pacing.hear(two, Bearing.WARNED, 1)
    assert [out.bearing for out in pacing.out["plum.example"]] == [Bearing.EASY, Bearing.WARNED]
    assert [out.granted for out in pacing.out["plum.example"]] == [1, 1]


def lane(pacing, name="orchard"):
    return next(each for each in pacing.report({}, 5000.0).lanes if each.lane == name)


def test_a_failed_connection_keeps_its_place_until_it_is_clear_whose_fault_it_was(pacing):
    pacing = pacing()
    out = batch(key="orchard")
    pacing.begin(out)
    pacing.doubt(out)
    pacing.leave(pacing.out["plum.example"][0])
    assert pacing.closed().room["orchard"] == START - 1
    pacing.believe(out)
    assert pacing.closed().room.get("orchard", START) == START


def test_a_place_is_kept_no_longer_than_its_batch_is_out_though_nobody_says_whose_fault_it_was(pacing):
    pacing = pacing()
    out = batch(key="orchard")
    pacing.begin(out)
    pacing.doubt(out)
    pacing.end(out)
    assert pacing.closed().room.get("orchard", START) == START
    pacing.believe(out)
    assert pacing.closed().room.get("orchard", START) == START


def test_it_is_known_whether_a_lane_talks_with_others_since_a_session_began(pacing, clock):
    made = pacing()
    talking, refused = batch("plum.example", key="key"), batch("fig.example", key="key")
    made.begin(talking)
    made.allow(talking)(1)
    clock.now += 1
    made.begin(refused)
    assert not made.has_others_in(refused), "that was before"
    clock.now += 1
    made.allow(talking)(1)
    assert made.has_others_in(refused)
    assert not made.has_others_in(batch("pear.example", key="key")), "it is not out"


def test_what_is_on_trial_gets_one_session(pacing):
    pacing = pacing(per_domain_concurrency=2)
    trial = [(Scope.ROUTE, "orchard"), (Scope.DOMAIN, "plum.example")]
    assert pacing.closed(trial).room["orchard"] == 1
    assert is_open(pacing)

    pacing.begin(batch(key="orchard"))
    assert pacing.closed(trial).room["orchard"] == 0
    assert pacing.closed(trial).domains == {"plum.example"}


def test_what_is_given_up_is_settled_whatever_the_room(pacing):
    assert pacing().closed(given_up=[(Scope.ROUTE, "orchard")]).room["orchard"] == UNLIMITED


def test_it_reports_how_each_lane_stands_in_the_time_of_day(pacing):
    pacing = pacing(session_backoff_ms=1000, global_concurrency=50)
    out = batch(key="orchard")
    pacing.begin(out)
    pacing.allow(out)(90)
    pacing.hear(out, Bearing.WARNED, answered=90)
    breakers = {
        (Scope.ROUTE, "farm"): (BreakerState.OPEN, 6000.0),
        (Scope.DOMAIN, "fig.example"): (BreakerState.HALF_OPEN, 4000.0),
    }
    report = pacing.report(breakers, taken_at=5000.0)
    assert report.lanes == (
        LaneReport("farm", START, breaker=BreakerState.OPEN, until=6000.0),
        LaneReport("orchard", 1, 1, 90, 45, warned_at=5000.0),
    )
    assert (report.sessions, report.sessions_limit) == (1, 50)
    assert (report.domains_held, report.domains_open, report.domains_half_open) == (0, 0, 1)


def test_sessions_that_wait_for_a_look_up_are_not_reported_as_more_than_may_be(pacing):
    pacing = pacing(global_concurrency=2)
    for n in range(3):
        pacing.begin(batch(f"plum{n}.example"))
    assert pacing.report({}, 5000.0).sessions == 2


def test_domains_without_mail_hosts_are_reported_as_no_session(pacing):
    pacing = pacing()
    hostless = DomainFacts("fallow.example")
    pacing.begin(Batch(hostless, batch("fallow.example").recipients))
    pacing.begin(batch(key="orchard"))
    report = pacing.report({}, 5000.0)
    assert ([each.lane for each in report.lanes], report.sessions) == (["orchard"], 1)
