"""What the engine's tests share: values to build on, a mail host that plays a script, a name server."""

import asyncio
import functools
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

import dnslib
import pytest

from engine.address import parse_address
from engine.connection import open_session
from engine.judge import judge
from engine.patience import patience_with
from engine.policy import Policy
from engine.resolver import Resolver
from engine.session import Session
from engine.settings import Settings
from engine.trace import Trace
from engine.worker import Worker
from sandbox import Domain, Sandbox, world_of
from sandbox.behaviour import User
from sandbox.certificate import server_context

DEADLINE_S = 15.0
LOOPBACK = {
    "allow_private_networks": True,
    "validator_helo": "prober.sandbox",
    "session_backoff_ms": 0,
    "domain_sessions_per_minute": 0,
    "greylist_retry_seconds": (0.2, 0.4),
    "outage_retry_seconds": (0.2,),
    "breaker_minutes": 0.005,
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


@pytest.fixture
def users():
    """So many mailboxes of a domain, all as they are said to stand."""
    return lambda count, state=User.EXISTING: {f"pear{n}": state for n in range(count)}


@pytest.fixture
def fill():
    """Put a sandbox's addresses into a queue, each once; gives them by their mailbox."""

    def put(queue, sandbox):
        texts = dict.fromkeys(address.lower() for address in sandbox.world.addresses)
        return {queue.add(parse_address(text)): text for text in texts}

    return put


@pytest.fixture
def told():
    """What came of a mailbox: its status and its reason."""

    def tell(queue, mailbox) -> tuple[str, str]:
        verdict = queue.findings[mailbox].verdict
        assert verdict == judge(queue.findings[mailbox].evidence, Policy())
        return verdict.status.value, verdict.reason.value

    return tell


@pytest.fixture
def work():
    """Run a worker over a queue until `job(worker)` is done, then stop it and wait for its end."""

    def run(queue, settings, job):
        async def use():
            worker = Worker(queue, settings)
            running = asyncio.create_task(worker.run())
            try:
                return await job(worker)
            finally:
                worker.stop()
                await asyncio.wait_for(running, 20)

        return asyncio.run(use())

    return run


@pytest.fixture
def settle_all(work, until):
    """Run a worker until nothing waits any more."""

    def run(queue, settings):
        async def job(_worker):
            await until(lambda: not queue.waiting())

        work(queue, settings, job)

    return run


POLITE = {"EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "RSET", "QUIT"}
LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Flood:
    """The same octets over and over, as long as somebody bears it, or so many times; `pause_s` between."""

    octets: bytes
    times: int = sys.maxsize
    pause_s: float = 0.0

    async def pour(self, writer: asyncio.StreamWriter) -> None:
        for _ in range(self.times):
            writer.write(self.octets)
            await writer.drain()
            await asyncio.sleep(self.pause_s)


class Script:
    """A mail host on loopback that says what it is told: a banner, and a reply to each verb.

    A reply is bytes, None for silence, a tuple of bytes and other things in order, a list of replies of which
    each is used once and the last for ever, or a function of the line that gives one. The other things: DROP
    hangs up, RESET does so rudely (RST), HEAR takes octets and heeds them not, DEAF reads no more, a Flood
    pours, a TLS context encrypts, and a function is awaited. `heard` holds the lines of each session, `peers`
    who opened it, `encrypted` the TLS version of each that is encrypted.
    """

    DROP = object()
    RESET = object()
    HEAR = object()
    DEAF = object()

    def __init__(self, banner=b"220 mx.plum.sandbox\r\n", **replies) -> None:
        self.banner = banner
        self.replies = {"EHLO": b"250 mx.plum.sandbox\r\n", "HELO": b"250 hello\r\n", "MAIL": b"250 ok\r\n",
                        "RCPT": b"250 ok\r\n", "QUIT": b"221 bye\r\n"} | replies  # fmt: skip
        self.heard: list[list[str]] = []
        self.peers: list[str] = []
        self.encrypted: list[str] = []
        self.open = 0
        self.is_over = asyncio.Event()

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
        except (ConnectionError, ssl.SSLError):
            return
        finally:
            self.open -= 1
            writer.close()

    async def _hold(self, reader, writer, lines: list[str]) -> None:
        if not await self._say(reader, writer, _next(self.banner, "")):
            return
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            lines.append(line)
            if not await self._say(reader, writer, self._reply_to(line)) or line == "QUIT":
                return

    def _reply_to(self, line: str):
        reply = self.replies.get(line.split(" ", maxsplit=1)[0].upper(), b"500 5.5.1 what?\r\n")
        return _next(reply, line)

    async def _say(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply) -> bool:
        for part in reply if isinstance(reply, tuple) else (reply,):
            if part is Script.DROP:
                return False
            if part is Script.RESET:
                _reset(writer)
                return False
            await self._do(reader, writer, part)
        return True

    async def _do(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, part) -> None:
        if part is Script.HEAR:
            await reader.read(65536)
        elif part is Script.DEAF:
            writer.transport.pause_reading()
            await self.is_over.wait()
            writer.transport.resume_reading()
        elif isinstance(part, Flood):
            await part.pour(writer)
        elif isinstance(part, ssl.SSLContext):
            await writer.start_tls(part)
            self.encrypted.append(writer.get_extra_info("ssl_object").version())
        elif callable(part):
            await part()
        elif part:
            writer.write(part)
            await writer.drain()


def _next(reply, line: str):
    """Take the reply whose turn it is."""
    if isinstance(reply, list):
        reply = reply.pop(0) if len(reply) > 1 else reply[0]
    return reply(line) if callable(reply) else reply


def _reset(writer: asyncio.StreamWriter) -> None:
    """Hang up with RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()


@functools.cache
def tls_of(*, is_expired: bool = False) -> ssl.SSLContext:
    """The TLS of a host with a certificate of its own making, valid or expired."""
    return server_context("mx1.plum.sandbox", is_expired=is_expired)


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
        for script in scripts:
            script.is_over.set()
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


@pytest.fixture(name="flood")
def _flood():
    return Flood


@pytest.fixture(name="tls_of")
def _tls_of():
    return tls_of


@pytest.fixture
def converse(settings_of):
    """Open a session with a script, do some work in it, quit, and give what the work gave."""

    def run(script, work, *, trace=None, provider="", **changed):
        async def hold():
            async with playing(script) as port:
                settings = settings_of(smtp_port=port, **changed)
                session = await open_session(
                    "127.20.0.1",
                    trace or Trace(),
                    settings,
                    patience_with(provider, settings),
                    "mx1.plum.sandbox",
                )
                assert isinstance(session, Session)
                try:
                    return await work(session, settings)
                finally:
                    await session.quit()

        return asyncio.run(hold())

    return run


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


@pytest.fixture
def resolving(settings_of) -> Iterator[Callable[..., Callable]]:
    """Serve these DNS names, and give what runs a function of a resolver that asks there.

    What is given has the sandbox as its `sandbox`, whose counters tell what was asked.
    """
    with ExitStack() as running:

        def start(names, **changed):
            sandbox = running.enter_context(Sandbox(world_of([Domain("plum.sandbox")], names=names)))

            def run(work):
                return asyncio.run(use(work, settings_of(resolvers=sandbox.resolvers, **changed)))

            run.sandbox = sandbox
            return run

        yield start


async def use(work, settings: Settings):
    """Let a function have a resolver of its own, and close it."""
    resolver = Resolver(settings)
    try:
        return await work(resolver)
    finally:
        await resolver.close()
