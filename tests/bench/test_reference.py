"""The plain verifier, in a small mail world: what it gets right, and what such tools get wrong."""

import asyncio

import pytest

from bench.reference import verify_all
from sandbox import Answering, Domain, OwnHost, Sandbox, world_of
from sandbox.behaviour import AcceptAll, Greylisting, User
from sandbox.host import Open
from sandbox.names import NoAnswer

USERS = {"pear7": User.EXISTING, "full": User.FULL}


@pytest.fixture(scope="module")
def found():
    world = world_of(
        [
            Domain("plum.sandbox", users=USERS),
            Domain("fig.sandbox", AcceptAll()),
            Domain("sloe.sandbox", Greylisting(60), users=USERS),
            Domain("gone.sandbox", delivery=Answering(NoAnswer.NXDOMAIN)),
            Domain("full.sandbox", users=USERS, delivery=OwnHost(Open(at_once=0))),
        ]
    )
    asked = [
        "pear7@plum.sandbox",
        "nobody@plum.sandbox",
        "full@plum.sandbox",
        "any@fig.sandbox",
        "pear7@sloe.sandbox",
        "any@gone.sandbox",
        "pear7@full.sandbox",
    ]
    with Sandbox(world) as sandbox:
        verdicts = asyncio.run(verify_all(asked, sandbox.resolvers, sandbox.smtp_port))
        return verdicts, sandbox.counters()


def test_it_tells_who_exists_who_does_not_and_who_takes_anybody(found):
    verdicts, _ = found

    assert verdicts["pear7@plum.sandbox"] == ("valid", "accepted")
    assert verdicts["nobody@plum.sandbox"][0] == "invalid"
    assert verdicts["any@fig.sandbox"][0] == "accept_all"
    assert verdicts["any@gone.sandbox"][0] == "invalid"


def test_it_calls_whatever_is_not_250_invalid_and_comes_back_for_nobody(found):
    verdicts, counters = found

    assert verdicts["full@plum.sandbox"][0] == "invalid"
    assert verdicts["pear7@sloe.sandbox"][0] == "invalid"
    assert verdicts["pear7@full.sandbox"][0] == "unknown"
    assert counters.rcpts_by_address["pear7@sloe.sandbox"] == 1


def test_it_opens_one_connection_for_each_address_and_asks_two_rcpts(found):
    _, counters = found

    assert sum(counters.connections_by_host.values()) == 6
    assert counters.rcpts == 2 * 5
    assert counters.rcpts - counters.strangers == 3
    assert (counters.abandoned, counters.forced_disconnects) == (0, 1)
