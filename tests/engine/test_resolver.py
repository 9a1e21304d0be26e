import asyncio
import collections
import socket

import dnslib
import pytest

from engine.address import Address, parse_address
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, route_key
from engine.lookup import Exchange, Failure, Records
from engine.reason import Reason
from engine.resolver import MOST_HOSTS, Resolver
from engine.routable import is_routable
from engine.single import check_one
from engine.verdict import Status
from sandbox import Domain, Sandbox, world_of
from sandbox.names import NULL_MX, Alias, NoAnswer
from sandbox.names import Records as Zone

NAMES = {
    "two.sandbox": Zone(mx=((20, "second.two.sandbox"), (10, "First.Two.Sandbox")), txt=("v=spf1 mx", "x")),
    "first.two.sandbox": Zone(a=("127.30.0.1",), aaaa=("::1",)),
    "second.two.sandbox": Zone(a=("127.30.0.2", "127.30.0.3")),
    "_dmarc.two.sandbox": Zone(txt=("v=DMARC1; p=none",)),
    "implicit.sandbox": Zone(a=("127.30.0.4",)),
    "implicit6.sandbox": Zone(aaaa=("::1",)),
    "null.sandbox": Zone(mx=NULL_MX),
    "parked.sandbox": Zone(txt=("nothing here",)),
    "failing.sandbox": NoAnswer.SERVFAIL,
    "refusing.sandbox": NoAnswer.REFUSED,
    "silent.sandbox": NoAnswer.SILENCE,
    "homeless.sandbox": Zone(mx=((10, "nowhere.sandbox"), (20, "parked.sandbox"))),
    "halfhomeless.sandbox": Zone(mx=((10, "nowhere.sandbox"), (20, "implicit.sandbox"))),
    "unsure.sandbox": Zone(mx=((10, "nowhere.sandbox"), (20, "failing.sandbox"))),
    "halfunsure.sandbox": Zone(mx=((10, "failing.sandbox"), (20, "implicit.sandbox"))),
    "alias.sandbox": Alias("two.sandbox"),
    "dangling.sandbox": Alias("nowhere.sandbox"),
    "aliasedhost.sandbox": Zone(mx=((10, "hostalias.sandbox"),)),
    "hostalias.sandbox": Alias("implicit.sandbox"),
    "equal.sandbox": Zone(mx=tuple((10, f"host{n}.sandbox") for n in range(6))),
    **{f"host{n}.sandbox": Zone(a=(f"127.30.1.{n}",)) for n in range(6)},
    "brief.sandbox": Zone(mx=((10, "implicit.sandbox"),), ttl=0),
    "unkept.sandbox": Zone(mx=((10, "failing.sandbox"),)),
    "mixednull.sandbox": Zone(mx=((0, "."), (10, "implicit.sandbox"))),
    "oddnull.sandbox": Zone(mx=((10, "."),)),
    "literal.sandbox": Zone(mx=((10, "127.30.0.4"),)),
    "round.sandbox": Alias("about.sandbox"),
    "about.sandbox": Alias("round.sandbox"),
    "roundhost.sandbox": Zone(mx=((10, "round.sandbox"),)),
    "crowded.sandbox": Zone(mx=tuple((n, f"crowd{n}.sandbox") for n in range(60))),
    **{f"crowd{n}.sandbox": Zone(a=("127.30.2.1",)) for n in range(60)},
    "long.sandbox": Zone(mx=tuple((n, f"{'pear' * 12}{n}.sandbox") for n in range(40)), txt=("x" * 3000,)),
    "xn--bcher-kva.sandbox": Zone(mx=((10, "implicit.sandbox"),)),
    "lasting.sandbox": Zone(mx=((10, "implicit.sandbox"),), ttl=86400),
    "shortlived.sandbox": Zone(mx=((10, "implicit.sandbox"),), ttl=1),
    "shortalias.sandbox": Alias("lasting.sandbox", ttl=1),
    "4.0.30.127.in-addr.arpa": Zone(ptr=("Implicit.Sandbox",)),
    "held.sandbox": Zone(ns=("NS1.Held.Sandbox", "ns2.held.sandbox")),
}  # fmt: skip


UNROUTABLE = (
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.168.1.1", "224.0.0.1",
    "240.0.0.1", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:a00:1",
)  # fmt: skip
NAMES |= {
    name: zone
    for number, ip in enumerate(UNROUTABLE)
    for name, zone in {
        f"net{number}.sandbox": Zone(mx=((10, f"host.net{number}.sandbox"),)),
        f"host.net{number}.sandbox": Zone(**{"aaaa" if ":" in ip else "a": (ip,)}),
    }.items()
}


