from collections import Counter

import pytest

from engine.doors import doors
from engine.exchange import MailHost

OWN = "mx.plum.sandbox"
GATEWAY = "d1.ess.barracudanetworks.com"
OTHER_GATEWAY = "mx1.pphosted.com"
MICROSOFT = "plum.mail.protection.outlook.com"


def hosts(*names: str, ips=("127.20.0.1",)) -> tuple[MailHost, ...]:
    return tuple(MailHost(name, 10 * n, ips) for n, name in enumerate(names, 1))


def names(*asked: MailHost) -> list[str]:
    return [host.name for host, _ in doors(asked)]


def test_hosts_are_walked_by_preference():
    assert names(*reversed(hosts("a.sandbox", "b.sandbox", "c.sandbox"))) == [
        "a.sandbox",
        "b.sandbox",
        "c.sandbox",
    ]


def test_hosts_of_equal_preference_take_turns_at_random():
    equal = [MailHost(name, 10, ("127.20.0.1",)) for name in ("a.sandbox", "b.sandbox")]
    firsts = Counter(names(*equal)[0] for _ in range(200))

    assert min(firsts["a.sandbox"], firsts["b.sandbox"]) > 50


def test_the_host_that_put_us_off_before_comes_first_among_its_equals_and_only_there():
    equal = [MailHost(name, 10, ("127.20.0.1",)) for name in ("a.sandbox", "b.sandbox", "c.sandbox")]
    better = MailHost("best.sandbox", 5, ("127.20.0.1",))

    assert {next(doors(equal, "b.sandbox"))[0].name for _ in range(50)} == {"b.sandbox"}
    assert next(doors([*equal, better], "b.sandbox"))[0] == better
    assert next(doors(equal, "gone.sandbox"))[0] in equal


@pytest.mark.parametrize("behind", [MICROSOFT, OWN, "aspmx.l.google.com"])
def test_what_stands_behind_a_gateway_is_not_asked(behind):
    assert names(*hosts(GATEWAY, behind)) == [GATEWAY]
    assert names(*hosts(GATEWAY, OTHER_GATEWAY, behind)) == [GATEWAY, OTHER_GATEWAY]
    assert names(*hosts(OWN, GATEWAY, behind)) == [OWN, GATEWAY]


def test_a_gateway_behind_a_mailbox_host_is_asked():
    assert names(*hosts(MICROSOFT, GATEWAY)) == [MICROSOFT, GATEWAY]


def test_a_host_beside_a_gateway_is_not_behind_it():
    beside = (MailHost(GATEWAY, 10, ("127.20.0.1",)), MailHost(OWN, 10, ("127.20.0.1",)))

    assert set(names(*beside)) == {GATEWAY, OWN}


def test_a_gateway_without_address_still_stands_in_front():
    assert names(MailHost(GATEWAY, 10), MailHost(MICROSOFT, 20, ("127.20.0.1",))) == []


def test_at_most_three_hosts_with_two_addresses_each_are_asked_none_without_address():
    many = (
        MailHost("none.sandbox", 0),
        *hosts(*(f"mx{n}.sandbox" for n in range(5)), ips=("127.20.0.1",) * 4),
    )

    walked = list(doors(many))
    assert len(walked) == 6
    assert Counter(host.name for host, _ in walked) == {f"mx{n}.sandbox": 2 for n in range(3)}


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (("192.0.2.1", "192.0.2.2", "2001:db8::1"), ["192.0.2.1", "192.0.2.2"]),
        (("2001:db8::1", "2001:db8::2", "192.0.2.1"), ["2001:db8::1", "192.0.2.1"]),
        (("2001:db8::1", "2001:db8::2"), ["2001:db8::1", "2001:db8::2"]),
        (("192.0.2.1",), ["192.0.2.1"]),
    ],
)
def test_an_ipv4_address_is_among_those_that_are_asked_where_there_is_one(known, asked):
    assert [ip for _, ip in doors([MailHost(OWN, 10, known)])] == asked
