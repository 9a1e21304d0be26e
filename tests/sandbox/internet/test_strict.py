"""The strict provider's rules, by a clock that the test turns."""

import pytest

from sandbox.internet import StrictGate, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock) -> StrictGate:
    return StrictGate(clock)


def enter(gate: StrictGate, times: int) -> list[Turn]:
    return [gate.enter() for _ in range(times)]


def test_five_sessions_are_let_in_at_once_and_the_sixth_is_warned(gate):
    assert enter(gate, 6) == [Turn.ADMITTED] * 5 + [Turn.WARNED]
    assert (gate.present, gate.warnings, gate.bans) == (5, 1, 0)


def test_a_session_that_is_over_makes_room_for_another(gate):
    enter(gate, 5)
    gate.leave()

    assert gate.enter() is Turn.ADMITTED
    assert gate.warnings == 0


def test_sixty_rcpts_are_answered_in_any_minute(gate, clock):
    assert [gate.ask() for _ in range(60)] == [Turn.ADMITTED] * 60

    clock.now += 59.9
    assert gate.ask() is Turn.WARNED

    clock.now += 0.1
    assert gate.ask() is Turn.ADMITTED
    assert gate.bans == 0


def test_the_minute_slides(gate, clock):
    for _ in range(2):
        for _ in range(30):
            gate.ask()
        clock.now += 30
    for _ in range(30):
        assert gate.ask() is Turn.ADMITTED

    assert gate.ask() is Turn.WARNED


def test_what_was_under_way_when_the_warning_came_is_warned_and_not_banned(gate, clock):
    enter(gate, 6)
    clock.now += 0.9

    assert enter(gate, 2) == [Turn.WARNED] * 2
    assert (gate.warnings, gate.bans) == (1, 0)


def test_who_is_above_the_limits_after_the_warning_is_banned_for_ten_minutes(gate, clock):
    enter(gate, 6)
    clock.now += 1.1

    assert gate.enter() is Turn.BANNED
    assert gate.ask() is Turn.BANNED
    assert (gate.warnings, gate.bans) == (1, 1)

    for _ in range(5):
        gate.leave()
    clock.now += 599
    assert gate.enter() is Turn.BANNED
    assert gate.refusals == 1
    clock.now += 1
    assert gate.enter() is Turn.ADMITTED


def test_who_keeps_within_the_limits_after_the_warning_is_never_banned(gate, clock):
    enter(gate, 6)
    for _ in range(300):
        clock.now += 2
        gate.leave()
        assert gate.enter() is Turn.ADMITTED
        assert gate.ask() is Turn.ADMITTED

    assert (gate.warnings, gate.bans) == (1, 0)


def test_a_warning_is_forgotten_after_an_hour(gate, clock):
    enter(gate, 6)
    clock.now += 3601

    assert gate.enter() is Turn.WARNED
    assert (gate.warnings, gate.bans) == (2, 0)