@pytest.fixture
def sandbox():
    with Sandbox(world_of([Domain("plum.sandbox")], names=NAMES)) as sandbox:
        yield sandbox


@pytest.fixture
def ask(sandbox, settings_of):
    """Use a resolver in a loop of its own, and close it."""

    def run(work, **changed):
        async def use():
            resolver = Resolver(settings_of(**({"resolvers": sandbox.resolvers} | changed)))
            try:
                return await work(resolver)
            finally:
                await resolver.close()

        return asyncio.run(use())

    return run


@pytest.fixture
def route(ask):
    return lambda name, **changed: ask(lambda resolver: resolver.resolve(name), **changed).route


def named(route) -> list[str]:
    return [host.name for host in route.hosts]


def test_mail_hosts_come_by_preference_with_their_addresses_ipv4_first(route):
    found = route("two.sandbox")

    assert [(host.name, host.preference, host.addresses) for host in found.hosts] == [
        ("first.two.sandbox", 10, ("127.30.0.1", "::1")),
        ("second.two.sandbox", 20, ("127.30.0.2", "127.30.0.3")),
    ]
    assert not found.is_implicit


def test_ipv6_comes_first_where_it_is_preferred(route):
    assert route("two.sandbox", prefer_ipv4=False).hosts[0].addresses == ("::1", "127.30.0.1")


def test_equal_preferences_come_in_any_order(ask):
    async def often(resolver):
        return {tuple(named((await resolver.resolve("equal.sandbox")).route)) for _ in range(40)}

    orders = ask(often)
    assert len(orders) > 1
    assert {frozenset(order) for order in orders} == {frozenset(f"host{n}.sandbox" for n in range(6))}
    assert len({route_key(MailHosts(())), *(route_key_of(order) for order in orders)}) == 2


def route_key_of(order):
    return route_key(MailHosts(tuple(MailHost(name, 10) for name in order)))


@pytest.mark.parametrize(("name", "ip"), [("implicit.sandbox", "127.30.0.4"), ("implicit6.sandbox", "::1")])
def test_a_domain_without_mx_is_its_own_host(route, name, ip):
    found = route(name)

    assert found.is_implicit
    assert [(host.name, host.addresses) for host in found.hosts] == [(name, (ip,))]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("nowhere.sandbox", Reason.NO_SUCH_DOMAIN),
        ("dangling.sandbox", Reason.NO_SUCH_DOMAIN),
        ("null.sandbox", Reason.NULL_MX),
        ("parked.sandbox", Reason.NO_MAIL_HOST),
        ("homeless.sandbox", Reason.NO_MAIL_HOST),
        ("oddnull.sandbox", Reason.NULL_MX),
        ("literal.sandbox", Reason.NO_MAIL_HOST),
    ],
)
def test_the_dns_says_why_a_domain_takes_no_mail(route, name, refusal):
    assert route(name) == NoMail(refusal)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("failing.sandbox", "SERVFAIL"),
        ("refusing.sandbox", "REFUSED"),
        ("silent.sandbox", "timeout"),
        ("unsure.sandbox", "SERVFAIL"),
        ("unkept.sandbox", "SERVFAIL"),
        ("round.sandbox", "SERVFAIL"),
        ("roundhost.sandbox", "SERVFAIL"),
    ],
)
def test_a_failing_dns_says_nothing_of_the_domain(route, name, word):
    assert route(name, dns_timeout_ms=300) == LookupFailed(Reason.DNS_FAILED, word)


def test_a_resolver_that_is_not_there_says_nothing_of_the_domain(route):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        found = route("two.sandbox", resolvers=f"127.0.0.1:{taken.getsockname()[1]}", dns_timeout_ms=300)

    assert found == LookupFailed(Reason.DNS_FAILED, "timeout")


@pytest.mark.parametrize("rcode", [1, 4], ids=["format error", "not implemented"])
@pytest.mark.parametrize("failing", ["host.sandbox", "plum.sandbox"])
def test_a_response_code_nobody_has_heard_of_is_a_failure_and_never_no_such_host(
    route, nameserver, rcode, failing
):
    def answer(reply, name):
        if name == failing:
            reply.header.rcode = rcode
        elif reply.q.qtype == dnslib.QTYPE.MX:
            reply.add_answer(dnslib.RR(name, reply.q.qtype, ttl=60, rdata=dnslib.MX("host.sandbox", 10)))

    found = route("plum.sandbox", resolvers=nameserver(answer).resolvers)

    assert isinstance(found, LookupFailed)
    assert found.failure is Reason.DNS_FAILED


