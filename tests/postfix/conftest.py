"""A real Postfix with postgrey on loopback, one host for each way to answer, and the engine asking there."""

import asyncio
import os
import re
import secrets
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.address import Malformed, parse_address
from engine.judge import judge
from engine.memory_queue import MemoryQueue
from engine.policy import DEFAULT_POLICY
from engine.settings import Settings
from engine.worker import Worker
from sandbox.certificate import key_and_certificate
from sandbox.counters import Tally
from sandbox.dns import Nameserver
from sandbox.names import Records

CONF = Path(__file__).parent / "conf"
PLACE = Path(__file__).parents[2] / "build/postfix/tree"
MASTER = PLACE / "usr/lib/postfix/sbin/master"
NOT_HERE = "Postfix and postgrey are not unpacked here (make postfix, on Debian as root)"
NOT_ROOT = "Postfix runs only as root: its master starts its daemons under other users"
NO_PORT_53 = "port 53 is taken or forbidden here, and Postfix asks no name server at another"

LOOPBACK = {
    "allow_private_networks": True,
    "validator_helo": "prober.sandbox",
    "session_backoff_ms": 0,
    "domain_sessions_per_minute": 0,
    "greylist_retry_seconds": (0.1, 0.2),
    "outage_retry_seconds": (0.1,),
}
LIBRARIES = ("usr/lib/postfix", "usr/lib/*-linux-*", "lib/*-linux-*")
PERL_LIBRARIES = (
    "etc/perl",
    "usr/lib/*/perl5/5.*",
    "usr/share/perl5",
    "usr/lib/*/perl-base",
    "usr/lib/*/perl/5.*",
    "usr/share/perl/5.*",
)
STATES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
MAILS = ("active", "deferred", "hold", "incoming", "maildrop")
DOOR_53 = 53
POLITE = {"ehlo", "helo", "starttls", "mail", "rcpt", "rset", "quit", "commands"}
LEASH = ("setpriv", "--pdeathsig", "TERM", "timeout", "900")
"""Ends a program with its parent, which a program alone forgets as soon as it is another user (Linux)."""
START_S = 20.0
SETTLE_S = 25.0

_HOST = re.compile(r"^(\w+\.sandbox)\b", re.MULTILINE)
_OPENED = re.compile(r"smtpd\[\d+\]: connect from ")
_CLOSED = re.compile(r"smtpd\[\d+\]: disconnect from \S+(.*)")
_COUNTED = re.compile(r"(\w+)=")


@dataclass(frozen=True, slots=True)
class Town:
    """Where everything is: the folder of the run, its loopback addresses, the ports, and who has which."""

    house: Path
    street: str
    port: int
    greylisting: int
    hosts: dict[str, str]

    def setting_lines(self) -> str:
        """Say the places in the words of main.cf."""
        words = {
            "root": PLACE,
            "house": self.house,
            "street": self.street,
            "port": self.port,
            "greylisting": f"{self.street}.1:{self.greylisting}",
        }
        return "".join(f"{name} = {value}\n" for name, value in words.items())

    def hosts_on_streets(self) -> str:
        """Give master.cf with each host at its address."""
        text = (CONF / "master.cf").read_text("utf-8")
        return _HOST.sub(lambda found: f"{self.hosts[found[1]]}:{self.port}", text)


def _plan(house: Path) -> Town:
    """Find loopback addresses and ports that nobody has."""
    street = f"127.{secrets.randbelow(150) + 64}.{secrets.randbelow(256)}"
    names = _HOST.findall((CONF / "master.cf").read_text("utf-8"))
    hosts = {name: f"{street}.{number}" for number, name in enumerate(names, 1)}
    return Town(house, street, _free_port(f"{street}.1"), _free_port(f"{street}.1"), hosts)


def _free_port(ip: str) -> int:
    with socket.socket() as listener:
        listener.bind((ip, 0))
        return listener.getsockname()[1]


def _furnish(town: Town) -> None:
    """Lay out what Postfix wants to find, its folders with the owners it wants."""
    town.house.chmod(0o755)  # its daemons are not root, and must get in
    conf = town.house / "conf"
    shutil.copytree(CONF, conf)
    (conf / "main.cf").write_text(town.setting_lines() + (CONF / "main.cf").read_text("utf-8"))
    (conf / "master.cf").write_text(town.hosts_on_streets())
    (conf / "tls.pem").write_bytes(key_and_certificate("mx.tls.sandbox", is_expired=False))
    queue = town.house / "queue"
    for path in ("pid", "etc"):
        (queue / path).mkdir(parents=True)
    (queue / "etc/resolv.conf").write_text(f"nameserver {town.street}.53\noptions timeout:2 attempts:1\n")
    for name in (*STATES, "private"):
        _room(queue / name, 0o700)
    _room(queue / "public", 0o710, "mail")
    _room(queue / "maildrop", 0o730, "mail")
    _room(town.house / "data", 0o700)
    _room(town.house / "log", 0o755, "root", owner="root")
    (town.house / "grey").mkdir()


