"""One SMTP session with one mail host, from the banner to QUIT. DATA is never spoken."""

import logging
import time
from collections.abc import Sequence

from engine.address import Address
from engine.allowance import LEAST_S, Allowance
from engine.farewell import LEAVE_TIMEOUT_S, is_farewell, take_leave
from engine.flight import Command, Spoken, falls_silent, fault_of_ours, is_confusing, is_fitting, rcpt
from engine.patience import Patience
from engine.reason import Reason
from engine.reply import CLOSING, Answer, Reply, Stage, Unreached, is_yes
from engine.tls import fault_of, lenient_context
from engine.trace import Trace, clean
from engine.wire import NoReply, Wire

TOO_SLOW = "the host took too long to let us ask"
_FOREIGN_ERRORS = (OSError, ValueError)

log = logging.getLogger("winnow.engine")


class Session:
    """An open session. After a drop, a time-out or a 421 it `is_open` no more.

    `offers_tls` is None until the host has named its extensions. Once the host has said more or other than
    was asked, it is not `is_in_step`: which answer belongs to which question is then not certain. The
    `flights` of commands (RFC 2920) show whether that `is_confused` by them; `is_lockstep` has one command
    said at a time. The `allowance` says how long the host may still take.
    """

    def __init__(self, wire: Wire, trace: Trace, patience: Patience, host_name: str = "") -> None:
        self._wire = wire
        self._host_name = host_name
        self._stage = Stage.BANNER
        self.is_greeted = False
        self._has_erred = False
        self.is_open = True
        self.is_in_step = True
        self.has_tried_tls = False
        self.has_sender = False
        self.has_named_utf8 = False
        self.is_lockstep = False
        self.flights = 0
        self.is_confused = False
        self.offers_tls: bool | None = None
        self.extensions: frozenset[str] = frozenset()
        self.begin(trace, patience, time.monotonic())

    def begin(self, trace: Trace, patience: Patience, began_at: float) -> None:
        """Count the time of a set-up from here on: a connection's, or that of one more domain."""
        self.trace = trace
        self.allowance = Allowance(patience, began_at)

    @property
    def has_utf8(self) -> bool:
        """Whether the host offers SMTPUTF8 (RFC 6531)."""
        return "SMTPUTF8" in self.extensions

    @property
    def has_surplus(self) -> bool:
        """Whether the host has said something that nobody asked, or has closed."""
        return bool(self._wire.surplus) or not self._wire.is_connected

    @property
    def breaks_flights(self) -> bool:
        """Whether it must be asked one command at a time, in another session."""
        return self.is_confused or (self.flights > 0 and not self.is_in_step)

    @property
    def takes_flights(self) -> bool:
        """Whether several commands may be said at once: the host offers PIPELINING (RFC 2920)."""
        return "PIPELINING" in self.extensions and not self.is_lockstep

    async def hear_banner(self) -> Answer:
        """Wait for the whole banner (RFC 5321, 3.1), which may have several lines; say nothing before."""
        answer, _ = await self._hear()
        self.is_greeted = isinstance(answer, Reply)
        return answer

    async def greet(self, verb: str, name: str) -> Answer:
        """Say EHLO or HELO (RFC 5321, 4.1.1.1), and learn what the host offers."""
        self._stage = Stage.EHLO
        if surplus := self._wire.surplus:
            return self._unasked(surplus)
        self.trace.us(f"{verb} {name}")
        self._wire.say(f"{verb} {name}")
        answer, text = await self._hear()
        if is_yes(answer):
            self.extensions = frozenset(line.split(" ")[0].upper() for line in text.split("\n")[1:])
            self.offers_tls = bool(self.offers_tls) or "STARTTLS" in self.extensions
        return answer

    async def say(self, stage: Stage, line: str) -> Answer:
        """Say one command and hear its reply."""
        return (await self._fly([Command(stage, line)]))[0].answer

    async def ask(self, address: Address) -> Answer:
        """Ask about one address, and hear the answer."""
        return (await self._fly([rcpt(address)]))[0].answer

    async def converse(self, commands: Sequence[Command]) -> list[Spoken]:
        """Say commands, and hear a reply to each; fewer come back where the host ends the session.

        A host that offers it has them in one flight. Any other has them one by one, and no more of them
        after the first, before the recipients, that it refuses.
        """
        if self.takes_flights:
            return await self._fly(commands)
        spoken: list[Spoken] = []
        for command in commands:
            spoken += await self._fly([command])
            if not self.is_open or not (is_yes(spoken[-1].answer) or command.stage is Stage.RCPT):
                break
        return spoken

    async def _fly(self, commands: Sequence[Command]) -> list[Spoken]:
        """Say commands at once and hear the replies in order; each has its own time from the one before."""
        self._stage = commands[0].stage
        start = len(self.trace.lines)
        if surplus := self._wire.surplus:
            return [Spoken(self._unasked(surplus), self.trace.since(start))]
        self._wire.say(*[line for _, line in commands])
        said_ms = self.trace.now_ms()
        spoken: list[Spoken] = []
        for stage, line in commands:
            self._stage = stage
            start = len(self.trace.lines)
            self.trace.us(line, said_ms)
            answer, _ = await self._hear()
            if line.startswith("MAIL"):
                self.allowance.end_set_up()
            spoken.append(Spoken(answer, self.trace.since(start)))
            if not self.is_open:
                break
        self._note_flight(commands, spoken)
        self._log_own_fault(spoken)
        return spoken

    def _note_flight(self, commands: Sequence[Command], spoken: Sequence[Spoken]) -> None:
        """Notice, at the first flight above all, whether the host can do what it offers."""
        if len(commands) == 1:
            return
        answers = [each.answer for each in spoken]
        self.is_confused = falls_silent(answers) if self.flights else is_confusing(answers)
        self.flights += 1

    async def start_tls(self) -> Answer:
        """Say STARTTLS (RFC 3207) and shake hands; the certificate may be anyone's."""
        self.has_tried_tls = True
        answer = await self.say(Stage.STARTTLS, "STARTTLS")
        if not is_yes(answer):
            return answer
        try:
            version = await self._wire.encrypt(
                lenient_context(),
                self._host_name,
                within_s=max(self.allowance.left_at(self._stage)[0], LEAST_S),
                leave_s=LEAVE_TIMEOUT_S,
            )
        except _FOREIGN_ERRORS as error:
            return self._lost(Reason.DROPPED, f"the TLS handshake failed: {fault_of(error)}")
        self.trace.note(f"encrypted with {version}")
        self.extensions = frozenset()
        self.has_sender = False
        return answer

    async def _hear(self) -> tuple[Answer, str]:
        """Hear one reply; gives it cleaned and cut, and its text as it came."""
        within_s, late = self.allowance.left_at(self._stage)
        try:
            code, text = await self._wire.hear(within_s)
        except TimeoutError:
            is_set_up = self._stage is Stage.RCPT or late is Reason.TIMEOUT
            return self._lost(late, "no answer in time" if is_set_up else TOO_SLOW), ""
        except NoReply as error:
            return self._lost(Reason.UNCLEAR, str(error)), ""
        except _FOREIGN_ERRORS:
            return self._lost(Reason.DROPPED, "the host hung up"), ""
        return self._taken(Reply(code, clean(text), self._stage)), text

    def _taken(self, reply: Reply) -> Answer:
        """Believe a reply that can be one to what was asked, and that nothing follows but a farewell.

        A farewell that has come already ends the session when the replies before it have been heard.
        """
        self.trace.host(f"{reply.code} {reply.text}")
        if not is_fitting(reply):
            return self._out_of_step(f"{reply.code} is no answer to this")
        surplus = self._wire.surplus
        if surplus and not is_farewell(surplus):
            return self._out_of_step("the host said more than was asked")
        self.is_open = reply.code != CLOSING and (not surplus or self._wire.is_owing)
        return reply

    def _unasked(self, surplus: bytes) -> Answer:
        """Take what a host says before it is asked: that it closes, or something out of step."""
        if not is_farewell(surplus):
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

    def _log_own_fault(self, spoken: Sequence[Spoken]) -> None:
        """Log once a session that a host finds fault with what we say; no addresses, no texts."""
        fault = None if self._has_erred else fault_of_ours(each.answer for each in spoken)
        if fault is not None:
            self._has_erred = True
            log.warning("%s took our %s for a mistake (%d)", self._host_name, fault.stage.value, fault.code)

    async def quit(self) -> None:
        """Take leave (RFC 5321, 4.1.1.10) and close; also where the host has stopped answering."""
        try:
            if self.is_greeted and self._wire.is_connected:
                self.trace.us("QUIT")
                is_heard = self.is_open and self.is_in_step
                self.is_open = False
                self.is_in_step &= await take_leave(self._wire, is_heard=is_heard)
        finally:
            self._wire.close()
