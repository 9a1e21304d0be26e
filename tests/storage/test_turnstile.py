"""That writers go one after the other in the order they came, and that nobody waits for ever."""

import threading
import time
from collections.abc import Callable
from typing import ClassVar

import pytest

from engine.work_queue import StoreFails
from storage.turnstile import Turnstile


@pytest.fixture
def turnstile():
    return Turnstile(longest_wait_s=20.0)


def _wait_until(is_so):
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def _waiter(turnstile, name, order):
    def go_through():
        with turnstile.passed():
            order.append(name)

    thread = threading.Thread(target=go_through)
    before = turnstile.waiting
    thread.start()
    _wait_until(lambda: turnstile.waiting == before + 1)
    return thread


def test_all_go_through_in_the_order_they_came(turnstile):
    order = []
    with turnstile.passed():
        threads = [_waiter(turnstile, name, order) for name in ("apple", "pear", "plum")]
        assert order == []
    for thread in threads:
        thread.join(20)
    assert order == ["apple", "pear", "plum"]


def test_who_comes_again_at_once_does_not_overtake_who_waits(turnstile):
    order = []
    with turnstile.passed():
        thread = _waiter(turnstile, "pear", order)
    with turnstile.passed():
        order.append("apple again")
    thread.join(20)
    assert order == ["pear", "apple again"]


def test_who_waits_too_long_is_told_and_keeps_no_place():
    turnstile = Turnstile(longest_wait_s=0.01)
    told = []

    def try_once():
        try:
            with turnstile.passed():
                told.append("through")
        except StoreFails as error:
            told.append(str(error))

    with turnstile.passed():
        thread = threading.Thread(target=try_once)
        thread.start()
        thread.join(20)
    assert told == ["The database cannot be used just now: others have been writing for too long"]
    assert turnstile.waiting == 0
    with turnstile.passed():
        pass


class Interrupting(threading.Event):
    """Is interrupted, as the main thread is by Ctrl-C; at that moment its turn may have come."""

    before: ClassVar[list[Callable[[], None]]] = []

    def wait(self, _timeout=None):
        for step in self.before:
            step()
        raise KeyboardInterrupt


@pytest.mark.parametrize("has_turn", [False, True])
def test_who_is_interrupted_while_he_waits_keeps_nobody_out(turnstile, monkeypatch, has_turn):
    monkeypatch.setattr("storage.turnstile.Event", Interrupting)
    monkeypatch.setattr(Interrupting, "before", [])
    within, over = threading.Event(), threading.Event()

    def write():
        with turnstile.passed():
            within.set()
            over.wait(20)

    other = threading.Thread(target=write)
    other.start()
    within.wait(20)
    if has_turn:
        Interrupting.before.extend((over.set, other.join))
    with pytest.raises(KeyboardInterrupt), turnstile.passed():
        pass
    over.set()
    other.join(20)
    assert turnstile.waiting == 0
    with turnstile.passed():
        pass


def test_a_write_inside_a_write_is_a_fault_and_not_a_wait(turnstile):
    with turnstile.passed(), pytest.raises(RuntimeError, match="inside a write"), turnstile.passed():
        pass


def test_a_write_that_breaks_off_lets_the_next_one_through(turnstile):
    order = []
    threads = []

    def break_off():
        with turnstile.passed():
            threads.append(_waiter(turnstile, "pear", order))
            raise ValueError("plum")

    with pytest.raises(ValueError, match="plum"):
        break_off()
    threads[0].join(20)
    assert order == ["pear"]
