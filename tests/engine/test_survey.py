import pytest

from engine.dmarc import DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.reason import Reason
from engine.spf import SpfState
from engine.survey import Survey, is_worth_surveying, survey
from sandbox.names import NoAnswer, Records

NOW = 1000.0
BELOW = ("_dmarc", "_mta-sts", "_smtp._tls", "default._bimi")
MX = MailHosts((MailHost("mx.plum.sandbox", 10, ("127.0.0.1",)),))
IMPLICIT = MailHosts((MailHost("plum.sandbox", 0, ("127.0.0.1",)),), is_implicit=True)


def txt(*texts, **more) -> Records:
    return Records(txt=texts, **more)


NAMES = {
    "plum.sandbox": txt("v=spf1 include:_spf.plum.sandbox -all"),
    "_spf.plum.sandbox": txt("v=spf1 ip4:192.0.2.1 -all"),
    "_dmarc.plum.sandbox": txt("v=DMARC1; p=reject; rua=mailto:dmarc@plum.sandbox"),
    "_mta-sts.plum.sandbox": txt("v=STSv1; id=20260901T000000;"),
    "_smtp._tls.plum.sandbox": txt("v=TLSRPTv1; rua=mailto:tls@plum.sandbox"),
    "default._bimi.plum.sandbox": txt("v=BIMI1; l=https://plum.sandbox/logo.svg"),
    "fig.sandbox": txt("fig=1"),
    "failing.sandbox": NoAnswer.SERVFAIL,
    **{f"{name}.failing.sandbox": NoAnswer.SERVFAIL for name in BELOW},
    "wild.sandbox": txt("v=spf1 -all"),
    **{f"{name}.wild.sandbox": txt("v=spf1 -all") for name in BELOW},
    "parked.sandbox": txt("v=spf1 -all", ns=("ns1.sedoparking.com", "ns2.sedoparking.com")),
    "ownservers.sandbox": Records(ns=("ns1.ownservers.sandbox", "ns1.notsedoparking.com")),
}  # fmt: skip


@pytest.fixture
def asking(resolving):
    return resolving(NAMES, dns_timeout_ms=700)


@pytest.fixture
def read(asking):
    return lambda domain, route=MX: asking(lambda resolver: survey(domain, route, resolver.look_up, NOW))


def test_a_domain_is_read_for_all_that_it_publishes(read, asking):
    found = read("plum.sandbox")
    assert (found.domain, found.taken_at) == ("plum.sandbox", NOW)
    assert (found.spf.state, found.spf.look_ups) == (SpfState.FAIL, 1)
    assert found.dmarc.state is DmarcState.REJECT
    assert (found.has_mta_sts, found.has_tls_rpt, found.has_bimi) == (True, True, True)
    assert found.is_parked is None
    assert asking.sandbox.counters().queries == {
        f"TXT {name}": 1
        for name in (
            "plum.sandbox", "_spf.plum.sandbox", "_dmarc.plum.sandbox",
            "_mta-sts.plum.sandbox", "_smtp._tls.plum.sandbox", "default._bimi.plum.sandbox",
        )
    }  # fmt: skip


def test_what_is_not_there_is_absent_and_what_the_dns_does_not_say_is_not_known(read):
    absent, unknown = read("fig.sandbox"), read("failing.sandbox")
    assert (absent.spf.state, absent.dmarc.state) == (SpfState.NONE, DmarcState.NONE)
    assert (absent.has_mta_sts, absent.has_tls_rpt, absent.has_bimi) == (False, False, False)
    assert (unknown.spf.state, unknown.dmarc) == (SpfState.TEMPERROR, None)
    assert (unknown.has_mta_sts, unknown.has_tls_rpt, unknown.has_bimi) == (None, None, None)


def test_a_wildcard_record_is_not_taken_for_another(read):
    found = read("wild.sandbox")
    assert found.dmarc.state is DmarcState.NONE
    assert (found.has_mta_sts, found.has_tls_rpt, found.has_bimi) == (False, False, False)


