import pytest

from engine.address import Address
from engine.batch import DomainFacts
from engine.dns_only import REASONS_BY_DNS, evidence_by_dns
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.judge import judge
from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from engine.reason import Reason
from engine.verdict import Status

HOSTS = MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),))
NO_MAIL = (Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST)


@pytest.mark.parametrize(
    ("route", "status", "reason"),
    [
        (HOSTS, Status.UNKNOWN, Reason.DNS_ONLY),
        (NoMail(Reason.NULL_MX), Status.INVALID, Reason.NULL_MX),
        (NoMail(Reason.NO_SUCH_DOMAIN), Status.INVALID, Reason.NO_SUCH_DOMAIN),
        (LookupFailed(Reason.DNS_FAILED, "SERVFAIL"), Status.UNKNOWN, Reason.DNS_FAILED),
    ],
)
def test_the_dns_alone_settles_what_it_can_and_no_more(route, status, reason):
    evidence = evidence_by_dns(Address("pear", "plum.example"), DomainFacts("plum.example", route))
    verdict = judge(evidence, DEFAULT_POLICY)
    assert (verdict.status, verdict.reason) == (status, reason)


def test_the_host_that_would_be_asked_is_named():
    evidence = evidence_by_dns(Address("pear", "plum.example"), DomainFacts("plum.example", HOSTS))
    assert evidence.mx_host == "mx.plum.example"


@pytest.mark.parametrize("route", [HOSTS, *(NoMail(why) for why in NO_MAIL), LookupFailed(Reason.DNS_FAILED)])
@pytest.mark.parametrize("domain", ["plum.example", "mailinator.com"])
def test_what_the_dns_tells_is_among_its_reasons(route, domain):
    evidence = evidence_by_dns(Address("info", domain), DomainFacts(domain, route))
    strict = Policy(AcceptAllAs.INVALID, disposable=Weight.INVALID, role=Weight.INVALID)
    for policy in (DEFAULT_POLICY, strict):
        assert judge(evidence, policy).reason in REASONS_BY_DNS
