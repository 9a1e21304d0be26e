"""How the mail hosts that share a limit stand, said to a person: one row for each such group."""

import time
from dataclasses import dataclass
from enum import StrEnum

from engine.pace_report import BreakerState, LaneReport
from engine.provider import provider_named
from engine.snapshot import Snapshot
from pages.parts.clock import due
from pages.parts.counting import count, several
from pages.parts.frame import plain

RECENT_S = 600.0
"""How long a host's wish to be asked less is spoken of."""


class Mood(StrEnum):
    """How a group of hosts stands with us, as a person would say it."""

    LET_ALONE = "let_alone"
    ON_TRIAL = "on_trial"
    SLOWED = "slowed"
    FULL = "full"
    ASKED = "asked"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Badge:
    """How a mood looks: never by its colour alone."""

    icon: str
    colour: str
    word: str


BADGES = {
    Mood.LET_ALONE: Badge(":material/front_hand:", "red", "Let alone"),
    Mood.ON_TRIAL: Badge(":material/help:", "orange", "On trial"),
    Mood.SLOWED: Badge(":material/speed:", "orange", "Slowed down"),
    Mood.FULL: Badge(":material/check:", "green", "In full use"),
    Mood.ASKED: Badge(":material/sync:", "blue", "Being asked"),
    Mood.RESTING: Badge(":material/schedule:", "gray", "Resting"),
}


def mood_of(lane: LaneReport, now: float) -> Mood:
    """Tell how a group of hosts stands with us (`now` in Unix seconds)."""
    if lane.breaker is not BreakerState.CLOSED:
        return Mood.LET_ALONE if lane.breaker is BreakerState.OPEN else Mood.ON_TRIAL
    if lane.warned_at is not None and now - lane.warned_at < RECENT_S:
        return Mood.SLOWED
    if not lane.sessions:
        return Mood.RESTING
    return Mood.FULL if lane.sessions >= lane.limit else Mood.ASKED


def lane_rows(snapshot: Snapshot, now: float | None = None) -> list[dict[str, str]]:
    """Write the groups of hosts as rows of Markdown: who and how, sessions, addresses in the last minute."""
    now = time.time() if now is None else now
    limit = snapshot.pace.sessions_limit
    return [_row(lane, _name(lane, snapshot), limit, now) for lane in snapshot.pace.lanes]


def _row(lane: LaneReport, name: str, sessions_limit: int, now: float) -> dict[str, str]:
    badge = BADGES[mood_of(lane, now)]
    is_limited = lane.limit < sessions_limit
    head = f"**{name}** :{badge.colour}-badge[{badge.icon} {badge.word}]"
    return {
        "Mail hosts": "  \n".join(filter(None, (head, say_lane(lane, now, is_limited=is_limited)))),
        "Sessions": of(lane.sessions, lane.limit if is_limited else None),
        "Asked in the last minute": of(lane.rcpts, lane.rcpts_limit),
    }


def say_lane(lane: LaneReport, now: float, *, is_limited: bool = True) -> str:
    """Say why a group of hosts is asked as it is; nothing where its sessions and their limit say it all.

    `is_limited` where it has a limit of its own.
    """
    mood = mood_of(lane, now)
    if mood is Mood.LET_ALONE:
        again = "we try again soon" if lane.until is None else f"we try again {due(lane.until, now)}"
        return f"Turned us away or stayed silent too often, so nobody there is asked; {again}."
    if mood is Mood.ON_TRIAL:
        return "One session finds out whether it takes us again; all others wait for that."
    if mood is Mood.SLOWED:
        return "Wanted fewer questions, so we ask less, and more again when it stays content."
    return "" if is_limited else "Has set us no limit so far."


def of(number: int, limit: int | None) -> str:
    """Say how much of a limit is in use: "3 of 5"; None for no limit."""
    return count(number) if limit is None else f"{count(number)} of {count(limit)}"


def _name(lane: LaneReport, snapshot: Snapshot) -> str:
    """Name a group of hosts: by the provider, or else by the first of the hosts."""
    if lane.lane in snapshot.mx_hosts:
        return plain(snapshot.mx_hosts[lane.lane])
    provider = provider_named(lane.lane)
    return plain(provider.display) if provider.name == lane.lane else "Hosts of one organisation"


def more_lanes(below: int, left_out: int) -> str:
    """Say how many groups of hosts there are besides the first; nothing where there are none."""
    if below <= 0:
        return ""
    others = f"; {several(left_out, 'other is', 'others are')} not shown" if left_out else ""
    return f"More mail hosts ({count(below)}{others})"
