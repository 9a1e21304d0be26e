import time

import pytest

from engine.address import Address
from engine.batch import Batch, Convoy, DomainFacts, Pause, Recipient, Scope
from engine.exchange import MailHost, MailHosts
from engine.gates import gates_with
from engine.reason import Reason
from engine.settings import Settings
from engine.verdict import AcceptAll

HOSTS = MailHosts((MailHost("mx.orchard.example", 10, ("192.0.2.1",)),))
PLUM = DomainFacts("plum.example", HOSTS, "orchard", "other", accept_all=AcceptAll.NO)


def pause(why: Reason, scope: Scope = Scope.ROUTE, name: str = "orchard") -> Pause:
    now = time.time()
    return Pause(scope, name, now - 1, now + 3600, why=why)


@pytest.fixture
def gates():
    return gates_with(Settings())


def test_at_first_nothing_is_held_back(gates):
    closed = gates.closed(is_probing_off=False)
    assert (closed.domains, closed.pauses, closed.is_probing_off) == (frozenset(), (), False)


def test_what_each_gate_holds_back_is_closed(gates):
    gates.remember([pause(Reason.BLOCKED), pause(Reason.UNREACHABLE, Scope.DOMAIN, "fig.example")])
    gates.pacing.begin(Convoy((Batch(PLUM, (Recipient(1, Address("pear", "plum.example")),)),)))
    closed = gates.closed(is_probing_off=False)
    assert closed.domains == {"plum.example"}
    assert {(each.scope, each.name, each.why) for each in closed.pauses} == {
        (Scope.ROUTE, "orchard", Reason.BLOCKED),
        (Scope.DOMAIN, "fig.example", Reason.UNREACHABLE),
    }
    assert not closed.is_probing_off


def test_nobody_is_probed_where_probing_is_off_or_all_asking_pauses(gates):
    assert gates.closed(is_probing_off=True).is_probing_off
    gates.remember([pause(Reason.BLOCKED, Scope.ALL, "")])
    assert gates.closed(is_probing_off=False).is_probing_off


def test_the_report_tells_of_pace_and_breakers(gates):
    gates.remember([pause(Reason.UNREACHABLE, Scope.DOMAIN, "fig.example")])
    report = gates.report()
    assert (report.domains_open, report.sessions) == (1, 0)
    assert abs(report.taken_at - time.time()) < 60
