"""How a list gets on, in words: its headline, its pace, the time it may still take, what it waits for."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from engine.estimate import Estimate
from engine.verdict import Status
from pages.parts.clock import due, when
from pages.parts.counting import count, several
from pages.parts.reasons import REASONS
from pages.parts.time_left import time_left
from pages.parts.words import STATES
from storage.deferred import Deferred
from storage.summaries import Standing, Summary
from storage.uploads import UploadState

WINDOW_S = 30.0
"""How far back the pace is measured, in seconds."""

LEAST_S = 3.0
"""A shorter look says nothing of the pace."""

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Sample:
    """How many entries of a list were settled at a time (Unix seconds)."""

    at: float
    settled: int


def with_sample(samples: Sequence[Sample], newest: Sample) -> tuple[Sample, ...]:
    """Add a sample, and keep those of the last half minute together with one just older."""
    inside = [sample for sample in samples if sample.at > newest.at - WINDOW_S]
    older = [sample for sample in samples if sample.at <= newest.at - WINDOW_S]
    return (*older[-1:], *inside, newest)


def pace(samples: Sequence[Sample]) -> float | None:
    """Give the entries settled per second between first and last sample; None where they are too near."""
    if not samples or samples[-1].at - samples[0].at < LEAST_S:
        return None
    return (samples[-1].settled - samples[0].settled) / (samples[-1].at - samples[0].at)


def headline(standing: Standing) -> str:
    """Say the one thing about a list that its owner wants to know."""
    valid = standing.statuses[Status.VALID]
    if standing.state in _BEFORE:
        return _BEFORE[standing.state]
    if not standing.addresses:
        return "This list holds no addresses"
    if not standing.checked or standing.state is UploadState.READY:
        return f"{_addresses(standing.addresses)}, not asked about yet"
    so_far = " checked so far" if standing.waiting else ""
    if standing.is_dns_only and not valid:
        lost = standing.address_statuses[Status.INVALID]
        return f"{count(lost)} of {_addresses(standing.checked)}{so_far} cannot arrive"
    are = "is" if 1 in (valid, standing.checked) else "are"
    return f"{count(valid)} of {_addresses(standing.checked)}{so_far} {are} safe to send"


_BEFORE = {
    UploadState.READING: "The list is still being read",
    UploadState.INTERRUPTED: "Reading the file was interrupted",
}


def progress_line(summary: Summary, samples: Sequence[Sample], said: Estimate | None = None) -> str:
    """Say how far a list is; while it runs, also how fast it goes and how long it may take."""
    standing = summary.standing
    parts = [f"{count(standing.checked)} of {_addresses(standing.addresses)} checked"]
    if standing.state is not UploadState.RUNNING:
        return " · ".join([*parts, STATES[standing.state].lower()])
    now = standing.waiting - sum(each.count for each in summary.deferred)
    return " · ".join([*parts, *_pace_parts(now, pace(samples)), *([time_left(said)] if said else [])])


def _pace_parts(now: int, per_second: float | None) -> list[str]:
    """Say how fast those entries go that can be asked about now."""
    if now <= 0:
        return ["the others come back later"]
    if per_second is None:
        return []
    return [_rate(per_second) if per_second > 0 else "no answers in the last half minute"]


def _rate(per_second: float) -> str:
    if per_second >= 1:
        return f"{count(round(per_second))} a second"
    return f"{max(1, round(per_second * _MINUTE_S))} a minute"


def left_out(said: Estimate, now: float | None = None) -> str:
    """Say who is left out of an estimate, and when they are asked again; `""` where nobody is."""
    later = said.later
    if not later.addresses:
        return ""
    now = time.time() if now is None else now
    first, last = when(now + later.first_s, now), when(now + later.last_s, now)
    times = first if first == last else f"the first {first}, the last {last}"
    return f"Not counted in: {_addresses(later.addresses)} put off for long, asked again {times}."


def waiting_headline(standing: Standing, deferred: Sequence[Deferred], now: float | None = None) -> str:
    """Say how many addresses were put off, and when the first is asked again; nothing where none was."""
    if not deferred:
        return ""
    waiting = _addresses(sum(each.count for each in deferred))
    if standing.state is not UploadState.RUNNING:
        return (
            f"Put off: {waiting}. Nothing is asked until you {_RESTART.get(standing.state, 'start')} the list"
        )
    first = due(min(each.first_at for each in deferred), now)
    is_one = sum(each.count for each in deferred) == 1
    return f"{waiting} will be asked again{'' if is_one else ', the first'} {first}"


_RESTART = {UploadState.PAUSED: "resume"}


def waiting_lines(standing: Standing, deferred: Sequence[Deferred], now: float | None = None) -> list[str]:
    """Say of what was put off how much and why, and when it is asked again: one line for each reason."""
    now = time.time() if now is None else now
    return [_waiting_line(standing, each, now) for each in deferred]


def _waiting_line(standing: Standing, each: Deferred, now: float) -> str:
    if standing.state is UploadState.RUNNING:
        return put_off_line(each, now)
    reason = REASONS[each.why]
    return f"**{reason.name}**: {_addresses(each.count)}. {reason.advice}"


def put_off_line(each: Deferred, now: float | None = None) -> str:
    """Say of addresses put off for one reason how many and why, and when they are asked again."""
    now = time.time() if now is None else now
    reason = REASONS[each.why]
    first, last = due(each.first_at, now), due(each.last_at, now)
    times = first if first == last else f"the first {first}, the last {last}"
    return f"**{reason.name}**: {_addresses(each.count)}, {times}. {reason.advice}"


def _addresses(number: int) -> str:
    return several(number, "address", "addresses")
