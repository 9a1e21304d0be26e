import asyncio
from dataclasses import replace

import pytest

from engine.lookup import Failure, Records
from engine.spf import SpfResult, evaluate
from engine.spf.check import _MATCHES, _RESULTS
from engine.spf.record import ASKING, Qualifier
from sandbox.names import NoAnswer
from sandbox.names import Records as Zone

# The domain of RFC 7208, appendix A, with what its examples say of it.
RFC_NAMES = {
    "example.com": Zone(
        a=("192.0.2.10", "192.0.2.11"), mx=((10, "mail-a.example.com"), (20, "mail-b.example.com"))
    ),
    "www.example.com": Zone(a=("192.0.2.10", "192.0.2.11")),
    "amy.example.com": Zone(a=("192.0.2.65",)),
    "bob.example.com": Zone(a=("192.0.2.66",)),
    "mail-a.example.com": Zone(a=("192.0.2.129",)),
    "mail-b.example.com": Zone(a=("192.0.2.130",)),
    "example.org": Zone(mx=((10, "mail-c.example.org"),)),
    "mail-c.example.org": Zone(a=("192.0.2.140",)),
    "10.2.0.192.in-addr.arpa": Zone(ptr=("example.com",)),
    "11.2.0.192.in-addr.arpa": Zone(ptr=("example.com",)),
    "65.2.0.192.in-addr.arpa": Zone(ptr=("amy.example.com",)),
    "66.2.0.192.in-addr.arpa": Zone(ptr=("bob.example.com",)),
    "129.2.0.192.in-addr.arpa": Zone(ptr=("mail-a.example.com",)),
    "130.2.0.192.in-addr.arpa": Zone(ptr=("mail-b.example.com",)),
    "140.2.0.192.in-addr.arpa": Zone(ptr=("mail-c.example.org",)),
    "4.0.0.10.in-addr.arpa": Zone(ptr=("bob.example.com",)),
}  # fmt: skip
WITHIN = {"192.0.2.10", "192.0.2.11", "192.0.2.65", "192.0.2.66", "192.0.2.129", "192.0.2.130"}
EVERY_ONE = WITHIN | {"192.0.2.140"}
REVERSE = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
NAMES = {
    "none.sandbox": Zone(txt=("fig=1",)),
    "failing.sandbox": NoAnswer.SERVFAIL,
    "several.sandbox": Zone(txt=("v=spf1 +all", "v=spf1 -all")),
    "broken.sandbox": Zone(txt=("v=spf1 +all mx:sandbox",)),
    "fail.sandbox": Zone(txt=("v=spf1 -all",)),
    "soft.sandbox": Zone(txt=("v=spf1 ~all",)),
    "neutral.sandbox": Zone(txt=("v=spf1 ?all",)),
    "empty.sandbox": Zone(txt=("v=spf1",)),
    "pass.sandbox": Zone(txt=("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",)),
    "first.sandbox": Zone(txt=("v=spf1 ~ip4:192.0.2.0/24 ip4:192.0.2.1 -all",)),
    "aaaa.sandbox": Zone(aaaa=("2001:db8::1",), txt=("v=spf1 a//64 -all",)),
    "aaaaexact.sandbox": Zone(aaaa=("2001:db8::1",), txt=("v=spf1 a -all",)),
    "include.sandbox": Zone(txt=("v=spf1 include:soft.sandbox include:pass.sandbox -all",)),
    "includefail.sandbox": Zone(txt=("v=spf1 include:fail.sandbox ?all",)),
    "includenone.sandbox": Zone(txt=("v=spf1 include:none.sandbox +all",)),
    "includenobody.sandbox": Zone(txt=("v=spf1 include:nosuch.sandbox +all",)),
    "includebad.sandbox": Zone(txt=("v=spf1 include:a..sandbox +all",)),
    "includebroken.sandbox": Zone(txt=("v=spf1 include:broken.sandbox +all",)),
    "includefailing.sandbox": Zone(txt=("v=spf1 include:failing.sandbox +all",)),
    "redirect.sandbox": Zone(txt=("v=spf1 redirect=pass.sandbox",)),
    "redirectnone.sandbox": Zone(txt=("v=spf1 redirect=none.sandbox",)),
    "redirectlate.sandbox": Zone(txt=("v=spf1 redirect=pass.sandbox ?all",)),
    "circle.sandbox": Zone(txt=("v=spf1 include:circle.sandbox -all",)),
    "ten.sandbox": Zone(a=("10.0.0.1",), txt=("v=spf1 " + "a " * 10 + "~all",)),
    "eleven.sandbox": Zone(a=("10.0.0.1",), txt=("v=spf1 " + "a " * 11 + "~all",)),
    "twovoid.sandbox": Zone(txt=("v=spf1 a:no1.sandbox exists:no2.sandbox ~all",)),
    "threevoid.sandbox": Zone(txt=("v=spf1 a:no1.sandbox mx:no2.sandbox exists:no3.sandbox ~all",)),
    "manymx.sandbox": Zone(mx=tuple((10, f"mx{n}.sandbox") for n in range(11)), txt=("v=spf1 mx ~all",)),
    "badhost.sandbox": Zone(txt=("v=spf1 a:%{l}.plum.sandbox ~all",)),
    "afailing.sandbox": Zone(txt=("v=spf1 a:failing.sandbox ~all",)),
    "exists.sandbox": Zone(txt=("v=spf1 exists:%{l}.%{ir}.ok.sandbox -all",)),
    "pear.1.2.0.192.ok.sandbox": Zone(a=("127.0.0.2",)),
    "postmaster.1.2.0.192.ok.sandbox": Zone(a=("127.0.0.2",)),
    "early.sandbox": Zone(txt=("v=spf1 ip4:192.0.2.1 a:failing.sandbox -all",)),
    "helo.sandbox": Zone(txt=("v=spf1 exists:%{h}.ok.sandbox -all",)),
    "mx.plum.sandbox.ok.sandbox": Zone(a=("127.0.0.2",)),
    "ptr6.sandbox": Zone(txt=("v=spf1 ptr -all",)),
    REVERSE: Zone(ptr=("mx.ptr6.sandbox",)),
    "mx.ptr6.sandbox": Zone(aaaa=("2001:db8::1",)),
}


