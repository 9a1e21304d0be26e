import asyncio

import pytest

from engine.places import BESIDE_AT_ONCE, Places


def test_who_needs_no_session_leaves_its_place_to_others():
    async def use():
        places = Places(2)
        over = asyncio.Event()
        beside = asyncio.create_task(places.without(over.wait()))
        await asyncio.sleep(0)
        while_beside = places.free(out=2)
        over.set()
        await beside
        return while_beside, places.free(out=2)

    assert asyncio.run(use()) == (1, 0)


def test_no_more_than_so_many_wait_beside():
    async def use():
        places = Places(1000)
        over = asyncio.Event()
        waiting = [asyncio.create_task(places.without(over.wait())) for _ in range(BESIDE_AT_ONCE)]
        await asyncio.sleep(0)
        free = places.free(out=BESIDE_AT_ONCE)
        over.set()
        await asyncio.gather(*waiting)
        return free

    assert asyncio.run(use()) == 0


@pytest.mark.parametrize("is_given_back", [True, False])
def test_a_place_is_had_when_another_gives_it_back(monkeypatch, is_given_back):
    monkeypatch.setattr("engine.places.PLACE_S", 5.0 if is_given_back else 0.01)

    async def use():
        places = Places(1)
        assert await places.take()
        waiting = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        if is_given_back:
            places.give_back()
        return await waiting

    assert asyncio.run(use()) is is_given_back
