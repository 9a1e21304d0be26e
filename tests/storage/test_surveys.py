"""What domains publish, and their health."""

import asyncio
import json
from dataclasses import replace

import pytest

from engine.batch import DomainFacts
from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.health import health_of
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.survey import Survey
from engine.work_queue import LeaseLost
from storage.codec import dump_facts, dump_survey, load_facts, load_survey

SPF = SpfReport(SpfState.SOFTFAIL, "v=spf1 mx ~all", 1, ("Its “ptr” is slow.",))
DMARC = DmarcReport(DmarcState.REJECT, "v=DMARC1; p=reject", "orchard.com", is_inherited=True, share=50)
FULL = {
    "spf": SPF,
    "dmarc": DMARC,
    "has_mta_sts": True,
    "has_tls_rpt": False,
    "has_bimi": None,
    "is_parked": None,
}
TWO = MailHosts((MailHost("mx.orchard.com", 10, ("127.0.0.1",)),), unresolved=("mx2.orchard.com",))


def row(desk, name="orchard.com"):
    (found,) = desk.rows("SELECT * FROM domain WHERE name = :name", name=name)
    return found


@pytest.fixture
def begun(desk):
    """A list of one domain, which was looked up."""
    desk.save("pear@orchard.com")
    desk.start(1)
    assert desk.acquire()
    desk.resolve(route=TWO)
    return desk


def test_a_domain_is_surveyed_once_after_each_look_up(begun, clock):
    assert begun.survey() == ["orchard.com"]
    assert begun.survey() == []
    clock.ahead_s = 3600
    facts = load_facts(row(begun).facts)
    asyncio.run(begun.queue.keep([replace(facts, resolved_at=clock())]))
    assert begun.survey() == ["orchard.com"]


@pytest.mark.parametrize(
    ("route", "is_due"),
    [
        (NoMail(Reason.NULL_MX), True),
        (NoMail(Reason.NO_SUCH_DOMAIN), True),
        (LookupFailed(Reason.DNS_FAILED), False),
        (None, False),
    ],
)
def test_only_a_domain_that_the_dns_knows_of_is_surveyed(desk, route, is_due):
    desk.save("pear@orchard.com")
    desk.start(1)
    assert desk.acquire()
    desk.resolve(route=route)
    assert bool(desk.survey()) is is_due


def test_a_look_up_that_fails_keeps_what_was_read_before(begun, clock):
    begun.survey(**FULL)
    facts = load_facts(row(begun).facts)
    asyncio.run(
        begun.queue.keep([replace(facts, route=LookupFailed(Reason.DNS_FAILED), resolved_at=clock() + 9)])
    )
    assert begun.survey() == []
    assert row(begun).spf_state == "softfail"


def test_what_is_claimed_stays_due_until_it_is_kept(begun):
    assert len(asyncio.run(begun.queue.claim_surveys(10))) == 1
    assert len(asyncio.run(begun.queue.claim_surveys(10))) == 1


def test_no_more_are_claimed_than_asked_for_and_the_longest_waiting_first(desk, clock):
    desk.save("pear@orchard.com", "fig@mill.com")
    desk.start(1)
    assert desk.acquire()
    waiting = {each.name: each for each in asyncio.run(desk.queue.claim_domains(10))}
    for name, age in (("orchard.com", 5), ("mill.com", 9)):
        asyncio.run(desk.queue.keep([replace(waiting[name], route=TWO, resolved_at=clock() - age)]))
    assert [each.name for each in asyncio.run(desk.queue.claim_surveys(1))] == ["mill.com"]


def test_a_domain_that_is_looked_up_while_it_is_surveyed_is_surveyed_again(begun, clock):
    (facts,) = asyncio.run(begun.queue.claim_surveys(10))
    taken_at = clock()
    clock.ahead_s = 60
    asyncio.run(begun.queue.keep([replace(facts, resolved_at=clock())]))
    asyncio.run(begun.queue.keep_surveys([Survey("orchard.com", taken_at, **FULL)]))
    assert row(begun).spf_state == "softfail"
    assert begun.survey() == ["orchard.com"]


def test_a_batch_that_had_its_domain_looked_up_again_has_it_surveyed_again(begun, clock):
    begun.survey()
    (batch,) = begun.claim()
    outcome = begun.answer(batch)
    begun.settle(replace(outcome, domain=replace(batch.domain, resolved_at=clock() + 5)))
    assert begun.survey() == ["orchard.com"]


