"""What we know of an address (Evidence) and what we say of it (Verdict)."""

from dataclasses import field
from enum import IntFlag, StrEnum
from typing import Literal

from engine.address import Address
from engine.exchange import Route
from engine.reason import Reason
from engine.reply import Answer, Reply, Stage
from engine.traits import Traits
from engine.value import value


class Status(StrEnum):
    """The five statuses there are."""

    VALID = "valid"
    INVALID = "invalid"
    ACCEPT_ALL = "accept_all"
    RISKY = "risky"
    UNKNOWN = "unknown"


class Flag(IntFlag):
    """What else is true of an entry; kept as one number, so that a list can count by it."""

    ROLE = 1
    FREE = 2
    DISPOSABLE = 4
    TYPO = 8
    ACCEPT_ALL = 16
    DUPLICATE = 32
    REUSED = 64
    SEVERAL = 128
    IMPLICIT_MX = 256
    RANDOM = 512
    IMPOSSIBLE = 1024
    ALIAS = 2048
    CORRECTED = 4096

    @property
    def names(self) -> tuple[str, ...]:
        """The single flags' names in lower case, in the order of their values."""
        return tuple(flag.name.lower() for flag in Flag if flag in self and flag.name)


NO_FLAGS = Flag(0)


class AcceptAll(StrEnum):
    """Whether a domain takes mail for any address. Unknown is an answer of its own."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@value
class History:
    """What became of mail to this address before; Unix times in seconds."""

    hard_bounced_at: float | None = None
    soft_bounces: int = 0
    opened_at: float | None = None
    replied_at: float | None = None
    complained_at: float | None = None


@value
class Vantage:
    """How we stood when we asked.

    `refused_share` (0-1) is the part of this provider's answers that spoke of us, `is_identity_sound` whether
    our HELO name and sender were in order.
    """

    refused_share: float = 0.0
    is_identity_sound: bool = True


@value
class Evidence:
    """All that is known of an address; stored, and judged again at will.

    `None` means that nobody has asked yet. `withheld` says why an address was not asked about on purpose,
    `decoy` what a made-up address of the domain was answered; `is_yes_doubtful` where it was accepted, and
    another one refused.
    """

    address: Address
    traits: Traits
    route: Route | None = None
    provider: str = ""
    rcpt: Answer | None = None
    accept_all: AcceptAll | None = None
    control: Reply | None = None
    withheld: Reason | None = None
    mx_host: str = ""
    history: History = History()
    vantage: Vantage = Vantage()
    decoy: Reply | None = None
    is_yes_doubtful: bool = False


@value
class LedgerLine:
    """One line of the confidence ledger: what was seen and the points (of 100) it moved."""

    cause: str
    points: int


@value
class Verdict:
    """What we say of an address: confidence is 0-100 and the sum of its ledger."""

    status: Status
    reason: Reason
    confidence: int
    ledger: tuple[LedgerLine, ...]
    flags: Flag = NO_FLAGS
    stage: Stage = Stage.ADDRESS
    suggestion: str = ""


@value
class TraceLine:
    """One line of a check's trace: who spoke, what, and when (ms since the session's start)."""

    speaker: Literal["dns", "us", "host", "note"]
    text: str
    at_ms: int = 0


@value
class Finding:
    """A mailbox's evidence, complete: what settles it. Times are Unix seconds.

    `verdict` is what the usual policy makes of it, from which lists' own may differ.
    """

    mailbox: int
    evidence: Evidence
    verdict: Verdict
    attempts: int
    checked_at: float
    expires_at: float
    trace: tuple[TraceLine, ...] = field(default=())
