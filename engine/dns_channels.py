"""The channels that DNS questions go out by."""

import asyncio
import sys
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiodns
import pycares

from engine.dns_answers import LONGEST_S

MOST_QUESTIONS = 1_000
"""Questions that go out by one channel, and so from one port, which a forger of answers must guess."""
TRIES = 2
LOOKS_A_TRY = 5
"""How often it is looked, in the time of one try, whether that time is over."""


class LoopChannel(aiodns.DNSResolver):
    """A c-ares channel whose sockets the loop itself reads, and which keeps them between two questions.

    aiodns leaves them to a thread of c-ares where it can; then each answer changes threads twice, which costs
    more than the question.
    """

    def _make_channel(self, **options: Any) -> tuple[bool, pycares.Channel]:
        if sys.platform == "win32":
            return super()._make_channel(**options)
        told = weakref.WeakMethod(self._sock_state_cb)

        def tell(socket: int, readable: bool, writable: bool) -> None:  # noqa: FBT001 - as pycares calls it
            if on_change := told():
                on_change(socket, readable, writable)

        flags = pycares.ARES_FLAG_EDNS | pycares.ARES_FLAG_STAYOPEN
        return False, pycares.Channel(sock_state_cb=tell, timeout=self._timeout, flags=flags, **options)

    def _start_timer(self) -> None:
        assert self._timeout is not None
        self._timer = self.loop.call_later(self._timeout / LOOKS_A_TRY, self._timer_cb)


@dataclass(slots=True)
class _Channel:
    """A c-ares channel: how many questions it was given, and how many of them have no answer yet."""

    dns: LoopChannel
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
        self._loop = asyncio.get_running_loop()
        self._now = self._make()
        self._old: list[_Channel] = []
        self._closing: set[asyncio.Task[None]] = set()

    def _make(self) -> _Channel:
        dns = LoopChannel(nameservers=self._servers, timeout=self._timeout_s / TRIES, tries=TRIES)
        return _Channel(dns, self._clock())

    def ask(self, name: str, kind: str) -> asyncio.Future[pycares.DNSResult]:
        """Send a question; it ends with an answer, a DNSError, or cancelled after `timeout_s`."""
        channel = self._current()
        asked = channel.dns.query_dns(name, kind)
        channel.given += 1
        channel.open += 1
        limit = self._loop.call_later(self._timeout_s, asked.cancel)
        asked.add_done_callback(partial(self._end, channel, limit))
        return asked

    def _end(self, channel: _Channel, limit: asyncio.TimerHandle, _: asyncio.Future[Any]) -> None:
        limit.cancel()
        channel.open -= 1
        if not channel.open and channel is not self._now:
            self._close(channel)

    def _current(self) -> _Channel:
        is_old = self._clock() >= self._now.made_at + LONGEST_S
        if is_old or self._now.given >= MOST_QUESTIONS:
            old, self._now = self._now, self._make()
            self._old.append(old)
            if not old.open:
                self._close(old)
        return self._now

    def _close(self, channel: _Channel) -> None:
        """Close a channel that nothing is awaited from; aiodns has that in a coroutine."""
        self._old.remove(channel)
        closing = self._loop.create_task(channel.dns.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close them all."""
        for channel in (self._now, *self._old):
            await channel.dns.close()
        await asyncio.gather(*self._closing)
