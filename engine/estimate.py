"""How long a list still takes: a range of seconds, and what makes it long, from what is left and the limits.

The end that is estimated is the first moment when nobody is left but those who wait for more than
`LONG_WAIT_S`: a host that does not answer is asked again after hours, and those hours say nothing of when the
rest is done. How many wait so long, and until when, stands beside the range. Where all retries are short, it
is the end of all.

A list takes as long as the slowest of its stretches: all sessions together, the sessions of each domain, and
those at each lane's hosts. At first the limits and the usual cost of a session say how long a stretch
takes; the longer a run lasts, the more its own speed does. Pure.
"""

from collections.abc import Iterable
from dataclasses import field

from engine.ahead import LIKELY, Ahead, Kind, Later, Return, Stretch
from engine.duration import FOUND_S, RCPT_S, SETUP_S, Bound, ends_s, left_s, limited_s, slowest_paces
from engine.limits import Limits
from engine.value import value

SPREAD = 1.4
"""An estimate's middle over its low end, and its high end over the middle: ends 1.96 to 1 apart."""

LEAST_S = 0.2


@value
class Cause:
    """A stretch that takes long: its addresses, sessions and domains left, and how long it takes alone.

    Of what its limits allow, that is named which makes it long: `per_minute` sessions or `rcpts_per_minute`
    (0: not these), else sessions, or look-ups, `at_once` (0: any). Of retries, `domains` put somebody off,
    or are expected to.
    """

    kind: Kind
    name: str
    addresses: int
    sessions: int
    takes_s: float
    per_minute: int = 0
    at_once: int = 0
    rcpts_per_minute: int = 0
    domains: int = 0


@value
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
    pace = min((ahead.pace, *slowest_paces(ahead, limits)))
    causes = [_cause(each, ahead.active_s, limits, pace) for each in left]
    retries = _retries(ahead, limits, causes, pace)
    return around(max(each.takes_s for each in (*causes, retries)), (*causes, retries), ahead.later)


def around(middle_s: float, causes: Iterable[Cause], later: Later) -> Estimate:
    """Lay the range around its middle, and order what makes it long."""
    middle_s = max(middle_s, LEAST_S)
    longest_first = sorted((each for each in causes if each.takes_s), key=lambda each: -each.takes_s)
    return Estimate(middle_s / SPREAD, middle_s * SPREAD, tuple(longest_first), later)


def _retries(ahead: Ahead, limits: Limits, causes: Iterable[Cause], pace: float) -> Cause:
    """Say until when retries take that are waited for: those that are known, and those to be expected.

    Of the domains that are still to be asked for the first time, while the stretches they share go on, some
    put us off as well, and some of these again and again.
    """
    shared = [each for each in causes if each.kind is not Kind.DOMAIN]
    again = ahead.again_share * sum(each.domains for each in ahead.returns if not each.is_again)
    known_s = max((_return_s(each, limits, pace, again) for each in ahead.returns), default=0.0)
    fresh_s = max((each.takes_s for each in shared), default=0.0)
    expected = ahead.fresh_domains * ahead.put_off_share
    rounds = limits.short_waits(0)
    later_s = max(
        last_s(fresh_s, expected, sum(rounds[:1]) + FOUND_S * len(rounds[:1])),
        last_s(
            fresh_s, expected * ahead.again_share, sum(each + FOUND_S + pace * SETUP_S for each in rounds)
        ),
    )
    addresses = sum(each.addresses for each in ahead.returns)
    domains = round(sum(each.domains for each in ahead.returns) + expected)
    return Cause(Kind.RETRIES, "", addresses, 0, max(known_s, later_s), domains=domains)


def last_s(asking_s: float, expected: float, wait_s: float) -> float:
    """Say when the last of so many that are expected, spread over the asking, is back after its wait."""
    if expected < LIKELY or not wait_s:
        return 0.0
    return (asking_s + wait_s) * expected / (expected + 1)


def _return_s(each: Return, limits: Limits, pace: float, again: float) -> float:
    """Say when addresses that come back are done; `again` domains are expected to be put off again.

    Those of a domain that were put off again come back session by session, each after its own wait.
    """
    session_s = pace * (SETUP_S + RCPT_S * each.addresses / max(each.domains * each.sessions, 1))
    round_s = ends_s(each.sessions + 1, session_s, limits) - session_s
    once_s = session_s if each.is_again else ends_s(each.sessions, session_s, limits)
    waits = limits.short_waits(each.attempts) if each.is_again or again >= LIKELY else ()
    return each.due_s + FOUND_S + once_s + sum(max(wait + FOUND_S + once_s, round_s) for wait in waits)


def _cause(stretch: Stretch, active_s: float, limits: Limits, pace: float) -> Cause:
    """Say how long a stretch takes, and name the limit of it that is reached last."""
    by_limit = limited_s(stretch, active_s, limits, pace)
    bound = max(by_limit, key=lambda each: by_limit[each])
    most = _allowed(stretch, limits, bound)
    return Cause(
        stretch.kind,
        stretch.name if stretch.kind is Kind.DOMAIN else limits.lane(stretch.name).host or stretch.name,
        stretch.addresses,
        stretch.sessions,
        left_s(stretch, active_s, limits, pace),
        per_minute=most if bound is Bound.SESSIONS else 0,
        at_once=most if bound is Bound.AT_ONCE else 0,
        rcpts_per_minute=most if bound is Bound.RCPTS else 0,
    )


def _allowed(stretch: Stretch, limits: Limits, bound: Bound) -> int:
    """Say how much a limit of a stretch allows; 0 where it has none of its own."""
    if stretch.kind is Kind.DOMAIN:
        of_domain = {
            Bound.AT_ONCE: limits.per_domain_concurrency,
            Bound.SESSIONS: limits.domain_sessions_per_minute,
            Bound.RCPTS: limits.domain_rcpts_per_minute,
        }
        return of_domain[bound]
    if stretch.kind is Kind.NUMBER:
        return round(limits.most_at_once)
    lane = limits.lane(stretch.name)
    rates = {Bound.SESSIONS: lane.sessions, Bound.RCPTS: lane.rcpts}
    rate = rates.get(bound)
    return round(rate.now) if rate else lane.at_once