@pytest.fixture
def check(resolving):
    """Check a host at the names of this module."""
    asking = resolving(NAMES, dns_timeout_ms=700)

    def run(domain, ip="192.0.2.1", sender="", **more):
        sender = sender or f"pear@{domain}"
        return asking(lambda resolver: evaluate(ip, domain, sender, resolver.look_up, **more))

    return run


@pytest.mark.parametrize(
    ("record", "passing"),
    [
        ("v=spf1 +all", EVERY_ONE | {"10.0.0.4"}),
        ("v=spf1 a -all", {"192.0.2.10", "192.0.2.11"}),
        ("v=spf1 a:example.org -all", set()),
        ("v=spf1 mx -all", {"192.0.2.129", "192.0.2.130"}),
        ("v=spf1 mx:example.org -all", {"192.0.2.140"}),
        ("v=spf1 mx mx:example.org -all", {"192.0.2.129", "192.0.2.130", "192.0.2.140"}),
        ("v=spf1 mx/30 mx:example.org/30 -all", {"192.0.2.129", "192.0.2.130", "192.0.2.140"}),
        ("v=spf1 ptr -all", WITHIN),
        ("v=spf1 ip4:192.0.2.128/28 -all", {"192.0.2.129", "192.0.2.130", "192.0.2.140"}),
    ],
)  # fmt: skip
def test_the_examples_of_the_rfc_come_out_as_it_says(resolving, record, passing):
    asking = resolving(RFC_NAMES | {"example.com": replace(RFC_NAMES["example.com"], txt=(record,))})

    async def check_all(resolver):
        return {
            ip: await evaluate(ip, "example.com", "pear@example.com", resolver.look_up)
            for ip in (*sorted(EVERY_ONE), "10.0.0.4")
        }

    found = asking(check_all)
    assert {ip for ip, result in found.items() if result is SpfResult.PASS} == passing
    assert set(found.values()) <= {SpfResult.PASS, SpfResult.FAIL}


