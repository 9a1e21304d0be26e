"""Lets those who write through one by one, in the order they came."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from engine.work_queue import StoreFails

TOO_LONG = "The database cannot be used just now: others have been writing for too long"


class Turnstile:
    """One thread goes through at a time, and who comes again stands behind all who wait.

    Without it, a list that is started chunk by chunk would begin its next write before anybody who waits
    has noticed that the last one is over, and the engine could not write for as long as that takes.
    """

    def __init__(self, longest_wait_s: float) -> None:
        self._longest_wait_s = longest_wait_s
        self._guard = threading.Lock()
        self._within: int | None = None
        self._waiting: deque[_Place] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Wait for one's turn, and keep it. Raises StoreFails where that takes too long."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        place = _Place()
        with self._guard:
            if self._within == place.thread:
                raise RuntimeError("a write inside a write would wait for itself")
            if self._within is None:
                self._within = place.thread
                return
            self._waiting.append(place)
        if not place.called.wait(self._longest_wait_s):
            self._give_up(place)

    def _give_up(self, place: "_Place") -> None:
        """Stop waiting, unless one's turn came at that very moment."""
        with self._guard:
            if place.called.is_set():
                return
            self._waiting.remove(place)
        raise StoreFails(TOO_LONG)

    def _leave(self) -> None:
        with self._guard:
            if not self._waiting:
                self._within = None
                return
            following = self._waiting.popleft()
            self._within = following.thread
            following.called.set()


class _Place:
    """A place among those who wait: whose it is, and whether his turn has come."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.called = threading.Event()
