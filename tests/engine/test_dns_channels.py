import asyncio

import pytest

from engine.dns_channels import CACHE_SECONDS, MOST_QUESTIONS, Channels


@pytest.fixture
def borrow(clock):
    """Run a function of channels, which ask nobody, and close them."""

    def run(work):
        async def use():
            channels = Channels(["127.0.0.1:9"], 1.0, clock)
            try:
                return await work(channels)
            finally:
                await channels.close()

        return asyncio.run(use())

    return run


async def lent(channels: Channels):
    async with channels.borrowed() as dns:
        return dns


def test_questions_share_a_channel(borrow):
    async def work(channels):
        return [await lent(channels) for _ in range(3)]

    assert len(set(map(id, borrow(work)))) == 1


def test_a_channel_is_made_anew_after_some_minutes(borrow, clock):
    async def work(channels):
        first = await lent(channels)
        clock.now = CACHE_SECONDS
        return first, await lent(channels), await lent(channels)

    first, second, third = borrow(work)
    assert first is not second is third


def test_a_channel_is_made_anew_after_many_questions(borrow):
    async def work(channels):
        first = [await lent(channels) for _ in range(MOST_QUESTIONS)][-1]
        return first, await lent(channels)

    first, second = borrow(work)
    assert first is not second
    assert first._closed


def test_an_old_channel_stays_open_for_the_questions_that_it_was_given(borrow, clock):
    async def work(channels):
        async with channels.borrowed() as old:
            clock.now = CACHE_SECONDS
            new = await lent(channels)
            was_closed = old._closed
        return new is old, was_closed, old._closed, new._closed

    assert borrow(work) == (False, False, True, False)


def test_all_are_closed_at_the_end(borrow, clock):
    async def work(channels):
        async with channels.borrowed() as old:
            clock.now = CACHE_SECONDS
            new = await lent(channels)
            await channels.close()
            return old._closed, new._closed

    assert borrow(work) == (True, True)
