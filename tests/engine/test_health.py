from dataclasses import replace

import pytest

from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.health import _NO_MAIL, health_of
from engine.health_records import DMARC_GRADES, SPF_GRADES
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.survey import Survey

TWO = MailHosts(
    (
        MailHost("mx1.plum.sandbox", 10, ("192.0.2.1", "2001:db8::1")),
        MailHost("mx2.plum.sandbox", 20, ("192.0.2.2",)),
    )
)
ONE = MailHosts((MailHost("mx1.plum.sandbox", 10, ("192.0.2.1",)),))
BEST = Survey(
    "plum.sandbox",
    0.0,
    SpfReport(SpfState.FAIL, "v=spf1 mx -all", 1),
    DmarcReport(
        DmarcState.REJECT, "v=DMARC1; p=reject; rua=mailto:a@plum.sandbox", "plum.sandbox", is_reported=True
    ),
    has_mta_sts=True,
    has_tls_rpt=True,
    has_bimi=True,
)
BARE = Survey(
    "plum.sandbox",
    0.0,
    SpfReport(SpfState.NONE),
    DmarcReport(DmarcState.NONE),
    has_mta_sts=False,
    has_tls_rpt=False,
    has_bimi=False,
)
SILENT = Survey("plum.sandbox", 0.0)


def score(route, survey, *, offers_tls=True) -> int:
    health = health_of(route, survey, offers_tls=offers_tls)
    assert health is not None
    assert health.score == sum(line.points for line in health.ledger)
    return health.score


def line(what, route=TWO, survey=BEST, *, offers_tls=True):
    """Find the line of the ledger that speaks of this."""
    health = health_of(route, survey, offers_tls=offers_tls)
    (found,) = [each for each in health.ledger if what in each.cause]
    return found


def test_a_domain_with_all_in_order_has_a_hundred_points_and_no_advice():
    health = health_of(TWO, BEST, offers_tls=True)
    assert health.score == sum(each.most for each in health.ledger) == 100
    assert not any(each.advice for each in health.ledger)


def test_a_domain_that_merely_takes_mail_keeps_what_its_mx_is_worth():
    assert score(ONE, BARE, offers_tls=False) == 40


def test_every_line_that_loses_points_says_how_to_mend_it():
    for health in (
        health_of(ONE, BARE, offers_tls=False),
        health_of(NoMail(Reason.NULL_MX), BARE, offers_tls=None),
    ):
        for each in health.ledger:
            assert bool(each.advice) == (0 <= each.points < each.most)
            assert all(advice.endswith(".") for advice in each.advice)


@pytest.mark.parametrize("route", [None, LookupFailed(Reason.DNS_FAILED)])
def test_nothing_is_said_of_a_domain_whose_route_nobody_knows(route):
    assert health_of(route, BEST, offers_tls=None) is None


def test_nothing_is_said_of_a_domain_before_it_is_surveyed():
    assert health_of(TWO, None, offers_tls=True) is None


def test_what_nobody_knows_costs_nothing():
    assert score(TWO, SILENT, offers_tls=None) == 100
    assert score(TWO, BEST, offers_tls=None) == 100
    assert line("STARTTLS", offers_tls=None).points == line("STARTTLS", offers_tls=None).most == 0
    unanswered = replace(BEST, spf=SpfReport(SpfState.TEMPERROR), dmarc=None, has_bimi=None)
    assert score(TWO, unanswered) == 100
    assert "nobody knows" in line("SPF", survey=unanswered).cause


def test_an_implicit_mx_is_worth_less():
    implicit = replace(TWO, is_implicit=True)
    assert score(implicit, BEST) < score(TWO, BEST)
    assert "Publish an MX record" in line("no MX record", implicit).advice[0]


def test_one_name_with_two_addresses_is_spare_enough():
    shared = MailHosts((MailHost("mx.plum.sandbox", 10, ("192.0.2.1", "192.0.2.2")),))
    assert line("another mail host", shared).points == 5
    assert line("one mail host", ONE).points == 0


