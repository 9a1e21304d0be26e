"""The mail internet's shares, and that it is the same for all who compute it."""

import math
from collections import Counter

import pytest

from sandbox.behaviour import User
from sandbox.internet import Answering, Group, Internet, Shape

NOWHERE = {Answering.NO_SUCH_DOMAIN, Answering.NULL_MX}


@pytest.fixture(scope="module")
def internet() -> Internet:
    return Internet(Shape(20_000))


@pytest.mark.parametrize("shape", [Shape(1), Shape(17), Shape(1000), Shape(3000, 2, strict_rows=999)])
def test_the_list_has_as_many_addresses_as_asked_for_and_each_once(shape):
    addresses = list(Internet(shape).addresses())

    assert len(addresses) == len(set(addresses)) == shape.rows


def test_every_domain_is_found_by_its_name(internet):
    assert all(internet.find(site.name) == site for site in internet.sites())
    assert internet.find("plum.example") is None
    assert internet.find("oat-mill-999999999.sandbox") is None
    assert internet.find("oat-mill-1.sandbox") is None


def test_the_largest_domain_has_an_eighth_of_the_rows_and_most_domains_one_address(internet):
    sizes = sorted(site.size for site in internet.sites())

    assert sizes[-1] == 0.12 * 20_000
    assert 0.25 < sum(size for size in sizes if size > 50) / 20_000 < 0.35
    assert 0.6 < sizes.count(1) / len(sizes) < 0.75


def test_two_thirds_of_the_domains_are_behind_two_providers(internet):
    hosts = Counter(site.hosts for site in internet.sites() if site.group is Group.PROVIDER)
    groups = Counter(site.group for site in internet.sites())

    assert len(hosts) == 2
    assert hosts.total() / groups.total() == pytest.approx(2 / 3, abs=0.01)


def test_sessions_of_single_domains_come_to_two_fifths_of_the_addresses(internet):
    sessions = sum(
        math.ceil(site.size / 20) * (2 if site.answering is Answering.GREYLISTING else 1)
        for site in internet.sites()
        if site.answering not in NOWHERE
    )

    assert sessions / 20_000 == pytest.approx(0.41, abs=0.02)


def test_domains_answer_in_the_shares_they_are_meant_to(internet):
    answering = Counter(site.answering for site in internet.sites())
    share = {kind: count / answering.total() for kind, count in answering.items()}

    assert set(share) == set(Answering)
    assert share[Answering.GREYLISTING] == pytest.approx(0.05, abs=0.01)
    assert share[Answering.ACCEPT_ALL] == pytest.approx(0.083, abs=0.015)


def test_mailboxes_stand_in_the_shares_they_are_meant_to(internet):
    largest = next(internet.sites())
    users = Counter(internet.user_at(largest, ordinal) for ordinal in range(largest.size))

    assert users[User.EXISTING] / largest.size == pytest.approx(0.82, abs=0.03)
    assert users[User.MISSING] / largest.size == pytest.approx(0.13, abs=0.03)
    assert users[User.FULL]


def test_who_is_not_on_the_list_has_no_mailbox(internet):
    largest = next(internet.sites())

    for local_part in ("", "plum", "plum.mill7777777", "no.such5", "x0"):
        assert internet.user(largest, local_part) is User.MISSING
        assert not internet.is_listed(largest, local_part)
    assert internet.user(largest, "postmaster") is User.EXISTING


def test_the_truth_of_each_address_follows_from_its_domain_and_its_mailbox(internet):
    truths = Counter(internet.truth(address).status for address in internet.addresses())

    assert set(truths) == {"valid", "invalid", "risky", "accept_all", "unknown"}
    assert truths["unknown"] < 0.005 * 20_000
    assert internet.truth("plum@nowhere.example").reasons == {"no_such_domain"}


def test_the_same_shape_gives_the_same_internet_and_another_seed_another_one():
    first, second = Internet(Shape(500)), Internet(Shape(500))

    assert list(first.addresses()) == list(second.addresses())
    assert list(first.addresses()) != list(Internet(Shape(500, seed=2)).addresses())


def test_named_hosts_are_real_providers_and_plain_ones_nobodys():
    plain = {host for site in Internet(Shape(2000)).sites() for host in site.hosts}
    named = {host for site in Internet(Shape(2000, is_named=True)).sites() for host in site.hosts}

    assert all(host.endswith(".sandbox") for host in plain)
    assert {"aspmx.l.google.com", "outlook-com.olc.protection.outlook.com"} <= named
    assert any(host.endswith("-1.mail.protection.outlook.com") or "-1-sandbox" in host for host in named)


def test_the_strict_providers_rows_are_shared_by_its_domains():
    sites = [site for site in Internet(Shape(5000, strict_rows=2003)).sites() if site.group is Group.STRICT]

    assert sum(site.size for site in sites) == 2003
    assert {site.size for site in sites} == {250, 251}
    assert len({site.hosts for site in sites}) == 1
