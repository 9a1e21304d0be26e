"""Places for sessions: so many may be open at once, and what needs no session keeps no place."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

BESIDE_AT_ONCE = 128
"""Convoys that wait at most for what needs no session, beside those that have one."""
PLACE_S = 30.0
"""How long a convoy may wait for a place after that: its lease lasts a minute longer than is needed."""

T = TypeVar("T")


class Places:
    """Gives out the places of so many sessions at once. Create it inside its loop."""

    def __init__(self, sessions: int) -> None:
        self._sessions = sessions
        self._places = asyncio.Semaphore(sessions)
        self._beside = 0

    def free(self, out: int) -> int:
        """Say how many more convoys may go out; those that need no session leave their places to others."""
        return min(self._sessions - out + self._beside, BESIDE_AT_ONCE - self._beside)

    async def without(self, work: Awaitable[T]) -> T:
        """Do what needs no session: it keeps no place from those that do."""
        self._beside += 1
        try:
            return await work
        finally:
            self._beside -= 1

    async def take(self) -> bool:
        """Wait for a place, but no longer than a lease allows; False where there was none."""
        if not self._places.locked():
            return await self._places.acquire()
        try:
            async with asyncio.timeout(PLACE_S):
                return await self._places.acquire()
        except TimeoutError:
            return False

    def give_back(self) -> None:
        """Let another have the place."""
        self._places.release()
