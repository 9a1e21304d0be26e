"""The octets of one SMTP connection: flights of commands out, replies of bounded size in, one to one."""

import asyncio
import re
import ssl
from collections import deque
from typing import NamedTuple, cast

SURPLUS_LIMIT = 512
LINE_LIMIT = 8 * 1024
LIMIT = 32 * 1024
"""Octets that a host may say to one flight of commands, or as its banner."""
_CONTROLS = re.compile("[\x00-\x1f\x7f]")


class NoReply(ValueError):
    """The host said something else than a reply; quoted where a person can read it."""

    def __init__(self, line: bytes = b"") -> None:
        words = line.decode("utf-8", "ignore").strip()
        is_readable = words.isascii() and words.isprintable()
        super().__init__(f"no SMTP reply: {words[:60].strip()}" if words and is_readable else "no SMTP reply")


class Said(NamedTuple):
    """A reply as it came: its code, and its text, lines parted by line feeds."""

    code: int
    text: str


class Wire(asyncio.Protocol):
    """A connection on which the host owes one reply to each command, and its banner before.

    Replies are taken as far as they are owed, whether their commands went alone or in a flight (RFC 2920);
    what comes beyond is `surplus`. No more than 32 KiB of replies is ever kept.
    """

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._octets = bytearray()
        self._taken = 0
        self._lines: list[bytes] = []
        self._replies: deque[Said] = deque()
        self._owed = 1
        self._end: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the connection is open."""
        return self.transport is not None and not self.transport.is_closing()

    @property
    def surplus(self) -> bytes:
        """What the host said beyond the answers it owes, at most 512 octets; the next answer it is not."""
        if not self._octets or self._owed > len(self._replies):
            return b""
        return bytes(self._octets[:SURPLUS_LIMIT])

    @property
    def is_owing(self) -> bool:
        """Whether the host owes a reply that was not heard."""
        return self._owed > 0

    def say(self, *commands: str) -> None:
        """Say commands in one flight; the host owes a reply to each. Raises ValueError for a line break."""
        if any(map(_CONTROLS.search, commands)):
            raise ValueError("a command holds a control character")
        self._owed += len(commands)
        self._taken = 0
        if self.transport is not None and self.is_connected:
            self.transport.write("".join(f"{command}\r\n" for command in commands).encode())

    def close(self) -> None:
        """Close the connection, when all is said."""
        if self.transport is not None:
            self.transport.close()

    async def hear(self, within_s: float) -> Said:
        """Hear the next reply; where none is owed, one more than that.

        Raises TimeoutError, ConnectionError when the host has hung up, and NoReply for what is none.
        """
        if not self._owed:
            self._owed = 1
            self._take()
        if not self._replies:
            await self._wait(within_s)
        self._owed -= 1
        return self._replies.popleft()

    async def _wait(self, within_s: float) -> None:
        if self._end:
            raise self._end
        self._waiter = self._loop.create_future()
        timer = self._loop.call_later(within_s, self._wake, TimeoutError())
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _wake(self, error: Exception | None = None) -> None:
        if self._waiter is None or self._waiter.done():
            return
        if error:
            self._waiter.set_exception(error)
        else:
            self._waiter.set_result(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take octets in, as many as a host may say."""
        if self._end:
            return
        self._octets += data
        try:
            self._take()
        except ValueError as error:
            self._finish(error)

    def _take(self) -> None:
        """Take the replies that are owed out of what was heard, and keep the beginning of what is not."""
        while self._owed > len(self._replies) and (end := self._octets.find(b"\n")) >= 0:
            line = bytes(self._octets[: end + 1])
            del self._octets[: end + 1]
            self._add(line)
        if self._owed == len(self._replies):
            del self._octets[SURPLUS_LIMIT:]
        elif len(self._octets) > LINE_LIMIT:
            raise NoReply

    def _add(self, line: bytes) -> None:
        """Add a line to the reply it belongs to (RFC 5321, 4.2.1), the last of which has no hyphen."""
        self._taken += len(line)
        if len(line) > LINE_LIMIT or self._taken > LIMIT:
            raise NoReply  # one without end
        code = _code_of(line)
        self._lines.append(line[4:].strip(b" \t\r\n"))
        if line[3:4] == b"-":
            return
        self._replies.append(Said(code, b"\n".join(self._lines).decode("utf-8", "surrogateescape")))
        self._lines.clear()
        self._wake()

    def eof_received(self) -> bool:
        """Close when the host does."""
        self._finish(ConnectionResetError("the host hung up"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Note that nothing more comes."""
        self.transport = None
        self._finish(ConnectionResetError("the host hung up"))

    def _finish(self, error: Exception) -> None:
        """Let nothing be heard any more but the replies that came before."""
        if self._end is None:
            self._end = error
            if isinstance(error, NoReply):
                self._octets.clear()
                self._lines.clear()
        self._wake(self._end)

    async def encrypt(
        self, context: ssl.SSLContext, host_name: str, *, within_s: float, leave_s: float
    ) -> str:
        """Shake hands (RFC 3207) and go on encrypted; gives the version, such as "TLSv1.3".

        The host has `leave_s` seconds to take leave at the end. Raises what asyncio raises: OSError with
        ssl.SSLError, TimeoutError, and ValueError for a name that TLS cannot say.
        """
        if self.transport is None or not self.is_connected:
            raise ConnectionResetError("the connection was lost before the handshake")
        transport = await self._loop.start_tls(
            self.transport,
            self,
            context,
            server_hostname=host_name or None,
            ssl_handshake_timeout=within_s,
            ssl_shutdown_timeout=leave_s,
        )
        encryption = transport.get_extra_info("ssl_object") if transport else None
        if transport is None or encryption is None:  # asyncio takes a connection lost just now for a success
            raise ConnectionResetError("the connection was lost in the handshake")
        self.transport = transport
        return str(encryption.version())


def _code_of(line: bytes) -> int:
    try:
        return int(line[:3])
    except ValueError:
        raise NoReply(line) from None