def _room(path: Path, mode: int, group: str = "daemon", *, owner: str = "daemon") -> None:
    path.mkdir(parents=True)
    path.chmod(mode)
    shutil.chown(path, owner, group)


def _environment() -> dict[str, str]:
    """Let programs find what is unpacked beside what the machine has."""
    libraries = [path for pattern in LIBRARIES for path in PLACE.glob(pattern)]
    return {
        "PATH": f"{PLACE}/usr/bin:{os.environ.get('PATH', os.defpath)}",
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
    }


class Postfix:
    """The running Postfix: its addresses, and what it has logged."""

    def __init__(self, town: Town, resolvers: str, *, has_dns: bool) -> None:
        self.resolvers = resolvers
        self.has_dns = has_dns
        self.port = town.port
        self.hosts = town.hosts
        self._queue = town.house / "queue"
        self._log = town.house / "log/mail"

    def log(self) -> str:
        """Give the whole log."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    def closed_log(self, start: int = 0) -> str:
        """Give the log from a character on, once all sessions are over and written down."""
        wait_until(lambda: len(_OPENED.findall(self.log())) == len(_CLOSED.findall(self.log())))
        return self.log()[start:]

    def mails(self) -> list[Path]:
        """List what lies in the queues."""
        return [file for name in MAILS for file in (self._queue / name).rglob("*") if file.is_file()]


def commands_in(log: str) -> set[str]:
    """Name the commands that Postfix has counted in the sessions of a log."""
    return {verb for session in _CLOSED.findall(log) for verb in _COUNTED.findall(session)}


@pytest.fixture(name="commands_in")
def _commands_in() -> Callable[[str], set[str]]:
    return commands_in


def wait_until(condition: Callable[[], object], within_s: float = START_S) -> None:
    """Wait until a condition holds."""
    ends_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends_at, "the condition never came true"
        time.sleep(0.01)


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program, and end it at the end; LEASH sees to that where the tests are killed."""
    with log.open("wb") as words:
        program = subprocess.Popen(
            [*LEASH, *command], env=_environment(), stdin=subprocess.DEVNULL, stdout=words, stderr=words
        )
    try:
        yield program
    finally:
        program.terminate()
        program.wait(START_S)


@contextmanager
def _postgrey(town: Town) -> Iterator[None]:
    """Run postgrey, with nobody on its lists of those it lets in."""
    nobody = town.house / "grey/nobody"
    nobody.touch()
    modules = [f"-I{path}" for pattern in PERL_LIBRARIES for path in PLACE.glob(pattern)]
    command = [
        *("perl", "-T", *modules),  # tainted, Perl heeds no PERL5LIB
        f"{PLACE}/usr/sbin/postgrey",
        f"--inet={town.street}.1:{town.greylisting}",
        f"--dbdir={town.house}/grey",
        "--delay=5",
        "--user=root",
        "--group=root",
        f"--whitelist-clients={nobody}",
        f"--whitelist-recipients={nobody}",
    ]
    log = town.house / "grey/log"
    with _running(command, log) as program:
        wait_until(lambda: program.poll() is not None or _answers(town.street, town.greylisting))
        assert program.poll() is None, log.read_text("utf-8", "replace")
        yield


