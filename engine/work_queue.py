"""What the engine needs of a work queue, and how the two speak of trouble."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from engine.batch import Closed, Convoy, DomainFacts, Outcome, Pause
from engine.snapshot import Snapshot
from engine.survey import Survey
from engine.vantage import Noted
from engine.verdict import TraceLine


class Notice(StrEnum):
    """What the engine has to say of itself; `pages/parts/words.py` says it to a person."""

    RUNNING = "running"
    PORT_CLOSED = "port_closed"
    NO_IDENTITY = "no_identity"
    STORE_FAILS = "store_fails"
    BLOCKED = "blocked"


class LeaseLost(Exception):
    """Another engine works on this database now; what this one has in hand is no longer its own."""


class StoreFails(Exception):
    """The rows could not be written just now (disk full, database locked); trying again loses nothing."""


class WorkQueue(Protocol):
    """Where work comes from and findings go. Everything a call writes is written in one transaction.

    Every call but `acquire` may raise LeaseLost, and every call StoreFails.
    """

    async def acquire(self) -> bool:
        """Take the engine's lease; false while another engine holds it."""

    async def renew(self, notice: Notice, snapshot: Snapshot) -> None:
        """Keep the lease, and say how the engine is and what it is doing."""

    async def let_go(self) -> None:
        """Give the lease back, and with it every batch that is still out."""

    async def reached(self, limit: int) -> list[str]:
        """Give IP addresses of up to `limit` mail hosts that answered us lately, before this engine began."""

    def close(self) -> None:
        """End what the queue runs by; the last call."""

    async def pauses(self) -> list[Pause]:
        """Give the pauses that were kept lately, also those that are over."""

    async def told_since(self, at: float) -> list[Noted]:
        """Give what was told since then (Unix seconds) and may have to be taken back, oldest first."""

    async def claim_domains(self, limit: int) -> list[DomainFacts]:
        """Give up to `limit` domains that wait for a route."""

    async def keep(self, facts: Sequence[DomainFacts]) -> None:
        """Keep what is now known of these domains."""

    async def claim_surveys(self, limit: int) -> list[DomainFacts]:
        """Give up to `limit` domains whose route was found, and whose other records were not read since."""

    async def keep_surveys(self, surveys: Sequence[Survey]) -> None:
        """Keep what these surveys found."""

    async def claim(self, limit: int, closed: Closed) -> list[Convoy]:
        """Lease due mailboxes for up to `limit` sessions, a domain at most once, none of what is closed."""

    async def tell(self, mailbox: int, trace: Sequence[TraceLine]) -> None:
        """Keep what was said so far about a mailbox that is out, and watched."""

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Settle, defer or give back every recipient of these batches; then begin and end pauses."""
