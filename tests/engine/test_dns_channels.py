import asyncio

import aiodns
import pytest

from engine.dns_answers import LONGEST_S
from engine.dns_channels import MOST_QUESTIONS, Channels


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
    monkeypatch.setattr(aiodns, "DNSResolver", SilentLine)

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
