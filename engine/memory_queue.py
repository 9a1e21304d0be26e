"""A work queue in memory: for one address at a time, for tests, and as the SQL queue's twin."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.address import Address
from engine.batch import Batch, Closed, Deferral, DomainFacts, Outcome, Recipient
from engine.disposition import is_settled_by_domain
from engine.verdict import Finding
from engine.work_queue import Notice

LEASE_S = 600.0


@dataclass(slots=True)
class Waiting:
    """A mailbox that has no finding yet. `due_at` (Unix seconds) is its lease's end while it is out."""

    recipient: Recipient
    due_at: float = 0.0
    deferral: Deferral | None = None


class MemoryQueue:
    """engine.work_queue.WorkQueue in memory. Lost with the process, and never another's."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._domains: dict[str, DomainFacts] = {}
        self._waiting: dict[str, dict[int, Waiting]] = {}
        self.findings: dict[int, Finding] = {}
        self.notice = Notice.RUNNING

    def add(self, address: Address) -> int:
        """Put a mailbox in; its number is how its finding is told from others."""
        number = len(self.findings) + sum(map(len, self._waiting.values()))
        self._domains.setdefault(address.domain, DomainFacts(address.domain))
        self._waiting.setdefault(address.domain, {})[number] = Waiting(Recipient(number, address))
        return number

    def waiting(self) -> list[Waiting]:
        """Give what has no finding yet."""
        return [each for mailboxes in self._waiting.values() for each in mailboxes.values()]

    def facts(self, domain: str) -> DomainFacts:
        """Give what is known of a domain."""
        return self._domains[domain]

    async def acquire(self) -> bool:
        """Take the lease, which nobody else can want."""
        return True

    async def renew(self, notice: Notice) -> None:
        """Keep what the engine says of itself."""
        self.notice = notice

    async def let_go(self) -> None:
        """Make everything that is out due again."""
        for each in self.waiting():
            each.due_at = each.deferral.due_at if each.deferral else 0.0

    async def reached(self, limit: int) -> list[str]:  # noqa: ARG002 - nothing is known from before
        """Give no mail hosts: nothing is known from before."""
        return []

    def close(self) -> None:
        """Have nothing to end."""

    async def claim_domains(self, limit: int) -> list[DomainFacts]:
        """Give domains that wait for a route."""
        unresolved = [facts for facts in self._domains.values() if facts.route is None]
        return unresolved[:limit]

    async def keep(self, facts: Sequence[DomainFacts]) -> None:
        """Keep what is now known of these domains."""
        self._domains.update({each.name: each for each in facts})

    async def claim(self, limit: int, closed: Closed) -> list[Batch]:
        """Lease batches of due mailboxes, one a domain at most."""
        open_domains = (facts for facts in self._domains.values() if self._is_open(facts, closed))
        batches = (batch for facts in open_domains if (batch := self._lease(facts)).recipients)
        return list(islice(batches, limit))

    @staticmethod
    def _is_open(facts: DomainFacts, closed: Closed) -> bool:
        if facts.route is None or facts.name in closed.domains or facts.route_key in closed.routes:
            return False
        return is_settled_by_domain(facts) or not closed.is_probing_off

    def _lease(self, facts: DomainFacts) -> Batch:
        now = self._clock()
        due = [each for each in self._waiting[facts.name].values() if each.due_at <= now][: facts.portion]
        for each in due:
            each.due_at = now + LEASE_S
        return Batch(facts, tuple(each.recipient for each in due), now + LEASE_S)

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Settle, defer or give back every recipient of these batches."""
        for outcome in outcomes:
            name = outcome.domain.name
            self._domains[name] = outcome.domain
            for finding in outcome.findings:
                self.findings[finding.mailbox] = finding
                del self._waiting[name][finding.mailbox]
            for deferral in outcome.deferrals:
                mailbox = deferral.recipient.mailbox
                self._waiting[name][mailbox] = Waiting(deferral.recipient, deferral.due_at, deferral)
            for recipient in outcome.released:
                self._waiting[name][recipient.mailbox] = Waiting(recipient)
