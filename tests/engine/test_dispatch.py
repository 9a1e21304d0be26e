import asyncio

from engine.memory_queue import MemoryQueue
from sandbox import Domain


class Withholding(MemoryQueue):
    """A queue in which nothing is stored until `stores` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.stores = asyncio.Event()

    async def settle(self, outcomes):
        await self.stores.wait()
        await super().settle(outcomes)


def test_a_session_does_not_wait_until_its_results_are_stored(serve, work, until, users, fill):
    domains = [Domain(f"plum{n}.sandbox", users=users(2)) for n in range(3)]
    sandbox, settings = serve(*domains, global_concurrency=1)
    queue = Withholding()
    fill(queue, sandbox)

    async def job(_worker):
        await until(lambda: sandbox.counters().rcpts == 9)
        assert not queue.findings
        queue.stores.set()
        await until(lambda: not queue.waiting())

    work(queue, settings, job)