@pytest.mark.parametrize("label", [b"\xff\xfe", b"a b", b"a.b", b"*"])
def test_a_mail_host_with_an_impossible_name_makes_no_trouble(route, nameserver, label):
    def answer(reply, name):
        if reply.q.qtype == dnslib.QTYPE.MX:
            host = dnslib.MX(dnslib.DNSLabel([label, b"sandbox"]), 10)
            reply.add_answer(dnslib.RR(name, reply.q.qtype, ttl=60, rdata=host))

    assert isinstance(route("plum.sandbox", resolvers=nameserver(answer).resolvers), LookupFailed | NoMail)


@pytest.mark.parametrize("name", ["halfhomeless.sandbox", "halfunsure.sandbox", "aliasedhost.sandbox"])
def test_hosts_without_address_are_left_out_and_aliases_are_followed(route, name):
    assert [host.addresses for host in route(name).hosts] == [("127.30.0.4",)]


def test_an_aliased_domain_has_the_mail_hosts_of_its_target(route):
    assert named(route("alias.sandbox")) == ["first.two.sandbox", "second.two.sandbox"]


@pytest.mark.parametrize(
    ("name", "unresolved"),
    [
        ("two.sandbox", ()),
        ("halfhomeless.sandbox", ("nowhere.sandbox",)),
        ("halfunsure.sandbox", ("failing.sandbox",)),
    ],
)
def test_hosts_that_were_left_out_are_named(route, name, unresolved):
    assert route(name).unresolved == unresolved


def test_a_null_mx_beside_others_says_nothing(route):
    assert named(route("mixednull.sandbox")) == ["implicit.sandbox"]


def test_of_a_crowd_of_mail_hosts_only_the_best_are_looked_up(ask, sandbox):
    found = ask(lambda resolver: resolver.resolve("crowded.sandbox")).route

    assert named(found) == [f"crowd{n}.sandbox" for n in range(MOST_HOSTS)]
    asked = sandbox.counters().queries
    assert len(asked) == 1 + 2 * MOST_HOSTS


def test_a_domain_in_its_own_script_is_looked_up_in_a_labels(route):
    address = parse_address("pear@Bücher.sandbox")

    assert address.domain == "xn--bcher-kva.sandbox"
    assert named(route(address.domain)) == ["implicit.sandbox"]


def test_an_answer_too_long_for_a_packet_is_taken_over_tcp(ask, sandbox):
    async def both(resolver):
        return [await resolver.look_up("long.sandbox", kind) for kind in ("MX", "TXT")]

    exchanges, texts = ask(both)

    assert len(exchanges.exchanges) == 40
    assert texts.values == ("x" * 3000,)
    assert sandbox.counters().queries == {"MX long.sandbox": 2, "TXT long.sandbox": 2}, "UDP, then TCP"


def test_each_kind_of_record_is_read_into_plain_values(ask):
    async def all_kinds(resolver):
        names = ("two.sandbox", "first.two.sandbox", "first.two.sandbox", "two.sandbox", "held.sandbox")
        kinds = ("MX", "A", "AAAA", "TXT", "NS")
        found = [await resolver.look_up(name, kind) for name, kind in zip(names, kinds, strict=True)]
        return [*found, await resolver.look_up("4.0.30.127.in-addr.arpa", "PTR")]

    mx, *others = ask(all_kinds)

    assert set(mx.exchanges) == {Exchange(20, "second.two.sandbox"), Exchange(10, "first.two.sandbox")}
    assert [sorted(found.values) for found in others] == [
        ["127.30.0.1"],
        ["::1"],
        ["v=spf1 mx", "x"],
        ["ns1.held.sandbox", "ns2.held.sandbox"],
        ["implicit.sandbox"],
    ]
    assert not any(found.exchanges for found in others)


def test_the_trace_says_what_was_asked_and_answered(ask):
    lines = [line.text for line in ask(lambda resolver: resolver.resolve("two.sandbox")).trace]

    assert sorted(lines[0].removeprefix("MX two.sandbox: ").lower().split(", ")) == [
        "10 first.two.sandbox",
        "20 second.two.sandbox",
    ]
    assert lines[1:] == [
        "A/AAAA first.two.sandbox: 127.30.0.1, ::1",
        "A/AAAA second.two.sandbox: 127.30.0.2, 127.30.0.3",
    ]


