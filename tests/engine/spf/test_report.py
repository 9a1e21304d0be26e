import pytest

from engine.spf import SpfReport, SpfState, read_spf
from engine.spf.record import ASKING, Qualifier
from engine.spf.report import _STATES
from sandbox.names import Alias, NoAnswer, Records


def spf(*texts, **more) -> Records:
    return Records(txt=texts, **more)


NAMES = {
    "plain.sandbox": spf("v=spf1 mx -all", "fig=1"),
    "none.sandbox": spf("fig=1"),
    "failing.sandbox": NoAnswer.SERVFAIL,
    "several.sandbox": spf("v=spf1 mx -all", "v=spf1 a -all"),
    "broken.sandbox": spf("v=spf1 mx ipv4:192.0.2.1 -all"),
    "including.sandbox": spf("v=spf1 include:plain.sandbox a:fig.sandbox ~all"),
    "redirecting.sandbox": spf("v=spf1 a redirect=including.sandbox"),
    "twofold.sandbox": spf("v=spf1 include:plain.sandbox include:plain.sandbox ~all"),
    "refersbadly.sandbox": spf("v=spf1 include:plum..sandbox -all"),
    "refersnowhere.sandbox": spf("v=spf1 include:none.sandbox -all"),
    "referstonobody.sandbox": spf("v=spf1 include:nosuch.sandbox -all"),
    "referstobroken.sandbox": spf("v=spf1 include:broken.sandbox -all"),
    "referstofailing.sandbox": spf("v=spf1 include:failing.sandbox -all"),
    "worst.sandbox": spf("v=spf1 include:none.sandbox include:failing.sandbox -all"),
    "circle.sandbox": spf("v=spf1 include:round.sandbox -all"),
    "round.sandbox": spf("v=spf1 include:Circle.Sandbox -all"),
    "itself.sandbox": spf("v=spf1 redirect=itself.sandbox"),
    "everybody.sandbox": spf("v=spf1 mx +all"),
    "includeseverybody.sandbox": spf("v=spf1 include:everybody.sandbox -all"),
    "endless.sandbox": spf("v=spf1 a mx"),
    "old.sandbox": spf("v=spf1 ptr ?all mx"),
    "wide.sandbox": spf("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 ip6:2001::/16 -ip4:0.0.0.0/0 -all"),
    "both.sandbox": spf("v=spf1 -all redirect=plain.sandbox"),
    "closed.sandbox": spf("v=SPF1  -all"),
    "macro.sandbox": spf("v=spf1 include:%{d}.plain.sandbox exists:%{i}.a.sandbox include:%{l}.sandbox -all"),
    "macro.sandbox.plain.sandbox": spf("v=spf1 a -all"),
    "ten.sandbox": spf("v=spf1 " + "a:fig.sandbox " * 10 + "-all"),
    "eleven.sandbox": spf("v=spf1 " + "a:fig.sandbox " * 11 + "-all"),
    "deep0.sandbox": spf("v=spf1 include:deep1.sandbox ~all"),
    **{f"deep{n}.sandbox": spf(f"v=spf1 include:deep{n + 1}.sandbox -all") for n in range(1, 40)},
    "broad.sandbox": spf("v=spf1 " + " ".join(f"include:leaf{n}.sandbox" for n in range(40)) + " -all"),
    **{f"leaf{n}.sandbox": spf("v=spf1 ip4:192.0.2.1 -all") for n in range(40)},
    "alias.sandbox": Alias("plain.sandbox"),
    "long.sandbox": spf("v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(200)) + " -all"),
}  # fmt: skip


@pytest.fixture
def asking(resolving):
    return resolving(NAMES, dns_timeout_ms=700)


@pytest.fixture
def read(asking):
    return lambda domain: asking(lambda resolver: read_spf(domain, resolver.look_up))


@pytest.mark.parametrize(
    ("domain", "state", "look_ups"),
    [
        ("plain.sandbox", SpfState.FAIL, 1),
        ("none.sandbox", SpfState.NONE, 0),
        ("nosuch.sandbox", SpfState.NONE, 0),
        ("failing.sandbox", SpfState.TEMPERROR, 0),
        ("several.sandbox", SpfState.PERMERROR, 0),
        ("broken.sandbox", SpfState.PERMERROR, 0),
        ("including.sandbox", SpfState.SOFTFAIL, 3),
        ("redirecting.sandbox", SpfState.SOFTFAIL, 5),
        ("twofold.sandbox", SpfState.SOFTFAIL, 4),
        ("refersbadly.sandbox", SpfState.PERMERROR, 1),
        ("refersnowhere.sandbox", SpfState.PERMERROR, 1),
        ("referstonobody.sandbox", SpfState.PERMERROR, 1),
        ("referstobroken.sandbox", SpfState.PERMERROR, 1),
        ("referstofailing.sandbox", SpfState.TEMPERROR, 1),
        ("worst.sandbox", SpfState.PERMERROR, 2),
        ("everybody.sandbox", SpfState.PASS_ALL, 1),
        ("includeseverybody.sandbox", SpfState.PASS_ALL, 2),
        ("endless.sandbox", SpfState.NEUTRAL, 2),
        ("old.sandbox", SpfState.NEUTRAL, 1),
        ("both.sandbox", SpfState.FAIL, 0),
        ("closed.sandbox", SpfState.FAIL, 0),
        ("macro.sandbox", SpfState.FAIL, 4),
        ("ten.sandbox", SpfState.FAIL, 10),
        ("alias.sandbox", SpfState.FAIL, 1),
        ("long.sandbox", SpfState.FAIL, 0),
    ],
)
def test_a_record_amounts_to_what_becomes_of_unnamed_hosts(read, domain, state, look_ups):
    report = read(domain)
    assert (report.state, report.look_ups) == (state, look_ups), report.problems


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("failing.sandbox", "did not say what failing.sandbox publishes"),
        ("several.sandbox", "several.sandbox has 2 SPF records"),
        ("broken.sandbox", "“ipv4:192.0.2.1” is no word of SPF"),
        ("refersnowhere.sandbox", "refers to none.sandbox, which has no SPF record"),
        ("referstobroken.sandbox", "refers to broken.sandbox, whose record is broken. “ipv4"),
        ("referstofailing.sandbox", "did not say what failing.sandbox publishes"),
        ("circle.sandbox", "circle.sandbox refers back to itself"),
        ("itself.sandbox", "itself.sandbox refers back to itself"),
        ("includeseverybody.sandbox", "from everybody.sandbox lets anybody send"),
        ("endless.sandbox", "end it with “~all” or “-all”"),
        ("old.sandbox", "Its “ptr” is slow"),
        ("old.sandbox", "after “all” is never looked at"),
        ("wide.sandbox", "all of 0.0.0.0/1, 128.0.0.0/1, 2001::/16 send"),
        ("both.sandbox", "“redirect=” is never looked at"),
        ("eleven.sandbox", "more than 10 look-ups"),
    ],
)
def test_a_problem_is_said_in_a_sentence_that_names_its_place(read, domain, words):
    problems = read(domain).problems
    assert any(words in problem for problem in problems), problems
    assert all(problem[0] in "“I" or problem[0].isalpha() for problem in problems)
    assert all(problem.endswith((".", "…”")) for problem in problems)


