"""Encryption as mail hosts use it among themselves: better than none, whoever the other side is."""

import ssl
from functools import cache

CIPHERS = "ALL:@SECLEVEL=0"
OLD_RENEGOTIATION = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on


@cache
def lenient_context() -> ssl.SSLContext:
    """Give the one context all sessions share: any certificate, and ciphers and versions however old.

    Opportunistic TLS (RFC 7435): we say nothing secret, and a host with an expired certificate still takes
    mail. One context each would cost 24 ms a session, this one costs 1 ms.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(CIPHERS)
    context.options |= OLD_RENEGOTIATION
    return context


def fault_of(error: Exception) -> str:
    """Say in plain words why a handshake failed."""
    if isinstance(error, TimeoutError | ConnectionAbortedError):  # asyncio aborts what takes too long
        return "no answer in time"
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return "the connection broke off"
