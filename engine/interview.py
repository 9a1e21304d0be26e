"""What is asked in one open session: the recipients, then the decoys, and the control where it is needed."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.address import Address
from engine.asking import Asker, needs_utf8
from engine.batch import Recipient
from engine.control import is_in_doubt, needs_control
from engine.decoy import Next, Said, conclude, crowd_of, said_of
from engine.flight import Spoken
from engine.provider import provider_named
from engine.question import Heard, Question
from engine.reading import read_reply
from engine.reason import Reason
from engine.reply import CLOSING, Answer, Meaning, Reply, Stage, Unreached, is_yes

MAX_REFUSALS = 9
MANY = 1000
_LATE = frozenset({Reason.TIMEOUT, Reason.BUDGET})
_OF_SESSION = frozenset({Meaning.SESSION_LIMIT, Meaning.TLS_REQUIRED})
_AT_STAKE = frozenset({Said.ACCEPTED, Said.LATER})


@dataclass(slots=True)
class Interview:
    """The asking in one open session, and what has been heard in it so far.

    `stopped` is what ended it early: a limit of the host's (421, 452 4.5.3), a drop or a time-out, and
    `ended_by` who was asked about when the host hung up or fell silent; `cut_short` counts the questions
    that were answered with such an end. After `ends_at` (monotonic seconds) nobody else is asked.
    """

    asker: Asker
    question: Question
    ends_at: float = math.inf
    heard: list[Heard] = field(default_factory=list)
    decoy: Answer | None = None
    second_decoy: Answer | None = None
    control: Reply | None = None
    stopped: Answer | None = None
    ended_by: Recipient | None = None
    cut_short: int = 0
    _most_rcpts: float = field(init=False)

    def __post_init__(self) -> None:
        """Look up once how many RCPTs the provider takes in a session."""
        self._most_rcpts = provider_named(self.question.provider).rcpts_per_session or math.inf

    async def hold(self) -> None:
        """Ask all there is to ask, as far as the host lets us, and as many as we may."""
        waiting = list(self.question.unanswered)
        while waiting and (size := self._flight_size(waiting)):
            flight, waiting = waiting[:size], waiting[size:]
            beside = [] if waiting else self._decoy_beside(flight)
            told = await self.asker.ask([*(recipient.address for recipient in flight), *beside])
            for recipient, spoken in zip(flight, told, strict=False):
                self._take(recipient, spoken)
            for spoken in told[len(flight) :]:
                self.decoy = self._of_ours(spoken.answer)
        await self._ask_control()
        await self._ask_decoys()

    def _flight_size(self, waiting: Sequence[Recipient]) -> int:
        """Say how many of those who wait may be asked about at once: one, where the host takes no flights.

        They are so few that refusals alone cannot meet the error limits, nor late answers the end.
        """
        if self._is_over():
            return 0
        size = 1
        if self.asker.session.takes_flights:
            kinds = [needs_utf8(recipient.address) for recipient in waiting]
            alike = kinds.index(not kinds[0]) if (not kinds[0]) in kinds else len(kinds)
            size = max(min(alike, self._refusals_left(), self._rcpts_left(), self._answers_in_time()), 1)
        return min(self.question.allow(size), size)

    def _decoy_beside(self, flight: Sequence[Recipient]) -> list[Address]:
        """Give the decoy where it may go out as the last of a flight, which spares it a round trip."""
        decoy = self.question.decoy
        is_alike = self.asker.session.takes_flights and not needs_utf8(flight[-1].address)
        has_room = self._has_room(len(flight) + 1) and self._answers_in_time() > len(flight)
        return [decoy] if decoy and is_alike and has_room and self.question.allow(1) else []

    def _refusals_left(self) -> int:
        """Count the refusals that may come before the control and the decoy, should all of these be asked."""
        made_up = (self.question.control, self.question.decoy)
        return MAX_REFUSALS - self.asker.refused - sum(each is not None for each in made_up)

    def _rcpts_left(self) -> int:
        left = self._most_rcpts - self.asker.asked - int(self.question.decoy is not None)
        return int(min(left, MANY))

    def _answers_in_time(self) -> int:
        left_s = self.ends_at - time.monotonic()
        rcpt_s = self.asker.session.allowance.patience.rcpt_s
        return MANY if left_s > MANY * rcpt_s else int(left_s / rcpt_s)

    def _is_over(self) -> bool:
        """Tell whether the next recipient would be one too many: Postfix slows clients after 10 errors."""
        has_decoy = self.question.decoy is not None
        is_decoys_turn = self.asker.asked > 0 and not self._has_room(1 + int(has_decoy))
        is_refused = self.asker.refused + self._reserved() >= MAX_REFUSALS
        return is_refused or is_decoys_turn or not self._may_go_on()

    def _may_go_on(self) -> bool:
        """Tell whether the host, the provider's limit and the time left allow one more RCPT."""
        is_late = self._answers_in_time() < 1
        return self.stopped is None and self.asker.session.is_open and self._has_room(1) and not is_late

    def _has_room(self, rcpts: int) -> bool:
        return self.asker.asked + rcpts <= self._most_rcpts

    def _reserved(self) -> int:
        """Count the made-up and control addresses that may be refused after the recipients."""
        return int(self._wants_control()) + int(self.question.decoy is not None)

    def _wants_control(self) -> bool:
        if self.question.control is None:
            return False
        return needs_control([heard.answer for heard in self.heard], self.question.provider)

    def _take(self, recipient: Recipient, spoken: Spoken) -> None:
        """Take what one recipient was answered; who was answered with the end is not answered."""
        answer = spoken.answer
        if not self._ends_session(answer):
            self.heard.append(Heard(recipient, answer, spoken.trace))
            return
        self.cut_short += answer.stage is Stage.RCPT
        if self.stopped is None:
            self.stopped = answer
            self.ended_by = recipient if _is_end(answer) else None

    def _ends_session(self, answer: Answer) -> bool:
        """Tell whether an answer speaks of the session and not of the recipient.

        A time-out belongs to its recipient once the host has answered others, else to the host.
        """
        if isinstance(answer, Reply):
            if answer.stage is not Stage.RCPT or answer.code == CLOSING:
                return True
            return not is_yes(answer) and self._meaning(answer) in _OF_SESSION
        has_replies = any(isinstance(heard.answer, Reply) for heard in self.heard)
        return answer.failure is not Reason.SMTPUTF8_NEEDED and not (has_replies and answer.failure in _LATE)

    async def _ask_decoys(self) -> None:
        """Ask for the made-up addresses where somebody was not refused: only then their answers matter."""
        if not any(said_of(answer, self.question.provider) in _AT_STAKE for answer in self._told()):
            self._forget_decoy()
            return
        if self.decoy is None:
            self.decoy = await self._ask_for_us(self.question.decoy)
        if self._wants_second():
            self.second_decoy = await self._ask_for_us(self.question.second_decoy)

    def _forget_decoy(self) -> None:
        """Where nobody was let in, let the decoy's answer only tell that the host knows who is missing.

        A refusal that may mean us tells that no more than the recipients' do, unless postmaster@ was let in.
        """
        if self.decoy is None:
            return
        provider = self.question.provider
        is_sure = not is_in_doubt(self.decoy, provider) or (self.control is not None and is_yes(self.control))
        if said_of(self.decoy, provider) is not Said.MISSING or not is_sure:
            self.decoy = None
            self.cut_short += 1

    def _told(self) -> list[Answer]:
        """Give what the recipients were told, in earlier sessions and in this one."""
        waiting = [recipient.answer for recipient in self.question.recipients if recipient.answer]
        return [*waiting, *(heard.answer for heard in self.heard)]

    def _wants_second(self) -> bool:
        if self.question.decoy is None:
            return True
        if self.decoy is None:
            return False
        provider = self.question.provider
        crowd = crowd_of(self._told(), provider, has_missing=self.question.has_missing)
        return conclude(crowd, said_of(self.decoy, provider)) is Next.SECOND

    async def _ask_control(self) -> None:
        """Ask for postmaster@ (RFC 5321, 4.5.1) where a refusal did not say that it means the recipient."""
        if self._wants_control():
            answer = await self._ask_for_us(self.question.control)
            self.control = answer if isinstance(answer, Reply) else None

    async def _ask_for_us(self, address: Address | None) -> Answer | None:
        """Ask about an address that nobody wants to know of."""
        if address is None or not self._may_go_on() or not self.question.allow(1):
            return None
        return self._of_ours((await self.asker.ask([address]))[0].answer)

    def _of_ours(self, answer: Answer) -> Answer | None:
        """Take what a made-up address or postmaster@ was answered; a reply that ends the session is none."""
        is_refused = isinstance(answer, Reply) and self._ends_session(answer)
        if is_refused or answer.stage is not Stage.RCPT:
            self.stopped = answer
            self.cut_short += answer.stage is Stage.RCPT
            return None
        return answer

    def _meaning(self, reply: Reply) -> Meaning:
        return read_reply(reply, self.question.provider).meaning


def _is_end(answer: Answer) -> bool:
    """Tell whether a question about a recipient got no answer but the end of the session."""
    is_left = isinstance(answer, Unreached) or answer.code == CLOSING
    return is_left and answer.stage is Stage.RCPT