@pytest.mark.parametrize(
    "domain", ["plain.sandbox", "including.sandbox", "redirecting.sandbox", "ten.sandbox"]
)
def test_a_record_in_good_order_has_no_problems(read, domain):
    assert read(domain).problems == ()


@pytest.mark.parametrize(
    "domain", ["eleven.sandbox", "deep0.sandbox", "broad.sandbox", "circle.sandbox", "itself.sandbox"]
)
def test_a_record_that_asks_for_too_much_is_broken_and_costs_eleven_questions_at_most(read, asking, domain):
    report = read(domain)
    assert report.state is SpfState.PERMERROR
    assert report.look_ups <= 11
    assert sum(asking.sandbox.counters().queries.values()) <= 11
    assert len(report.problems) == 1


def test_hosts_are_counted_and_not_asked_for(read, asking):
    read("including.sandbox")
    assert asking.sandbox.counters().queries == {"TXT including.sandbox": 1, "TXT plain.sandbox": 1}


def test_domains_that_include_the_same_record_ask_for_it_once(asking):
    async def both(resolver):
        for domain in ("including.sandbox", "twofold.sandbox", "redirecting.sandbox"):
            await read_spf(domain, resolver.look_up)

    asking(both)
    assert asking.sandbox.counters().queries["TXT plain.sandbox"] == 1


def test_only_a_domain_that_lets_nobody_send_is_closed(read):
    assert read("closed.sandbox").is_closed
    assert not read("plain.sandbox").is_closed
    assert not SpfReport(SpfState.NONE).is_closed


def test_a_record_longer_than_a_packet_is_read_whole_and_kept_short(read):
    report = read("long.sandbox")
    assert report.state is SpfState.FAIL
    assert len(report.text) == 512


def test_every_qualifier_has_a_state():
    assert set(_STATES) == set(Qualifier)
    assert len(ASKING) == 5
