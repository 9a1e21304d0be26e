"""What the engine's tests share: values to build on, a mail host that plays a script, a name server."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, asynccontextmanager

import dnslib
import pytest

from engine.settings import Settings
from sandbox import Domain, Sandbox, world_of

DEADLINE_S = 15.0
LOOPBACK = {
    "allow_private_networks": True,
    "validator_helo": "prober.sandbox",
    "session_backoff_ms": 0,
    "domain_sessions_per_minute": 0,
    "greylist_retry_seconds": (0.2, 0.4),
    "outage_retry_seconds": (0.2,),
    "dns_timeout_ms": 1500,
}


@pytest.fixture
def settings_of() -> Callable[..., Settings]:
    """Settings for loopback, those named changed."""
    return lambda **changed: Settings(**(LOOPBACK | changed))


@pytest.fixture
def serve(settings_of) -> Iterator[Callable[..., tuple[Sandbox, Settings]]]:
    """A sandbox of these domains, and the settings under which the engine lives in it."""
    with ExitStack() as running:

        def start(*domains: Domain, names=None, shared=None, world=None, **changed):
            world = world or world_of(domains, names=names, shared=shared)
            sandbox = running.enter_context(Sandbox(world))
            return sandbox, settings_of(resolvers=sandbox.resolvers, smtp_port=sandbox.smtp_port, **changed)

        yield start


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, which must be soon."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - what is waited for knows no events
            await asyncio.sleep(0.005)


@pytest.fixture(name="until")
def _until():
    return until


POLITE = {"EHLO", "HELO", "MAIL", "RCPT", "QUIT"}


class Script:
    """A mail host on loopback that says what it is told: a banner, and a reply to each verb.

    A reply is bytes, None for silence, DROP to hang up, a tuple of bytes and things to await in order, a list
    of replies of which each is used once and the last for ever, or a function of the line that gives one.
    `heard` holds the lines of each session, `peers` who opened it.
    """

    DROP = object()

    def __init__(self, banner=b"220 mx.plum.sandbox\r\n", **replies) -> None:
        self.banner = banner
        self.replies = {"EHLO": b"250 mx.plum.sandbox\r\n", "HELO": b"250 hello\r\n", "MAIL": b"250 ok\r\n",
                        "RCPT": b"250 ok\r\n", "QUIT": b"221 bye\r\n"} | replies  # fmt: skip
        self.heard: list[list[str]] = []
        self.peers: list[str] = []
        self.open = 0

    @property
    def lines(self) -> list[str]:
        return [line for session in self.heard for line in session]

    def rcpts(self, session: int = 0) -> list[str]:
        return [line[9:-1] for line in self.heard[session] if line.startswith("RCPT TO:<")]

    async def play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines: list[str] = []
        self.heard.append(lines)
        self.peers.append(writer.get_extra_info("peername")[0])
        self.open += 1
        try:
            await self._hold(reader, writer, lines)
        except ConnectionError:
            return
        finally:
            self.open -= 1
            writer.close()

    async def _hold(self, reader, writer, lines: list[str]) -> None:
        if not await self._say(writer, self.banner):
            return
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            lines.append(line)
            if not await self._say(writer, self._reply_to(line)) or line == "QUIT":
                return

    def _reply_to(self, line: str):
        reply = self.replies.get(line.split(" ", maxsplit=1)[0].upper(), b"500 5.5.1 what?\r\n")
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        return reply(line) if callable(reply) else reply

    async def _say(self, writer: asyncio.StreamWriter, reply) -> bool:
        for part in reply if isinstance(reply, tuple) else (reply,):
            if part is Script.DROP:
                return False
            if callable(part):
                await part()
            elif part:
                writer.write(part)
                await writer.drain()
        return True


@asynccontextmanager
async def playing(*scripts: Script):
    """Serve each script at its own loopback address (127.20.0.1 and on), all on one port, which is given.

    At the end all sessions must be over, and nothing said but what a prober may say: never DATA.
    """
    before = asyncio.all_tasks()
    servers: list[asyncio.Server] = []
    try:
        port = 0
        for ordinal, script in enumerate(scripts, 1):
            servers.append(await asyncio.start_server(script.play, f"127.20.0.{ordinal}", port))
            port = servers[-1].sockets[0].getsockname()[1]
        yield port
        await until(lambda: not any(script.open for script in scripts))
        assert {line.split(" ")[0] for script in scripts for line in script.lines} <= POLITE
    finally:
        for server in servers:
            server.close()
        left = asyncio.all_tasks() - before
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture(name="playing")
def _playing():
    return playing


@pytest.fixture(name="scripted")
def _scripted():
    return Script


class RawNameserver:
    """A name server whose answers are made by a function from the question, for what the sandbox has not."""

    def __init__(self, answer: Callable[[dnslib.DNSRecord, str], None]) -> None:
        self._answer = answer
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def resolvers(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while packet := self._socket.recvfrom(4096):
            if packet[0] == b"stop":
                return
            reply = dnslib.DNSRecord.parse(packet[0]).reply()
            self._answer(reply, str(reply.q.qname).rstrip("."))
            self._socket.sendto(bytes(reply.pack()), packet[1])

    def stop(self) -> None:
        self._socket.sendto(b"stop", self._socket.getsockname())
        self._thread.join()
        self._socket.close()


@pytest.fixture
def nameserver() -> Iterator[Callable[..., RawNameserver]]:
    with ExitStack() as running:

        def start(answer) -> RawNameserver:
            server = RawNameserver(answer)
            running.callback(server.stop)
            return server

        yield start
