"""Serves the mail internet on loopback, in the loop it is called in."""

import asyncio
import functools
import time
from contextlib import ExitStack
from typing import cast

from sandbox.internet.dialogue import Dialogue, Scene
from sandbox.internet.hosts import Post, Posts, Tally
from sandbox.internet.packets import answer_packet
from sandbox.internet.shape import Shape
from sandbox.internet.strict import StrictGate
from sandbox.internet.world import Internet
from sandbox.sockets import BACKLOG, open_dns_sockets, open_smtp_sockets

OPENING_TRIPS = 2
"""Round trips until the banner is heard: one for the TCP handshake, which loopback spares us, and its own."""


class Connection(asyncio.Protocol):
    """A connection to a host. All replies to one packet wait for one round trip, together."""

    __slots__ = ("_connected", "_dialogue", "_heard", "_loop", "_round_trip_s", "_scene", "_transport")

    def __init__(
        self, scene: Scene, post: Post, round_trip_s: float, connected: "dict[Connection, Post]"
    ) -> None:
        self._scene = scene
        self._dialogue = Dialogue(scene, post)
        self._round_trip_s = round_trip_s
        self._connected = connected
        self._heard = b""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        connected[self] = post

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client."""
        self._transport = cast("asyncio.Transport", transport)
        tally = self._scene.tally
        tally.connections += 1
        tally.open_now += 1
        tally.peak = max(tally.peak, tally.open_now)
        self._say(self._dialogue.greet(), OPENING_TRIPS * self._round_trip_s)

    def data_received(self, data: bytes) -> None:
        """Answer all whole lines of a packet at once."""
        *lines, self._heard = (self._heard + data).split(b"\r\n")
        replies: list[bytes] = []
        for spoken in lines:
            if self._dialogue.is_over:
                break
            replies.append(self._dialogue.hear(spoken))
        if replies:
            self._say(b"".join(replies), self._round_trip_s)

    def _say(self, octets: bytes, after_s: float) -> None:
        if after_s:
            self._loop.call_later(after_s, self._write, octets, self._dialogue.is_over)
            return
        self._write(octets, self._dialogue.is_over)

    def _write(self, octets: bytes, is_last: bool) -> None:  # noqa: FBT001 - a callback's argument
        if self._transport.is_closing():
            return
        self._transport.write(octets)
        if is_last:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Note that the client has gone."""
        self._scene.tally.open_now -= 1
        self._connected.pop(self, None)
        self._dialogue.leave()

    def cut(self) -> None:
        """Close because the host has banned the client."""
        if not self._dialogue.is_over:
            self._dialogue.is_over = True
            self._scene.tally.forced_disconnects += 1
        self._transport.close()


class Datagrams(asyncio.DatagramProtocol):
    """DNS over UDP."""

    def __init__(self, posts: Posts, tally: Tally) -> None:
        self._posts = posts
        self._tally = tally
        self._transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer by."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one packet."""
        self._tally.queries += 1
        answer = answer_packet(data, self._posts.look_up)
        if answer is not None:
            self._transport.sendto(answer, addr)


class Service:
    """The internet, served from `open` to `close` in the running loop, by a round trip in milliseconds.

    Unless it `is_strict`, the strict provider lets everybody in.
    """

    def __init__(
        self, shape: Shape, *, round_trip_ms: float = 0.0, pipelines: bool = True, is_strict: bool = True
    ) -> None:
        self.internet = Internet(shape)
        self.gate = StrictGate(time.monotonic)
        self._posts = Posts(self.internet, self.gate if is_strict else None, pipelines=pipelines)
        self._tally = Tally()
        self._scene = Scene(self.internet, self._posts, self._tally)
        self._round_trip_s = round_trip_ms / 1000
        self._opened = ExitStack()
        self._servers: list[asyncio.Server] = []
        self._connected: dict[Connection, Post] = {}
        self._bans_seen = 0
        self.dns_port = self.smtp_port = 0

    async def open(self) -> None:
        """Listen at every host; OSError where that cannot be."""
        loop = asyncio.get_running_loop()
        dns = open_dns_sockets(0, self._opened)
        by_address = {post.address: post for post in self._posts}
        smtp = open_smtp_sockets((post.host for post in self._posts), 0, self._opened)
        self.dns_port, self.smtp_port = dns.port, smtp.port
        await loop.create_datagram_endpoint(lambda: Datagrams(self._posts, self._tally), sock=dns.datagrams)
        for host, listener in smtp.listening:
            post = by_address[host.address]
            make = functools.partial(Connection, self._scene, post, self._round_trip_s, self._connected)
            self._servers.append(await loop.create_server(make, sock=listener, backlog=BACKLOG))

    def close(self) -> None:
        """Close all."""
        for server in self._servers:
            server.close()
        self._opened.close()

    def environment(self) -> dict[str, str]:
        """Give the settings, as environment variables, under which Winnow lives in this world."""
        return {
            "RESOLVERS": f"127.0.0.1:{self.dns_port}",
            "SMTP_PORT": str(self.smtp_port),
            "ALLOW_PRIVATE_NETWORKS": "true",
            "VALIDATOR_HELO": "winnow.sandbox",
        }

    def enforce_bans(self) -> None:
        """Close every session of a client that was banned since this was last called."""
        if self.gate.bans == self._bans_seen:
            return
        self._bans_seen = self.gate.bans
        for connection, post in tuple(self._connected.items()):
            if post.gate is not None:
                connection.cut()

    def tally(self) -> Tally:
        """Give the counters as they stand."""
        self._tally.warnings, self._tally.bans = self.gate.warnings, self.gate.bans
        self._tally.refused_in_ban = self.gate.refusals
        return self._tally
