import asyncio
from pathlib import Path

import aiodns
import pytest

from engine.dns_answers import LONGEST_S
from engine.dns_channels import MOST_QUESTIONS, Channels
from engine.loop import run


class SilentLine:
    """A resolver that notes what it is asked."""

    def __init__(self, **_options):
        self.asked = []
        self.is_closed = False

    def query_dns(self, name, _kind):
        """Take a question, and give what the answer is to be put in."""
        self.asked.append(name)
        return asyncio.get_running_loop().create_future()

    async def close(self):
        """Note it."""
        self.is_closed = True


@pytest.fixture
def use(clock, monkeypatch):
    """Run a function of channels that lead to lines of which nobody answers by itself, and close them."""
    monkeypatch.setattr("engine.dns_channels.LoopChannel", SilentLine)

    def run(work, timeout_s=60.0):
        async def asking():
            channels = Channels(["127.0.0.1:9"], timeout_s, clock)
            try:
                return await work(channels)
            finally:
                await channels.close()

        return asyncio.run(asking())

    return run


def line_of(channels):
    """Give the line that the next question goes out by."""
    return channels._current().dns


async def answer(asked):
    """Let a question be answered, and what follows of that be done."""
    asked.set_result(None)
    for _ in range(5):
        await asyncio.sleep(0)


def test_questions_share_a_channel(use):
    async def work(channels):
        for name in ("a", "b"):
            channels.ask(name, "MX")
        return line_of(channels).asked

    assert use(work) == ["a", "b"]


def test_a_channel_is_made_anew_after_some_minutes(use, clock):
    async def work(channels):
        first = line_of(channels)
        clock.now = LONGEST_S
        return first, line_of(channels), line_of(channels)

    first, second, third = use(work)
    assert first is not second is third
    assert first.is_closed


def test_a_channel_is_made_anew_after_many_questions(use):
    async def work(channels):
        first = line_of(channels)
        for _ in range(MOST_QUESTIONS):
            channels.ask("a", "MX")
        return first, line_of(channels)

    first, second = use(work)
    assert first is not second
    assert len(first.asked) == MOST_QUESTIONS


def test_an_old_channel_stays_open_for_the_questions_that_it_was_given(use, clock):
    async def work(channels):
        old, asked = line_of(channels), channels.ask("a", "MX")
        clock.now = LONGEST_S
        new, _ = line_of(channels), channels.ask("b", "MX")
        await asyncio.sleep(0)
        was_closed = old.is_closed
        await answer(asked)
        return was_closed, old.is_closed, new.is_closed

    assert use(work) == (False, True, False)


def test_a_question_without_an_answer_is_given_up_after_a_while_and_its_channel_closed(use, clock):
    async def work(channels):
        old, asked = line_of(channels), channels.ask("a", "MX")
        clock.now = LONGEST_S
        line_of(channels)
        await asyncio.wait([asked])
        for _ in range(5):
            await asyncio.sleep(0)
        return asked.cancelled(), old.is_closed

    assert use(work, timeout_s=0.01) == (True, True)


def test_all_are_closed_at_the_end(use, clock):
    async def work(channels):
        old, _ = line_of(channels), channels.ask("a", "MX")
        clock.now = LONGEST_S
        new = line_of(channels)
        await channels.close()
        return old.is_closed, new.is_closed

    assert use(work) == (True, True)


class Deaf(asyncio.DatagramProtocol):
    """A real server that does not hear the first `lost` questions, and notes from which ports it is asked."""

    def __init__(self, lost=0):
        self.lost = lost
        self.ports = []

    def connection_made(self, transport):
        """Take the socket."""
        self.transport = transport

    def datagram_received(self, question, asker):
        """Answer that there is no such name."""
        self.ports.append(asker[1])
        if len(self.ports) > self.lost:
            self.transport.sendto(
                question[:2] + b"\x81\x83" + question[4:6] + bytes(6) + question[12:], asker
            )


def ask_for_real(server, names, timeout_s=2.0):
    """Ask a server on loopback for names, one after the other, and give what came of each."""

    async def asking():
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: server, ("127.0.0.1", 0))
        channels = Channels([f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"], timeout_s, loop.time)
        try:
            return [await asyncio.gather(channels.ask(name, "MX"), return_exceptions=True) for name in names]
        finally:
            await channels.close()
            transport.close()

    return run(asking())


def test_questions_go_out_by_one_socket_until_the_channel_is_made_anew(monkeypatch):
    monkeypatch.setattr("engine.dns_channels.MOST_QUESTIONS", 5)
    server = Deaf()
    ask_for_real(server, [f"orchard{n}.example" for n in range(10)])
    assert len(set(server.ports[:5])) == 1
    assert len(set(server.ports[5:])) == 1
    assert len(server.ports) == 10
    assert set(server.ports[:5]) != set(server.ports[5:])


def test_a_question_that_was_lost_on_the_way_is_asked_once_more_in_time():
    server = Deaf(lost=1)
    ((answered,),) = ask_for_real(server, ["orchard.example"])
    assert isinstance(answered, aiodns.error.DNSError)
    assert answered.args[0] == aiodns.error.ARES_ENOTFOUND
    assert len(server.ports) == 2


def count_threads():
    """Count this process's threads, those that Python did not start as well."""
    return len(list(Path("/proc/self/task").iterdir()))


def test_a_channel_starts_no_thread_of_its_own():
    before = count_threads()

    async def asking():
        channels = Channels(["127.0.0.1:9"], 0.05, asyncio.get_running_loop().time)
        await asyncio.wait([channels.ask("orchard.example", "MX")])
        count = count_threads()
        await channels.close()
        return count

    assert run(asking()) == before
