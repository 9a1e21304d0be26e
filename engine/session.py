"""One SMTP session with one mail host, from the banner to QUIT. DATA is never spoken."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable

import aiosmtplib

from engine.address import Address
from engine.patience import Patience
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached, classify
from engine.tls import fault_of, lenient_context
from engine.trace import Trace, clean
from engine.wire import Wire

CLOSING = 421
BYE = 221
FAREWELLS = frozenset({BYE, CLOSING})
LEAVE_TIMEOUT_S = 1.0
ADDRESSING = 1
TOO_SLOW = "the host took too long to let us ask"
_FOREIGN_ERRORS = (aiosmtplib.SMTPException, OSError, ssl.SSLError, ValueError)
_LEAST_REFUSAL, _CODES_END = 400, 600
_YES_CODES = {Stage.BANNER: {220}, Stage.STARTTLS: {220}, Stage.RCPT: {250, 251, 252}}
_OWN_FAULTS = frozenset({501, 503})

log = logging.getLogger("winnow.engine")


class Session:
    """An open session. After a drop, a time-out or a 421 it `is_open` no more.

    `offers_tls` is None until the host has named its extensions. Once the host has said more or other than
    was asked, it is not `is_in_step`: which answer belongs to which question is then not certain.
    """

    def __init__(self, wire: Wire, trace: Trace, patience: Patience, host_name: str = "") -> None:
        self._wire = wire
        self._host_name = host_name
        self._stage = Stage.BANNER
        self._is_greeted = False
        self._has_erred = False
        self.trace = trace
        self.patience = patience
        self.is_open = True
        self.is_in_step = True
        self.has_tried_tls = False
        self.has_named_utf8 = False
        self.offers_tls: bool | None = None
        self.extensions: frozenset[str] = frozenset()

    @property
    def has_utf8(self) -> bool:
        """Whether the host offers SMTPUTF8 (RFC 6531)."""
        return "SMTPUTF8" in self.extensions

    async def hear_banner(self) -> Answer:
        """Wait for the whole banner (RFC 5321, 3.1), which may have several lines; say nothing before."""
        answer, _ = await self._hear(self._wire.read_response(timeout=self.patience.banner_s))
        self._is_greeted = isinstance(answer, Reply)
        return answer

    async def greet(self, verb: str, name: str) -> Answer:
        """Say EHLO or HELO (RFC 5321, 4.1.1.1), and learn what the host offers."""
        answer, text = await self._exchange(Stage.EHLO, f"{verb} {name}", self.patience.command_s)
        if is_yes(answer):
            self.extensions = frozenset(line.split(" ")[0].upper() for line in text.split("\n")[1:])
            self.offers_tls = bool(self.offers_tls) or "STARTTLS" in self.extensions
        return answer

    async def say(self, stage: Stage, command: str) -> Answer:
        """Say one command and hear its reply."""
        return (await self._exchange(stage, command, self.patience.command_s))[0]

    async def ask(self, address: Address, timeout_s: float) -> Answer:
        """Ask whether the host takes mail for an address: RCPT TO, in our own validated spelling."""
        return (await self._exchange(Stage.RCPT, f"RCPT TO:<{address}>", timeout_s))[0]

    async def start_tls(self) -> Answer:
        """Say STARTTLS (RFC 3207) and shake hands; the certificate may be anyone's."""
        self.has_tried_tls = True
        answer = await self.say(Stage.STARTTLS, "STARTTLS")
        if not is_yes(answer):
            return answer
        try:
            version = await self._wire.encrypt(
                lenient_context(), self._host_name, within_s=self.patience.command_s, leave_s=LEAVE_TIMEOUT_S
            )
        except _FOREIGN_ERRORS as error:
            return self._lost(Reason.DROPPED, f"the TLS handshake failed: {fault_of(error)}")
        self.trace.note(f"encrypted with {version}")
        self.extensions = frozenset()
        return answer

    async def within(self, limit_s: float, steps: Awaitable[Answer]) -> Answer:
        """Take several steps in so many seconds; a host that needs longer is left (`budget`)."""
        try:
            async with asyncio.timeout(limit_s):
                return await steps
        except TimeoutError:
            return self._lost(Reason.BUDGET, TOO_SLOW)

    async def _exchange(self, stage: Stage, command: str, timeout_s: float) -> tuple[Answer, str]:
        self._stage = stage
        if surplus := self._wire.surplus:
            return self._unasked(surplus), ""
        self.trace.us(command)
        return await self._hear(self._wire.execute_command(command.encode(), timeout=timeout_s))

    async def _hear(self, response: Awaitable[tuple[int, str]]) -> tuple[Answer, str]:
        """Hear one reply; gives it cleaned and cut, and its text as it came."""
        try:
            code, text = await response
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            return self._lost(Reason.TIMEOUT, "no answer in time"), ""
        except aiosmtplib.SMTPResponseException as error:
            return self._lost(Reason.UNCLEAR, _said_instead(error.message)), ""
        except _FOREIGN_ERRORS:
            return self._lost(Reason.DROPPED, "the host hung up"), ""
        return self._taken(Reply(code, clean(text), self._stage)), text

    def _taken(self, reply: Reply) -> Answer:
        """Believe a reply that can be one to what was asked, and that nothing follows but a farewell."""
        self.trace.host(f"{reply.code} {reply.text}")
        if not _is_fitting(reply):
            return self._out_of_step(f"{reply.code} is no answer to this")
        surplus = self._wire.surplus
        if surplus and not _is_farewell(surplus):
            return self._out_of_step("the host said more than was asked")
        self.is_open = reply.code != CLOSING and not surplus
        self._log_own_fault(reply)
        return reply

    def _unasked(self, surplus: bytes) -> Answer:
        """Take what a host says before it is asked: that it closes, or something out of step."""
        if not _is_farewell(surplus):
            return self._out_of_step("the host said something before it was asked")
        reply = Reply(CLOSING, clean(surplus[4:].decode("utf-8", "replace")).strip(), self._stage)
        self.trace.host(f"{reply.code} {reply.text}")
        self.is_open = False
        return reply

    def _out_of_step(self, detail: str) -> Unreached:
        self.is_in_step = False
        return self._lost(Reason.UNCLEAR, detail)

    def _lost(self, why: Reason, detail: str) -> Unreached:
        self.trace.note(f"{why.value}: {detail}")
        self.is_open = False
        return Unreached(self._stage, why, detail)

    def _log_own_fault(self, reply: Reply) -> None:
        """Log once a session that a host finds fault with what we say; no addresses, no texts."""
        if self._has_erred or reply.code not in _OWN_FAULTS or _is_of_recipient(reply):
            return
        if classify(reply.code, reply.text, stage=reply.stage).meaning is Meaning.SYNTAX:
            self._has_erred = True
            log.warning("%s took our %s for a mistake (%d)", self._host_name, reply.stage.value, reply.code)

    async def quit(self) -> None:
        """Take leave (RFC 5321, 4.1.1.10) and close; also where the host has stopped answering."""
        try:
            if self._is_greeted and self._wire.is_connected:
                self.trace.us("QUIT")
                await self._take_leave()
        finally:
            if self._wire.transport:
                self._wire.transport.close()

    async def _take_leave(self) -> None:
        """Say QUIT; where a question's late answer comes before the farewell, the host was out of step."""
        surplus = self._wire.surplus
        if surplus and not _is_farewell(surplus):
            self.is_in_step = False
        timeout_s = LEAVE_TIMEOUT_S if self.is_open and self.is_in_step else 0.0
        reply = await _reply_to(self._wire.execute_command(b"QUIT", timeout=timeout_s))
        if reply is None or reply[0] in FAREWELLS:
            return
        late = await _reply_to(self._wire.read_response(timeout=timeout_s))
        has_farewell = self._wire.surplus or (late is not None and late[0] == BYE and late[1])
        self.is_in_step = self.is_in_step and not has_farewell


