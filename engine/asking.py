"""Asks about addresses in an open session, and first gives the host what it wants for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.address import Address
from engine.flight import Spoken, rcpt
from engine.greeting import Tls, encrypt, may_encrypt, opening
from engine.reason import Reason
from engine.reply import Answer, Reply, Stage, Unreached, is_yes
from engine.session import Session
from engine.settings import Settings
from engine.verdict import TraceLine

BAD_SEQUENCE = 503
ERROR = 400
ONE_AT_A_TIME = "the host takes one command at a time, though it offers to take several"


@dataclass(slots=True)
class Asker:
    """Asks in one session; `asked` and `refused` count its RCPTs, over all the domains it asks about.

    `opened_at` is where the trace's lines about the session as a whole end: when the sender was first named.
    `provider` is whose hosts they are.
    """

    session: Session
    settings: Settings
    tls: Tls = Tls.OFFERED
    asked: int = 0
    refused: int = 0
    opened_at: int | None = None
    provider: str = ""
    _is_stale: bool = False
    _has_started_over: bool = False

    def begin_anew(self) -> None:
        """Let the next question begin a transaction of its own, for another domain."""
        self.opened_at = None
        self.session.has_named_utf8 = False
        self._is_stale = True
        self._has_started_over = False

    async def ask(self, addresses: Sequence[Address]) -> list[Spoken]:
        """Ask about addresses, all with SMTPUTF8 or none: the answers to RCPT TO, in order.

        Fewer come back where the session ends, or where something before RCPT is refused: the last is why.
        """
        if needs_utf8(addresses[0]) and not self.session.has_utf8:
            unasked = Unreached(Stage.RCPT, Reason.SMTPUTF8_NEEDED, "the host does not offer SMTPUTF8")
            return [Spoken(unasked, ())] * len(addresses)
        told = await self._say(addresses)
        if told[0].answer.stage is not Stage.RCPT:
            return await self._open_again(addresses, told)
        unmended = [place for place, each in enumerate(told) if self._can_mend(each.answer)]
        return await self._ask_again(addresses, told, unmended) if unmended else told

    async def _say(self, addresses: Sequence[Address]) -> list[Spoken]:
        """Say RCPT TO, and MAIL FROM before where it is due: in one flight, if the host takes that."""
        session = self.session
        has_utf8 = needs_utf8(addresses[0]) or session.has_named_utf8
        before = opening(session, self.settings, has_utf8=has_utf8) if self._must_open(has_utf8) else []
        if before and self.opened_at is not None:
            session.allowance.renew()
        start = len(session.trace.lines)
        spoken = await session.converse([*before, *map(rcpt, addresses)])
        self._count(spoken, len(addresses) if session.takes_flights else 0)
        opened, told = spoken[: len(before)], spoken[len(before) :]
        refusal = next((each for each in opened if not is_yes(each.answer)), None)
        if refusal or session.is_confused:
            session.trace.cut(start + sum(len(each.trace) for each in opened))
        if session.is_confused:
            return [Spoken(Unreached(Stage.RCPT, Reason.UNCLEAR, ONE_AT_A_TIME), ())]
        if refusal:
            return [refusal]
        return self._opened(opened, told, start, has_utf8=has_utf8) if opened else told

    def _must_open(self, has_utf8: bool) -> bool:  # noqa: FBT001 - the one thing it is about
        session = self.session
        return self._is_stale or not session.has_sender or (has_utf8 and not session.has_named_utf8)

    def _opened(
        self, opened: Sequence[Spoken], told: Sequence[Spoken], start: int, *, has_utf8: bool
    ) -> list[Spoken]:
        """Note that the sender is named; a later naming belongs to the recipients it was done for."""
        self._is_stale = False
        self.session.has_sender = True
        self.session.has_named_utf8 = has_utf8
        lines = tuple(line for each in opened for line in each.trace)
        if self.opened_at is None:
            self.opened_at = start + len(lines)
            return list(told)
        return [_after(lines, each) for each in told]

    def _count(self, spoken: Sequence[Spoken], in_flight: int) -> None:
        """Count what was asked and refused; in a flight, all was asked."""
        self.asked += in_flight or sum(each.answer.stage is Stage.RCPT for each in spoken)
        self.refused += sum(_is_error(each.answer) for each in spoken)

    def _can_mend(self, answer: Answer) -> bool:
        """Tell whether an answer asks for TLS, or for MAIL FROM once more, which it then may get."""
        if is_yes(answer):
            return False
        if may_encrypt(self.session, answer, self.tls, self.provider):
            return True
        return _is_out_of_sequence(answer) and self.session.is_open and not self._has_started_over

    async def _open_again(self, addresses: Sequence[Address], told: list[Spoken]) -> list[Spoken]:
        """Name the sender under TLS where the host insists on it (RFC 3207, 4), and ask."""
        if not self._can_mend(told[0].answer):
            return told
        failure = await self._mend(told[0].answer)
        return [Spoken(failure, ())] if failure else await self.ask(addresses)

    async def _ask_again(
        self, addresses: Sequence[Address], told: list[Spoken], unmended: Sequence[int]
    ) -> list[Spoken]:
        """Give the host what it wants, and ask once more about those who were not answered for want of it."""
        trace = self.session.trace
        start = len(trace.lines)
        failure = await self._mend(told[unmended[0]].answer)
        lines = trace.since(start)
        if failure is not None:
            return [*told[: unmended[0]], _after(told[unmended[0]].trace + lines, Spoken(failure, ()))]
        again = await self.ask([addresses[place] for place in unmended])
        for place, each in zip(unmended, again, strict=False):
            told[place] = _after(told[place].trace + lines, each)
        return told if len(again) == len(unmended) else told[: unmended[len(again) - 1] + 1]

    async def _mend(self, answer: Answer) -> Answer | None:
        """Start TLS, or let MAIL FROM be said again: what kept us from it, None if nothing did."""
        self.session.allowance.renew()
        if not may_encrypt(self.session, answer, self.tls, self.provider):
            self._has_started_over = self._is_stale = True
            return None
        has_utf8 = self.session.has_named_utf8
        secured = await encrypt(self.session, self.settings)
        self.session.has_named_utf8 = has_utf8
        if is_yes(secured):
            return None
        return answer if secured.stage is Stage.STARTTLS else secured


def needs_utf8(address: Address) -> bool:
    """Tell whether an address can be asked about only with SMTPUTF8 (RFC 6531)."""
    return not address.local_part.isascii()


def _after(lines: tuple[TraceLine, ...], spoken: Spoken) -> Spoken:
    return Spoken(spoken.answer, lines + spoken.trace)


def _is_error(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.code >= ERROR


def _is_out_of_sequence(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.code == BAD_SEQUENCE
