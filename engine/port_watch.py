"""Notices when nothing connects anywhere: then it is our own port, and nothing is settled from it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from engine.batch import Batch, Deferral, Outcome
from engine.checked import Checked
from engine.reason import Reason
from engine.value import replace

PROVIDERS_IN_A_ROW = 5
WITNESSES = 3
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 60.0
HOLD_S = 30.0

log = logging.getLogger("winnow.engine")


@dataclass(slots=True)
class PortWatch:
    """Holds outcomes that say "no connection" until it is clear whether the hosts are at fault or we are.

    Five different providers in a row without one connection are the sign that it is us, unless a host that
    was reached before still takes a connection (`can_connect`, by IP address). Asking then pauses, 5 s at
    first and twice as long each time up to 60 s, and goes on with one trial. `clock` gives Unix seconds.
    """

    clock: Callable[[], float]
    can_connect: Callable[[str], Awaitable[bool]]
    is_closed: bool = False
    """Whether our outbound port looks closed."""
    _failed: set[str] = field(default_factory=set)
    _held: list[tuple[float, Checked]] = field(default_factory=list)
    _witnesses: deque[str] = field(default_factory=lambda: deque(maxlen=WITNESSES))
    _proving: asyncio.Lock = field(default_factory=asyncio.Lock)
    _proved_at: float = 0.0
    _pause_s: float = 0.0
    _trial_at: float = 0.0

    @property
    def is_trial_due(self) -> bool:
        """Whether it is time to try one batch again."""
        return self.clock() >= self._trial_at

    async def clear(self, checked: Checked) -> list[Checked]:
        """Take a batch that came back; give those that may be stored now, it or earlier ones."""
        if checked.has_connected is None:
            return [checked]
        if checked.has_connected:
            self.remember([checked.ip])
            return [checked, *self._believe()]
        self._failed.add(checked.outcome.domain.lane)
        self._held.append((self.clock(), checked))
        if len(self._failed) < PROVIDERS_IN_A_ROW:
            return []
        is_open = await self._is_proved_open()
        if not self._held:
            return []
        return self._believe() if is_open else self._close()

    def clear_old(self, *, is_idle: bool) -> list[Checked]:
        """Believe missing connections when nothing is left that could tell, or none told for 30 s."""
        if not self._held:
            return []
        is_old = self.clock() - self._held[0][0] > HOLD_S
        return self._take() if is_idle or is_old else []

    def remember(self, ips: Iterable[str]) -> None:
        """Remember IP addresses that took a connection; the latest few are kept."""
        self._witnesses.extend(ip for ip in ips if ip and ip not in self._witnesses)

    async def _is_proved_open(self) -> bool:
        """Ask the hosts last reached, at most once in 30 s: a list can end with nothing but dead hosts.

        Whose batch was dealt with while they were asked for another's asks them no more.
        """
        async with self._proving:
            if not self._held or self.clock() - self._proved_at <= HOLD_S:
                return True
            for ip in tuple(self._witnesses):
                if await self.can_connect(ip):
                    self._proved_at = self.clock()
                    return True
            return False

    def _believe(self) -> list[Checked]:
        """Give everything held back as it is: the port is open, so the hosts are at fault."""
        self._failed.clear()
        self._pause_s = 0.0
        self.is_closed = False
        return self._take()

    def _close(self) -> list[Checked]:
        """Give everything held back as it was claimed, for after the pause."""
        if not self.is_closed or self.is_trial_due:
            self._pause()
        return [
            replace(checked, outcome=given_back(checked.outcome.batch, self._trial_at), is_believed=False)
            for checked in self._take()
        ]

    def _pause(self) -> None:
        self.is_closed = True
        self._pause_s = min(max(self._pause_s * 2, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        self._trial_at = self.clock() + self._pause_s
        log.warning("no connection at five providers in a row: asking pauses for %.0f s", self._pause_s)

    def _take(self) -> list[Checked]:
        held, self._held = self._held, []
        return [checked for _, checked in held]


def given_back(batch: Batch, due_at: float) -> Outcome:
    """Put a batch back as it was claimed, to come again at `due_at` (Unix seconds), behind the others."""
    deferrals = tuple(Deferral(recipient, due_at, Reason.UNREACHABLE) for recipient in batch.recipients)
    return Outcome(batch, batch.domain, deferrals=deferrals)
