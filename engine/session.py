"""One SMTP session with one mail host: from the TCP connection to QUIT. DATA is never spoken."""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from engine.address import Address
from engine.reason import Reason
from engine.reply import Answer, Reply, Stage, Unreached
from engine.settings import Settings
from engine.verdict import TraceLine

TEXT_LIMIT = 512
CLOSING = 421
_FOREIGN_ERRORS = (aiosmtplib.SMTPException, OSError, ssl.SSLError, ValueError)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_IPV4_IN_IPV6 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


@dataclass(slots=True)
class Trace:
    """What was said in a session, in order, each line with the milliseconds since it began."""

    began_at: float = field(default_factory=time.monotonic)
    lines: list[TraceLine] = field(default_factory=list)

    def us(self, text: str) -> None:
        """Note what we said."""
        self._add(TraceLine("us", text, self._now()))

    def host(self, text: str) -> None:
        """Note what the host said."""
        self._add(TraceLine("host", text, self._now()))

    def note(self, text: str) -> None:
        """Note what happened without words."""
        self._add(TraceLine("note", text, self._now()))

    def _add(self, line: TraceLine) -> None:
        self.lines.append(line)

    def _now(self) -> int:
        return round((time.monotonic() - self.began_at) * 1000)


def is_routable(ip: str) -> bool:
    """Tell whether an IP address is global, and hides no private IPv4 address (mapped, 6to4, NAT64)."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public(address)
    if (hidden := _ipv4_in(address)) is not None:
        return _is_public(hidden)
    return address in _GLOBAL_UNICAST and address.is_global


def _ipv4_in(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Find the IPv4 address that an IPv6 address leads to (RFC 4291, 2.5.5.2; RFC 3056; RFC 6052)."""
    if any(address in network for network in _IPV4_IN_IPV6):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_public(address: ipaddress.IPv4Address) -> bool:
    return address.is_global and not address.is_multicast


class Session:
    """An open session. After a drop, a time-out or a 421 it `is_open` no more."""

    def __init__(self, protocol: SMTPProtocol, transport: asyncio.BaseTransport, trace: Trace) -> None:
        self._protocol = protocol
        self._transport = transport
        self._trace = trace
        self._is_greeted = False
        self.is_open = True
        self.extensions: frozenset[str] = frozenset()

    async def hear_banner(self, timeout_s: float) -> Answer:
        """Wait for the whole banner (RFC 5321, 3.1), which may have several lines; say nothing before."""
        answer = await self._hear(Stage.BANNER, self._protocol.read_response(timeout=timeout_s))
        self._is_greeted = isinstance(answer, Reply)
        return answer

    async def say(self, stage: Stage, verb: str, argument: str = "", *, timeout_s: float) -> Answer:
        """Say one command and hear its reply."""
        words = [verb.encode(), *([argument.encode()] if argument else [])]
        self._trace.us(f"{verb} {argument}".rstrip())
        return await self._hear(stage, self._protocol.execute_command(*words, timeout=timeout_s))

    async def ask(self, address: Address, timeout_s: float) -> Answer:
        """Ask whether the host takes mail for an address: RCPT TO, in our own validated spelling."""
        return await self.say(Stage.RCPT, "RCPT", f"TO:<{address}>", timeout_s=timeout_s)

    def give_up(self, why: str) -> None:
        """Note that we leave a host that is too slow."""
        self._trace.note(why)
        self.is_open = False

    async def _hear(self, stage: Stage, response: Awaitable[tuple[int, str]]) -> Answer:
        try:
            code, text = await response
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            return self._lost(Unreached(stage, Reason.TIMEOUT, "no answer in time"))
        except aiosmtplib.SMTPResponseException as error:
            return self._lost(Unreached(stage, Reason.UNCLEAR, clean(error.message)))
        except _FOREIGN_ERRORS as error:
            return self._lost(Unreached(stage, Reason.DROPPED, clean(str(error))))
        reply = Reply(code, clean(text), stage)
        self._trace.host(f"{reply.code} {reply.text}")
        if self._protocol._buffer:  # noqa: SLF001 - nothing public tells it
            return self._lost(Unreached(stage, Reason.UNCLEAR, "the host said more than was asked"))
        self.is_open = code != CLOSING
        return reply

    def _lost(self, unreached: Unreached) -> Unreached:
        self._trace.note(f"{unreached.failure.value}: {unreached.detail}")
        self.is_open = False
        return unreached

    @property
    def has_utf8(self) -> bool:
        """Whether the host offers SMTPUTF8 (RFC 6531)."""
        return "SMTPUTF8" in self.extensions

    async def quit(self, timeout_s: float) -> None:
        """Take leave (RFC 5321, 4.1.1.10) and close; also where the host has stopped answering."""
        try:
            if self._is_greeted and self._protocol.is_connected:
                self._trace.us("QUIT")
                await self._take_leave(timeout_s)
        finally:
            self._transport.close()

    async def _take_leave(self, timeout_s: float) -> None:
        if not self.is_open:
            timeout_s = 0.0
        try:
            await self._protocol.execute_command(b"QUIT", timeout=timeout_s)
        except (*_FOREIGN_ERRORS, TimeoutError):
            return


