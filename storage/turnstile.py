"""Lets those who write through one by one, in the order they came."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident

from engine.work_queue import StoreFails

TOO_LONG = "The database cannot be used just now: others have been writing for too long"


class Turnstile:
    """One thread goes through at a time, and who comes again stands behind all who wait.

    Without it, a list that is started chunk by chunk would begin its next write before anybody who waits
    has noticed that the last one is over, and the engine could not write for as long as that takes.
    """

    def __init__(self, longest_wait_s: float) -> None:
        self._longest_wait_s = longest_wait_s
        self._guard = Lock()
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
        self._wait(place)

    def _wait(self, place: "_Place") -> None:
        is_called = False
        try:
            is_called = place.called.wait(self._longest_wait_s)
        finally:
            if not is_called:
                self._give_up(place)
        if not is_called:
            raise StoreFails(TOO_LONG)

    def _give_up(self, place: "_Place") -> None:
        """Keep no place, nor a turn that came at that very moment: be it after too long, or interrupted."""
        with self._guard:
            if place in self._waiting:
                self._waiting.remove(place)
                return
        self._leave()

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
        self.thread = get_ident()
        self.called = Event()
