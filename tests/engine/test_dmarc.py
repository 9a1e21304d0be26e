import pytest

from engine.dmarc import DmarcReport, DmarcState, organizational_domain, read_dmarc, read_record
from sandbox.names import NoAnswer, Records


def txt(*texts) -> Records:
    return Records(txt=texts)


RUA = "rua=mailto:dmarc@plum.example"
NAMES = {
    "_dmarc.plum.example": txt(f"v=DMARC1; p=reject; sp=none; {RUA}"),
    "_dmarc.own.plum.example": txt(f"v=DMARC1; p=quarantine; {RUA}"),
    "_dmarc.fig.co.uk": txt(f"v=DMARC1; p=reject; {RUA}"),
    "_dmarc.several.example": txt("v=DMARC1; p=reject", "v=DMARC1; p=none"),
    "_dmarc.several.plum.example": txt("v=DMARC1; p=reject", "v=DMARC1; p=none"),
    "_dmarc.beside.example": txt("fig=1", f"v=DMARC1; p=none; {RUA}"),
    "_dmarc.besidebroken.example": txt("v=dmarc1; p=reject", f"v=DMARC1; p=none; {RUA}"),
    "_dmarc.misspelt.example": txt("v=DMARC p=none"),
    "_dmarc.failing.example": NoAnswer.SERVFAIL,
    "_dmarc.failing.plum.example": NoAnswer.SERVFAIL,
    "_dmarc.co.uk": txt("v=DMARC1; p=reject"),
}


@pytest.fixture
def asking(resolving):
    return resolving(NAMES, dns_timeout_ms=700)


@pytest.fixture
def read(asking):
    return lambda domain: asking(lambda resolver: read_dmarc(domain, resolver.look_up))


def test_a_domains_own_policy_counts(read, asking):
    report = read("plum.example")
    assert report == DmarcReport(
        DmarcState.REJECT, f"v=DMARC1; p=reject; sp=none; {RUA}", "plum.example", is_reported=True
    )
    assert asking.sandbox.counters().queries == {"TXT _dmarc.plum.example": 1}


@pytest.mark.parametrize(
    ("domain", "state", "found_at"),
    [
        ("mail.plum.example", DmarcState.MONITOR, "plum.example"),
        ("a.b.mail.plum.example", DmarcState.MONITOR, "plum.example"),
        ("shop.fig.co.uk", DmarcState.REJECT, "fig.co.uk"),
        ("own.plum.example", DmarcState.QUARANTINE, "own.plum.example"),
        ("beside.example", DmarcState.MONITOR, "beside.example"),
        ("besidebroken.example", DmarcState.MONITOR, "besidebroken.example"),
        ("misspelt.example", DmarcState.BROKEN, "misspelt.example"),
        ("several.example", DmarcState.NONE, "several.example"),
        ("several.plum.example", DmarcState.NONE, "several.plum.example"),
        ("none.example", DmarcState.NONE, ""),
        ("pear.co.uk", DmarcState.NONE, ""),
    ],
)
def test_a_subdomain_inherits_the_policy_of_the_domain_that_was_registered(read, domain, state, found_at):
    report = read(domain)
    assert (report.state, report.found_at) == (state, found_at)
    assert report.is_inherited == bool(found_at and found_at != domain)


@pytest.mark.parametrize("domain", ["failing.example", "failing.plum.example", "sub.failing.example"])
def test_a_dns_that_fails_says_nothing_of_the_policy(read, domain):
    assert read(domain) is None


def test_the_policy_is_asked_for_at_the_domain_and_at_the_registered_one_and_nowhere_between(read, asking):
    read("a.b.none.example")
    assert asking.sandbox.counters().queries == {
        "TXT _dmarc.a.b.none.example": 1,
        "TXT _dmarc.none.example": 1,
    }