def test_each_host_without_an_address_is_named():
    broken = replace(ONE, unresolved=("mx8.plum.sandbox", "mx9.plum.sandbox"))
    found = line("have an address", broken)
    assert found.points == 1
    assert [advice.split(" ")[0] for advice in found.advice] == ["mx8.plum.sandbox", "mx9.plum.sandbox"]
    assert line("have an address", ONE).points == 10


def test_ipv6_counts():
    assert line("IPv6").points == 5
    assert line("IPv4 only", ONE).points == 0


def spf_of(state, *problems):
    return replace(BEST, spf=SpfReport(state, "v=spf1", problems=problems))


def test_spf_is_worth_the_more_the_stricter_it_is():
    states = (SpfState.FAIL, SpfState.SOFTFAIL, SpfState.NEUTRAL, SpfState.PASS_ALL)
    points = [line("SPF", survey=spf_of(state)).points for state in states]
    assert points == sorted(points, reverse=True)
    assert points[0] == 15
    assert {line("SPF", survey=spf_of(s)).points for s in (SpfState.NONE, SpfState.PERMERROR)} == {0}


def test_a_record_that_works_with_a_problem_loses_some_points_and_passes_the_problem_on():
    found = line("SPF", survey=spf_of(SpfState.FAIL, "Its “ptr” is slow."))
    assert (found.points, found.advice) == (12, ("Its “ptr” is slow.",))
    broken = line("SPF", survey=spf_of(SpfState.PERMERROR, "“ipv4:” is no word of SPF."))
    assert (broken.points, broken.advice) == (0, ("“ipv4:” is no word of SPF.",))


def dmarc_of(state, *problems, **more):
    return replace(BEST, dmarc=DmarcReport(state, "v=DMARC1", "plum.sandbox", problems=problems, **more))


def test_dmarc_is_worth_the_more_the_stricter_it_is():
    states = (DmarcState.REJECT, DmarcState.QUARANTINE, DmarcState.MONITOR, DmarcState.NONE)
    points = [line("DMARC", survey=dmarc_of(state)).points for state in states]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 4
    broken = line("DMARC", survey=dmarc_of(DmarcState.BROKEN, "It names no policy."))
    assert (broken.points, broken.advice) == (0, ("It names no policy.",))


def test_an_inherited_policy_is_said_to_be_the_registered_domains():
    assert (
        "by the policy of plum.sandbox"
        in line("DMARC", survey=dmarc_of(DmarcState.REJECT, is_inherited=True)).cause
    )


@pytest.mark.parametrize(
    ("field", "what", "most"),
    [("has_mta_sts", "MTA-STS", 5), ("has_tls_rpt", "TLS-RPT", 3), ("has_bimi", "BIMI", 2)],
)
def test_each_announcement_counts(field, what, most):
    assert line(what).points == most
    missing = line(f"No {what}", survey=replace(BEST, **{field: False}))
    assert (missing.points, missing.most) == (0, most)


def test_encryption_counts():
    assert line("STARTTLS").points == 10
    assert line("No STARTTLS", offers_tls=False).points == 0


@pytest.mark.parametrize("reason", [Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST])
def test_a_domain_that_takes_no_mail_is_in_bad_health_whatever_it_publishes(reason):
    survey = SILENT if reason is Reason.NO_SUCH_DOMAIN else BEST
    assert score(NoMail(reason), survey, offers_tls=None) <= 10
    assert "IPv6" not in str(health_of(NoMail(reason), survey, offers_tls=None))


def test_an_idle_domain_is_in_bad_health():
    implicit = replace(TWO, is_implicit=True)
    closed = replace(BEST, spf=SpfReport(SpfState.FAIL, "v=spf1 -all"))
    assert score(implicit, closed) == 10
    assert score(implicit, replace(BEST, is_parked=True)) == 10
    assert "lies idle" in health_of(implicit, closed, offers_tls=True).ledger[-1].cause
    assert score(TWO, closed) == 100, "with an MX it may well take mail"


def test_every_state_and_every_reason_for_no_mail_has_its_line():
    assert set(SPF_GRADES) == set(SpfState) - {SpfState.TEMPERROR}
    assert set(DMARC_GRADES) == set(DmarcState)
    assert set(_NO_MAIL) == {Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST}
