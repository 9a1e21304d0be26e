"""Hosts that warn once and ban after that: their limits are found, kept and well used; a fake clock."""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from engine.adaptive import START
from engine.address import Address
from engine.batch import Batch, Convoy, DomainFacts, Recipient
from engine.bearing import Bearing
from engine.pacing import Pacing
from engine.settings import Settings
from engine.verdict import AcceptAll

SEEDS = range(3)
UNDER_WAY_S = 0.2
"""What was under way when the warning was said is not held against us."""


@dataclass
class StrictHost:
    """Bears so many sessions, at once or a minute, and so many RCPTs in any 60 s; else warns, then bans."""

    sessions: int
    rcpts: int
    is_by_minute: bool = False
    open: int = 0
    opened: list[float] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    warned_at: float | None = None
    is_banned: bool = False

    def lets_in(self, now: float) -> bool:
        lately = sum(at > now - 60 for at in self.opened)
        is_over = lately >= self.sessions if self.is_by_minute else self.open >= self.sessions
        if self._refuses(now, is_over=is_over):
            return False
        self.open += 1
        self.opened.append(now)
        return True

    def answers(self, now: float) -> bool:
        if self._refuses(now, is_over=self.rcpts_lately(now) >= self.rcpts):
            return False
        self.said.append(now)
        return True

    def rcpts_lately(self, now: float) -> int:
        return sum(at > now - 60 for at in self.said[-self.rcpts - 1 :])

    def _refuses(self, now: float, *, is_over: bool) -> bool:
        if is_over and self.warned_at is None:
            self.warned_at = now
        if is_over and now > self.warned_at + UNDER_WAY_S:
            self.is_banned = True
        return is_over or self.is_banned


class Client:
    """Asks at one host for ever, domain after domain, as Pacing lets it."""

    def __init__(self, host: StrictHost, seed: int, most_recipients: int = 20) -> None:
        self.random = random.Random(seed)
        self.host = host
        self.now = 1000.0
        self.pacing = Pacing(Settings(session_backoff_ms=0, domain_sessions_per_minute=0), lambda: self.now)
        self.most_recipients = most_recipients
        self.is_pipelined = seed % 2 == 0
        self._numbers = count()
        self._due: list[tuple[float, int, Iterator[float]]] = []

    def run(self, seconds: float) -> None:
        """Ask for so long."""
        ends_at = self.now + seconds
        self._start(self._claims())
        while self._due[0][0] < ends_at:
            self.now, _, work = heapq.heappop(self._due)
            if (pause := next(work, None)) is not None:
                heapq.heappush(self._due, (self.now + pause, next(self._numbers), work))
        self.now, self._due = ends_at, []

    def _start(self, work: Iterator[float]) -> None:
        heapq.heappush(self._due, (self.now, next(self._numbers), work))

    def _claims(self) -> Iterator[float]:
        while True:
            closed = self.pacing.closed()
            for _ in range(min(closed.room.get("key", closed.usual_room), 32)):
                self._start(self._session())
            yield 0.05

    def _batch(self) -> Batch:
        name = f"plum{next(self._numbers)}.example"
        recipients = self.random.randint(1, self.most_recipients)
        facts = DomainFacts(name, route_key="key", accept_all=AcceptAll.NO)
        return Batch(facts, tuple(Recipient(n, Address(f"pear{n}", name)) for n in range(recipients)))

    def _session(self) -> Iterator[float]:
        batch = self._batch()
        outing = self.pacing.begin(Convoy((batch,)))
        yield self._half_trip()
        bearing, answered = Bearing.WARNED, 0
        if self.host.lets_in(self.now):
            yield 0.12
            bearing, answered = yield from self._ask(batch)
            self.host.open -= 1
        yield self._half_trip()
        self.pacing.hear(batch, bearing, answered)
        self.pacing.leave(outing)
        self.pacing.end(batch, is_turned_away=not answered)

    def _ask(self, batch: Batch):
        allow, left, answered = self.pacing.allow(batch), len(batch.recipients), 0
        while left and (granted := allow(left if self.is_pipelined else 1)):
            yield self._half_trip()
            answers = [self.host.answers(self.now) for _ in range(granted)]
            answered += sum(answers)
            left -= granted
            if not all(answers):
                return Bearing.CUT, answered
            yield self._half_trip()
        return (Bearing.EASY if answered else Bearing.ELSE), answered

    def _half_trip(self) -> float:
        return self.random.uniform(0.015, 0.03)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("most_recipients", [3, 20])
@pytest.mark.parametrize(("sessions", "rcpts"), [(5, 60), (3, 60), (8, 70), (30, 60)])
def test_a_host_that_bans_after_one_warning_never_does_and_answers_most_of_what_it_may(
    sessions, rcpts, most_recipients, seed
):
    host = StrictHost(sessions, rcpts)
    client = Client(host, seed, most_recipients)

    client.run(600)
    before = len(host.said)
    client.run(240)
    assert host.warned_at is not None, "it was tried how much the host bears"
    assert not host.is_banned
    assert (len(host.said) - before) / 4 >= 0.6 * rcpts


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("sessions", "rcpts"), [(50, 300), (40, 150)])
def test_a_host_with_much_room_is_used_to_most_of_what_it_bore_before_the_warning(sessions, rcpts, seed):
    host = StrictHost(sessions, rcpts)
    client = Client(host, seed)

    client.run(600)
    before = len(host.said)
    client.run(120)
    assert not host.is_banned
    assert (len(host.said) - before) / 2 >= 0.6 * rcpts


def test_another_lane_is_not_slowed_by_it():
    client = Client(StrictHost(5, 60), seed=1)
    client.run(120)
    assert client.host.warned_at is not None
    closed = client.pacing.closed()
    assert (closed.room.get("another", closed.usual_room), closed.domains) == (START, frozenset())
