import asyncio
from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import Batch, DomainFacts, Outcome, Recipient
from engine.breaker import Breaker
from engine.checked import Checked
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.pacing import Pacing
from engine.pipeline import Pipeline
from engine.reason import Reason
from engine.resolver import Resolution
from engine.settings import Settings
from engine.vantage import VantageWatch

NOW = 1000.0
FAILED = DomainFacts("plum.sandbox", LookupFailed(Reason.DNS_FAILED, "SERVFAIL"), decoy="k3f9", portion=500)


class Answering:
    """A resolver that gives one answer to every question."""

    def __init__(self, route):
        self._route = route

    async def resolve(self, _domain):
        return Resolution(self._route, ())


def check(route, attempts):
    settings = Settings(allow_private_networks=True)
    pipeline = Pipeline(
        settings,
        Answering(route),
        Pacing(settings, lambda: NOW),
        VantageWatch(settings, lambda: NOW),
        Breaker(settings, lambda: NOW),
        lambda: NOW,
    )
    recipients = tuple(Recipient(n, Address(f"pear{n}", "plum.sandbox"), attempts) for n in range(100))
    return asyncio.run(pipeline.check(Batch(FAILED, recipients)))


def test_a_domain_that_is_found_at_a_retry_is_claimed_anew_by_its_own_limits():
    hosts = MailHosts((MailHost("mx.plum.sandbox", 10, ("127.0.0.1",)),))

    checked = check(hosts, attempts=1)

    assert len(checked.outcome.released) == 100
    assert (checked.outcome.domain.route, checked.outcome.domain.portion) == (hosts, 20)
    assert not checked.has_asked


def test_a_domain_that_is_gone_at_a_retry_settles_all_at_once():
    checked = check(NoMail(Reason.NO_SUCH_DOMAIN), attempts=1)
    assert len(checked.outcome.findings) == 100


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_look_up_that_fails_again_is_put_off(attempts):
    checked = check(LookupFailed(Reason.DNS_FAILED, "timeout"), attempts)
    assert len(checked.outcome.deferrals) == 100
    assert {each.recipient.attempts for each in checked.outcome.deferrals} == {attempts + 1}


def test_recipients_that_only_wait_for_a_decided_decoy_open_no_session():
    settings = Settings(allow_private_networks=True)
    hosts = MailHosts((MailHost("mx.plum.sandbox", 10, ("192.0.2.1",)),))
    pipeline = Pipeline(
        settings,
        Answering(hosts),
        Pacing(settings, lambda: NOW),
        VantageWatch(settings, lambda: NOW),
        Breaker(settings, lambda: NOW),
        lambda: NOW,
    )
    from engine.reply import Reply, Stage
    from engine.verdict import AcceptAll

    facts = replace(FAILED, route=hosts, accept_all=AcceptAll.NO, portion=20)
    waiting = Recipient(1, Address("pear", "plum.sandbox"), answer=Reply(250, "ok", Stage.RCPT))

    checked = asyncio.run(pipeline.check(Batch(facts, (waiting,))))

    assert len(checked.outcome.findings) == 1
    assert checked.has_connected is None


@pytest.mark.parametrize(
    ("changed", "learned", "is_nothing"),
    [
        ({}, {}, True),
        ({}, {"has_missing": True}, False),
        ({}, {"held_until": NOW}, False),
        ({"has_asked": False}, {}, False),
        ({"has_connected": None}, {}, False),
        ({"has_connected": False}, {}, False),
        ({"is_unreached": True}, {}, False),
        ({"is_turned_away": True}, {}, False),
    ],
)
def test_a_session_has_taught_nothing_that_went_well_and_left_what_is_known_as_it_was(
    changed, learned, is_nothing
):
    outcome = Outcome(Batch(FAILED, ()), replace(FAILED, **learned))
    checked = replace(Checked(outcome, has_connected=True, has_asked=True), **changed)
    assert checked.has_taught_nothing is is_nothing
