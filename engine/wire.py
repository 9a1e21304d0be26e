"""The octets of one SMTP connection: replies of bounded size, and what a host says without being asked."""

import asyncio
import ssl
from typing import cast

from aiosmtplib.protocol import SMTPProtocol

SURPLUS_LIMIT = 512


class Wire(SMTPProtocol):
    """A connection that pairs each command with one reply, and keeps what is left over as `surplus`.

    A reply of more than 32 KiB, or a line of more than 8 KiB, is no reply; no more than that is ever kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._unasked = b""

    @property
    def surplus(self) -> bytes:
        """What the host said beyond the last answer, at most 512 octets; the next answer it is not."""
        return self._unasked or bytes(self._buffer[:SURPLUS_LIMIT])

    def data_received(self, data: bytes) -> None:
        """Take octets in as far as an answer is waited for."""
        if self._is_answered():
            self._unasked = self._unasked or data[:SURPLUS_LIMIT]
            return
        super().data_received(data)

    def _is_answered(self) -> bool:
        waiter = self._response_waiter
        return waiter is not None and (not self._response_pending or waiter.done())

    async def encrypt(
        self, context: ssl.SSLContext, host_name: str, *, within_s: float, leave_s: float
    ) -> str:
        """Shake hands (RFC 3207) and go on encrypted; gives the version, such as "TLSv1.3".

        The host has `leave_s` seconds to take leave at the end. Raises what asyncio raises: OSError with
        ssl.SSLError, TimeoutError, and ValueError for a name that TLS cannot say.
        """
        if not self.is_connected:
            raise ConnectionResetError("the connection was lost before the handshake")
        transport = await self._loop.start_tls(
            cast("asyncio.WriteTransport", self.transport),
            self,
            context,
            server_hostname=host_name or None,
            ssl_handshake_timeout=within_s,
            ssl_shutdown_timeout=leave_s,
        )
        encryption = transport.get_extra_info("ssl_object") if transport else None
        if encryption is None:  # asyncio takes a connection that was lost just now for a success
            raise ConnectionResetError("the connection was lost in the handshake")
        self.transport = transport
        return str(encryption.version())