def _answers(street: str, port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((f"{street}.1", port)) == 0


@contextmanager
def _master(town: Town) -> Iterator[None]:
    """Run Postfix' master in the foreground; what it started ends with it."""
    log = town.house / "log/master"
    mail = town.house / "log/mail"
    with _running([str(MASTER), "-c", f"{town.house}/conf", "-s"], log) as program:
        wait_until(lambda: program.poll() is not None or "daemon started" in _read(mail))
        assert program.poll() is None, _read(log) + _read(mail)
        yield


def _read(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.exists() else ""


def _records(hosts: dict[str, str]) -> dict[str, Records]:
    """Say in the DNS where each domain's mail goes, and that a block list holds who asks from 127.0.0.1."""
    names = {name: Records(mx=((10, f"mx.{name}"),)) for name in hosts}
    addresses = {f"mx.{name}": Records(a=(ip,)) for name, ip in hosts.items()}
    listed = {"1.0.0.127.zen.sandbox": Records(a=("127.0.0.2",), txt=("https://zen.sandbox/listed",))}
    return names | addresses | listed


@contextmanager
def _serving(server: socket.socket, zone: dict[str, Records]) -> Iterator[None]:
    """Answer DNS queries from a zone in a thread, until the end."""
    nameserver = Nameserver(zone, Tally())

    def serve() -> None:
        while (packet := server.recvfrom(4096))[0]:
            if answer := nameserver.answer(packet[0]):
                server.sendto(answer, packet[1])

    thread = threading.Thread(target=serve, name="nameserver")
    thread.start()
    try:
        yield
    finally:
        server.sendto(b"", server.getsockname())
        thread.join()


def _dns_socket(ip: str) -> socket.socket:
    """Open port 53 of an address, else any port of it."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        server.bind((ip, DOOR_53))
    except OSError:
        server.bind((ip, 0))
    return server


@pytest.fixture(scope="session")
def started() -> Iterator[Postfix]:
    """Start postgrey, Postfix and a name server; at the end no mail may lie in any queue."""
    if not MASTER.exists():
        pytest.skip(NOT_HERE)
    if os.geteuid() != 0:
        pytest.skip(NOT_ROOT)
    with ExitStack() as running:
        town = _plan(
            Path(
                running.enter_context(
                    TemporaryDirectory(prefix="winnow-postfix-", ignore_cleanup_errors=True)
                )
            )
        )
        _furnish(town)
        server = running.enter_context(_dns_socket(f"{town.street}.53"))
        running.enter_context(_serving(server, _records(town.hosts)))
        running.enter_context(_postgrey(town))
        running.enter_context(_master(town))
        ip, port = server.getsockname()
        postfix = Postfix(town, f"{ip}:{port}", has_dns=port == DOOR_53)
        yield postfix
        wait_until(lambda: not postfix.mails())  # its own questions, for address verification, may lie there


@pytest.fixture
def postfix(started: Postfix) -> Iterator[Postfix]:
    """Postfix, to which nobody may have said DATA or BDAT when the test is over."""
    start = len(started.log())
    yield started
    commands = commands_in(started.closed_log(start))
    assert commands <= POLITE


@pytest.fixture
def needs_dns(postfix: Postfix) -> None:
    """Skip where Postfix cannot ask the name server of the tests."""
    if not postfix.has_dns:
        pytest.skip(NO_PORT_53)


class Asked:
    """What came of the addresses asked about, each by its text."""

    def __init__(self, queue: MemoryQueue, mailboxes: dict[str, int], log: str) -> None:
        self.log = log
        self._queue = queue
        self._mailboxes = mailboxes

    @property
    def verdicts(self) -> dict[str, tuple[str, str]]:
        """The status and the reason of each."""
        return {text: self._verdict(text) for text in self._mailboxes}

    def _verdict(self, text: str) -> tuple[str, str]:
        verdict = judge(self.finding(text).evidence, DEFAULT_POLICY)
        return verdict.status.value, verdict.reason.value

    def finding(self, text: str):
        """Give the finding on an address."""
        return self._queue.findings[self._mailboxes[text]]

    def trace(self, text: str) -> str:
        """Give the lines of an address's trace."""
        return "\n".join(line.text for line in self.finding(text).trace)

    def facts(self, domain: str):
        """Give what is known of a domain."""
        return self._queue.facts(domain)


@pytest.fixture
def settings(postfix: Postfix) -> Settings:
    """Settings under which the engine is quick, and asks where Postfix is."""
    return Settings(**LOOPBACK, resolvers=(postfix.resolvers,), smtp_port=postfix.port)


@pytest.fixture
def ask(postfix: Postfix, settings: Settings) -> Callable[..., Asked]:
    """Let the engine ask about addresses until each is settled; settings may be changed."""

    def run(*texts: str, **changed) -> Asked:
        start = len(postfix.log())
        queue = MemoryQueue()
        mailboxes = {text: _add(queue, text) for text in texts}
        asyncio.run(_settle(queue, settings.model_copy(update=changed)))
        return Asked(queue, mailboxes, postfix.closed_log(start))

    return run


def _add(queue: MemoryQueue, text: str) -> int:
    address = parse_address(text)
    assert not isinstance(address, Malformed)
    return queue.add(address)


async def _settle(queue: MemoryQueue, settings: Settings) -> None:
    worker = Worker(queue, settings)
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(SETTLE_S):
            while queue.waiting() and not running.done():  # noqa: ASYNC110 - a queue knows no events
                await asyncio.sleep(0.01)
    finally:
        worker.stop()
        await running
