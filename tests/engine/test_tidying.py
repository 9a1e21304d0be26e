import asyncio
import contextlib
import gc
import weakref

import pytest

from engine.tidying import SEVERAL, tidy


class Circle:
    """Something that only a collection of garbage ends."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def old_circle():
    """Give a weak reference to a circle that nobody holds, and that has outlived a round."""
    before = gc.get_threshold()
    gc.collect()
    circle = Circle()
    gc.collect(0)
    gc.set_threshold(before[0], 1_000_000, 1_000_000)
    reference = weakref.ref(circle)
    del circle
    while gc.get_count()[1] < SEVERAL:
        gc.collect(0)
    yield reference
    gc.set_threshold(*before)


async def run_for_a_while(reference, is_busy, at_latest_s, looks):
    looked = 0

    def busy():
        nonlocal looked
        looked += 1
        return is_busy

    tidying = asyncio.create_task(tidy(busy, 0.001, at_latest_s))
    async with asyncio.timeout(10):
        while reference() is not None and looked < looks:  # noqa: ASYNC110 - a collection tells nobody
            await asyncio.sleep(0.001)
    tidying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await tidying
    return looked


def test_garbage_is_collected_while_nothing_is_under_way(old_circle):
    asyncio.run(run_for_a_while(old_circle, is_busy=False, at_latest_s=60, looks=5))
    assert old_circle() is None


def test_no_garbage_is_collected_in_the_middle_of_work(old_circle):
    assert asyncio.run(run_for_a_while(old_circle, is_busy=True, at_latest_s=60, looks=5)) == 5
    assert old_circle() is not None


def test_once_an_hour_it_is_collected_in_any_case(old_circle):
    asyncio.run(run_for_a_while(old_circle, is_busy=True, at_latest_s=0, looks=10_000))
    assert old_circle() is None
