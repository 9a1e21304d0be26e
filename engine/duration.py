"""How long a stretch of a list takes: by its limits at first, by its own speed the longer it runs. Pure."""

from collections.abc import Iterator
from enum import StrEnum

from engine.ahead import Ahead, Kind, Stretch
from engine.limits import Limits
from engine.value import replace

SETUP_S = 1.2
"""What a session usually takes without its recipients: connection, greeting, MAIL, QUIT, the odd time-out."""

RCPT_S = 0.15
"""What one recipient usually takes: a round trip and the host's own look-up."""

TURN_S = 0.3
"""What it usually takes a session to turn to the next domain: RSET, MAIL, its made-up address."""

TRUSTED_SESSIONS = 6
"""After so many sessions of a stretch its own speed counts as much as the usual one."""

FOUND_S = 0.5
"""What it usually takes until somebody who comes back is found: work is looked for every second."""

IDLE = 2.0
"""So many times longer than its limits explain, and a stretch was not held back by them but idle."""

_MINUTE_S = 60.0


class Bound(StrEnum):
    """Which limit makes a stretch take as long as it does."""

    AT_ONCE = "at_once"
    SESSIONS = "sessions"
    RCPTS = "rcpts"


def slowest_paces(ahead: Ahead, limits: Limits) -> Iterator[float]:
    """Say of each stretch how slow its sessions may be at most, to have gone by in the time so far."""
    for stretch in ahead.stretches:
        usual_s = usual_past_s(stretch)
        at_once, rest_s = _past_at_once(stretch, limits), 0.0
        if stretch.kind is Kind.DOMAIN:
            rest_s = limits.session_backoff_s * max(stretch.done_sessions - at_once, 0)
        if usual_s and ahead.active_s * at_once > rest_s:
            yield (ahead.active_s * at_once - rest_s) / usual_s


def left_s(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> float:
    """Say how long a stretch still takes: by its limits, and as much longer as it took so far.

    One that took far longer than its limits explain was not held back by them: that says nothing of it.
    """
    model_s = max(limited_s(stretch, active_s, limits, pace).values())
    past_s = _past_s(stretch, active_s, limits, pace) if stretch.done_sessions else 0.0
    if not past_s or active_s <= past_s or active_s >= past_s * IDLE:
        return model_s
    trust = stretch.done_sessions / (stretch.done_sessions + TRUSTED_SESSIONS)
    longer: float = (active_s / past_s) ** trust
    return model_s * longer


def limited_s(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> dict[Bound, float]:
    """Say how long a stretch still takes by each of its limits; sessions take `pace` times the usual."""
    if stretch.kind is Kind.DOMAIN:
        return _of_domain(stretch, active_s, limits, pace)
    work_s = pace * usual_s(stretch)
    found = {Bound.AT_ONCE: work_s / min(_at_once(stretch, limits), max(stretch.sessions, 1))}
    lane = limits.lane(stretch.name)
    if lane.sessions:
        found[Bound.SESSIONS] = lane.sessions.takes_s(stretch.sessions)
    if lane.rcpts:
        found[Bound.RCPTS] = lane.rcpts.takes_s(stretch.addresses + stretch.made_up)
    return found


def usual_s(stretch: Stretch) -> float:
    """Say how long what is left of a stretch usually takes, in one session after the other."""
    return SETUP_S * stretch.sessions + RCPT_S * stretch.addresses + TURN_S * stretch.turns


def usual_past_s(stretch: Stretch) -> float:
    """Say how long what is done of a stretch usually takes, in one session after the other."""
    return SETUP_S * stretch.done_sessions + RCPT_S * stretch.done + TURN_S * stretch.done_turns


def ends_s(sessions: int, session_s: float, limits: Limits) -> float:
    """Say when a domain's last session of so many ends, where each begins as soon as it may."""
    if not sessions:
        return 0.0
    before, at_once = sessions - 1, limits.per_domain_concurrency
    step_s = _step_s(session_s, limits)
    most = limits.domain_sessions_per_minute
    minute_s = max(most * step_s, _MINUTE_S) if most else 0.0
    begins_s = (
        before // most * minute_s + before % most * step_s if most else before // at_once * step_s * at_once
    )
    return begins_s + session_s


def _step_s(session_s: float, limits: Limits) -> float:
    """Say how long after a session of a domain the next one begins, on the average."""
    return (session_s + limits.session_backoff_s) / limits.per_domain_concurrency


def _done_by(active_s: float, done: int, session_s: float, limits: Limits) -> int:
    """Say how many sessions a domain has had: no more than its minutes so far allowed."""
    most = limits.domain_sessions_per_minute
    minute_s = max(most * _step_s(session_s, limits), _MINUTE_S)
    return min(done, most * (int(active_s / minute_s) + 1)) if most else done


def _last_waits_s(waits: int, limits: Limits) -> float:
    """Say how much longer than its sessions a domain takes since the last who come back wait between them.

    While others are left, their sessions fill these waits.
    """
    lasting = limits.short_waits(0)[-waits:] if waits else ()
    return sum(max(wait + FOUND_S - limits.session_backoff_s, 0.0) for wait in lasting)


def _past_s(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> float:
    """Say how long what a stretch has behind it took by its limits; a minute's wait counts as it passes.

    A lane's limits of a minute hold since its hosts warned us, and say nothing of the time before.
    """
    if stretch.kind is not Kind.DOMAIN:
        at_once = min(_past_at_once(stretch, limits), stretch.done_sessions)
        return pace * usual_past_s(stretch) / at_once
    behind = replace(
        stretch,
        addresses=stretch.done,
        sessions=stretch.done_sessions,
        done=0,
        done_sessions=0,
        waits=0,
    )
    found = limited_s(behind, 0.0, limits, pace)
    session_s = pace * usual_past_s(stretch) / stretch.done_sessions
    return max(*found.values(), min(active_s, ends_s(stretch.done_sessions + 1, session_s, limits)))


def _at_once(stretch: Stretch, limits: Limits) -> float:
    """Say how many sessions of a stretch may be open at once."""
    if stretch.kind is Kind.DOMAIN:
        return limits.per_domain_concurrency
    own = limits.lane(stretch.name).at_once if stretch.kind is Kind.PROVIDER else 0
    return min(limits.most_at_once, own or limits.most_at_once)


def _past_at_once(stretch: Stretch, limits: Limits) -> float:
    """Say how many sessions of a stretch may have been open at once so far."""
    is_taught = stretch.kind is Kind.PROVIDER and limits.lane(stretch.name).is_taught
    return limits.most_at_once if is_taught else _at_once(stretch, limits)


def _of_domain(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> dict[Bound, float]:
    session_s = pace * usual_s(stretch) / max(stretch.sessions, 1)
    done = _done_by(active_s, stretch.done_sessions, session_s, limits)
    latest_s, next_s = (ends_s(number, session_s, limits) for number in (done, done + 1))
    overdue_s = next_s - _step_s(session_s, limits) / 2
    now_s = min(max(active_s, latest_s), max(overdue_s, latest_s))
    takes_s = ends_s(done + stretch.sessions, session_s, limits) - now_s
    takes_s += _last_waits_s(stretch.waits, limits)
    found = {Bound.SESSIONS if limits.domain_sessions_per_minute else Bound.AT_ONCE: takes_s}
    if limits.domain_rcpts_per_minute:
        found[Bound.RCPTS] = stretch.addresses * _MINUTE_S / limits.domain_rcpts_per_minute
    return found
