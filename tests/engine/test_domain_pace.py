import pytest

from engine.domain_pace import GRUDGE_S, PATIENCE, DomainPace
from engine.settings import Settings

INF = float("inf")


def settings(**changed) -> Settings:
    return Settings(**({"session_backoff_ms": 0, "domain_sessions_per_minute": 0} | changed))


def visit(domain, now: float, settings: Settings, *, is_turned_away=False, has_asked=True) -> None:
    domain.begin(now, 10, is_alone=False)
    domain.end(now, settings, is_turned_away=is_turned_away, has_asked=has_asked)


@pytest.fixture
def domain():
    return DomainPace()


def test_a_domain_never_asked_may_be_asked_now(domain):
    assert domain.next_at(5.0, settings()) == 5.0


def test_only_an_end_opens_a_domain_with_as_many_batches_out_as_may(domain):
    two = settings(per_domain_concurrency=2)
    domain.begin(0.0, 1, is_alone=False)
    assert domain.next_at(0.0, two) == 0.0
    domain.begin(0.0, 1, is_alone=False)
    assert domain.next_at(0.0, two) == INF


def test_a_batch_that_asks_for_the_decoy_is_out_alone(domain):
    domain.begin(0.0, 1, is_alone=True)
    assert domain.next_at(0.0, settings(per_domain_concurrency=5)) == INF


def test_the_latest_of_all_limits_decides(domain):
    both = settings(domain_sessions_per_minute=2, domain_rcpts_per_minute=20, session_backoff_ms=1000)
    visit(domain, 0.0, both)
    assert 0.75 <= domain.next_at(0.0, both) <= 1.25
    visit(domain, 10.0, both)
    assert domain.next_at(10.0, both) == 60.0


def test_what_asked_nobody_leaves_no_mark(domain):
    strict = settings(domain_sessions_per_minute=1, session_backoff_ms=5000)
    visit(domain, 0.0, strict, has_asked=False)
    assert domain.next_at(0.0, strict) == 0.0


def test_it_rests_after_a_minute_or_after_an_hour_where_it_turned_us_away(domain):
    visit(domain, 0.0, settings())
    assert domain.rests_at == 60.0
    visit(domain, 0.0, settings(), is_turned_away=True)
    assert domain.rests_at > GRUDGE_S
    domain.begin(0.0, 1, is_alone=False)
    assert domain.rests_at == INF


def test_no_more_than_patience_is_counted(domain):
    for _ in range(50):
        visit(domain, 0.0, settings(), is_turned_away=True)
    assert domain.turned_away == PATIENCE
