"""One RCPT TO as a host sees it, with what the host remembers of those before it."""

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Greylist:
    """Remembers when client, sender and recipient were first seen together (RFC 6647)."""

    seen_at: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def waited_s(self, triplet: tuple[str, str, str]) -> float:
        """Tell how many seconds ago the three were first seen together; 0 the first time."""
        now = time.monotonic()
        return now - self.seen_at.setdefault(triplet, now)


@dataclass(slots=True)
class Grudges:
    """Remembers how often hosts that share a name were asked, and since when they have had enough."""

    asked: Counter[str] = field(default_factory=Counter)
    since: dict[str, float] = field(default_factory=dict)

    def held_s(self, name: str, after: int) -> float | None:
        """Count a question, and tell for how many seconds they have had enough; None while they have not."""
        self.asked[name] += 1
        if self.asked[name] <= after:
            return None
        now = time.monotonic()
        return now - self.since.setdefault(name, now)


@dataclass(frozen=True, slots=True)
class Asking:
    """One RCPT TO: who asks, from which sender, for whom, as the n-th (from 1) of the session."""

    client: str
    sender: str
    recipient: str
    ordinal: int
    greylist: Greylist
    grudges: Grudges = field(default_factory=Grudges)