async def _reply_to(response: Awaitable[tuple[int, str]]) -> tuple[int, str] | None:
    """Hear a reply that is no answer to a question; a host that hangs up after QUIT says 221 and no words."""
    try:
        return await response
    except (*_FOREIGN_ERRORS, TimeoutError):
        return None


def is_yes(answer: Answer) -> bool:
    """Tell whether an answer is a reply of the 2xx kind (RFC 5321, 4.2.1)."""
    return isinstance(answer, Reply) and 200 <= answer.code < 300  # noqa: PLR2004 - the range of RFC 5321


def _is_fitting(reply: Reply) -> bool:
    """Tell whether a reply's code is one that its command can be answered with (RFC 5321, 4.3.2)."""
    if _LEAST_REFUSAL <= reply.code < _CODES_END:
        return True
    return reply.code in _YES_CODES.get(reply.stage, {250})


def _is_of_recipient(reply: Reply) -> bool:
    """Tell whether a refusal names the recipient's address as its cause (RFC 3463, 3.2)."""
    return reply.stage is Stage.RCPT and reply.enhanced is not None and reply.enhanced.subject == ADDRESSING


def _is_farewell(surplus: bytes) -> bool:
    return surplus.startswith(b"421")


def _said_instead(message: str) -> str:
    """Say that something was no reply, and quote it where a person can read it."""
    _, _, words = message.partition("line: ")
    is_readable = words.strip().isascii() and words.strip().isprintable()
    return f"no SMTP reply: {words[:60].strip()}" if words.strip() and is_readable else "no SMTP reply"
