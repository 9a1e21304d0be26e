"""The unit of work: a domain, what is known of it, and those of its mailboxes that are due."""

from dataclasses import dataclass

from engine.address import Address
from engine.exchange import Route
from engine.reason import Reason
from engine.reply import Answer, Reply
from engine.verdict import AcceptAll, Finding, TraceLine


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """What is known of a domain, shared by all its mailboxes. Times are Unix seconds.

    `decoy` is the local part of the made-up address; it is kept and asked again unchanged, since a fresh one
    would be greylisted for ever, and not before `decoy_due_at`. `portion` is how many recipients one batch
    may hold, `session_limit` how many RCPTs the host bore before it cut a session short (0: none seen).
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
    spf: str | None = None
    dmarc: str | None = None
    portion: int = 1
    session_limit: int = 0
    trace: tuple[TraceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A mailbox that is due: how often it was asked before, and what it last answered, if anything."""

    mailbox: int
    address: Address
    attempts: int = 0
    answer: Answer | None = None
    mx_host: str = ""
    trace: tuple[TraceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Due recipients of one domain that go out together, under a lease (`lease_until`, Unix seconds)."""

    domain: DomainFacts
    recipients: tuple[Recipient, ...]
    lease_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Deferral:
    """A recipient that comes back at `due_at` (Unix seconds), with why, and what it has answered so far."""

    recipient: Recipient
    due_at: float
    why: Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch. Every recipient of the batch is in exactly one of the three tuples."""

    batch: Batch
    domain: DomainFacts
    findings: tuple[Finding, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    released: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """What is held back just now: a claim returns nothing of these domains and routes.

    `is_probing_off` holds back everything that would be probed; what the domain alone settles goes on.
    """

    domains: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    is_probing_off: bool = False
