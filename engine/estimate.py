"""How long a list still takes: a range of seconds, and what makes it long, from what is left and the limits.

The end that is estimated is the first moment when nobody is left but those who wait for more than
`LONG_WAIT_S`: a host that does not answer is asked again after hours, and those hours say nothing of when the
rest is done. How many wait so long, and until when, stands beside the range. Where all retries are short, it
is the end of all.

A list takes as long as the slowest of its stretches: all sessions together, the sessions of each domain, and
those at each provider's hosts. At first the limits and the usual cost of a session say how long a stretch
takes; the longer a run lasts, the more its own speed does. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from engine.ahead import LONG_WAIT_S, Ahead, Kind, Later, Return, Stretch
from engine.provider import limited_providers
from engine.settings import Settings

SETUP_S = 1.2
"""What a session usually takes without its recipients: connection, greeting, MAIL, QUIT, the odd time-out."""

RCPT_S = 0.15
"""What one recipient usually takes: a round trip and the host's own look-up."""

SPREAD = 1.4
"""An estimate's middle over its low end, and its high end over the middle: ends 1.96 to 1 apart."""

TRUSTED_SESSIONS = 6
"""After so many sessions of a stretch its own speed counts as much as the usual one."""

IDLE = 2.0
"""So many times longer than its limits explain, and a stretch was not held back by them but idle."""

LIKELY = 0.7
"""So many of something that are expected are taken for one."""

LEAST_S = 0.2
_MINUTE_S = 60.0
_MS = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds sessions. `sessions_at_once` is by lane; a lane that is not named has no limit of its own.

    `share` (0-1) is the list's part of all sessions where several lists run.
    """

    global_concurrency: int
    per_domain_concurrency: int = 1
    domain_sessions_per_minute: int = 0
    domain_rcpts_per_minute: int = 0
    session_backoff_s: float = 0.0
    sessions_at_once: Mapping[str, int] = field(default_factory=dict)
    share: float = 1.0
    delays_s: tuple[float, ...] = ()


def limits_of(settings: Settings, lists: int = 1) -> Limits:
    """Give the limits that are set, and those that providers start with; so many lists run at once."""
    at_once = {each.name: each.sessions_at_once for each in limited_providers() if each.sessions_at_once}
    return Limits(
        settings.global_concurrency,
        settings.per_domain_concurrency,
        settings.domain_sessions_per_minute,
        settings.domain_rcpts_per_minute,
        settings.session_backoff_ms / _MS,
        at_once,
        1 / max(lists, 1),
        settings.greylist_retry_seconds,
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """A stretch that takes long: its addresses and sessions left, and how long it takes alone.

    A domain is asked in `per_minute` sessions a minute, it or a provider in `at_once` at a time (0: any).
    """

    kind: Kind
    name: str
    addresses: int
    sessions: int
    takes_s: float
    per_minute: int = 0
    at_once: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range of seconds until the end, what makes it long (longest first), and who is left out of it."""

    low_s: float
    high_s: float
    causes: tuple[Cause, ...] = ()
    later: Later = field(default_factory=Later)


def estimate(ahead: Ahead, limits: Limits) -> Estimate | None:
    """Estimate how long a list still takes; None where nothing is left but what waits for long."""
    left = [each for each in ahead.stretches if each.addresses]
    if not left and not ahead.returns:
        return None
    pace = min((ahead.pace, *_bounds(ahead, limits)))
    causes = [_cause(each, _left_s(each, ahead.active_s, limits, pace), limits) for each in left]
    work_s = max((each.takes_s for each in causes), default=0.0)
    retries = _retries(ahead, limits, causes, pace)
    middle_s = max(work_s, retries.takes_s, LEAST_S)
    long = sorted((each for each in (*causes, retries) if each.takes_s), key=lambda each: -each.takes_s)
    return Estimate(middle_s / SPREAD, middle_s * SPREAD, tuple(long), ahead.later)


def _bounds(ahead: Ahead, limits: Limits) -> Iterator[float]:
    """Say of each stretch how slow its sessions may be at most, to have gone by in the time so far."""
    for stretch in ahead.stretches:
        usual_s = _usual_s(stretch.done, stretch.done_sessions)
        at_once, rest_s = _at_once(stretch, limits), 0.0
        if stretch.kind is Kind.DOMAIN:
            rest_s = limits.session_backoff_s * max(stretch.done_sessions - at_once, 0)
        if usual_s and ahead.active_s * at_once > rest_s:
            yield (ahead.active_s * at_once - rest_s) / usual_s