def clean(text: str) -> str:
    """Make a host's text storable: no lone surrogates, no control characters, at most 512 characters."""
    printable = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c == "\n" or c.isprintable() else " " for c in printable)[:TEXT_LIMIT]


async def open_session(ip: str, trace: Trace, settings: Settings) -> Session | Unreached:
    """Connect to one IP address, which must be routable unless private networks are allowed."""
    if not (settings.allow_private_networks or is_routable(ip)):
        trace.note(f"{ip} is not a public address; not connected to")
        return Unreached(Stage.CONNECT, Reason.UNROUTABLE_MX, ip)
    trace.note(f"connecting to {ip} port {settings.smtp_port}")
    try:
        async with asyncio.timeout(settings.smtp_connect_timeout_ms / 1000):
            return await _connect(ip, trace, settings)
    except TimeoutError:
        return _no_connection(trace, "no answer in time")
    except OSError as error:
        return _no_connection(trace, error.strerror or str(error))


def _no_connection(trace: Trace, detail: str) -> Unreached:
    trace.note(f"no connection: {detail}")
    return Unreached(Stage.CONNECT, Reason.UNREACHABLE, detail)


async def _connect(ip: str, trace: Trace, settings: Settings) -> Session:
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    source = (settings.source_address, 0) if settings.source_address else None
    transport, protocol = await loop.create_connection(
        SMTPProtocol, ip, settings.smtp_port, family=family, local_addr=source
    )
    return Session(protocol, transport, trace)


async def introduce(session: Session, settings: Settings, *, has_utf8: bool) -> Answer:
    """Hear the banner, greet and name the sender: the answer to MAIL FROM, or the first that is no yes.

    `has_utf8` says that a recipient's local part needs SMTPUTF8 (RFC 6531), which is named where offered.
    """
    timeout_s = settings.smtp_op_timeout_ms / 1000
    answer = await session.hear_banner(timeout_s)
    if not is_yes(answer):
        return answer
    answer = await _greet(session, settings.helo, timeout_s)
    if not is_yes(answer):
        return answer
    option = " SMTPUTF8" if has_utf8 and session.has_utf8 else ""
    sender = f"FROM:<{settings.mail_from}>{option}"
    return await session.say(Stage.MAIL, "MAIL", sender, timeout_s=timeout_s)


async def _greet(session: Session, name: str, timeout_s: float) -> Answer:
    """Say EHLO, and HELO where the host does not know it (RFC 5321, 3.2)."""
    answer = await session.say(Stage.EHLO, "EHLO", name, timeout_s=timeout_s)
    if isinstance(answer, Reply) and is_yes(answer):
        session.extensions = frozenset(line.split(" ")[0].upper() for line in answer.text.split("\n")[1:])
    if session.is_open and not is_yes(answer):
        return await session.say(Stage.EHLO, "HELO", name, timeout_s=timeout_s)
    return answer


def is_yes(answer: Answer) -> bool:
    """Tell whether an answer is a reply of the 2xx kind (RFC 5321, 4.2.1)."""
    return isinstance(answer, Reply) and 200 <= answer.code < 300  # noqa: PLR2004 - the range of RFC 5321
