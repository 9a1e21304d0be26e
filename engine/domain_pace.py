"""How one domain's sessions are kept few and apart: at once, in a minute, and after the last."""

import random
from dataclasses import dataclass, field

from engine.settings import Settings
from engine.window import MINUTE_S, Window

PATIENCE = 6
"""How often in a row a domain may turn us away before that counts as an attempt."""

GRUDGE_S = 3600.0
"""How long it is remembered that a domain turned us away."""


@dataclass(slots=True)
class DomainPace:
    """What pacing remembers of a domain: its sessions, and how often in a row it turned us away.

    `is_alone` while its accept-all question is open, or it waits as a whole: then one batch is out at a time.
    So the question is asked once, and a round is one session.
    """

    out: int = 0
    is_alone: bool = False
    sessions: Window = field(default_factory=Window)
    rcpts: Window = field(default_factory=Window)
    opens_at: float = 0.0
    turned_away: int = 0

    def begin(self, now: float, recipients: int, *, is_alone: bool) -> None:
        """Note that a batch goes out."""
        self.out += 1
        self.is_alone = is_alone
        self.sessions.add(now)
        self.rcpts.add(now, recipients)

    def end(self, now: float, settings: Settings, *, is_turned_away: bool, has_asked: bool) -> None:
        """Note that a batch came back; one that asked nobody was no session."""
        self.out -= 1
        if not has_asked:
            self.sessions.take_back()
            self.rcpts.take_back()
            return
        self.turned_away = min(self.turned_away + 1, PATIENCE) if is_turned_away else 0
        self.opens_at = now + _backoff_s(settings, self.turned_away)

    def next_at(self, now: float, settings: Settings) -> float:
        """Say when its next batch may go out: `now`, later, or never (inf) while those that are out last."""
        if self.out >= (1 if self.is_alone else settings.per_domain_concurrency):
            return float("inf")
        sessions_at = _falls_below(self.sessions, settings.domain_sessions_per_minute, now)
        rcpts_at = _falls_below(self.rcpts, settings.domain_rcpts_per_minute, now)
        return max(now, self.opens_at, sessions_at, rcpts_at)

    @property
    def rests_at(self) -> float:
        """When nothing of it is worth remembering; never while a batch is out."""
        if self.out:
            return float("inf")
        remembered_s = GRUDGE_S if self.turned_away else 0.0
        return max(self.opens_at + remembered_s, self.sessions.latest + MINUTE_S)


def _falls_below(window: Window, limit: int, now: float) -> float:
    return window.falls_to(limit - 1, now) if limit else now


def _backoff_s(settings: Settings, turned_away: int) -> float:
    base = settings.session_backoff_ms / 1000
    if turned_away:
        base = max(base, 0.2) * 2 ** (turned_away - 1)
    return base * random.uniform(0.75, 1.25)  # noqa: S311 - jitter is no secret