def _left_s(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> float:
    """Say how long a stretch still takes: by its limits, and as much longer as it took so far.

    One that took far longer than its limits explain was not held back by them: that says nothing of it.
    """
    model_s = _model_s(stretch, active_s, limits, pace)
    past_s = _past_s(stretch, active_s, limits, pace) if stretch.done_sessions else 0.0
    if not past_s or active_s <= past_s or active_s >= past_s * IDLE:
        return model_s
    trust = stretch.done_sessions / (stretch.done_sessions + TRUSTED_SESSIONS)
    longer: float = (active_s / past_s) ** trust
    return model_s * longer


def _past_s(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> float:
    """Say how long what a stretch has behind it took by its limits; a minute's wait counts as it passes."""
    behind = replace(stretch, addresses=stretch.done, sessions=stretch.done_sessions, done=0, done_sessions=0)
    past_s = _model_s(behind, 0.0, limits, pace)
    if stretch.kind is not Kind.DOMAIN:
        return past_s
    session_s = pace * _usual_s(stretch.done, stretch.done_sessions) / stretch.done_sessions
    return max(past_s, min(active_s, _ends_s(stretch.done_sessions + 1, session_s, limits)))


def _usual_s(addresses: int, sessions: int) -> float:
    return SETUP_S * sessions + RCPT_S * addresses


def _at_once(stretch: Stretch, limits: Limits) -> float:
    """Say how many sessions of a stretch may be open at once."""
    if stretch.kind is Kind.DOMAIN:
        return limits.per_domain_concurrency
    most = max(limits.global_concurrency * limits.share, 1.0)
    if stretch.kind is Kind.PROVIDER:
        return min(most, limits.sessions_at_once.get(stretch.name, most))
    return most


def _model_s(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> float:
    """Say how long a stretch still takes by its limits, where sessions take `pace` times the usual."""
    work_s = pace * _usual_s(stretch.addresses, stretch.sessions)
    if stretch.kind is not Kind.DOMAIN:
        return work_s / min(_at_once(stretch, limits), max(stretch.sessions, 1))
    session_s = work_s / max(stretch.sessions, 1)
    done = stretch.done_sessions
    latest_s, next_s = (_ends_s(number, session_s, limits) for number in (done, done + 1))
    now_s = min(max(active_s, latest_s), next_s - session_s / 2)
    by_sessions = _ends_s(done + stretch.sessions, session_s, limits) - now_s
    per_minute = limits.domain_rcpts_per_minute
    by_rcpts = stretch.addresses * _MINUTE_S / per_minute if per_minute else 0.0
    return max(by_sessions, by_rcpts)


def _ends_s(sessions: int, session_s: float, limits: Limits) -> float:
    """Say when a domain's last session of so many ends, where each begins as soon as it may."""
    if not sessions:
        return 0.0
    before, at_once = sessions - 1, limits.per_domain_concurrency
    step_s = (session_s + limits.session_backoff_s) / at_once
    most = limits.domain_sessions_per_minute
    minute_s = max(most * step_s, _MINUTE_S) if most else 0.0
    begins_s = (
        before // most * minute_s + before % most * step_s if most else before // at_once * step_s * at_once
    )
    return begins_s + session_s


def _retries(ahead: Ahead, limits: Limits, causes: Iterable[Cause], pace: float) -> Cause:
    """Say until when retries take that are waited for: those that are known, and those to be expected.

    Of the domains that are still to be asked for the first time, while the stretches they share go on, some
    put us off as well, and some of these again and again.
    """
    shared = [each for each in causes if each.kind is not Kind.DOMAIN]
    again = ahead.again_share * sum(each.attempts == 1 for each in ahead.returns)
    known_s = max((_return_s(each, limits, pace, again) for each in ahead.returns), default=0.0)
    fresh_s = max((each.takes_s for each in shared), default=0.0)
    expected = ahead.fresh_domains * ahead.put_off_share
    rounds = _short_waits(limits, 0)
    later_s = max(
        _last_s(fresh_s, expected, rounds[:1]),
        _last_s(fresh_s, expected * ahead.again_share, tuple(each + pace * SETUP_S for each in rounds)),
    )
    addresses = sum(each.addresses for each in ahead.returns)
    return Cause(Kind.RETRIES, "", addresses, 0, max(known_s, later_s))


def _last_s(asking_s: float, expected: float, waits: tuple[float, ...]) -> float:
    """Say when the last of so many that are expected, spread over the asking, is back after its waits."""
    if expected < LIKELY or not waits:
        return 0.0
    return (asking_s + sum(waits)) * expected / (expected + 1)


def _return_s(each: Return, limits: Limits, pace: float, again: float) -> float:
    """Say when a domain's addresses that come back are done; `again` are expected to be put off again."""
    session_s = pace * _usual_s(each.addresses, each.sessions) / max(each.sessions, 1)
    once_s = _ends_s(each.sessions, session_s, limits)
    waits = _short_waits(limits, each.attempts) if each.attempts > 1 or again >= LIKELY else ()
    return each.due_s + once_s + sum(waits) + len(waits) * once_s


def _short_waits(limits: Limits, attempts: int) -> tuple[float, ...]:
    """Give the waits after so many attempts, up to the first long one."""
    return tuple(takewhile(lambda each: each <= LONG_WAIT_S, limits.delays_s[attempts:]))


def _cause(stretch: Stretch, takes_s: float, limits: Limits) -> Cause:
    at_once = {
        Kind.DOMAIN: limits.per_domain_concurrency,
        Kind.PROVIDER: limits.sessions_at_once.get(stretch.name, 0),
    }
    return Cause(
        stretch.kind,
        stretch.name,
        stretch.addresses,
        stretch.sessions,
        takes_s,
        limits.domain_sessions_per_minute if stretch.kind is Kind.DOMAIN else 0,
        at_once.get(stretch.kind, 0),
    )
