import threading

import pytest

from engine.address import Address
from engine.memory_queue import MemoryQueue
from engine.thread import EngineThread
from sandbox import Domain, OwnHost, Silent
from sandbox.behaviour import User

PLUM = Domain("plum.sandbox", users={"fig": User.EXISTING})


@pytest.fixture
def engine_of():
    """Start an engine over a queue, and stop it at the end."""
    started = []

    def start(open_queue, settings):
        engine = EngineThread(open_queue, settings)
        started.append(engine)
        engine.start()
        return engine

    yield start
    for engine in started:
        engine.stop()
        assert not engine.is_alive


def test_the_engine_works_in_a_thread_of_its_own_and_makes_its_queue_there(serve, engine_of, eventually):
    _, settings = serve(PLUM)
    made_in = []
    queue = MemoryQueue()
    queue.add(Address("fig", "plum.sandbox"))

    def open_queue():
        made_in.append(threading.current_thread())
        return queue

    engine = engine_of(open_queue, settings)
    eventually(lambda: len(queue.findings) == 1)
    assert engine.is_alive
    assert made_in[0] is not threading.current_thread()


def test_a_wake_makes_it_look_at_once(serve, engine_of, eventually):
    _, settings = serve(PLUM)
    queue = MemoryQueue()
    engine = engine_of(lambda: queue, settings)

    queue.add(Address("fig", "plum.sandbox"))
    engine.wake()
    eventually(lambda: len(queue.findings) == 1)


def test_stopping_ends_the_thread_with_sessions_in_hand(serve, engine_of, eventually):
    sandbox, settings = serve(
        Domain("plum.sandbox", users={"fig": User.EXISTING}, delivery=OwnHost(Silent()))
    )
    queue = MemoryQueue()
    queue.add(Address("fig", "plum.sandbox"))
    engine = engine_of(lambda: queue, settings.model_copy(update={"smtp_op_timeout_ms": 500}))
    eventually(lambda: bool(sandbox.counters().connections_by_host))

    engine.stop()
    assert not engine.is_alive


def test_stopping_twice_waking_the_stopped_and_stopping_the_unstarted_do_no_harm(serve, engine_of):
    _, settings = serve(PLUM)
    EngineThread(MemoryQueue, settings).stop()
    engine = engine_of(MemoryQueue, settings)

    engine.stop()
    engine.wake()
    engine.stop()
    assert not engine.is_alive


class Broken(MemoryQueue):
    """A queue with a fault nobody expects."""

    async def claim(self, *_asked):
        raise RuntimeError("a fault nobody expects")


class Unopened(Exception):
    """The queue could not be opened."""


def _fail_to_open():
    raise Unopened


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("open_queue", [Broken, _fail_to_open])
def test_after_an_unexpected_error_the_engine_is_seen_to_be_dead(serve, engine_of, eventually, open_queue):
    _, settings = serve(PLUM)
    engine = engine_of(open_queue, settings)

    eventually(lambda: not engine.is_alive)
    engine.wake()
