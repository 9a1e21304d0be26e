import asyncio
from dataclasses import replace

import pytest

from engine.preflight.line import Light
from engine.preflight.reach import Tried, own_address, say_port, say_resolver, try_hosts
from engine.reply import Reply, Stage
from engine.resolver import Resolver
from engine.settings import Settings
from sandbox import Domain
from sandbox.names import Records as Zone

OPEN = Tried("plum.example", "192.0.2.1", Reply(250, "mx.plum.example", Stage.EHLO))
CLOSED = Tried("pear.example", "192.0.2.2")
REFUSED = replace(OPEN, said=Reply(554, "no PTR, no mail", Stage.BANNER))
UNKNOWN = Tried("fig.example")


def try_all(settings, *domains):
    async def run():
        resolver = Resolver(settings)
        try:
            return await try_hosts(domains, resolver, settings)
        finally:
            await resolver.close()

    return asyncio.run(run())


def test_hosts_of_the_sandbox_are_reached_and_left_politely(serve):
    sandbox, settings = serve(Domain("plum.sandbox"), Domain("pear.sandbox"))
    tried = try_all(settings, "plum.sandbox", "pear.sandbox")
    assert all(each.is_connected for each in tried)
    assert say_resolver(tried).light is Light.GREEN
    assert say_port(tried, settings.smtp_port).light is Light.GREEN
    counted = sandbox.counters()
    assert (counted.sessions, counted.rcpts, counted.abandoned) == (2, 0, 0)


def test_an_unknown_domain_tells_nothing_of_the_port(serve):
    _, settings = serve(Domain("plum.sandbox"))
    tried = try_all(settings, "nowhere.sandbox")
    assert say_resolver(tried).light is Light.RED
    assert say_port(tried, 25).light is Light.AMBER


def test_a_closed_port_is_told_from_a_host_that_refuses(serve):
    names = {"shut.sandbox": Zone(mx=((10, "mx.shut.sandbox"),)), "mx.shut.sandbox": Zone(a=("127.99.0.1",))}
    _, settings = serve(Domain("plum.sandbox"), names=names)
    line = say_port(try_all(settings, "shut.sandbox"), settings.smtp_port)
    assert line.light is Light.RED
    assert "looks closed" in line.finding
    assert f"port {settings.smtp_port}" in line.advice


@pytest.mark.parametrize(
    ("tried", "light"),
    [
        ([OPEN, CLOSED], Light.GREEN),
        ([CLOSED, CLOSED], Light.RED),
        ([REFUSED, OPEN], Light.AMBER),
        ([UNKNOWN], Light.AMBER),
        ([UNKNOWN, CLOSED], Light.RED),
    ],
)
def test_one_connection_anywhere_shows_that_the_port_is_open(tried, light):
    assert say_port(tried, 25).light is light


def test_what_a_refusing_host_said_is_told():
    assert "554 no PTR" in say_port([REFUSED], 25).finding


def test_the_address_a_host_sees_goes_before_our_own_view():
    tried = [OPEN, replace(OPEN, seen_address="8.8.4.4")]
    assert own_address(tried, Settings(), ("9.9.9.9",)) == "8.8.4.4"


def test_a_private_address_is_no_public_one():
    tried = [replace(CLOSED, ip="127.0.0.1", seen_address="10.1.2.3")]
    assert own_address(tried, Settings(), ("9.9.9.9",)) == "9.9.9.9"
    assert own_address(tried, Settings(), ()) == ""


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (b"250-mx.example at your service, [203.0.113.5]\r\n250 SIZE 1\r\n", "203.0.113.5"),
        (b"250 mail.example Hello prober.sandbox [IPv6:2001:db8::5]\r\n", "2001:db8::5"),
        (b"250 mail.example [not.an.address]\r\n", ""),
        (b"250 mail.example\r\n", ""),
    ],
)
def test_the_address_is_read_from_a_hosts_greeting(said, address, playing, scripted, serve):
    async def run():
        async with playing(scripted(EHLO=said)) as port:
            _, settings = serve(
                names={"a.sandbox": Zone(mx=((10, "mx.a.sandbox"),)), "mx.a.sandbox": Zone(a=("127.20.0.1",))}
            )
            settings = settings.model_copy(update={"smtp_port": port})
            resolver = Resolver(settings)
            try:
                return await try_hosts(["a.sandbox"], resolver, settings)
            finally:
                await resolver.close()

    assert asyncio.run(run())[0].seen_address == address