def test_a_batch_that_learned_nothing_of_the_route_needs_no_new_survey(begun):
    (batch,) = begun.claim()
    begun.survey(**FULL)
    begun.settle(begun.answer(batch))
    assert begun.survey() == []
    assert row(begun).spf_state == "softfail"


def test_what_is_published_stands_in_columns_and_whole(begun):
    begun.survey(**FULL)
    found = row(begun)
    assert (found.spf, found.dmarc) == ("v=spf1 mx ~all", "v=DMARC1; p=reject")
    assert (found.spf_state, found.dmarc_state) == ("softfail", "reject")
    assert (found.mta_sts, found.tls_rpt, found.bimi, found.parked) == (True, False, None, None)
    assert found.mx_count == 2
    survey = load_survey(found.survey)
    assert (survey.spf, survey.dmarc) == (SPF, DMARC)


@pytest.mark.parametrize(
    ("known", "texts", "states"),
    [
        ({}, (None, None), (None, None)),
        ({"spf": SpfReport(SpfState.TEMPERROR)}, (None, None), ("temperror", None)),
        ({"spf": SpfReport(SpfState.TEMPERROR, "v=spf1 a")}, ("v=spf1 a", None), ("temperror", None)),
        (
            {"spf": SpfReport(SpfState.NONE), "dmarc": DmarcReport(DmarcState.NONE)},
            ("", ""),
            ("none", "none"),
        ),
    ],
)
def test_absent_and_not_known_are_two_things(begun, known, texts, states):
    begun.survey(**known)
    found = row(begun)
    assert (found.spf, found.dmarc) == texts
    assert (found.spf_state, found.dmarc_state) == states


@pytest.mark.parametrize(
    ("route", "count"),
    [
        (TWO, 2),
        (replace(TWO, is_implicit=True, unresolved=()), 0),
        (NoMail(Reason.NULL_MX), 0),
        (LookupFailed(Reason.DNS_FAILED), None),
    ],
)
def test_mail_hosts_are_counted_with_those_that_lead_nowhere(desk, route, count):
    desk.save("pear@orchard.com")
    desk.start(1)
    assert desk.acquire()
    desk.resolve(route=route)
    assert row(desk).mx_count == count


def test_health_is_worked_out_with_the_survey(begun):
    assert row(begun).health is None
    begun.survey(**FULL)
    found = row(begun)
    assert found.health == health_of(TWO, load_survey(found.survey), offers_tls=None).score


@pytest.mark.parametrize("offers_tls", [True, False])
def test_a_probe_that_learns_of_encryption_changes_the_health(begun, offers_tls):
    begun.survey(**FULL)
    before = row(begun).health
    (batch,) = begun.claim()
    outcome = begun.answer(batch)
    begun.settle(replace(outcome, domain=replace(batch.domain, offers_tls=offers_tls)))
    found = row(begun)
    assert bool(found.offers_tls) is offers_tls
    assert found.health == health_of(TWO, load_survey(found.survey), offers_tls=offers_tls).score != before


def test_a_probe_before_the_survey_counts_too(begun):
    (batch,) = begun.claim()
    outcome = begun.answer(batch)
    begun.settle(replace(outcome, domain=replace(batch.domain, offers_tls=False)))
    assert row(begun).health is None
    begun.survey(**FULL)
    assert row(begun).health == health_of(TWO, load_survey(row(begun).survey), offers_tls=False).score


def test_who_lost_the_lease_keeps_no_survey(begun, open_desk, clock):
    clock.ahead_s = 600
    assert open_desk().acquire()
    with pytest.raises(LeaseLost):
        begun.survey(**FULL)
    assert row(begun).spf_state is None


def test_a_domain_that_was_removed_meanwhile_does_no_harm(begun):
    asyncio.run(begun.queue.keep_surveys([Survey("gone.com", 1.0, **FULL)]))
    assert begun.value("SELECT count(*) FROM domain") == 1


@pytest.mark.parametrize("survey", [Survey("orchard.com", 1.0), Survey("orchard.com", 1.0, **FULL)])
def test_a_survey_comes_back_as_it_was_written(survey):
    assert load_survey(dump_survey(survey)) == survey


def test_facts_written_before_there_were_surveys_can_still_be_read():
    old = json.loads(dump_facts(DomainFacts("orchard.com", TWO)))
    del old["route"]["unresolved"]
    old |= {"spf": "v=spf1 -all", "dmarc": ""}
    assert load_facts(json.dumps(old)) == DomainFacts("orchard.com", replace(TWO, unresolved=()))
