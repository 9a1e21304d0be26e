"""Serves a world on loopback, in a thread of its own."""

import asyncio
import functools
from concurrent.futures import Future
from contextlib import ExitStack
from threading import Thread
from typing import Self

from sandbox.connection import Connection
from sandbox.counters import Counters, Tally
from sandbox.dns import DatagramDoor, Nameserver, StreamDoor
from sandbox.smtp import Scene
from sandbox.sockets import (
    BACKLOG,
    DNS_ADDRESS,
    DnsSockets,
    SmtpSockets,
    open_dns_sockets,
    open_smtp_sockets,
)
from sandbox.world import World

LOOP_TURNS = 4
_Servers = tuple[asyncio.DatagramTransport, list[asyncio.Server]]


class Sandbox:
    """Serves a world between entering and leaving the context; port 0 is any free port.

    `round_trip_ms` delays each SMTP reply. Entering returns when everything listens and raises OSError where
    a port is taken; leaving closes all. The counters may be read while it runs and afterwards.
    """

    def __init__(
        self, world: World, *, dns_port: int = 0, smtp_port: int = 0, round_trip_ms: float = 0.0
    ) -> None:
        self.world = world
        self.dns_port = dns_port
        self.smtp_port = smtp_port
        self._round_trip_s = round_trip_ms / 1000
        self._tally = Tally()
        self._scene = Scene(world, self._tally)
        self._connected: set[Connection] = set()
        self._lookups: set[StreamDoor] = set()

    @property
    def resolvers(self) -> str:
        """The DNS server, as the setting RESOLVERS has it."""
        return f"{DNS_ADDRESS}:{self.dns_port}"

    def counters(self) -> Counters:
        """Take a snapshot of the counters."""
        return self._tally.snapshot()

    def environment(self) -> dict[str, str]:
        """Give the settings, as environment variables, under which Winnow lives in this world."""
        return {
            "RESOLVERS": self.resolvers,
            "SMTP_PORT": str(self.smtp_port),
            "ALLOW_PRIVATE_NETWORKS": "true",
        }

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            dns = open_dns_sockets(self.dns_port, opened)
            smtp = open_smtp_sockets(self.world.hosts.values(), self.smtp_port, opened)
            self.dns_port, self.smtp_port = dns.port, smtp.port
            self._loop, self._stopping = self._start(dns, smtp)
            self._sockets = opened.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._sockets.close()

    def _start(self, dns: DnsSockets, smtp: SmtpSockets) -> tuple[asyncio.AbstractEventLoop, asyncio.Event]:
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = Thread(target=self._run, args=(dns, smtp, started), name="sandbox")
        self._thread.start()
        return started.result()

    def _run(
        self,
        dns: DnsSockets,
        smtp: SmtpSockets,
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]],
    ) -> None:
        async def serve() -> None:
            stopping = asyncio.Event()
            servers = await self._open(dns, smtp)
            started.set_result((asyncio.get_running_loop(), stopping))
            await stopping.wait()
            await self._close(servers)

        try:
            asyncio.run(serve())
        except OSError as error:
            started.set_exception(error)

    async def _open(self, dns: DnsSockets, smtp: SmtpSockets) -> _Servers:
        loop = asyncio.get_running_loop()
        nameserver = Nameserver(self.world.zone, self._tally)
        datagrams, _ = await loop.create_datagram_endpoint(
            lambda: DatagramDoor(nameserver), sock=dns.datagrams
        )
        stream = functools.partial(StreamDoor, nameserver, self._lookups)
        servers = [await loop.create_server(stream, sock=dns.stream, backlog=BACKLOG)]
        for host, listener in smtp.listening:
            connect = functools.partial(Connection, self._scene, host, self._connected, self._round_trip_s)
            servers.append(await loop.create_server(connect, sock=listener, backlog=BACKLOG))
        return datagrams, servers

    async def _close(self, opened: _Servers) -> None:
        """Accept nothing more, let what was just accepted arrive, and only then close all.

        asyncio leaks a connection whose server is closed between its accept and its arrival.
        """
        datagrams, servers = opened
        datagrams.close()
        for listener in (listener for server in servers for listener in server.sockets):
            asyncio.get_running_loop().remove_reader(listener.fileno())
        await _let_the_loop_turn()
        for server in servers:
            server.close()
        for lookup in tuple(self._lookups):
            lookup.stop()
        for connection in tuple(self._connected):
            connection.stop()
        await _let_the_loop_turn()


async def _let_the_loop_turn() -> None:
    """Give callbacks that lead to callbacks their turns, as a connection's arrival and end do."""
    for _ in range(LOOP_TURNS):
        await asyncio.sleep(0)
