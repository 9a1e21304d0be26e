import asyncio
import time

from engine.loop_lag import LoopLag

BLOCKED_S = 0.3


def test_a_loop_that_stood_still_is_late_and_that_is_remembered(until):
    told: list[float] = []

    async def use() -> float:
        lag = LoopLag(told.append)
        running = asyncio.create_task(lag.run())
        await until(lambda: told)
        time.sleep(BLOCKED_S)  # noqa: ASYNC251 - that is the fault to be seen
        await until(lambda: max(told) >= BLOCKED_S / 2)
        seen = len(told)
        await until(lambda: len(told) > seen)
        running.cancel()
        return lag.worst_s

    assert asyncio.run(use()) == max(told)


def test_before_the_first_look_nothing_is_late():
    assert LoopLag(lambda _: None).worst_s == 0.0
