"""Takes one batch through the stages: resolve, probe, and decide what becomes of each recipient."""

from collections.abc import Callable
from functools import partial

from engine.about import said_about
from engine.accept_all import due_decoys, fresh_control, keep_answers, with_decoys
from engine.address import Address
from engine.batch import Batch, DomainFacts, Outcome, Pause
from engine.bearing import Bearing, bearing_of, is_turned_away, is_unreached
from engine.breaker import Breaker
from engine.checked import Checked
from engine.disposition import (
    dispose,
    is_of_one,
    is_settled_by_domain,
    portion,
    put_aside,
    settle_by_domain,
    settle_withheld,
)
from engine.exchange import LookupFailed, MailHosts, route_key
from engine.line import Line
from engine.pacing import Pacing
from engine.prober import probe
from engine.probing import OUT_OF_STEP, Probing
from engine.provider import provider_of
from engine.question import Question
from engine.questions import count_questions
from engine.reason import Reason
from engine.reply import Stage, Unreached
from engine.resolver import Resolver
from engine.retry import Terms
from engine.session_end import course_of
from engine.settings import Settings
from engine.survey import Survey, survey
from engine.telling import Tell, tell_nobody, telling
from engine.value import replace
from engine.vantage import VantageWatch

HOUR_S = 3600.0
LOCKSTEP_REMEMBERED = 10_000
"""Hosts of which it is remembered, while we run, that they cannot take the flights they offer."""


