"""A work queue in memory: for one address at a time, for tests, and as the SQL queue's twin."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.accept_all import without_doubted
from engine.address import Address
from engine.batch import Batch, Closed, Convoy, Deferral, DomainFacts, Outcome, Pause, Recipient
from engine.circle_window import WINDOW_S
from engine.finding import unasked_finding
from engine.memory_picker import Load, Picker
from engine.never_probed import NOTHING, NeverProbed, evidence_unasked
from engine.reason import Reason
from engine.snapshot import Snapshot
from engine.survey import Survey, is_worth_surveying
from engine.vantage import Noted, may_be_doubted
from engine.verdict import Finding, TraceLine
from engine.work_queue import Notice

LEASE_S = 600.0


@dataclass(slots=True)
class Waiting:
    """A mailbox that has no finding yet. `due_at` (Unix seconds) is its lease's end while it is out."""

    recipient: Recipient
    due_at: float = 0.0
    deferral: Deferral | None = None


class MemoryQueue:
    """engine.work_queue.WorkQueue in memory. Lost with the process, and never another's.

    Of what `never_probed` holds, nothing is handed out; it may be changed at any time.
    """

    def __init__(self, clock: Callable[[], float] = time.time, never_probed: NeverProbed = NOTHING) -> None:
        self._clock = clock
        self.never_probed = never_probed
        self._domains: dict[str, DomainFacts] = {}
        self._waiting: dict[str, dict[int, Waiting]] = {}
        self.findings: dict[int, Finding] = {}
        self.surveys: dict[str, Survey] = {}
        self._pauses: dict[tuple[str, str], Pause] = {}
        self.notice = Notice.RUNNING
        self.snapshot = Snapshot()
        self._watched: set[int] = set()
        self.told: dict[int, list[tuple[TraceLine, ...]]] = {}

    def add(self, address: Address, *, is_watched: bool = False) -> int:
        """Put a mailbox in; its number is how its finding is told from others.

        One that is watched goes out first and alone, and `told` is what was told of it, again and again.
        """
        number = len(self.findings) + sum(map(len, self._waiting.values()))
        self._domains.setdefault(address.domain, DomainFacts(address.domain))
        self._waiting.setdefault(address.domain, {})[number] = Waiting(Recipient(number, address))
        if is_watched:
            self._watched.add(number)
        return number

    def _withhold(self) -> None:
        """Settle what is on the never-probe list, so that it is neither looked up nor asked."""
        if self.never_probed == NOTHING:
            return
        now = self._clock()
        for each in self.waiting():
            number, address = each.recipient.mailbox, each.recipient.address
            if self.never_probed.holds(address):
                self.findings[number] = unasked_finding(number, evidence_unasked(address), now)
                del self._waiting[address.domain][number]

    def waiting(self) -> list[Waiting]:
        """Give what has no finding yet."""
        return [each for mailboxes in self._waiting.values() for each in mailboxes.values()]

    def facts(self, domain: str) -> DomainFacts:
        """Give what is known of a domain."""
        return self._domains[domain]

    async def acquire(self) -> bool:
        """Take the lease, which nobody else can want."""
        return True

    async def renew(self, notice: Notice, snapshot: Snapshot) -> None:
        """Keep what the engine says of itself."""
        self.notice = notice
        self.snapshot = snapshot

    async def let_go(self) -> None:
        """Make everything that is out due again."""
        for each in self.waiting():
            each.due_at = each.deferral.due_at if each.deferral else 0.0

    async def reached(self, limit: int) -> list[str]:  # noqa: ARG002 - nothing is known from before
        """Give no mail hosts: nothing is known from before."""
        return []

    def close(self) -> None:
        """Have nothing to end."""

    async def pauses(self) -> list[Pause]:
        """Give the pauses that were kept."""
        return list(self._pauses.values())

    async def told_since(self, at: float) -> list[Noted]:
        """Give what was told since then (Unix seconds) and may have to be taken back, oldest first."""
        lately = (each for each in self.findings.values() if each.checked_at >= at)
        noted = [self._noted(each) for each in lately if may_be_doubted(each.evidence)]
        return sorted(noted, key=lambda each: each.at)

    def _noted(self, finding: Finding) -> Noted:
        facts = self._domains[finding.evidence.address.domain]
        return Noted(finding.checked_at, (facts.name, facts.route_key, facts.provider), finding.mailbox)

    async def claim_domains(self, limit: int) -> list[DomainFacts]:
        """Give domains that wait for a route."""
        self._withhold()
        unresolved = (facts for facts in self._domains.values() if facts.route is None)
        return list(islice((facts for facts in unresolved if self._waiting[facts.name]), limit))

    async def keep(self, facts: Sequence[DomainFacts]) -> None:
        """Keep what is now known of these domains."""
        self._domains.update({each.name: each for each in facts})

    async def claim_surveys(self, limit: int) -> list[DomainFacts]:
        """Give domains whose records are to be read."""
        return list(islice(filter(self._is_survey_due, self._domains.values()), limit))

    def _is_survey_due(self, facts: DomainFacts) -> bool:
        survey = self.surveys.get(facts.name)
        is_old = survey is None or survey.taken_at < (facts.resolved_at or 0.0)
        return is_old and is_worth_surveying(facts.route)

    async def keep_surveys(self, surveys: Sequence[Survey]) -> None:
        """Keep what these surveys found."""
        self.surveys.update({each.domain: each for each in surveys})

    async def claim(self, limit: int, closed: Closed) -> list[Convoy]:
        """Lease convoys of due mailboxes, of each domain a batch at most, the domains with the most first."""
        self._withhold()
        now = self._clock()
        domains = sorted(self._domains.values(), key=self._place)
        sessions = Picker(domains, self._due, closed, now, self._watched).sessions(limit)
        return [self._lease(loads, now) for loads in list(sessions)]

    def _place(self, facts: DomainFacts) -> tuple[bool, int]:
        """Put domains with somebody watched first, then those with the most."""
        waiting = self._waiting[facts.name]
        return self._watched.isdisjoint(waiting), -len(waiting)

    def _due(self, facts: DomainFacts, until: float) -> tuple[Recipient, ...]:
        due = [each for each in self._waiting[facts.name].values() if each.due_at <= until]
        if watched := [each for each in due if each.recipient.mailbox in self._watched]:
            return (watched[0].recipient,)
        due = sorted(due, key=lambda each: each.recipient.attempts == 0)[: facts.portion]
        return tuple(each.recipient for each in due)

    def _lease(self, loads: Sequence[Load], now: float) -> Convoy:
        """Lease batches, all until the last of them must be through."""
        until = now + LEASE_S * len(loads)
        return Convoy(tuple(self._lease_one(facts, recipients, until) for facts, recipients in loads))

    def _lease_one(self, facts: DomainFacts, recipients: tuple[Recipient, ...], until: float) -> Batch:
        for each in recipients:
            self._waiting[facts.name][each.mailbox].due_at = until
        withheld = Reason.NEVER_PROBED if self.never_probed.holds_route(facts.route) else None
        is_watched = recipients[0].mailbox in self._watched
        return Batch(facts, recipients, until, withheld, is_watched)

    async def tell(self, mailbox: int, trace: Sequence[TraceLine]) -> None:
        """Keep what was told of a mailbox."""
        self.told.setdefault(mailbox, []).append(tuple(trace))

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Settle, defer or give back every recipient of these batches."""
        for outcome in outcomes:
            name = outcome.domain.name
            self._domains[name] = outcome.domain
            for finding in outcome.findings:
                self.findings[finding.mailbox] = finding
                self._waiting[name].pop(finding.mailbox, None)
            for deferral in outcome.deferrals:
                mailbox = deferral.recipient.mailbox
                self._waiting[name][mailbox] = Waiting(deferral.recipient, deferral.due_at, deferral)
            for recipient in outcome.released:
                self._waiting[name][recipient.mailbox] = Waiting(recipient)
        for outcome in outcomes:
            if outcome.pause:
                self._pause(outcome.pause, outcome.doubted)
            self._pauses = {key: each for key, each in self._pauses.items() if each not in outcome.ended}

    def _pause(self, pause: Pause, doubted: Sequence[int]) -> None:
        """Keep a pause, and take back what these mailboxes were told."""
        self._pauses[pause.scope, pause.name] = pause
        for mailbox in doubted:
            if finding := self.findings.pop(mailbox, None):
                recipient = Recipient(mailbox, finding.evidence.address, trace=finding.trace)
                deferral = Deferral(recipient, pause.asks_again_at, Reason.BLOCKED)
                self._put_back(deferral, doubted_since=pause.since - WINDOW_S)

    def _put_back(self, deferral: Deferral, doubted_since: float) -> None:
        recipient = deferral.recipient
        name = recipient.address.domain
        self._waiting[name][recipient.mailbox] = Waiting(recipient, deferral.due_at, deferral)
        self._domains[name] = without_doubted(self._domains[name], doubted_since)