@pytest.mark.parametrize(
    ("domain", "result"),
    [
        ("none.sandbox", SpfResult.NONE),
        ("nosuch.sandbox", SpfResult.NONE),
        ("sandbox", SpfResult.NONE),
        ("a..sandbox", SpfResult.NONE),
        ("failing.sandbox", SpfResult.TEMPERROR),
        ("several.sandbox", SpfResult.PERMERROR),
        ("broken.sandbox", SpfResult.PERMERROR),
        ("fail.sandbox", SpfResult.FAIL),
        ("soft.sandbox", SpfResult.SOFTFAIL),
        ("neutral.sandbox", SpfResult.NEUTRAL),
        ("empty.sandbox", SpfResult.NEUTRAL),
        ("pass.sandbox", SpfResult.PASS),
        ("first.sandbox", SpfResult.SOFTFAIL),
        ("include.sandbox", SpfResult.PASS),
        ("includefail.sandbox", SpfResult.NEUTRAL),
        ("includenone.sandbox", SpfResult.PERMERROR),
        ("includenobody.sandbox", SpfResult.PERMERROR),
        ("includebad.sandbox", SpfResult.PERMERROR),
        ("includebroken.sandbox", SpfResult.PERMERROR),
        ("includefailing.sandbox", SpfResult.TEMPERROR),
        ("redirect.sandbox", SpfResult.PASS),
        ("redirectnone.sandbox", SpfResult.PERMERROR),
        ("redirectlate.sandbox", SpfResult.NEUTRAL),
        ("circle.sandbox", SpfResult.PERMERROR),
        ("ten.sandbox", SpfResult.SOFTFAIL),
        ("eleven.sandbox", SpfResult.PERMERROR),
        ("twovoid.sandbox", SpfResult.SOFTFAIL),
        ("threevoid.sandbox", SpfResult.PERMERROR),
        ("manymx.sandbox", SpfResult.PERMERROR),
        ("afailing.sandbox", SpfResult.TEMPERROR),
        ("exists.sandbox", SpfResult.PASS),
        ("early.sandbox", SpfResult.PASS),
    ],
)
def test_a_host_is_checked_against_the_senders_domain(check, domain, result):
    assert check(domain) is result


@pytest.mark.parametrize(
    ("domain", "ip", "result"),
    [
        ("pass.sandbox", "198.51.100.1", SpfResult.FAIL),
        ("pass.sandbox", "2001:db8::77", SpfResult.PASS),
        ("pass.sandbox", "::ffff:192.0.2.7", SpfResult.PASS),
        ("aaaa.sandbox", "2001:db8::77", SpfResult.PASS),
        ("aaaaexact.sandbox", "2001:db8::77", SpfResult.FAIL),
        ("aaaaexact.sandbox", "2001:db8::1", SpfResult.PASS),
        ("ptr6.sandbox", "2001:db8::1", SpfResult.PASS),
        ("ptr6.sandbox", "2001:db8::2", SpfResult.FAIL),
    ],
)
def test_both_kinds_of_ip_addresses_are_checked(check, domain, ip, result):
    assert check(domain, ip) is result


def test_the_local_part_of_the_sender_can_decide(check):
    assert check("exists.sandbox", sender="fig@exists.sandbox") is SpfResult.FAIL
    assert check("exists.sandbox", sender="exists.sandbox") is SpfResult.PASS, "postmaster@"
    assert check("exists.sandbox", sender="@exists.sandbox") is SpfResult.PASS, "postmaster@"


def test_a_local_part_that_makes_no_domain_matches_nothing(check):
    assert check("badhost.sandbox", sender=f"{'x' * 64}@badhost.sandbox") is SpfResult.SOFTFAIL


def test_the_helo_name_can_decide(check):
    assert check("helo.sandbox", helo="mx.plum.sandbox") is SpfResult.PASS
    assert check("helo.sandbox", helo="mx.fig.sandbox") is SpfResult.FAIL


def test_no_more_than_ten_look_ups_are_made_for_a_record_that_refers_to_itself():
    asked = []

    async def look_up(name, kind):
        asked.append((name, kind))
        return Records(("v=spf1 include:circle.sandbox -all",))

    assert asyncio.run(evaluate("192.0.2.1", "circle.sandbox", "", look_up)) is SpfResult.PERMERROR
    assert len(asked) == 11


def test_a_reverse_look_up_that_fails_matches_nothing():

    async def look_up(_name, kind):
        return Failure("timeout") if kind == "PTR" else Records(("v=spf1 ptr ~all",))

    assert asyncio.run(evaluate("192.0.2.1", "fig.sandbox", "", look_up)) is SpfResult.SOFTFAIL


def test_every_mechanism_that_asks_the_dns_and_every_qualifier_is_provided_for():
    assert set(_MATCHES) == ASKING
    assert set(_RESULTS) == set(Qualifier)
