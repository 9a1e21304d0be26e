"""Opens a connection to a mail host, or says why there is none."""

import asyncio
import errno
import socket

from engine.patience import Patience
from engine.reason import Reason
from engine.reply import Stage, Unreached
from engine.routable import is_routable
from engine.session import Session
from engine.settings import Settings
from engine.trace import Trace
from engine.wire import Wire

NO_WAY = "this machine cannot reach addresses of that family"
_NO_IPV6 = frozenset({errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


async def open_session(
    ip: str, trace: Trace, settings: Settings, patience: Patience, host_name: str = ""
) -> Session | Unreached:
    """Connect to one IP address, which must be routable unless private networks are allowed."""
    if not (settings.allow_private_networks or is_routable(ip)):
        trace.note(f"{ip} is not a public address; not connected to")
        return Unreached(Stage.CONNECT, Reason.UNROUTABLE_MX, ip)
    trace.note(f"connecting to {ip} port {settings.smtp_port}")
    try:
        async with asyncio.timeout(patience.connect_s):
            return Session(await _connect(ip, settings), trace, patience, host_name)
    except TimeoutError:
        return _no_connection(trace, "no answer in time")
    except OSError as error:
        return _no_connection(trace, NO_WAY if is_our_lack(ip, error) else error.strerror or str(error))


def _no_connection(trace: Trace, detail: str) -> Unreached:
    trace.note(f"no connection: {detail}")
    return Unreached(Stage.CONNECT, Reason.UNREACHABLE, detail)


def is_our_lack(ip: str, error: OSError) -> bool:
    """Tell whether it is this machine, or the source address it must use, that has no IPv6 (or no IPv4)."""
    is_other_family = isinstance(error, socket.gaierror)  # of the source address; the host's is a number
    return is_other_family or (":" in ip and error.errno in _NO_IPV6)


async def _connect(ip: str, settings: Settings) -> Wire:
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    source = (settings.source_address, 0) if settings.source_address else None
    _, wire = await loop.create_connection(Wire, ip, settings.smtp_port, family=family, local_addr=source)
    return wire