@pytest.mark.parametrize(
    ("texts", "is_there"),
    [
        (("v=STSv1; id=1",), True),
        (("v=STSv1;id=20260901000000Z;",), True),
        (("v=STSv1; moo=fig; id=1;",), True),
        (("v=STSv1;",), False),
        (("v=STSv1; id=",), False),
        (("v=STSv1; id=a-b",), False),
        (("v=STSv1; id=" + "1" * 33,), False),
        (("v=STSv2; id=1",), False),
        (("fig=1", "v=STSv1; id=1"), True),
        (("v=STSv1; id=1", "v=STSv1; id=2"), False),
    ],
)
def test_an_mta_sts_record_needs_its_id_and_may_stand_only_once(resolving, texts, is_there):
    asking = resolving({"pear.sandbox": Records(), "_mta-sts.pear.sandbox": txt(*texts)})
    found = asking(lambda resolver: survey("pear.sandbox", MX, resolver.look_up, NOW))
    assert found.has_mta_sts is is_there


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("v=TLSRPTv1; rua=mailto:tls@pear.sandbox", True),
        ("v=TLSRPTv1;rua=https://pear.sandbox/tls", True),
        ("v=TLSRPTv1; rua=tls@pear.sandbox", False),
        ("v=TLSRPTv1", False),
    ],
)
def test_a_tls_rpt_record_needs_a_place_for_reports(resolving, text, is_there):
    asking = resolving({"pear.sandbox": Records(), "_smtp._tls.pear.sandbox": txt(text)})
    found = asking(lambda resolver: survey("pear.sandbox", MX, resolver.look_up, NOW))
    assert found.has_tls_rpt is is_there


LOGO = "v=BIMI1; l=https://pear.sandbox/logo.svg"


@pytest.mark.parametrize(
    ("bimi", "dmarc", "is_shown"),
    [
        (LOGO, "v=DMARC1; p=reject", True),
        (LOGO, "v=DMARC1; p=quarantine", True),
        (LOGO, "v=DMARC1; p=quarantine; pct=50", False),
        (LOGO, "v=DMARC1; p=none", False),
        ("v=BIMI1; l=; a=", "v=DMARC1; p=reject", False),
    ],
)
def test_a_logo_is_one_only_with_a_place_and_where_dmarc_is_enforced(resolving, bimi, dmarc, is_shown):
    names = {"pear.sandbox": Records(), "default._bimi.pear.sandbox": txt(bimi)}
    asking = resolving(names | {"_dmarc.pear.sandbox": txt(dmarc)})
    assert asking(lambda resolver: survey("pear.sandbox", MX, resolver.look_up, NOW)).has_bimi is is_shown


def test_a_logo_is_not_asked_for_where_dmarc_is_not_enforced(read, asking):
    read("fig.sandbox")
    assert "TXT default._bimi.fig.sandbox" not in asking.sandbox.counters().queries


@pytest.mark.parametrize(
    ("domain", "route", "is_parked"),
    [
        ("parked.sandbox", NoMail(Reason.NO_MAIL_HOST), True),
        ("parked.sandbox", NoMail(Reason.NULL_MX), True),
        ("parked.sandbox", IMPLICIT, True),
        ("parked.sandbox", MX, None),
        ("ownservers.sandbox", IMPLICIT, False),
        ("failing.sandbox", IMPLICIT, None),
    ],
)
def test_a_domain_without_mx_is_parked_where_such_a_services_name_servers_hold_it(
    read, domain, route, is_parked
):
    assert read(domain, route).is_parked is is_parked


def test_a_domain_that_lets_nobody_send_says_so(read):
    assert read("parked.sandbox").is_sending_forbidden
    assert not read("plum.sandbox").is_sending_forbidden
    assert not Survey("plum.sandbox", NOW).is_sending_forbidden


def test_a_domain_that_does_not_exist_is_asked_for_nothing(read, asking):
    assert read("nosuch.sandbox", NoMail(Reason.NO_SUCH_DOMAIN)) == Survey("nosuch.sandbox", NOW)
    assert asking.sandbox.counters().queries == {}


@pytest.mark.parametrize(
    ("route", "is_worth_it"),
    [(None, False), (LookupFailed(Reason.DNS_FAILED), False), (MX, True), (NoMail(Reason.NULL_MX), True)],
)
def test_only_domains_that_the_dns_knows_of_are_worth_a_survey(route, is_worth_it):
    assert is_worth_surveying(route) is is_worth_it
