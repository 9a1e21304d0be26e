"""Asks about one address in an open session, and first gives the host what it wants for an answer."""

from dataclasses import dataclass, replace

from engine.address import Address
from engine.greeting import Tls, encrypt, may_encrypt, name_sender, start_over
from engine.reason import Reason
from engine.reply import Answer, Reply, Stage, Unreached
from engine.session import Session, is_yes
from engine.settings import Settings

LEAST_TIMEOUT_S = 0.05
BAD_SEQUENCE = 503


@dataclass(slots=True)
class Asker:
    """Asks in one session, which took `setup_s` seconds to set up; `asked` counts its RCPTs."""

    session: Session
    settings: Settings
    tls: Tls = Tls.OFFERED
    setup_s: float = 0.0
    asked: int = 0
    _has_started_over: bool = False

    async def ask(self, address: Address) -> Answer:
        """Ask about an address: the answer to RCPT TO, or to what had to come before it."""
        if needs_utf8(address) and not self.session.has_named_utf8:
            named = await self._name_utf8()
            if not is_yes(named):
                return named
        answer = await self._rcpt(address)
        mended = await self._mend(answer)
        if mended is None:
            return answer
        return await self._rcpt(address) if is_yes(mended) else mended

    async def _rcpt(self, address: Address) -> Answer:
        """Say RCPT TO; the address has the time that the set-up has left of its budget."""
        left_s = max(self.session.patience.budget_s - self.setup_s, LEAST_TIMEOUT_S)
        timeout_s = self.session.patience.rcpt_s
        self.asked += 1
        answer = await self.session.ask(address, min(left_s, timeout_s))
        return _over_budget(answer) if left_s < timeout_s else answer

    async def _name_utf8(self) -> Answer:
        """Name SMTPUTF8 in MAIL FROM (RFC 6531), which the ASCII recipients did without."""
        if not self.session.has_utf8:
            return Unreached(Stage.RCPT, Reason.SMTPUTF8_NEEDED, "the host does not offer SMTPUTF8")
        return await self._start_over(has_utf8=True)

    async def _mend(self, answer: Answer) -> Answer | None:
        """Start TLS or say MAIL FROM again where the answer is that: what came of it, None if it is not."""
        if may_encrypt(self.session, answer, self.tls):
            secured = await self.session.within(self.session.patience.budget_s, self._encrypt())
            return answer if secured.stage is Stage.STARTTLS else secured
        if _is_out_of_sequence(answer) and self.session.is_open and not self._has_started_over:
            self._has_started_over = True
            return await self._start_over(has_utf8=self.session.has_named_utf8)
        return None

    async def _encrypt(self) -> Answer:
        has_utf8 = self.session.has_named_utf8
        secured = await encrypt(self.session, self.settings)
        if not is_yes(secured):
            return secured
        return await name_sender(self.session, self.settings, self.tls, has_utf8=has_utf8)

    async def _start_over(self, *, has_utf8: bool) -> Answer:
        steps = start_over(self.session, self.settings, self.tls, has_utf8=has_utf8)
        return await self.session.within(self.session.patience.budget_s, steps)


def needs_utf8(address: Address) -> bool:
    """Tell whether an address can be asked about only with SMTPUTF8 (RFC 6531)."""
    return not address.local_part.isascii()


def _is_out_of_sequence(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.code == BAD_SEQUENCE


def _over_budget(answer: Answer) -> Answer:
    """Call a time-out by its cause where the address had less time left than a command may take."""
    if isinstance(answer, Unreached) and answer.failure is Reason.TIMEOUT:
        return replace(answer, failure=Reason.BUDGET)
    return answer
