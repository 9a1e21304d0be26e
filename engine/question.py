"""What a domain's hosts are asked in one visit, and what one recipient was answered."""

from collections.abc import Callable

from engine.address import Address
from engine.asking import needs_utf8
from engine.batch import Recipient
from engine.exchange import MailHost
from engine.reply import Answer
from engine.value import value
from engine.verdict import TraceLine


def all_of(rcpts: int) -> int:
    """Grant all that is asked for."""
    return rcpts


@value
class Question:
    """What to ask a domain's hosts: due recipients, and the made-up ones that may go with them.

    The second decoy is asked where the first one's answer contradicts the recipients' (or was had before);
    `has_missing` when others were refused as missing in earlier sessions. `allow` is told how many RCPTs are
    to be said now, and grants so many of them; where it grants none, nobody else is asked in this session.
    """

    hosts: tuple[MailHost, ...]
    recipients: tuple[Recipient, ...]
    provider: str
    decoy: Address | None = None
    control: Address | None = None
    second_decoy: Address | None = None
    has_missing: bool = False
    allow: Callable[[int], int] = all_of

    @property
    def unanswered(self) -> tuple[Recipient, ...]:
        """The recipients that no host has answered yet, those that need SMTPUTF8 (RFC 6531) last."""
        open_ones = [recipient for recipient in self.recipients if recipient.answer is None]
        if len(open_ones) > 1:
            open_ones.sort(key=lambda recipient: needs_utf8(recipient.address))
        return tuple(open_ones)

    @property
    def known_host(self) -> str:
        """The mail host that put recipients off before; `""` for none."""
        return next((recipient.mx_host for recipient in self.recipients if recipient.mx_host), "")

    @property
    def has_any(self) -> bool:
        """Whether anybody is to be asked about."""
        return bool(self.unanswered or self.decoy or self.second_decoy)


@value
class Heard:
    """What one recipient was answered, and the lines of the trace that belong to it alone."""

    recipient: Recipient
    answer: Answer
    trace: tuple[TraceLine, ...] = ()
