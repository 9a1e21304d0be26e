import asyncio
import errno

import pytest

from engine.connection import NO_WAY, is_our_lack, open_session
from engine.patience import patience_with
from engine.reason import Reason
from engine.reply import Stage, Unreached
from engine.session import Session
from engine.trace import Trace

HOST = "127.20.0.1"


async def opened(ip, settings, trace=None):
    return await open_session(ip, trace or Trace(), settings, patience_with("", settings))


def test_a_closed_port_is_unreachable(playing, scripted, settings_of):
    async def hold():
        async with playing(scripted()) as port:
            pass
        return await opened(HOST, settings_of(smtp_port=port))

    answer = asyncio.run(hold())
    assert (answer.stage, answer.failure) == (Stage.CONNECT, Reason.UNREACHABLE)
    assert answer.detail != NO_WAY


def test_an_address_that_is_not_global_is_not_connected_to(playing, scripted, settings_of):
    async def hold():
        script = scripted()
        async with playing(script) as port:
            settings = settings_of(smtp_port=port, allow_private_networks=False)
            answers = [await opened(ip, settings) for ip in (HOST, f"::ffff:{HOST}")]
            allowed = await opened(HOST, settings_of(smtp_port=port))
            await allowed.hear_banner()
            await allowed.quit()
        return answers, script.heard

    answers, heard = asyncio.run(hold())
    assert answers == [
        Unreached(Stage.CONNECT, Reason.UNROUTABLE_MX, HOST),
        Unreached(Stage.CONNECT, Reason.UNROUTABLE_MX, f"::ffff:{HOST}"),
    ]
    assert heard == [["QUIT"]]


def test_the_source_address_is_the_one_that_is_set(playing, scripted, settings_of):
    async def hold():
        script = scripted()
        async with playing(script) as port:
            session = await opened(HOST, settings_of(smtp_port=port, source_address="127.0.0.9"))
            await session.quit()
        return script.peers

    assert asyncio.run(hold()) == ["127.0.0.9"]


def test_a_host_with_nothing_but_ipv6_is_connected_to(settings_of):
    async def hold():
        said = asyncio.Event()

        async def greet(_reader, writer):
            writer.write(b"220 six\r\n")
            said.set()
            writer.close()

        try:
            server = await asyncio.start_server(greet, "::1", 0)
        except OSError:
            pytest.skip("this machine has no IPv6 on loopback")
        async with server:
            session = await opened("::1", settings_of(smtp_port=server.sockets[0].getsockname()[1]))
            assert isinstance(session, Session)
            await said.wait()
            await session.quit()

    asyncio.run(hold())


def test_a_source_of_the_other_family_is_our_own_lack(settings_of):
    trace = Trace()
    answer = asyncio.run(opened("::1", settings_of(smtp_port=9, source_address="127.0.0.9"), trace))

    assert (answer.failure, answer.detail) == (Reason.UNREACHABLE, NO_WAY)
    assert trace.lines[-1].text == f"no connection: {NO_WAY}"


@pytest.mark.parametrize(
    ("ip", "number", "is_lack"),
    [
        ("2001:db8::1", errno.ENETUNREACH, True),
        ("2001:db8::1", errno.ECONNREFUSED, False),
        ("192.0.2.1", errno.ENETUNREACH, False),
    ],
)
def test_a_machine_without_ipv6_is_told_from_a_closed_port(ip, number, is_lack):
    assert is_our_lack(ip, OSError(number, "no way")) is is_lack