def test_each_question_is_asked_once_while_its_answer_lives(ask, sandbox):
    async def twice(resolver):
        for _ in range(3):
            await resolver.resolve("two.sandbox")
            await resolver.resolve("nowhere.sandbox")
            await resolver.refresh((await resolver.resolve("two.sandbox")).route)

    ask(twice)
    assert sandbox.counters().queries == {
        "MX two.sandbox": 1, "MX nowhere.sandbox": 1,
        "A first.two.sandbox": 1, "AAAA first.two.sandbox": 1,
        "A second.two.sandbox": 1, "AAAA second.two.sandbox": 1,
    }  # fmt: skip


def test_an_answer_that_lives_no_time_and_a_failure_are_asked_again(ask, sandbox):
    async def thrice(resolver):
        return [(await resolver.look_up(name, "MX")) for name in ["brief.sandbox", "failing.sandbox"] * 3]

    found = ask(thrice)
    asked = collections.Counter(sandbox.counters().queries)
    assert asked["MX brief.sandbox"] == 3
    assert asked["MX failing.sandbox"] >= 3
    assert [type(each) for each in found] == [Records, Failure] * 3


def test_equal_questions_at_once_go_out_once(ask, sandbox):
    async def at_once(resolver):
        return await asyncio.gather(*(resolver.resolve("two.sandbox") for _ in range(50)))

    found = ask(at_once)
    assert len({tuple(named(each.route)) for each in found}) == 1
    assert set(sandbox.counters().queries.values()) == {1}


