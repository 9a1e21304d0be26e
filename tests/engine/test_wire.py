import asyncio

import pytest

from engine.tls import lenient_context
from engine.wire import LIMIT, SURPLUS_LIMIT, NoReply, Wire


@pytest.fixture
def listen(playing):
    """Connect to a script with nothing but a wire, and do some work with it."""

    def run(script, work):
        async def hold():
            async with playing(script) as port:
                loop = asyncio.get_running_loop()
                transport, wire = await loop.create_connection(Wire, "127.20.0.1", port)
                try:
                    return await work(wire)
                finally:
                    (wire.transport or transport).close()

        return asyncio.run(hold())

    return run


async def _banner(wire):
    return tuple(await wire.hear(5.0))


def test_a_reply_alone_leaves_no_surplus(listen, scripted):
    async def work(wire):
        return await _banner(wire), wire.surplus

    assert listen(scripted(), work) == ((220, "mx.plum.sandbox"), b"")


def test_the_rest_of_a_packet_is_surplus(listen, scripted):
    async def work(wire):
        return await _banner(wire), wire.surplus

    assert listen(scripted(banner=b"220 a\r\n250 b"), work) == ((220, "a"), b"250 b")


def test_a_packet_that_nobody_asked_for_is_surplus(listen, scripted, until):
    more = asyncio.Event()

    async def work(wire):
        await _banner(wire)
        more.set()
        await until(lambda: wire.surplus)
        return wire.surplus

    assert listen(scripted(banner=(b"220 a\r\n", more.wait, b"250 b\r\n")), work) == b"250 b\r\n"


def test_only_the_beginning_of_a_surplus_is_kept(listen, scripted):
    async def work(wire):
        await _banner(wire)
        return len(wire.surplus)

    assert listen(scripted(banner=b"220 a\r\n" + b"x" * 20_000), work) <= SURPLUS_LIMIT


@pytest.mark.parametrize(
    "said", [b"x" * 300_000, b"220-" + b"x" * 9_000 + b"\r\n220 a\r\n", b"220-again\r\n" * 10_000]
)
def test_a_reply_without_bounds_is_no_reply_and_is_not_kept(listen, scripted, said):
    async def work(wire):
        with pytest.raises(NoReply):
            await _banner(wire)
        return len(wire._octets)

    assert listen(scripted(banner=said), work) <= LIMIT


def test_a_connection_that_is_lost_is_not_encrypted(listen, scripted, until):
    async def work(wire):
        await _banner(wire)
        await until(lambda: not wire.is_connected)
        with pytest.raises(ConnectionResetError):
            await wire.encrypt(lenient_context(), "", within_s=1.0, leave_s=1.0)

    listen(scripted(banner=(b"220 a\r\n", scripted.DROP)), work)


def test_commands_go_in_one_flight_and_each_has_its_reply(listen, scripted):
    said = b"250 a\r\n550-b\r\n550 c\r\n250 d\r\n"

    async def work(wire):
        await _banner(wire)
        wire.say("MAIL one", "RCPT two", "RCPT three")
        return [tuple(await wire.hear(5.0)) for _ in range(3)], wire.surplus, wire.is_owing

    script = scripted(MAIL=(scripted.HEAR, said))
    assert listen(script, work) == ([(250, "a"), (550, "b\nc"), (250, "d")], b"", False)


def test_one_reply_more_than_a_flight_has_commands_is_surplus(listen, scripted):
    async def work(wire):
        await _banner(wire)
        wire.say("MAIL one", "RCPT two")
        replies = [(await wire.hear(5.0)).code for _ in range(2)]
        return replies, wire.surplus

    script = scripted(MAIL=(scripted.HEAR, b"250 a\r\n251 b\r\n550 c\r\n"))
    assert listen(script, work) == ([250, 251], b"550 c\r\n")


def test_replies_before_the_end_are_heard_and_the_end_after_them(listen, scripted):
    async def work(wire):
        await _banner(wire)
        wire.say("MAIL one", "RCPT two", "RCPT three")
        replies = [(await wire.hear(5.0)).code for _ in range(2)]
        with pytest.raises(ConnectionError):
            await wire.hear(5.0)
        return replies

    script = scripted(MAIL=(scripted.HEAR, b"250 a\r\n550 b\r\n25", scripted.DROP))
    assert listen(script, work) == [250, 550]


def test_a_flight_has_one_bound_for_all_its_replies(listen, scripted):
    async def work(wire):
        await _banner(wire)
        wire.say("MAIL one", "RCPT two", "RCPT three")
        await wire.hear(5.0)
        with pytest.raises(NoReply):
            await wire.hear(5.0)
        return len(wire._octets)

    long = b"250-" + b"x" * 7000 + b"\r\n"
    assert listen(scripted(MAIL=(scripted.HEAR, b"250 a\r\n", long * 6 + b"250 b\r\n")), work) <= LIMIT


def test_a_command_that_is_more_than_a_line_is_never_said(listen, scripted):
    script = scripted()

    async def work(wire):
        await _banner(wire)
        with pytest.raises(ValueError, match="control"):
            wire.say("MAIL one", "RCPT two\r\nDATA")

    listen(script, work)
    assert script.lines == []
