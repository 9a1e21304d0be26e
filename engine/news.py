"""Whether there may be something new to do: told by who changed something, awaited by who looks for work."""

import asyncio
import contextlib


class News:
    """Told as often as one likes, heard once. Create it inside its loop."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Let who waits look for work now."""
        self._told.set()

    async def wait(self, seconds: float) -> None:
        """Wait for news, but not longer than this."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for can swallow a cancellation on Python 3.11
                await self._told.wait()
        self._told.clear()
