"""How a domain answers RCPT TO: one frozen value per behaviour, each with its reply."""

import math
import re
from dataclasses import dataclass
from enum import Enum

from sandbox.asking import Asking

NEVER = float("inf")
POSTMASTER = "postmaster"


class Ending(Enum):
    """What becomes of the session after a reply."""

    STAYS = "stays"
    QUITS = "quits"
    CLOSES = "closes"
    DROPS = "drops"
    SECURES = "secures"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply's lines as they go over the wire, without line ends, and what becomes of the session."""

    lines: tuple[str, ...]
    ending: Ending = Ending.STAYS


class User(Enum):
    """How a mailbox stands."""

    EXISTING = "existing"
    MISSING = "missing"
    DISABLED = "disabled"
    FULL = "full"
    FULL_FOR_NOW = "full_for_now"


def line(text: str, ending: Ending = Ending.STAYS) -> Reply:
    """Make a reply of one line."""
    return Reply((text,), ending)


ACCEPTED = line("250 2.1.5 recipient ok")
USER_REPLIES = {
    User.EXISTING: ACCEPTED,
    User.MISSING: line("550 5.1.1 no such mailbox here"),
    User.DISABLED: line("550 5.2.1 this mailbox is disabled"),
    User.FULL: line("552 5.2.2 mailbox full, quota exceeded"),
    User.FULL_FOR_NOW: line("452 4.2.2 mailbox full, quota exceeded"),
}


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Answers each mailbox by how it stands; `refusal` is its reply for one that does not exist."""

    refusal: str = USER_REPLIES[User.MISSING].lines[0]

    def reply(self, user: User, _asking: Asking) -> Reply:
        """Answer by how the mailbox stands."""
        return line(self.refusal) if user is User.MISSING else USER_REPLIES[user]


ORDINARY = Ordinary()


@dataclass(frozen=True, slots=True)
class AcceptAll:
    """Takes any address, but for mailboxes that are disabled or full."""

    def reply(self, user: User, _asking: Asking) -> Reply:
        """Accept whoever is asked for."""
        return ACCEPTED if user is User.MISSING else USER_REPLIES[user]


@dataclass(frozen=True, slots=True)
class Greylisting:
    """Says 451 until `delay_s` seconds have passed for client, sender and recipient; then answers truly.

    With `has_hint` it says how long that still is; with `is_of_domain` the recipient's domain stands for the
    recipient.
    """

    delay_s: float = 2.0
    has_hint: bool = False
    is_of_domain: bool = False

    def reply(self, user: User, asking: Asking) -> Reply:
        """Let in who has waited long enough, made-up addresses too."""
        whom = asking.recipient.rpartition("@")[2] if self.is_of_domain else asking.recipient
        waited_s = asking.greylist.waited_s((asking.client, asking.sender, whom))
        if waited_s == 0 or waited_s < self.delay_s:
            return line(f"451 4.7.1 greylisted, {self._when(waited_s)}")
        return USER_REPLIES[user]

    def _when(self, waited_s: float) -> str:
        left_s = math.ceil(self.delay_s - waited_s) if self.has_hint else 0
        return f"come back in {left_s} seconds" if left_s else "try again later"


@dataclass(frozen=True, slots=True)
class Blocked:
    """Refuses the client, whoever it asks for."""

    def reply(self, _user: User, asking: Asking) -> Reply:
        """Refuse, and name the client as the cause."""
        return line(f"554 5.7.1 client host [{asking.client}] blocked, see our block list")


@dataclass(frozen=True, slots=True)
class TurnsAgainst:
    """Answers truly until the hosts of this `name` were asked `after` times, then refuses the client.

    That lasts `for_s` seconds; every other refusal meanwhile pretends that the mailbox is missing.
    """

    name: str
    after: int
    for_s: float

    def reply(self, user: User, asking: Asking) -> Reply:
        """Answer truly before and after, and with refusals and lies in between."""
        held_s = asking.grudges.held_s(self.name, self.after)
        if held_s is None or held_s >= self.for_s:
            return USER_REPLIES[user]
        is_lie = asking.grudges.asked[self.name] % 2
        return USER_REPLIES[User.MISSING] if is_lie else Blocked().reply(user, asking)


@dataclass(frozen=True, slots=True)
class TakesShape:
    """Takes whoever has a mailbox, and any local part that a pattern fits."""

    pattern: str

    def reply(self, user: User, asking: Asking) -> Reply:
        """Accept what fits, answer others truly."""
        local_part = asking.recipient.rpartition("@")[0]
        is_taken = user is User.MISSING and re.fullmatch(self.pattern, local_part)
        return ACCEPTED if is_taken else USER_REPLIES[user]


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Says that the client is too fast, for ever."""

    def reply(self, _user: User, _asking: Asking) -> Reply:
        """Put off, whoever is asked for."""
        return line("450 4.7.28 too many messages from your address, rate limited")


@dataclass(frozen=True, slots=True)
class RelayDenied:
    """Its host does not take mail for it, though the DNS says so."""

    def reply(self, _user: User, _asking: Asking) -> Reply:
        """Refuse to relay."""
        return RELAY_DENIED


RELAY_DENIED = line("554 5.7.1 relay access denied")


@dataclass(frozen=True, slots=True)
class ClosesAfter:
    """Answers `recipients` of a session truly, then says 421 and closes."""

    recipients: int

    def reply(self, user: User, asking: Asking) -> Reply:
        """Answer truly up to the limit."""
        if asking.ordinal > self.recipients:
            return line("421 4.7.0 enough for this session, closing", Ending.CLOSES)
        return USER_REPLIES[user]


@dataclass(frozen=True, slots=True)
class DropsAfter:
    """Answers `recipients` of a session truly, then drops the connection without a word."""

    recipients: int

    def reply(self, user: User, asking: Asking) -> Reply:
        """Answer truly up to the limit."""
        if asking.ordinal > self.recipients:
            return Reply((), Ending.DROPS)
        return USER_REPLIES[user]


@dataclass(frozen=True, slots=True)
class LimitsRecipients:
    """Answers `recipients` of a session truly, then says 452 4.5.3 to the others."""

    recipients: int

    def reply(self, user: User, asking: Asking) -> Reply:
        """Answer truly up to the limit."""
        if asking.ordinal > self.recipients:
            return line("452 4.5.3 too many recipients")
        return USER_REPLIES[user]


Behaviour = (
    Ordinary
    | AcceptAll
    | Greylisting
    | Blocked
    | TurnsAgainst
    | TakesShape
    | RateLimited
    | RelayDenied
    | ClosesAfter
    | DropsAfter
    | LimitsRecipients
)
