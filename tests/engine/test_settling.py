import asyncio

from engine.memory_queue import MemoryQueue
from sandbox import Domain


class StoresOnce(MemoryQueue):
    """A queue that lets only what it is given first be stored, until `stores` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.stores = asyncio.Event()
        self.is_first = True

    async def settle(self, outcomes):
        if not self.is_first:
            await self.stores.wait()
        self.is_first = False
        await super().settle(outcomes)


def test_the_next_session_of_a_domain_does_not_wait_until_a_session_is_stored_that_taught_nothing(
    serve, work, until, users, fill
):
    sandbox, settings = serve(Domain("plum.sandbox", users=users(20)), rcpts_per_session=5)
    queue = StoresOnce()
    fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: sandbox.counters().rcpts == 21)
        assert len(queue.findings) == 5
        assert max(sandbox.counters().sessions_at_once.values()) == 1
        queue.stores.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
