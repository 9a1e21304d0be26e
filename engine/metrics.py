"""What the engine counts, for /metrics and the log: the one module that knows Prometheus.

No address, domain or mail host stands in a label or a line; hosts are summed up by known provider.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

import prometheus_client as prometheus
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from engine.batch import DomainFacts, Outcome
from engine.exchange import LookupFailed, MailHosts, NoMail
from engine.pace_report import LaneReport, PaceReport
from engine.provider import provider_named
from engine.questions import Questions
from engine.reason import Reason
from engine.session_end import Course, SessionEnd
from engine.verdict import Status, Verdict

LOG_EVERY = 100
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_KINDS = {
    "first": "first",
    "decoy": "decoys",
    "second_decoy": "second_decoys",
    "control": "controls",
    "again": "again",
    "cut_short": "cut_short",
}
"""The kinds of RCPT TO, and where `Questions` counts them."""

T = TypeVar("T", bound=tuple[str, ...])

log = logging.getLogger("winnow.metrics")


class Metrics:
    """Counts what one engine does, in a registry of its own; may be read from another thread.

    After every `log_every` verdicts one line of counters is logged (INFO), for those who listen.
    """

    def __init__(self, log_every: int = LOG_EVERY) -> None:
        self._log_every = log_every
        self._registry = prometheus.CollectorRegistry()
        prometheus.disable_created_metrics()  # type: ignore[no-untyped-call] # they would double the series
        self._verdicts = self._counter("verdicts", "Verdicts by the usual policy", "status", "reason")
        self._sessions = self._counter("sessions", "Sessions with mail hosts, by how they ended", "end")
        self._rcpts = self._counter("rcpts", "RCPT TO said, by kind", "kind")
        self._replies = self._counter("replies", "Replies to RCPT TO, by class", "reply")
        self._deferrals = self._counter("deferrals", "Recipients put off, by why", "why")
        self._lookups = self._counter("lookups", "Domains looked up, by what was found", "found")
        self._claims = self._histogram("claim_seconds", "Claims of mailboxes", _SECONDS)
        self._settles = self._histogram("settle_seconds", "Transactions that store outcomes", _SECONDS)
        self._sizes = self._histogram("settle_outcomes", "Outcomes stored in one transaction", _SIZES)
        self._lag = self._histogram("loop_lag_seconds", "How late the engine's loop is", _SECONDS)
        self._told: Counter[str] = Counter()
        self._worst_lag_s = 0.0
        self._unlogged = 0
        self._pace = PaceReport()
        self._tasks = 0

    def _counter(self, name: str, said: str, *labels: str) -> Callable[..., prometheus.Counter]:
        """Make a counter, of which each label's own is found again at once."""
        return cache(prometheus.Counter(f"winnow_{name}", said, labels, registry=self._registry).labels)

    def _histogram(self, name: str, said: str, buckets: Sequence[float]) -> prometheus.Histogram:
        return prometheus.Histogram(f"winnow_{name}", said, buckets=buckets, registry=self._registry)

    def claimed(self, seconds: float) -> None:
        """Count a claim of mailboxes, and how long it took."""
        self._claims.observe(seconds)

    def looked_up(self, domains: Sequence[DomainFacts]) -> None:
        """Count domains whose route was looked up, by what was found."""
        for found, number in Counter(map(_found, domains)).items():
            self._lookups(found).inc(number)
            self._told["lookups"] += number
            self._told["lookups_failed"] += number * (found == "failed")

    def asked(self, questions: Questions, course: Course) -> None:
        """Count what a domain's hosts were asked in a session, and of what class their replies were."""
        for kind, place in _KINDS.items():
            if number := getattr(questions, place):
                self._rcpts(kind).inc(number)
        self._told["rcpts"] += questions.total
        for reply, number in course.replies:
            self._replies(reply).inc(number)

    def ended(self, end: SessionEnd) -> None:
        """Count a session, by how it ended; one that several domains shared is one."""
        self._sessions(end).inc()
        self._told["sessions"] += 1

    def settled(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """Count what was stored in one transaction, and how long that took."""
        self._settles.observe(seconds)
        self._sizes.observe(len(outcomes))
        verdicts = Counter(_decision(each.verdict) for outcome in outcomes for each in outcome.findings)
        for (status, reason), number in verdicts.items():
            self._verdicts(status, reason).inc(number)
            self._told[status] += number
        whys = Counter(each.why for outcome in outcomes for each in outcome.deferrals)
        for why, number in whys.items():
            self._deferrals(why).inc(number)
        self._told["deferred"] += whys.total()
        self._log_every_so_many(verdicts.total())

    def lagged(self, seconds: float) -> None:
        """Note how late the loop was at one moment."""
        self._lag.observe(seconds)
        self._worst_lag_s = max(self._worst_lag_s, seconds)

    def paced(self, pace: PaceReport, tasks: int) -> None:
        """Take in how asking is paced now, and how many tasks the engine has in hand."""
        self._pace, self._tasks = pace, tasks

    def _log_every_so_many(self, verdicts: int) -> None:
        self._unlogged += verdicts
        if self._unlogged < self._log_every:
            return
        self._unlogged %= self._log_every
        log.info("%s", self.line())
        self._worst_lag_s = 0.0

    def line(self) -> str:
        """Say the counters in one line of words, `name=number`; the lag since the last such line."""
        by_status = {status.value: self._told[status] for status in Status}
        named = {"verdicts": sum(by_status.values()), **by_status}
        named |= {name: self._told[name] for name in _IN_LINE}
        named |= {"open": self._pace.sessions, "lag_ms_max": round(1000 * self._worst_lag_s)}
        return " ".join(f"{name}={number}" for name, number in named.items())

    def exposition(self, accept: str, queue: Mapping[str, int]) -> tuple[bytes, str]:
        """Write everything as a scraper `accepts` it (HTTP header), with the queue's sizes; and the type.

        For a header that nobody can read it is written as for none.
        """
        try:
            encode, content_type = choose_encoder(accept)
        except (TypeError, ValueError):  # of a version that is no number
            encode, content_type = choose_encoder("")
        waiting = _by("queue", "What waits, by state", ("state",), {(key,): n for key, n in queue.items()})
        return encode(_Families([*self._registry.collect(), *self._gauges(), waiting])), content_type

    def _gauges(self) -> Iterator[Metric]:
        pace = self._pace
        yield _one("sessions_open", "Sessions open now", pace.sessions)
        yield _one("sessions_limit", "Sessions that may be open at once", pace.sessions_limit)
        yield _one("tasks", "Sessions and outcomes in hand", self._tasks)
        domains = {"held": pace.domains_held, "open": pace.domains_open, "half_open": pace.domains_half_open}
        numbers = {(state,): number for state, number in domains.items()}
        yield _by("domains", "Domains that wait for their next session, or by breaker", ("state",), numbers)
        yield from _lane_gauges(pace.lanes)


_IN_LINE = ("sessions", "rcpts", "deferred", "lookups", "lookups_failed")


class _Families(Collector):
    """Families of numbers as they stand, as an encoder takes them."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Sequence[Metric]:
        """Give them."""
        return self._families


def _lane_gauges(lanes: Sequence[LaneReport]) -> Iterator[Metric]:
    """Sum lanes up by known provider; all that are nobody's stand under "other"."""
    for name, said, number_of in _OF_LANES:
        summed: Counter[tuple[str, ...]] = Counter()
        for lane in lanes:
            summed[(_provider(lane),)] += number_of(lane)
        yield _by(name, said, ("provider",), summed)
    breakers = Counter((_provider(lane), lane.breaker.value) for lane in lanes)
    yield _by(
        "lanes", "Groups of mail hosts that share a limit, by breaker", ("provider", "breaker"), breakers
    )


_OF_LANES: tuple[tuple[str, str, Callable[[LaneReport], int]], ...] = (
    ("lane_sessions_open", "Sessions open now, by provider", lambda lane: lane.sessions),
    ("lane_sessions_limit", "Sessions that may be open at once, by provider", lambda lane: lane.limit),
    ("lane_rcpts_last_minute", "RCPT TO said in the last 60 s, by provider", lambda lane: lane.rcpts),
)


def _provider(lane: LaneReport) -> str:
    return provider_named(lane.lane).name


def _one(name: str, said: str, number: int) -> Metric:
    return GaugeMetricFamily(f"winnow_{name}", said, value=number)


def _by(name: str, said: str, labels: Sequence[str], numbers: Mapping[T, int]) -> Metric:
    family = GaugeMetricFamily(f"winnow_{name}", said, labels=labels)
    for values, number in numbers.items():
        family.add_metric(values, number)
    return family


def _decision(verdict: Verdict) -> tuple[Status, Reason]:
    return verdict.status, verdict.reason


def _found(facts: DomainFacts) -> str:
    return _FOUND[type(facts.route)]


_FOUND = {MailHosts: "hosts", NoMail: "no_mail", LookupFailed: "failed", type(None): "failed"}
