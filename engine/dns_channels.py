"""The channels that DNS questions go out by."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiodns

CACHE_SECONDS = 300.0
MOST_QUESTIONS = 10_000
TRIES = 2


@dataclass(slots=True)
class _Channel:
    """A c-ares channel: how many questions it was given, and how many of them have no answer yet."""

    dns: aiodns.DNSResolver
    made_at: float
    given: int = 0
    open: int = 0


class Channels:
    """The channel that questions go out by, made anew from time to time.

    c-ares itself keeps each answer for up to an hour, 2 KB each, without a bound on their number and with no
    switch for it here; a new channel has forgotten them. An old one is closed after its last answer.
    """

    def __init__(self, servers: Sequence[str], timeout_s: float, clock: Callable[[], float]) -> None:
        self._servers = list(servers) or None
        self._timeout_s = timeout_s
        self._clock = clock
        self._now = self._make()
        self._old: list[_Channel] = []

    def _make(self) -> _Channel:
        dns = aiodns.DNSResolver(nameservers=self._servers, timeout=self._timeout_s / TRIES, tries=TRIES)
        return _Channel(dns, self._clock())

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[aiodns.DNSResolver]:
        """Lend the channel for one question."""
        channel = self._current()
        channel.given += 1
        channel.open += 1
        try:
            yield channel.dns
        finally:
            channel.open -= 1
            await self._close_old()

    def _current(self) -> _Channel:
        is_old = self._clock() >= self._now.made_at + CACHE_SECONDS
        if is_old or self._now.given >= MOST_QUESTIONS:
            self._old.append(self._now)
            self._now = self._make()
        return self._now

    async def _close_old(self) -> None:
        done = [channel for channel in self._old if not channel.open]
        self._old = [channel for channel in self._old if channel.open]
        for channel in done:
            await channel.dns.close()

    async def close(self) -> None:
        """Close them all."""
        for channel in (self._now, *self._old):
            await channel.dns.close()
