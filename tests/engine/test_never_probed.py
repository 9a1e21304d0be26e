import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.address import Address
from engine.exchange import LookupFailed, MailHost, MailHosts
from engine.judge import judge
from engine.never_probed import (
    NOTHING,
    Listed,
    ListedAs,
    NeverProbed,
    Unlistable,
    evidence_unasked,
    made_unasked,
    name_of,
    names_over,
    never_probed_of,
    parse_listed,
)
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.value import replace
from engine.verdict import Flag, Status


def listing(*texts: str) -> NeverProbed:
    return never_probed_of(parse_listed(text) for text in texts)


def route_to(*hosts: str) -> MailHosts:
    return MailHosts(tuple(MailHost(host, 10) for host in hosts))


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("plum.example", ListedAs.DOMAIN, "plum.example"),
        (" @Plum.Example. ", ListedAs.DOMAIN, "plum.example"),
        ("*@plum.example", ListedAs.DOMAIN, "plum.example"),
        ("*.plum.example", ListedAs.DOMAIN, "plum.example"),
        (".gov", ListedAs.DOMAIN, "gov"),
        ("bücher.example", ListedAs.DOMAIN, "xn--bcher-kva.example"),
        ("Fig@Plum.Example", ListedAs.ADDRESS, "fig@plum.example"),
        ("<fig@bücher.example>", ListedAs.ADDRESS, "fig@xn--bcher-kva.example"),
        ("mx:Mail.Plum.Example.", ListedAs.MX, "mail.plum.example"),
        ("MX: *.plum.example", ListedAs.MX, "plum.example"),
    ],
)
def test_a_line_names_a_domain_an_mx_suffix_or_an_address(text, kind, name):
    assert parse_listed(text) == Listed(kind, name)


@pytest.mark.parametrize("text", ["", "mx:", "plum example", "fig@", "fig@@plum.example", "a/b.example", "@"])
def test_what_names_none_of_them_is_refused_in_words(text):
    with pytest.raises(Unlistable, match="is not"):
        parse_listed(text)


@pytest.mark.parametrize("text", ["info*@plum.example", "**@plum.example", "fig.*@plum.example"])
def test_a_part_of_an_address_stands_for_nobody_and_the_domain_is_offered(text):
    with pytest.raises(Unlistable, match=r"write the domain, as \*@plum\.example"):
        parse_listed(text)


@pytest.mark.parametrize(
    ("address", "is_held"),
    [
        (Address("fig", "plum.example"), True),
        (Address("fig", "a.b.plum.example"), True),
        (Address("fig", "xplum.example"), False),
        (Address("fig", "example"), False),
        (Address("Quince", "mill.example"), True),
        (Address("quince2", "mill.example"), False),
        (Address("quince", "sub.mill.example"), False),
        (Address("fig", "shop.xn--bcher-kva.example"), True),
    ],
)
def test_a_domain_holds_its_subdomains_and_an_address_itself_alone(address, is_held):
    listed = listing("plum.example", "quince@mill.example", "bücher.example", "mx:mill.example")

    assert listed.holds(address) is is_held


def test_an_mx_suffix_holds_whoever_has_one_host_under_it():
    listed = listing("mx:protection.example", "plum.example")

    assert listed.holds_route(route_to("mx1.other.example", "a-b.mail.protection.example"))
    assert listed.holds_route(route_to("PROTECTION.example."))
    assert not listed.holds_route(route_to("notprotection.example"))
    assert not listed.holds_route(route_to("mx.plum.example")), "a domain is no MX suffix"
    assert not listed.holds_route(LookupFailed(Reason.DNS_FAILED))
    assert not listed.holds_route(None)


def test_nothing_is_held_where_nothing_is_listed():
    assert listing() == NOTHING
    assert not NOTHING.holds(Address("fig", "plum.example"))


labels = st.lists(st.sampled_from(["a", "b", "plum", "example"]), min_size=1, max_size=6)


@given(labels)
def test_a_name_is_looked_up_in_as_many_steps_as_it_has_labels(parts):
    names = list(names_over(".".join(parts)))

    assert len(names) == len(parts)
    assert names == [".".join(parts[start:]) for start in range(len(parts))]


def test_an_address_is_named_without_regard_to_case():
    assert name_of(Address("FIG", "plum.example")) == name_of(Address("fig", "plum.example"))


def test_what_is_not_asked_about_is_unknown_and_still_seen():
    verdict = judge(evidence_unasked(Address("info", "plum.example")), DEFAULT_POLICY)

    assert (verdict.status, verdict.reason) == (Status.UNKNOWN, Reason.NEVER_PROBED)
    assert Flag.ROLE in verdict.flags


def test_a_list_is_laid_over_with_domains_and_stays_as_it_was():
    listed = never_probed_of([parse_listed("plum.example")])
    both = listed.with_domains(("fig.example",))
    assert both.holds_domain("a.fig.example")
    assert both.holds_domain("plum.example")
    assert not listed.holds_domain("fig.example")


def test_evidence_made_unasked_keeps_only_what_can_be_seen_of_the_address():
    address = Address("info", "plum.example")
    asked = replace(evidence_unasked(address), withheld=None, rcpt=Reply(250, "ok", Stage.RCPT), mx_host="mx")
    assert made_unasked(asked) == evidence_unasked(address)
