"""What is asked in one open session: the recipients, then the control, then the decoy."""

from dataclasses import dataclass, field, replace

from engine.address import Address
from engine.batch import Recipient
from engine.exchange import MailHost
from engine.judge import read_reply
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached
from engine.session import CLOSING, Session, Trace
from engine.settings import Settings
from engine.verdict import TraceLine

MAX_REFUSALS = 9
LEAST_TIMEOUT_S = 0.05
ERROR = 400
_LATE = frozenset({Reason.TIMEOUT, Reason.BUDGET})
REFUSED = frozenset({Meaning.MISSING, Meaning.DISABLED, Meaning.MOVED})


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask a domain's hosts: due recipients, and the made-up ones that may go with them."""

    hosts: tuple[MailHost, ...]
    recipients: tuple[Recipient, ...]
    provider: str
    decoy: Address | None = None
    control: Address | None = None

    @property
    def unanswered(self) -> tuple[Recipient, ...]:
        """The recipients that no host has answered yet, in an earlier session or in this one."""
        return tuple(recipient for recipient in self.recipients if recipient.answer is None)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one recipient was answered, and the lines of the trace that belong to it alone."""

    recipient: Recipient
    answer: Answer
    trace: tuple[TraceLine, ...] = ()


@dataclass(slots=True)
class Interview:
    """The asking in one open session, and what has been heard in it so far.

    `stopped` is what ended it early: a limit of the host's (421, 452 4.5.3), a drop or a time-out.
    """

    session: Session
    question: Question
    settings: Settings
    trace: Trace
    setup_s: float = 0.0
    heard: list[Heard] = field(default_factory=list)
    decoy: Answer | None = None
    control: Reply | None = None
    stopped: Answer | None = None

    async def hold(self) -> None:
        """Ask all there is to ask, as far as the host lets us."""
        for recipient in self.question.unanswered:
            if self._is_over():
                break
            await self._ask_recipient(recipient)
        await self._ask_control()
        await self._ask_decoy()

    def _is_over(self) -> bool:
        """Tell whether the next RCPT would be one too many: Postfix slows clients after 10 errors."""
        refusals = sum(_is_error(heard.answer) for heard in self.heard)
        last = refusals + self._reserved() >= MAX_REFUSALS
        return last or self.stopped is not None or not self.session.is_open

    def _reserved(self) -> int:
        """Count the made-up and control addresses that may be refused after the recipients."""
        control = self.question.control is not None and any(self._is_vague(h.answer) for h in self.heard)
        return int(control) + int(self.question.decoy is not None)

    async def _ask_recipient(self, recipient: Recipient) -> None:
        start = len(self.trace.lines)
        answer = await self._ask(recipient.address)
        if self._ends_session(answer):
            self.stopped = answer
            return
        self.heard.append(Heard(recipient, answer, tuple(self.trace.lines[start:])))

    def _ends_session(self, answer: Answer) -> bool:
        """Tell whether an answer speaks of the session and not of the recipient.

        A time-out belongs to its recipient once the host has answered others, else to the host.
        """
        if isinstance(answer, Reply):
            return answer.code == CLOSING or self._meaning(answer) is Meaning.SESSION_LIMIT
        has_replies = any(isinstance(heard.answer, Reply) for heard in self.heard)
        return answer.failure is not Reason.SMTPUTF8_NEEDED and not (has_replies and answer.failure in _LATE)

    async def _ask(self, address: Address) -> Answer:
        if not address.local_part.isascii() and not self.session.has_utf8:
            return Unreached(Stage.RCPT, Reason.SMTPUTF8_NEEDED, "the host does not offer SMTPUTF8")
        left_s = max(self.settings.total_budget_ms / 1000 - self.setup_s, LEAST_TIMEOUT_S)
        timeout_s = self.settings.smtp_op_timeout_ms / 1000
        answer = await self.session.ask(address, min(left_s, timeout_s))
        return _over_budget(answer) if left_s < timeout_s else answer

    async def _ask_decoy(self) -> None:
        """Ask for the made-up address where somebody was not refused: only then its answer matters."""
        if self.question.decoy is None or self.stopped or not self.session.is_open:
            return
        waiting = (recipient.answer for recipient in self.question.recipients if recipient.answer)
        now = (heard.answer for heard in self.heard)
        if any(self._meaning(answer) not in REFUSED for answer in (*waiting, *now)):
            answer = await self._ask(self.question.decoy)
            if isinstance(answer, Reply) and self._ends_session(answer):
                self.stopped = answer
                return
            self.decoy = answer

    async def _ask_control(self) -> None:
        """Ask for postmaster@ (RFC 5321, 4.5.1) where a refusal did not say that it means the recipient."""
        if self.question.control is None or self.stopped or not self.session.is_open:
            return
        if any(self._is_vague(heard.answer) for heard in self.heard):
            answer = await self._ask(self.question.control)
            self.control = answer if isinstance(answer, Reply) else None

    def _is_vague(self, answer: Answer) -> bool:
        if not isinstance(answer, Reply):
            return False
        reading = read_reply(answer, self.question.provider)
        return reading.meaning in REFUSED and not reading.has_recipient_sense

    def _meaning(self, answer: Answer) -> Meaning | None:
        return read_reply(answer, self.question.provider).meaning if isinstance(answer, Reply) else None


def _is_error(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.code >= ERROR


def _over_budget(answer: Answer) -> Answer:
    """Call a time-out by its cause where the address had less time left than a command may take."""
    if isinstance(answer, Unreached) and answer.failure is Reason.TIMEOUT:
        return replace(answer, failure=Reason.BUDGET)
    return answer