def test_who_stops_waiting_does_not_take_the_answer_from_others(ask, sandbox):
    async def one_leaves(resolver):
        leaving, staying = (asyncio.create_task(resolver.look_up("two.sandbox", "MX")) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert len(ask(one_leaves).exchanges) == 2
    assert sandbox.counters().queries == {"MX two.sandbox": 1}


def test_a_look_up_takes_no_longer_than_it_may(ask, sandbox, settings_of):
    async def race(quick):
        slow = Resolver(settings_of(resolvers=sandbox.resolvers, dns_timeout_ms=60_000))
        looking = [asyncio.create_task(each.look_up("silent.sandbox", "MX")) for each in (quick, slow)]
        done, waiting = await asyncio.wait(looking, return_when=asyncio.FIRST_COMPLETED)
        await slow.close()
        for each in waiting:
            each.cancel()
        return [each.result() for each in done], waiting == {looking[1]}

    assert ask(race, dns_timeout_ms=200) == ([Failure("timeout")], True)


@pytest.fixture
def count_at(sandbox, settings_of, clock):
    """Ask for a name's MX at these times, and give how often the DNS was asked."""

    def count(name, *times):
        async def use():
            resolver = Resolver(settings_of(resolvers=sandbox.resolvers), clock)
            try:
                for clock.now in times:
                    await resolver.look_up(name, "MX")
            finally:
                await resolver.close()

        asyncio.run(use())
        return sandbox.counters().queries[f"MX {name}"]

    return count


@pytest.mark.parametrize(
    ("name", "times", "asked"),
    [
        ("lasting.sandbox", (0, 299, 299), 1),
        ("lasting.sandbox", (0, 301, 302), 2),
        ("nowhere.sandbox", (0, 59), 1),
        ("nowhere.sandbox", (0, 61), 2),
        ("parked.sandbox", (0, 301), 2),
    ],
)
def test_an_answer_is_kept_no_longer_than_five_minutes(count_at, name, times, asked):
    assert count_at(name, *times) == asked


@pytest.mark.parametrize("name", ["shortlived.sandbox", "shortalias.sandbox"])
def test_an_answer_is_kept_no_longer_than_its_ttl_or_that_of_an_alias_on_the_way(ask, sandbox, until, name):
    async def ask_until_asked_again(resolver):
        async with asyncio.timeout(10):
            while sandbox.counters().queries.get(f"MX {name}", 0) < 2:
                assert await resolver.look_up(name, "MX") == await resolver.look_up(name, "MX")
                await asyncio.sleep(0.05)

    ask(ask_until_asked_again)


def test_many_questions_go_out_by_new_channels_and_all_are_answered(ask, sandbox, monkeypatch):
    monkeypatch.setattr("engine.dns_channels.MOST_QUESTIONS", 7)

    async def ask_many(resolver):
        names = [f"crowd{n}.sandbox" for n in range(60)]
        found = [await resolver.look_up(name, "A") for name in names[:30]]
        return [*found, *await asyncio.gather(*(resolver.look_up(name, "A") for name in names[30:]))]

    assert [found.values for found in ask(ask_many)] == [("127.30.2.1",)] * 60
    assert set(sandbox.counters().queries.values()) == {1}


def moving(*addresses):
    """Answer each look-up of an A record with the next of these addresses, to be kept for no time."""
    left = list(addresses)

    def answer(reply, name):
        if reply.q.qtype == dnslib.QTYPE.MX:
            mx = dnslib.MX("mx.plum.sandbox", 10)
            reply.add_answer(dnslib.RR(name, reply.q.qtype, ttl=0, rdata=mx))
        if reply.q.qtype == dnslib.QTYPE.A:
            address = dnslib.A(left.pop(0) if len(left) > 1 else left[0])
            reply.add_answer(dnslib.RR(name, reply.q.qtype, ttl=0, rdata=address))

    return answer


def test_an_address_is_taken_from_the_dns_again_before_each_session(ask, nameserver):
    async def refreshed(resolver):
        old = (await resolver.resolve("plum.sandbox")).route
        return old, await resolver.refresh(old)

    old, new = ask(refreshed, resolvers=nameserver(moving("127.30.0.1", "127.30.0.2")).resolvers)

    assert old.hosts[0].addresses == ("127.30.0.1",)
    assert new == MailHosts((MailHost("mx.plum.sandbox", 10, ("127.30.0.2",)),))


def test_a_name_that_leads_into_a_private_network_the_second_time_is_seen_to(ask, nameserver):
    async def refreshed(resolver):
        old = (await resolver.resolve("plum.sandbox")).route
        return old, await resolver.refresh(old)

    old, new = ask(refreshed, resolvers=nameserver(moving("8.8.8.8", "10.1.2.3")).resolvers)

    assert [is_routable(route.hosts[0].addresses[0]) for route in (old, new)] == [True, False]


@pytest.mark.parametrize("ip", UNROUTABLE)
def test_a_mail_host_that_nobody_can_reach_is_found_and_never_connected_to(sandbox, settings_of, ip):
    settings = settings_of(
        resolvers=sandbox.resolvers, allow_private_networks=False, validator_helo="prober.example"
    )
    domain = f"net{UNROUTABLE.index(ip)}.sandbox"

    told = asyncio.run(check_one(Address("pear", domain), settings, 5.0))

    assert (told.verdict.status, told.verdict.reason) == (Status.UNKNOWN, Reason.UNROUTABLE_MX)
    said = [line.text for line in told.trace]
    assert any("not a public address" in text for text in said)
    assert not any("connecting" in text for text in said)


def test_a_host_that_is_gone_before_the_session_has_no_address_left(ask, sandbox):
    old = MailHosts((MailHost("nowhere.sandbox", 10, ("127.30.0.1",)),), unresolved=("fig.sandbox",))

    new = ask(lambda resolver: resolver.refresh(old))

    assert new == MailHosts((MailHost("nowhere.sandbox", 10, ()),), unresolved=("fig.sandbox",))


@pytest.mark.parametrize(
    ("names", "route"),
    [
        ({"com": Zone()}, NoMail(Reason.NO_SUCH_DOMAIN)),
        ({}, LookupFailed(Reason.DNS_FAILED, "the resolver denies even com")),
        (
            {"com": NoAnswer.SERVFAIL},
            LookupFailed(Reason.DNS_FAILED, "the resolver cannot look up even com"),
        ),
        (
            {"com": NoAnswer.SILENCE},
            LookupFailed(Reason.DNS_FAILED, "the resolver cannot look up even com"),
        ),
    ],
)
def test_a_no_is_believed_only_of_a_resolver_that_knows_a_name_that_surely_is(settings_of, names, route):

    async def resolve(settings):
        resolver = Resolver(settings)
        try:
            return (await resolver.resolve("nowhere.sandbox")).route
        finally:
            await resolver.close()

    with Sandbox(world_of([Domain("plum.sandbox")], names=names)) as sandbox:
        settings = settings_of(resolvers=sandbox.resolvers, allow_private_networks=False, dns_timeout_ms=300)
        assert asyncio.run(resolve(settings)) == route
