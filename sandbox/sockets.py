"""The sandbox's sockets: bound before anything is served, so that a taken port is told at once."""

import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from sandbox.host import Host, Shut, loopback_address

DNS_ADDRESS = "127.0.0.1"
BACKLOG = 1024
PORT_TRIES = 30
_NOBODY = Host("", loopback_address(0), Shut())
_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True)
class DnsSockets:
    """The UDP and the TCP socket of the DNS server, on one port."""

    datagrams: socket.socket
    stream: socket.socket

    @property
    def port(self) -> int:
        """The port of both."""
        return int(self.stream.getsockname()[1])


@dataclass(frozen=True, slots=True)
class SmtpSockets:
    """A socket for each host, all on one port; at a shut host it only keeps others from listening there."""

    by_host: tuple[tuple[Host, socket.socket], ...]

    @property
    def port(self) -> int:
        """The port of all."""
        return int(self.by_host[0][1].getsockname()[1])

    @property
    def listening(self) -> list[tuple[Host, socket.socket]]:
        """The hosts that take connections, with their sockets."""
        return [pair for pair in self.by_host if not isinstance(pair[0].door, Shut)]


def open_dns_sockets(port: int, keep: ExitStack) -> DnsSockets:
    """Open the DNS sockets on a port, 0 for any that is free; `keep` closes them. OSError if it is taken."""
    return _find_port(lambda opened: _open_pair(port, opened), port, keep)


def open_smtp_sockets(hosts: Iterable[Host], port: int, keep: ExitStack) -> SmtpSockets:
    """Open a socket for each host on a port, 0 for one that is free at all. OSError if it is taken."""
    known = tuple(hosts) or (_NOBODY,)
    return _find_port(lambda opened: _open_hosts(known, port, opened), port, keep)


def _find_port(attempt: Callable[[ExitStack], _Opened], port: int, keep: ExitStack) -> _Opened:
    """Try, and where any port will do try again with another when one is taken at some address."""
    for _ in range(0 if port else PORT_TRIES):
        with ExitStack() as opened:
            try:
                found = attempt(opened)
            except OSError:
                continue
            keep.push(opened.pop_all())
            return found
    return attempt(keep)


def _open_pair(port: int, opened: ExitStack) -> DnsSockets:
    stream = opened.enter_context(_bound(socket.SOCK_STREAM, DNS_ADDRESS, port, may_reuse=port > 0))
    _listen(stream)
    chosen = int(stream.getsockname()[1])
    return DnsSockets(opened.enter_context(_bound(socket.SOCK_DGRAM, DNS_ADDRESS, chosen)), stream)


def _open_hosts(hosts: tuple[Host, ...], port: int, opened: ExitStack) -> SmtpSockets:
    pairs: list[tuple[Host, socket.socket]] = []
    chosen = port
    for host in hosts:
        bound = opened.enter_context(_bound(socket.SOCK_STREAM, host.address, chosen, may_reuse=port > 0))
        chosen = int(bound.getsockname()[1])
        pairs.append((host, bound))
    sockets = SmtpSockets(tuple(pairs))
    for _, listener in sockets.listening:
        _listen(listener)
    return sockets


def _listen(bound: socket.socket) -> None:
    """Listen, and let a later sandbox take the port while old connections still linger (TIME_WAIT)."""
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.listen(BACKLOG)


def _bound(kind: socket.SocketKind, address: str, port: int, *, may_reuse: bool = False) -> socket.socket:
    """Bind a socket; `may_reuse` takes a port on which old connections still linger."""
    opened = socket.socket(socket.AF_INET, kind)
    if may_reuse:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((address, port))
    except OSError:
        opened.close()
        raise
    opened.setblocking(False)  # noqa: FBT003 - the socket module's signature
    return opened
