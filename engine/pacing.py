"""Who may be asked now: how many sessions at once, of a domain and of a provider, how soon after the last."""

import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from engine.batch import Batch, Closed
from engine.pace_report import LaneReport, PaceReport
from engine.provider import limited_providers
from engine.settings import Settings

T = TypeVar("T")

MINUTE_S = 60.0
PATIENCE = 6
"""How often in a row a domain may turn us away before that counts as an attempt."""

GRUDGE_S = 3600.0
"""How long it is remembered that a domain turned us away."""


@dataclass(slots=True)
class _Domain:
    """What pacing remembers of a domain: its sessions, and how often in a row it turned us away."""

    out: int = 0
    sessions: deque[float] = field(default_factory=deque)
    rcpts: deque[tuple[float, int]] = field(default_factory=deque)
    opens_at: float = 0.0
    turned_away: int = 0


def _forget_last(marks: deque[T]) -> None:
    """Take back the latest mark, unless a minute has passed and it is gone already."""
    if marks:
        marks.pop()


class Pacing:
    """Keeps a domain's sessions few and apart, and a provider's few. Times are seconds of the clock given."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._domains: dict[str, _Domain] = {}
        self._out_at: Counter[str] = Counter()

    def begin(self, batch: Batch) -> None:
        """Note that a batch goes out."""
        domain = self._domains.setdefault(batch.domain.name, _Domain())
        now = self._clock()
        domain.out += 1
        self._out_at[batch.domain.lane] += 1
        domain.sessions.append(now)
        domain.rcpts.append((now, len(batch.recipients)))

    def end(self, batch: Batch, *, is_turned_away: bool = False, has_asked: bool = True) -> None:
        """Note that a batch came back; `is_turned_away` when the host would not open a session.

        A batch that its domain settled, or that could not be asked, was no session (`has_asked`).
        """
        domain = self._domains[batch.domain.name]
        domain.out -= 1
        self._out_at[batch.domain.lane] -= 1
        if not has_asked:
            _forget_last(domain.sessions)
            _forget_last(domain.rcpts)
            return
        domain.turned_away = min(domain.turned_away + 1, PATIENCE) if is_turned_away else 0
        domain.opens_at = self._clock() + self._backoff_s(domain.turned_away)

    def is_patient(self, name: str) -> bool:
        """Tell whether a domain that turned us away is worth another try before it counts as an attempt."""
        domain = self._domains.get(name)
        return domain is None or domain.turned_away < PATIENCE

    def closed(self) -> Closed:
        """Name the domains that are held back just now, and what room is left at providers with limits.

        Domains with nothing to remember are forgotten.
        """
        now = self._clock()
        self._forget(now)
        held = (name for name, domain in self._domains.items() if self._opens_at(domain, now) > now)
        return Closed(domains=frozenset(held), room=self._room())

    def _room(self) -> dict[str, int]:
        limits = ((each.name, each.sessions_at_once or 0) for each in limited_providers())
        return {name: max(limit - self._out_at[name], 0) for name, limit in limits}

    def report(self) -> PaceReport:
        """Say how asking is paced now."""
        now = self._clock()
        limits = {each.name: each.sessions_at_once for each in limited_providers()}
        lanes = (
            LaneReport(lane, limits.get(lane) or self._settings.global_concurrency, out)
            for lane, out in self._out_at.items()
            if out
        )
        held = sum(
            not self._is_full(each) and self._opens_at(each, now) > now for each in self._domains.values()
        )
        limit = self._settings.global_concurrency
        return PaceReport(time.time(), self._out_at.total(), limit, tuple(lanes), domains_held=held)

    def next_opening(self) -> float | None:
        """Say when the first held-back domain opens, if any does by time alone."""
        now = self._clock()
        times = [
            self._opens_at(domain, now) for domain in self._domains.values() if not self._is_full(domain)
        ]
        return min((at for at in times if at > now), default=None)

    def _is_full(self, domain: _Domain) -> bool:
        return domain.out >= self._settings.per_domain_concurrency

    def _opens_at(self, domain: _Domain, now: float) -> float:
        if self._is_full(domain):
            return float("inf")
        return max(domain.opens_at, self._sessions_allow_at(domain, now), self._rcpts_allow_at(domain, now))

    def _sessions_allow_at(self, domain: _Domain, now: float) -> float:
        limit = self._settings.domain_sessions_per_minute
        while domain.sessions and domain.sessions[0] <= now - MINUTE_S:
            domain.sessions.popleft()
        return domain.sessions[-limit] + MINUTE_S if limit and len(domain.sessions) >= limit else 0.0

    def _rcpts_allow_at(self, domain: _Domain, now: float) -> float:
        limit = self._settings.domain_rcpts_per_minute
        while domain.rcpts and domain.rcpts[0][0] <= now - MINUTE_S:
            domain.rcpts.popleft()
        if not limit or sum(count for _, count in domain.rcpts) < limit:
            return 0.0
        return domain.rcpts[0][0] + MINUTE_S

    def _backoff_s(self, turned_away: int) -> float:
        base = self._settings.session_backoff_ms / 1000
        if turned_away:
            base = max(base, 0.2) * 2 ** (turned_away - 1)
        return base * random.uniform(0.75, 1.25)  # noqa: S311 - jitter is no secret

    def _forget(self, now: float) -> None:
        idle = [
            name for name, domain in self._domains.items() if not domain.out and self._is_rested(domain, now)
        ]
        for name in idle:
            del self._domains[name]

    @staticmethod
    def _is_rested(domain: _Domain, now: float) -> bool:
        latest = domain.sessions[-1] if domain.sessions else 0.0
        remembered_s = GRUDGE_S if domain.turned_away else 0.0
        return max(domain.opens_at + remembered_s, latest + MINUTE_S) <= now
