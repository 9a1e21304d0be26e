"""Domains under way side by side: begun one by one, so that the loop has time for others."""

import asyncio

from engine.batch import DomainFacts
from engine.under_way import Gait, UnderWay

DOMAINS = [DomainFacts(f"plum{number}.sandbox") for number in range(5)]


def test_domains_that_are_due_together_begin_in_turns_of_the_loop_of_their_own():
    turns, begun = 0, []

    async def claim(limit):
        return DOMAINS[:limit]

    async def take(facts):
        begun.append(turns)
        await asyncio.Event().wait()

    async def keep(_done):
        """Nothing ends here."""

    async def count():
        nonlocal turns
        while len(begun) < len(DOMAINS):
            turns += 1
            await asyncio.sleep(0)

    async def run():
        running = asyncio.create_task(UnderWay(claim, take, keep, Gait(lambda: 5, 60, 60, 60)).run())
        await asyncio.wait_for(count(), 10)
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(run())
    assert len(set(begun)) == len(DOMAINS)
