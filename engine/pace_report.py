"""How asking is paced at a moment, as frozen values: what a page and /metrics show. No domain is named."""

from enum import StrEnum

from engine.value import value


class BreakerState(StrEnum):
    """A circuit breaker: closed lets everything through, open nothing, half open one session as a probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@value
class LaneReport:
    """How one lane stands: the hosts that one limit is for. Times are Unix seconds.

    `lane` is a provider's name, or the route key of one MX set. `limit` is how many sessions may be open at
    once, `sessions` how many are; `rcpts` were said in the last 60 s, of `rcpts_limit` (None: no limit).
    `openings_limit` is how many sessions may be opened in a minute (None: no limit).
    `until` is when a lane whose breaker is open is asked again, `warned_at` when its hosts last warned us.
    """

    lane: str
    limit: int
    sessions: int = 0
    rcpts: int = 0
    rcpts_limit: int | None = None
    breaker: BreakerState = BreakerState.CLOSED
    until: float | None = None
    warned_at: float | None = None
    openings_limit: int | None = None


@value
class PaceReport:
    """How asking is paced at `taken_at` (Unix seconds): each lane that is remembered, and domains by number.

    `sessions` of `sessions_limit` (GLOBAL_CONCURRENCY) are open. `domains_held` wait for their next session
    (limits of a domain), `domains_open` because they do not answer; `domains_half_open` are being probed.
    """

    taken_at: float = 0.0
    sessions: int = 0
    sessions_limit: int = 0
    lanes: tuple[LaneReport, ...] = ()
    domains_held: int = 0
    domains_open: int = 0
    domains_half_open: int = 0
