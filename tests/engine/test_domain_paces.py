import pytest

from engine.address import Address
from engine.batch import Batch, DomainFacts, Recipient
from engine.domain_pace import PATIENCE
from engine.domain_paces import DomainPaces
from engine.settings import Settings
from engine.verdict import AcceptAll
from engine.window import Window


def batch(name: str) -> Batch:
    facts = DomainFacts(name, route_key=f"key-{name}", accept_all=AcceptAll.NO)
    return Batch(facts, (Recipient(0, Address("pear", name)),))


@pytest.fixture
def domains():
    """Domains whose sessions are about a second apart."""
    return DomainPaces(Settings(session_backoff_ms=1000, domain_sessions_per_minute=0))


def visit(domains: DomainPaces, name: str, now: float, *, is_turned_away: bool = False) -> None:
    domains.begin(batch(name), now)
    domains.end(name, now, is_turned_away=is_turned_away, has_asked=True)


def test_a_domain_is_held_while_it_is_out_and_for_the_pause_after_it(domains):
    domains.begin(batch("plum.example"), 0.0)
    assert (domains.held, domains.is_out("plum.example")) == ({"plum.example"}, True)
    assert domains.next_opening() is None, "no time alone opens it"

    domains.end("plum.example", 0.0, is_turned_away=False, has_asked=True)
    assert (domains.held, domains.is_out("plum.example")) == ({"plum.example"}, False)
    assert 0.75 <= domains.next_opening() <= 1.25
    domains.look_again(1.3)
    assert domains.held == set()


def test_a_domain_that_turns_us_away_again_and_again_is_not_worth_another_try(domains):
    assert domains.is_patient("plum.example")
    for n in range(PATIENCE):
        assert domains.is_patient("plum.example")
        visit(domains, "plum.example", 1000.0 * n, is_turned_away=True)
    assert not domains.is_patient("plum.example")


def test_domains_at_rest_are_forgotten(domains):
    for n in range(100):
        visit(domains, f"plum{n}.example", 0.0)
    domains.begin(batch("fig.example"), 0.0)
    domains.forget(61.5)

    assert domains.held == {"fig.example"}
    assert set(domains._paces) == {"fig.example"}


def test_a_look_costs_by_what_opens_and_not_by_what_is_remembered(domains):
    for n in range(3000):
        visit(domains, f"plum{n}.example", 0.0)
    domains.look_again(2.0)
    looked_at: list[float] = []
    for pace in domains._paces.values():
        pace.sessions = Counting(looked_at)
    domains.forget(3.0)
    domains.look_again(3.0)
    domains.next_opening()
    assert (len(domains._paces), looked_at) == (3000, [])


class Counting(Window):
    """A window that notes when somebody looks at it."""

    def __init__(self, looked_at: list[float]) -> None:
        super().__init__()
        self.looked_at = looked_at

    def count(self, now):
        self.looked_at.append(now)
        return super().count(now)

    def falls_to(self, count, now):
        self.looked_at.append(now)
        return super().falls_to(count, now)
