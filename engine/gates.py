"""Whatever may hold asking back, side by side: pace, pauses, breakers, and our own port."""

import time
from collections.abc import Sequence
from functools import partial

from engine.batch import Closed, Pause
from engine.breaker import Breaker
from engine.pace_report import PaceReport
from engine.pacing import Pacing
from engine.port_watch import PortWatch
from engine.prober import can_connect
from engine.settings import Settings
from engine.value import replace, value
from engine.vantage import VantageWatch


@value
class Gates:
    """What holds a domain, its lane, or all asking back. Each knows its own part of it."""

    pacing: Pacing
    vantage: VantageWatch
    breaker: Breaker
    port: PortWatch

    def remember(self, pauses: Sequence[Pause]) -> None:
        """Go on with the pauses that an earlier engine began."""
        self.vantage.remember(pauses)
        self.breaker.remember(pauses)

    def closed(self, *, is_probing_off: bool) -> Closed:
        """Name all that is held back just now."""
        return replace(
            self.pacing.closed(self.breaker.half_open(), self.breaker.given_up()),
            is_probing_off=is_probing_off or self.vantage.is_all_paused,
            pauses=(*self.vantage.pauses(), *self.breaker.pauses()),
        )

    def report(self) -> PaceReport:
        """Say how asking is paced now."""
        return self.pacing.report(self.breaker.states(), time.time())


def gates_with(settings: Settings) -> Gates:
    """Give gates that hold back nothing yet but what the settings say."""
    return Gates(
        Pacing(settings, time.monotonic),
        VantageWatch(settings, time.time),
        Breaker(settings, time.time),
        PortWatch(time.time, partial(can_connect, settings=settings)),
    )
