"""Takes one batch through the stages: resolve, probe, and decide what becomes of each recipient."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.accept_all import is_decoy_due
from engine.address import Address
from engine.batch import Batch, DomainFacts, Outcome
from engine.disposition import dispose, is_settled_by_domain, portion, settle_by_domain
from engine.exchange import LookupFailed, MailHosts, route_key
from engine.interview import Question
from engine.pacing import Pacing
from engine.prober import LASTING, Probing, probe
from engine.provider import provider_of
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.resolver import Resolver
from engine.retry import Terms
from engine.session import CLOSING
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """A batch's outcome. `has_connected` is None where no connection was tried; `ip` is the host reached."""

    outcome: Outcome
    has_connected: bool | None = None
    ip: str = ""
    is_turned_away: bool = False
    has_asked: bool = False


class Pipeline:
    """The stages, joined. `clock` gives Unix seconds."""

    def __init__(
        self, settings: Settings, resolver: Resolver, pacing: Pacing, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._resolver = resolver
        self._pacing = pacing
        self._clock = clock

    async def resolve(self, facts: DomainFacts) -> DomainFacts:
        """Look a domain up, and forget what an earlier look-up made of it, but for the decoy."""
        found = await self._resolver.resolve(facts.name)
        hosts = [host.name for host in found.route.hosts] if isinstance(found.route, MailHosts) else []
        fresh = DomainFacts(
            name=facts.name,
            route=found.route,
            route_key=route_key(found.route),
            provider=provider_of(hosts).name if hosts else "",
            resolved_at=self._clock(),
            lookups=facts.lookups + 1,
            decoy=facts.decoy or _make_decoy(),
            spf=found.spf,
            dmarc=found.dmarc,
            trace=found.trace,
        )
        return replace(fresh, portion=portion(fresh, self._settings))

    async def check(self, batch: Batch) -> Checked:
        """Find out about a batch's recipients, and decide what becomes of each."""
        facts = batch.domain
        if isinstance(facts.route, LookupFailed) and any(r.attempts for r in batch.recipients):
            return self._anew(batch, await self.resolve(facts))
        if is_settled_by_domain(facts):
            return Checked(settle_by_domain(batch, facts, self._terms()))
        question = await self._question(batch, facts)
        if not question.unanswered and question.decoy is None:
            return Checked(dispose(batch, facts, Probing(), self._terms()))
        probing = await probe(question, self._settings)
        is_turned_away = _is_turned_away(probing)
        if is_turned_away and self._pacing.is_patient(facts.name):
            outcome = Outcome(batch, facts, released=batch.recipients)
        else:
            outcome = dispose(batch, facts, probing, self._terms())
        return Checked(outcome, probing.has_connected, probing.ip, is_turned_away, has_asked=True)

    def _anew(self, batch: Batch, facts: DomainFacts) -> Checked:
        """Go on with a domain that was looked up again; to be asked, it comes back as any other would."""
        if is_settled_by_domain(facts):
            return Checked(settle_by_domain(batch, facts, self._terms()))
        return Checked(Outcome(batch, facts, released=batch.recipients))

    def after_fault(self, batch: Batch) -> Checked:
        """Let a fault of our own count as an attempt that reached nobody: it comes back, but not for ever."""
        stopped = Unreached(Stage.CONNECT, Reason.UNCLEAR, "the check itself failed")
        outcome = dispose(batch, batch.domain, Probing(stopped=stopped), self._terms())
        return Checked(outcome, has_asked=True)

    def unresolved(self, facts: DomainFacts) -> DomainFacts:
        """Say of a domain that looking it up failed for a fault of our own."""
        failed = LookupFailed(Reason.DNS_FAILED, "the look-up itself failed")
        return replace(facts, route=failed, resolved_at=self._clock(), lookups=facts.lookups + 1)

    async def _question(self, batch: Batch, facts: DomainFacts) -> Question:
        assert isinstance(facts.route, MailHosts)
        route = await self._resolver.refresh(facts.route)
        return Question(
            hosts=route.hosts,
            recipients=batch.recipients,
            provider=facts.provider,
            decoy=Address(facts.decoy, facts.name) if is_decoy_due(facts, self._clock()) else None,
            control=None if facts.control else Address("postmaster", facts.name),
        )

    def _terms(self) -> Terms:
        return Terms(self._settings, self._clock())


def _make_decoy() -> str:
    """Make up a local part that nobody has: letters and digits as people's addresses have them."""
    return f"{secrets.choice('bcdfghklmnprstw')}{secrets.token_hex(6)}"


def _is_turned_away(probing: Probing) -> bool:
    """Tell whether the host had no room for a session just now (421, or 4yz in its banner)."""
    stopped = probing.stopped
    if probing.heard or not isinstance(stopped, Reply):
        return False
    return stopped.code == CLOSING or (stopped.stage is Stage.BANNER and stopped.code < LASTING)