@pytest.mark.parametrize(
    ("domain", "organizational"),
    [
        ("plum.example", "plum.example"),
        ("a.b.plum.example", "plum.example"),
        ("shop.fig.co.uk", "fig.co.uk"),
        ("co.uk", "co.uk"),
        ("Shop.Fig.co.uk.", "fig.co.uk"),
        ("mail.xn--bcher-kva.de", "xn--bcher-kva.de"),
    ],
)
def test_the_organizational_domain_is_found_by_the_public_suffix_list(domain, organizational):
    assert organizational_domain(domain) == organizational


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("v=DMARC1; p=none", DmarcState.MONITOR),
        ("v=DMARC1;p=quarantine", DmarcState.QUARANTINE),
        ("v=DMARC1 ; p = REJECT ;", DmarcState.REJECT),
        ("v = DMARC1; P=reject", DmarcState.REJECT),
        ("v=DMARC1; fo=1; p=reject; moo=fig", DmarcState.REJECT),
        ("v=DMARC1; p=reject; p=none", DmarcState.REJECT),
        ("v=DMARC1", DmarcState.BROKEN),
        ("v=DMARC1; p=rejected", DmarcState.BROKEN),
        ("v=DMARC1; p=reject; sp=all", DmarcState.BROKEN),
        (f"v=DMARC1; {RUA}", DmarcState.MONITOR),
        (f"v=DMARC1; p=block; {RUA}", DmarcState.MONITOR),
        ("v=DMARC1; p=block; rua=dmarc@plum.example", DmarcState.BROKEN),
        ("v=dmarc1; p=reject", DmarcState.BROKEN),
        ("v=DMARC; p=reject", DmarcState.BROKEN),
        ("p=reject; v=DMARC1", DmarcState.BROKEN),
        ("v=DMARC1, p=reject", DmarcState.BROKEN),
        ("v=DMARC1 p=reject", DmarcState.BROKEN),
    ],
)
def test_a_record_asks_for_one_of_three_things_or_is_broken(text, state):
    assert read_record(text, "plum.example").state is state


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=DMARC; p=reject", "does not begin with “v=DMARC1;”"),
        (f"v=DMARC1; {RUA}", "names no policy"),
        (f"v=DMARC1; p=reject; sp=all; {RUA}", "policy for subdomains"),
        (f"v=DMARC1; p=reject; pct=half; {RUA}", "no percentage"),
        (f"v=DMARC1; p=reject; pct=101; {RUA}", "no percentage"),
        (f"v=DMARC1; p=reject; pct=²; {RUA}", "no percentage"),
        (f"v=DMARC1; p=reject; pct={'1' * 5000}; {RUA}", "no percentage"),
        (f"v=DMARC1; p=reject; pct=20; {RUA}", "20 % of the mail only"),
        ("v=DMARC1; p=reject", "Nobody is told"),
        ("v=DMARC1; p=reject; rua=dmarc@plum.example", "Nobody is told"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text, words):
    (problem,) = read_record(text, "plum.example").problems
    assert words in problem


@pytest.mark.parametrize(
    "text",
    [f"v=DMARC1; p=none; pct=20; {RUA}", f"v=DMARC1; p=reject; pct=100; adkim=s; aspf=r; ri=3600; {RUA}"],
)
def test_a_record_in_good_order_has_no_problems(text):
    assert read_record(text, "plum.example").problems == ()


def test_the_share_the_reports_and_the_alignment_are_read():
    report = read_record(
        "v=DMARC1; p=reject; pct=20; adkim=s; aspf=S; rua=mailto:a@b.example!10m", "plum.example"
    )
    assert (report.share, report.is_reported) == (20, True)
    assert (report.is_strict_dkim, report.is_strict_spf) == (True, True)
    plain = read_record("v=DMARC1; p=reject; pct=; adkim=r", "plum.example")
    assert (plain.share, plain.is_reported, plain.is_strict_dkim, plain.is_strict_spf) == (
        100,
        False,
        False,
        False,
    )


def test_an_inherited_policy_speaks_of_subdomains_first():
    text = "v=DMARC1; p=reject; sp=quarantine"
    assert read_record(text, "plum.example").state is DmarcState.REJECT
    assert read_record(text, "plum.example", is_inherited=True).state is DmarcState.QUARANTINE
    assert read_record("v=DMARC1; p=reject", "plum.example", is_inherited=True).state is DmarcState.REJECT
