import pytest

from engine.batch import DomainFacts, Pause, Scope
from engine.breaker import LATE_S, LEAST_MEMORY_S, MOST_ROWS, Breaker
from engine.pace_report import BreakerState
from engine.reason import Reason
from engine.settings import Settings

SPAN_S = 45 * 60.0


@pytest.fixture
def clock(clock):
    clock.now = 10_000.0
    return clock


@pytest.fixture
def breaker(clock):
    return Breaker(Settings(), clock)


def domain(number: int, provider: str = "other", key: str = "orchard") -> DomainFacts:
    return DomainFacts(f"plum{number}.example", route_key=key, provider=provider)


def fail(breaker, *numbers: int, **where) -> list[Pause]:
    """Let sessions with these domains fail; give the pauses that begin."""
    return [pause for n in numbers if (pause := breaker.failed(domain(n, **where))) is not None]


def test_five_failures_in_a_row_at_three_domains_open_the_lane(breaker, clock):
    assert fail(breaker, 1, 2, 3, 1) == []
    (pause,) = fail(breaker, 2)

    assert (pause.scope, pause.name, pause.why) == (Scope.ROUTE, "orchard", Reason.UNREACHABLE)
    assert (pause.since, pause.until, pause.rounds) == (clock.now, clock.now + SPAN_S, 1)
    assert breaker.pause_over(domain(99)) == pause
    assert breaker.pauses() == (pause,)
    assert breaker.half_open() == frozenset()


def test_a_known_providers_hosts_are_one_lane_whatever_their_names(breaker):
    pauses = [pause for n in range(5) for pause in fail(breaker, n, provider="microsoft365", key=f"key{n}")]
    assert [(pause.scope, pause.name) for pause in pauses] == [(Scope.PROVIDER, "microsoft365")]


def test_one_domain_that_fails_alone_opens_nothing_but_its_own(breaker):
    (pause,) = fail(breaker, *(1,) * 5)
    assert (pause.scope, pause.name) == (Scope.DOMAIN, "plum1.example")
    assert breaker.pause_over(domain(1)) == pause
    assert breaker.pause_over(domain(2)) is None


def test_one_session_in_between_starts_the_row_anew(breaker):
    fail(breaker, 1, 2, 3, 4)
    assert breaker.answered(domain(5)) == ()
    assert fail(breaker, 1, 2, 3, 4) == []


def test_what_was_under_way_as_it_opened_is_no_news(breaker):
    (pause,) = fail(breaker, *range(5))
    assert fail(breaker, *range(5, 20)) == []
    assert breaker.pause_over(domain(1)) == pause


def test_after_its_time_it_is_half_open_and_an_answer_closes_it(breaker, clock):
    opened = tuple(fail(breaker, *range(5)))
    clock.now += SPAN_S
    assert breaker.half_open() == {(Scope.ROUTE, "orchard")}
    assert breaker.pauses() == ()
    assert breaker.pause_over(domain(1)) is None

    assert breaker.answered(domain(7)) == opened, "no later engine must take it for open"
    assert (breaker.half_open(), breaker.states()) == (frozenset(), {})
    assert fail(breaker, 1, 2, 3, 4) == [], "and the row begins anew"


def reopen(breaker, clock, times: int) -> list[Pause]:
    """Open it, and let so many probes fail; give all the pauses."""
    pauses = fail(breaker, *range(5))
    for _ in range(times):
        clock.now = pauses[-1].until
        pauses += fail(breaker, 1)
    return pauses


def test_an_answer_to_a_session_of_before_closes_it_early_and_says_what_pauses_end_with_it(breaker):
    (lane,) = fail(breaker, 1, 2, 3, 1, 1)
    own = [pause for pause in fail(breaker, *(1,) * 5) if pause.scope is Scope.DOMAIN]
    assert breaker.answered(domain(1)) == (*own, lane)
    assert breaker.pauses() == ()
    assert breaker.answered(domain(1)) == ()


def test_a_probe_that_fails_opens_it_again(breaker, clock):
    first, second = reopen(breaker, clock, 1)
    assert (second.since, second.rounds) == (first.until, 2)
    assert not second.is_final


def test_after_as_many_openings_as_an_address_has_attempts_nobody_waits_any_more(breaker, clock):
    pauses = reopen(breaker, clock, 3)
    assert [pause.is_final for pause in pauses] == [False, False, False, True]
    assert breaker.pauses() == (), "who is due goes out, to be settled"
    assert breaker.given_up() == {(Scope.ROUTE, "orchard")}
    assert breaker.pause_over(domain(9)) == pauses[-1]
    clock.now = pauses[-1].until - LATE_S
    assert (breaker.given_up(), breaker.half_open()) == (frozenset(), frozenset())
    clock.now = pauses[-1].until
    assert (breaker.given_up(), breaker.half_open()) == (frozenset(), {(Scope.ROUTE, "orchard")})


def test_with_more_retries_it_is_borne_longer(clock):
    breaker = Breaker(Settings(outage_retry_seconds=(1.0, 2.0, 3.0, 4.0)), clock)
    assert [pause.is_final for pause in reopen(breaker, clock, 5)] == [False] * 5 + [True]


def test_an_outage_long_after_the_last_is_a_new_one(breaker, clock):
    fail(breaker, *range(5))
    clock.now += SPAN_S + max(SPAN_S, LEAST_MEMORY_S) + 1
    (pause,) = fail(breaker, 1)
    assert pause.rounds == 1


def test_after_a_restart_open_breakers_stay_open_and_refusals_are_anothers(breaker, clock):
    kept = Pause(Scope.ROUTE, "orchard", clock.now, clock.now + 60, 2, why=Reason.UNREACHABLE, borne=3)
    refused = Pause(Scope.PROVIDER, "google", clock.now, clock.now + 60)
    breaker.remember([kept, refused])
    assert breaker.pauses() == (kept,)

    clock.now += 60
    (pause,) = fail(breaker, 1)
    assert pause.rounds == 3


def test_after_a_restart_an_outage_of_long_ago_is_forgotten(breaker, clock):
    since = clock.now - 3 * SPAN_S
    breaker.remember([Pause(Scope.ROUTE, "orchard", since, since + SPAN_S, why=Reason.UNREACHABLE)])
    assert breaker.half_open() == frozenset()
    assert fail(breaker, 1, 2, 3, 4) == [], "nobody knows that it did not answer since"


def test_hosts_that_talk_with_others_meanwhile_are_not_out_but_one_domains_may_be(breaker):
    facts = [domain(n) for n in range(20)]
    assert not any(breaker.failed(each, is_lane_alive=True) for each in facts)
    pauses = [breaker.failed(facts[0], is_lane_alive=True) for _ in range(4)]
    assert [pause and pause.scope for pause in pauses] == [None, None, None, Scope.DOMAIN]


def test_with_no_minutes_it_never_opens(clock):
    breaker = Breaker(Settings(breaker_minutes=0), clock)
    assert fail(breaker, *range(50)) == []


def test_old_rows_are_forgotten_when_they_are_many(breaker, clock):
    for n in range(MOST_ROWS // 2):
        fail(breaker, n, key=f"key{n}")
    clock.now += SPAN_S + 1
    fail(breaker, 1)
    assert len(breaker._rows) <= 2


def test_it_says_what_is_open_and_half_open_and_until_when(breaker, clock):
    (pause,) = fail(breaker, *range(5))
    circle = (Scope.ROUTE, "orchard")
    assert breaker.states() == {circle: (BreakerState.OPEN, pause.until)}
    clock.now = pause.until
    assert breaker.states() == {circle: (BreakerState.HALF_OPEN, pause.until)}