class Pipeline:
    """The stages, joined. `clock` gives Unix seconds; `tell` hears of what is watched."""

    def __init__(
        self,
        settings: Settings,
        resolver: Resolver,
        pacing: Pacing,
        vantage: VantageWatch,
        breaker: Breaker,
        clock: Callable[[], float],
        tell: Tell = tell_nobody,
    ) -> None:
        self._settings = settings
        self._resolver = resolver
        self._pacing = pacing
        self._vantage = vantage
        self._breaker = breaker
        self._clock = clock
        self._tell = tell
        self._lockstep: set[str] = set()

    async def resolve(self, facts: DomainFacts) -> DomainFacts:
        """Look a domain up; what the same hosts told us lately is kept."""
        found = await self._resolver.resolve(facts.name)
        hosts = [host.name for host in found.route.hosts] if isinstance(found.route, MailHosts) else []
        key = route_key(found.route)
        fresh = DomainFacts(
            name=facts.name,
            route=found.route,
            route_key=key,
            provider=provider_of(hosts).name if hosts else "",
            resolved_at=self._clock(),
            lookups=facts.lookups + 1,
            trace=found.trace,
            offers_tls=facts.offers_tls if facts.route_key == key else None,
        )
        known = keep_answers(fresh, with_decoys(facts), self._settings.domain_cache_ttl_hours * HOUR_S)
        return replace(known, portion=portion(known, self._settings))

    async def survey(self, facts: DomainFacts) -> Survey:
        """Read what a domain publishes about its mail."""
        assert facts.route is not None
        return await survey(facts.name, facts.route, self._resolver.look_up, self._clock())

    def unsurveyed(self, facts: DomainFacts) -> Survey:
        """Say of a domain that nobody could read what it publishes, for a fault of our own."""
        return Survey(facts.name, self._clock())

    async def check(self, batch: Batch, line: Line | None = None) -> Checked:
        """Find out about a batch's recipients, and decide what becomes of each; on a line, in its session.

        Its hosts are asked at the addresses given. A look-up that failed before is tried once more.
        """
        facts = batch.domain
        if batch.withheld:
            return Checked(settle_withheld(batch, batch.withheld, self._terms()))
        if isinstance(facts.route, LookupFailed) and any(r.attempts for r in batch.recipients):
            return self._anew(batch, await self.resolve(facts))
        if is_settled_by_domain(facts):
            return Checked(settle_by_domain(batch, facts, self._terms()))
        if pause := self._vantage.pause_over(facts) or self._breaker.pause_over(facts):
            return Checked(put_aside(batch, pause, self._terms()))
        facts = with_decoys(facts)
        question = self._question(batch, facts)
        if not question.has_any:
            return Checked(dispose(batch, facts, Probing(), self._terms()))
        return self._weigh(batch, facts, await self._probe(batch, question, line))

    async def _probe(self, batch: Batch, question: Question, line: Line | None) -> Probing:
        if len(self._lockstep) > LOCKSTEP_REMEMBERED:
            self._lockstep.clear()
        asked = partial(probe, question, self._settings, line, self._lockstep)
        return await (telling(self._tell, batch, asked) if batch.is_watched else asked())

    def _weigh(self, batch: Batch, facts: DomainFacts, probing: Probing) -> Checked:
        """Decide what becomes of a batch that was asked about, by what was said and how we stand there."""
        begun = self._vantage.hear(facts, said_about(probing, facts.provider))
        turned_away = is_turned_away(probing) and not is_of_one(facts, probing)
        if turned_away and not begun and self._pacing.is_patient(facts.name):
            outcome = Outcome(batch, facts, released=batch.recipients)
        else:
            outcome = self._disposed(batch, facts, probing, begun)
        questions = count_questions(facts, probing)
        return Checked(
            outcome,
            probing.has_connected,
            probing.ip,
            turned_away,
            has_asked=True,
            questions=questions,
            bearing=self._borne(batch, facts, probing, questions.total - questions.cut_short),
            is_unreached=is_unreached(probing),
            session=probing.session,
            pause=self._vantage.pause_over(facts),
            course=course_of(probing, is_turned_away=turned_away),
        )

    def _borne(self, batch: Batch, facts: DomainFacts, probing: Probing, answered: int) -> Bearing:
        """Let the pace heed at once how the hosts bore it; a missing connection may be our own fault."""
        bearing = bearing_of(facts, probing)
        if probing.has_connected is False:
            self._pacing.doubt(batch)
        else:
            self._pacing.hear(batch, bearing, answered)
        return bearing

    def _disposed(self, batch: Batch, facts: DomainFacts, probing: Probing, begun: Pause | None) -> Outcome:
        """Dispose of a batch; where a pause has begun with it, take back what was told under it before."""
        vantage, pause = self._vantage.vantage_of(facts), self._vantage.pause_over(facts)
        terms = Terms(self._settings, self._clock(), vantage, pause)
        outcome = dispose(batch, facts, probing, terms)
        if begun:
            return replace(outcome, pause=begun, doubted=self._vantage.take_doubted(begun))
        return outcome

    def _anew(self, batch: Batch, facts: DomainFacts) -> Checked:
        """Go on with a domain that was looked up again; to be asked, it comes back as any other would."""
        if is_settled_by_domain(facts):
            return Checked(settle_by_domain(batch, facts, self._terms()))
        return Checked(Outcome(batch, facts, released=batch.recipients))

    def believed(self, checked: Checked) -> Checked:
        """Take an outcome back whose session was found out of step after it: nobody was answered in it."""
        if checked.session is None or checked.session.is_in_step:
            return self._noted(checked)
        stopped = Unreached(Stage.RCPT, Reason.UNCLEAR, OUT_OF_STEP)
        batch, told = checked.outcome.batch, checked.outcome
        outcome = dispose(batch, batch.domain, Probing(stopped=stopped), self._terms())
        return replace(checked, outcome=replace(outcome, pause=told.pause, doubted=told.doubted))

    def _noted(self, checked: Checked) -> Checked:
        """Note what may have to be taken back; under a pause that has begun since, it is taken back at once.

        Else it could be stored after that pause has taken back what stood there.
        """
        outcome, facts = checked.outcome, checked.outcome.batch.domain
        self._vantage.note(facts, outcome.findings)
        pause = self._vantage.pause_over(facts)
        if pause is None or pause == checked.pause or not checked.has_asked:
            return checked
        doubted = (*outcome.doubted, *self._vantage.take_doubted(pause))
        return replace(checked, outcome=replace(outcome, pause=outcome.pause or pause, doubted=doubted))

    def after_fault(self, batch: Batch) -> Checked:
        """Let a fault of our own count as an attempt that reached nobody: it comes back, but not for ever."""
        stopped = Unreached(Stage.CONNECT, Reason.UNCLEAR, "the check itself failed")
        outcome = dispose(batch, batch.domain, Probing(stopped=stopped), self._terms())
        return Checked(outcome, has_asked=True)

    def unresolved(self, facts: DomainFacts) -> DomainFacts:
        """Say of a domain that looking it up failed for a fault of our own."""
        failed = LookupFailed(Reason.DNS_FAILED, "the look-up itself failed")
        return replace(facts, route=failed, resolved_at=self._clock(), lookups=facts.lookups + 1)

    def _question(self, batch: Batch, facts: DomainFacts) -> Question:
        assert isinstance(facts.route, MailHosts)
        decoy, second = due_decoys(facts, self._clock())
        is_controlled = fresh_control(facts, self._clock()) is not None
        return Question(
            hosts=facts.route.hosts,
            recipients=batch.recipients,
            provider=facts.provider,
            decoy=Address(decoy, facts.name) if decoy else None,
            second_decoy=Address(second, facts.name) if second else None,
            control=None if is_controlled else Address("postmaster", facts.name),
            has_missing=facts.has_missing,
            allow=self._pacing.allow(batch),
        )

    def _terms(self) -> Terms:
        return Terms(self._settings, self._clock())
