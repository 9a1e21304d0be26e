"""What bounds the sessions of a list: settings, what providers start with, what hosts taught us. Pure."""

from collections.abc import Mapping
from dataclasses import field
from itertools import takewhile

from engine.adaptive import Growth
from engine.ahead import LONG_WAIT_S
from engine.provider import limited_providers
from engine.settings import Settings
from engine.value import replace, value

_MS = 1000


@value
class LaneLimits:
    """What one lane bears: sessions at once (0: any), and sessions and RCPTs a minute (None: any).

    `host` names its first mail host, `""` where the lane has a provider's name. What `is_taught` was
    learned in the run, and says nothing of how it went before.
    """

    at_once: int = 0
    sessions: Growth | None = None
    rcpts: Growth | None = None
    host: str = ""
    is_taught: bool = False

    def tightened(self, taught: "LaneLimits") -> "LaneLimits":
        """Give what hosts taught us (`taught`), and never more sessions at once than was known before."""
        at_once = min(filter(None, (self.at_once, taught.at_once)), default=0)
        return replace(taught, at_once=at_once, is_taught=True)


ANY = LaneLimits()


@value
class Limits:
    """What bounds sessions. A lane that `lanes` does not name has no limit of its own.

    `share` (0-1) is the list's part of all sessions where several lists run.
    """

    global_concurrency: int
    per_domain_concurrency: int = 1
    domain_sessions_per_minute: int = 0
    domain_rcpts_per_minute: int = 0
    session_backoff_s: float = 0.0
    lanes: Mapping[str, LaneLimits] = field(default_factory=dict)
    share: float = 1.0
    delays_s: tuple[float, ...] = ()

    def lane(self, name: str) -> LaneLimits:
        """Give the limits of a lane."""
        return self.lanes.get(name, ANY)

    def short_waits(self, attempts: int) -> tuple[float, ...]:
        """Give the waits (seconds) after so many attempts, up to the first long one."""
        return tuple(takewhile(lambda each: each <= LONG_WAIT_S, self.delays_s[attempts:]))

    @property
    def most_at_once(self) -> float:
        """How many of all sessions are the list's, one at the least."""
        return max(self.global_concurrency * self.share, 1.0)


def limits_of(settings: Settings, lists: int = 1, taught: Mapping[str, LaneLimits] | None = None) -> Limits:
    """Give the limits that are set, and those of lanes; `lists` run at once."""
    lanes = {each.name: LaneLimits(each.sessions_at_once or 0) for each in limited_providers()}
    for name, learned in (taught or {}).items():
        lanes[name] = lanes.get(name, ANY).tightened(learned)
    return Limits(
        settings.global_concurrency,
        settings.per_domain_concurrency,
        settings.domain_sessions_per_minute,
        settings.domain_rcpts_per_minute,
        settings.session_backoff_ms / _MS,
        lanes,
        1 / max(lists, 1),
        settings.greylist_retry_seconds,
    )
