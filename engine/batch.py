"""The unit of work: a domain, what is known of it, and those of its mailboxes that are due."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from engine.address import Address
from engine.exchange import Route
from engine.reason import Reason
from engine.reply import Answer, Reply
from engine.value import value
from engine.verdict import AcceptAll, Finding, TraceLine

UNLIMITED = 1_000_000


@value
class DomainFacts:
    """What is known of a domain, shared by all its mailboxes. Times are Unix seconds.

    `decoy` is the local part of the made-up address; it is kept and asked again unchanged, since a fresh one
    would be greylisted for ever, and not before `decoy_due_at`. `portion` is how many recipients one batch
    may hold, `session_limit` how many RCPTs the host bore before it cut a session short (0: none seen).
    `offers_tls` is whether the host last asked offers encryption (STARTTLS), None where no host said.

    `second_decoy` looks different and is asked where the first one's answer contradicts others;
    `is_yes_doubtful` when the two were answered differently. `has_missing` when somebody was refused as
    missing in so many words. `control` is what postmaster@ was told at `control_at`.
    `cut_short` sessions in a row ended at their first recipient, without an answer.
    `put_off` recipients in a row came away with nothing at their first question.
    Nobody of the domain is asked before `held_until`: `rounds` sessions in a row ended without an answer to
    anybody (`held_for`). `has_passed` when recipients that were put off were let in when they came back.
    """

    name: str
    route: Route | None = None
    route_key: str = ""
    provider: str = ""
    resolved_at: float | None = None
    lookups: int = 0
    accept_all: AcceptAll | None = None
    accept_all_at: float | None = None
    decoy: str = ""
    decoy_answer: Answer | None = None
    decoy_attempts: int = 0
    decoy_due_at: float = 0.0
    control: Reply | None = None
    portion: int = 1
    session_limit: int = 0
    trace: tuple[TraceLine, ...] = ()
    offers_tls: bool | None = None
    second_decoy: str = ""
    second_answer: Answer | None = None
    is_yes_doubtful: bool = False
    has_missing: bool = False
    control_at: float = 0.0
    held_until: float = 0.0
    held_for: Reason | None = None
    rounds: int = 0
    has_passed: bool = False
    cut_short: int = 0
    put_off: int = 0

    @property
    def lane(self) -> str:
        """Name the hosts that one limit is for: a known provider's, else those of one MX set."""
        return lane_of(self.provider, self.route_key)


def lane_of(provider: str, route_key: str) -> str:
    """Name the lane of a route: domains on one lane share their mail hosts, and what these bear of us."""
    return route_key if provider in {"", "other"} else provider


@value
class Recipient:
    """A mailbox that is due: how often it was asked before, and what it last answered, if anything."""

    mailbox: int
    address: Address
    attempts: int = 0
    answer: Answer | None = None
    mx_host: str = ""
    trace: tuple[TraceLine, ...] = ()


@value
class Batch:
    """Due recipients of one domain that go out together, under a lease (`lease_until`, Unix seconds).

    `withheld` says why none of them may be asked, though they wait. `is_watched` when it is a single
    recipient that somebody waits for, and wants to be told of while it is asked about.
    """

    domain: DomainFacts
    recipients: tuple[Recipient, ...]
    lease_until: float = 0.0
    withheld: Reason | None = None
    is_watched: bool = False

    @property
    def is_full(self) -> bool:
        """Whether as many go out as may at once: more of them may be due."""
        return len(self.recipients) >= self.domain.portion


@value
class Convoy:
    """Batches of domains behind the same MX hosts, which are asked one after the other in one session."""

    batches: tuple[Batch, ...]


@value
class Deferral:
    """A recipient that comes back at `due_at` (Unix seconds), with why, and what it has answered so far."""

    recipient: Recipient
    due_at: float
    why: Reason


class Scope(StrEnum):
    """Whose hosts a pause is about: one domain's, one MX set's, one provider's, or all there are."""

    DOMAIN = "domain"
    ROUTE = "route"
    PROVIDER = "provider"
    ALL = "all"


Circle = tuple[Scope, str]
"""A scope and its name: a domain, a route key, a provider's name, or `""` for all."""


def place_of(facts: DomainFacts) -> Circle:
    """Name whose hosts they are: the provider's, or the MX set's where it is nobody known."""
    return Scope.ROUTE if facts.lane == facts.route_key else Scope.PROVIDER, facts.lane


@value
class Pause:
    """Hosts that refuse us (`why` is blocked) or do not answer (unreachable), and are not asked for a while.

    That is from `since` to `until` (Unix seconds). `name` is a domain, a route key, a provider's name, or
    `""` for all. `share` (0-1) of the last answers spoke of us. It is the last of so many `rounds` in a row;
    after as many as are `borne`, nobody waits any more: who is due is settled.
    """

    scope: Scope
    name: str
    since: float
    until: float
    rounds: int = 1
    share: float = 0.0
    why: Reason = Reason.BLOCKED
    borne: int = 1

    @property
    def is_final(self) -> bool:
        """Whether it is no use to wait: the pauses before did not help."""
        return self.rounds > self.borne

    @property
    def asks_again_at(self) -> float:
        """When those are due again that were told something in doubt: after it, or at once to be settled."""
        return self.since if self.is_final else self.until

    def covers(self, domain: str, route_key: str, provider: str) -> bool:
        """Tell whether a domain's hosts are among those it is about."""
        names = {Scope.DOMAIN: domain, Scope.ROUTE: route_key, Scope.PROVIDER: provider, Scope.ALL: ""}
        return names[self.scope] == self.name


@value
class Outcome:
    """What became of a batch. Every recipient of the batch is in exactly one of the three tuples.

    `pause` is one that began with it; what the mailboxes `doubted` were told is taken back with that, and
    they are asked again. The pauses `ended` are over with it, as hosts answer again.
    """

    batch: Batch
    domain: DomainFacts
    findings: tuple[Finding, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    released: tuple[Recipient, ...] = ()
    pause: Pause | None = None
    doubted: tuple[int, ...] = ()
    ended: tuple[Pause, ...] = ()


@value
class Closed:
    """What is held back just now: a claim returns nothing of these domains, nor under a pause.

    `room` is how many more sessions may be opened on a lane; one that is not named has `usual_room`.
    `is_probing_off` holds back everything that would be probed. What the domain alone settles goes on in
    spite of room, pauses and that.
    """

    domains: frozenset[str] = frozenset()
    is_probing_off: bool = False
    room: Mapping[str, int] = field(default_factory=dict)
    usual_room: int = UNLIMITED
    pauses: tuple[Pause, ...] = ()

    def pause_over(self, facts: DomainFacts) -> Pause | None:
        """Give a pause that a domain's hosts are under."""
        covering = (each for each in self.pauses if each.covers(facts.name, facts.route_key, facts.provider))
        return next(covering, None)
