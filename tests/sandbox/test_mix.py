from collections import Counter

import pytest

from sandbox import BUSINESS, EVERYTHING, NO_WAITING, Mix, OwnHost, build_world
from sandbox.host import Open
from sandbox.kinds import kinds_of
from sandbox.names import Records, ascii_name

SEEDS = (1, 2, 20_261_120)
STATUSES = {"valid", "invalid", "accept_all", "risky", "unknown"}
KINDS = {kind.name for kind in kinds_of(greylist_delay_s=2, slow_banner_s=2) if kind.weight}


def domain_of(world, address):
    return world.domains[ascii_name(address.rpartition("@")[2])]


@pytest.fixture(scope="module", params=SEEDS)
def world(request):
    return build_world(request.param, 1000)


def test_each_kind_has_at_least_ten_rows(world):
    rows = Counter(domain_of(world, address).kind for address in world.addresses)

    assert set(rows) == KINDS
    assert min(rows.values()) >= 10
    assert rows.total() == 1000


def test_two_rows_in_five_are_neither_plain_valid_nor_plain_missing(world):
    plain = {("valid", frozenset({"accepted"})), ("invalid", frozenset({"mailbox_missing"}))}
    truths = [world.truth(address) for address in world.addresses]

    assert sum((truth.status, truth.reasons) not in plain for truth in truths) >= 400


def test_the_truth_covers_every_address_and_all_five_statuses(world):
    truths = [world.truth(address) for address in world.addresses]

    assert {truth.status for truth in truths} == STATUSES
    assert all(truth.reasons for truth in truths)
    assert {"malformed", "empty"}.isdisjoint(reason for truth in truths for reason in truth.reasons)


def test_domains_have_one_to_forty_addresses_few_of_them_many(world):
    sizes = [len(domain.users) for domain in world.domains.values() if domain.users]

    assert max(sizes) > 20
    assert max(sizes) <= 80
    assert sum(size <= 10 for size in sizes) > len(sizes) / 2


def test_addresses_differ_and_some_are_in_mixed_case(world):
    assert len({address.lower() for address in world.addresses}) == 1000
    assert 10 < sum(address != address.lower() for address in world.addresses) < 150


def test_the_known_names_are_there(world):
    names = {address.rpartition("@")[2].lower() for address in world.addresses}

    assert {"gmail.com", "mailinator.com", "gmial.com", "bücher.sandbox"} <= names
    assert world.zone["gmail.com"].mx[0] == (10, "aspmx.l.google.com")
    microsoft = [domain.name for domain in world.domains.values() if domain.kind == "microsoft"]
    assert all(world.zone[name].mx[0][1].endswith(".mail.protection.outlook.com") for name in microsoft)


def test_some_domains_publish_spf_and_dmarc_and_some_do_not(world):
    published = Counter((bool(domain.spf), bool(domain.dmarc)) for domain in world.domains.values())

    assert len(published) == 4


def test_a_host_that_behaves_badly_at_connect_serves_only_its_own_kind(world):
    kinds_by_host = {}
    for domain in world.domains.values():
        node = world.zone[domain.name]
        for _, name in node.mx if isinstance(node, Records) else ():
            kinds_by_host.setdefault(name, set()).add(domain.kind)
    badly = [host.name for host in world.hosts.values() if host.door != Open() and host.name in kinds_by_host]

    assert len(badly) >= 6
    assert all(len(kinds_by_host[name]) == 1 for name in badly)


def test_the_same_seed_gives_the_same_world_and_another_one_another():
    assert build_world(7, 300) == build_world(7, 300)
    assert build_world(7, 300).addresses != build_world(8, 300).addresses


@pytest.mark.parametrize("addresses", [1, 5, 40, 333])
def test_a_world_has_exactly_as_many_addresses_as_asked_for(addresses):
    assert len(build_world(3, addresses).addresses) == addresses


def test_the_greylisting_delay_is_as_told():
    behaviours = [
        d.behaviour
        for d in build_world(1, 400, greylist_delay_s=0.25).domains.values()
        if d.kind == "greylisting"
    ]

    assert behaviours
    assert all(behaviour.delay_s == 0.25 for behaviour in behaviours)


def test_kinds_can_be_left_out():
    kinds = {domain.kind for domain in build_world(1, 1000, mix=NO_WAITING).domains.values()}

    assert kinds == KINDS - set(NO_WAITING.weights)
    assert EVERYTHING.weights == {}


def test_a_big_world_stays_within_its_hosts():
    world = build_world(1, 30_000, mix=Mix(hosts_per_kind=4))
    own = Counter(d.kind for d in world.domains.values() if isinstance(d.delivery, OwnHost))

    assert max(own.values()) == 4
    assert len(world.hosts) < 120


def test_a_business_list_has_a_third_of_its_rows_at_two_providers_and_the_rest_at_small_domains():
    world = build_world(1, 2000, mix=BUSINESS)
    sizes = {name: len(domain.users) for name, domain in world.domains.items() if domain.users}
    big = {name: size for name, size in sizes.items() if size > 5}

    assert len(world.addresses) == 2000
    assert {"gmail.com", "outlook.com"} <= set(big)
    assert 0.3 < sum(big.values()) / 2000 < 0.4
    small = [size for size in sizes.values() if size <= 5]
    assert 2 < sum(small) / len(small) < 3
