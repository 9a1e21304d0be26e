"""A provider that counts: so many sessions at once and RCPTs a minute, one warning, then a ban."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

MINUTE_S = 60.0


class Turn(Enum):
    """What a client gets that wants a session or a reply."""

    ADMITTED = "admitted"
    WARNED = "warned"
    BANNED = "banned"


@dataclass(slots=True)
class StrictGate:
    """Watches one client at all hosts of a provider. Times are seconds of the clock given.

    The first breach is answered by a warning, as is what comes within `grace_s` of it; whoever is above the
    limits later is banned for `ban_s`. A warning is remembered for `memory_s`.
    """

    clock: Callable[[], float]
    at_once: int = 5
    per_minute: int = 60
    grace_s: float = 1.0
    ban_s: float = 600.0
    memory_s: float = 3600.0
    present: int = 0
    warnings: int = 0
    bans: int = 0
    refusals: int = 0
    _rcpts: deque[float] = field(default_factory=deque)
    _warned_at: float = float("-inf")
    _banned_until: float = float("-inf")

    def enter(self) -> Turn:
        """Admit a session, or say why not; who was admitted must `leave`."""
        if self.is_banned:
            self.refusals += 1
            return Turn.BANNED
        if self.present >= self.at_once:
            return self._breach()
        self.present += 1
        return Turn.ADMITTED

    def leave(self) -> None:
        """Note that a session which was admitted is over."""
        self.present -= 1

    def ask(self) -> Turn:
        """Admit one RCPT TO, or say why not. One that is turned away is not counted."""
        if self.is_banned:
            return Turn.BANNED
        now = self.clock()
        while self._rcpts and self._rcpts[0] <= now - MINUTE_S:
            self._rcpts.popleft()
        if len(self._rcpts) >= self.per_minute:
            return self._breach()
        self._rcpts.append(now)
        return Turn.ADMITTED

    @property
    def is_banned(self) -> bool:
        """Whether nobody is let in just now."""
        return self.clock() < self._banned_until

    def _breach(self) -> Turn:
        now = self.clock()
        since_s = now - self._warned_at
        if self.grace_s < since_s <= self.memory_s:
            self.bans += 1
            self._banned_until = now + self.ban_s
            return Turn.BANNED
        if since_s > self.memory_s:
            self.warnings += 1
            self._warned_at = now
        return Turn.WARNED
