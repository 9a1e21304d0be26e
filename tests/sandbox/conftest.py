"""Clients that speak to a sandbox over real sockets."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import dnslib
import pytest

from sandbox import Domain, Sandbox, world_of
from sandbox.names import find_mail

DEADLINE_S = 10.0
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname = False
TRUSTING.verify_mode = ssl.CERT_NONE


class Caller:
    """A lock-step SMTP client on a plain socket; a reply is its lines joined by line ends."""

    def __init__(self, sandbox: Sandbox, domain: str) -> None:
        ip = find_mail(sandbox.world.zone, domain)[0]
        self.socket = socket.create_connection((ip, sandbox.smtp_port), timeout=DEADLINE_S)
        self._file = self.socket.makefile("rb")

    def read(self) -> str:
        """Read one whole reply; `""` when the host has closed."""
        lines: list[str] = []
        while True:
            lines.append(self._file.readline().decode().rstrip("\r\n"))
            if lines[-1][3:4] != "-":
                return "\n".join(lines)

    def write(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def say(self, command: str) -> str:
        self.write(f"{command}\r\n".encode())
        return self.read()

    def start_tls(self) -> str:
        """Say STARTTLS and encrypt, with whoever it is; gives the TLS version."""
        assert self.say("STARTTLS").startswith("220 ")
        return self.shake_hands()

    def shake_hands(self) -> str:
        self._file.close()
        self.socket = TRUSTING.wrap_socket(self.socket)
        self._file = self.socket.makefile("rb")
        return str(self.socket.version())

    def introduce(self, sender: str = "verify@prober.sandbox", *, under_tls: bool = False) -> "Caller":
        assert self.read().startswith("220")
        assert self.say("EHLO prober.sandbox").startswith("250-")
        if under_tls:
            self.start_tls()
            assert self.say("EHLO prober.sandbox").startswith("250-")
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250 ")
        return self

    def rcpt(self, address: str) -> str:
        return self.say(f"RCPT TO:<{address}>")

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Sandbox]]:
    with ExitStack() as running:

        def start(*domains: Domain, **options) -> Sandbox:
            names = options.pop("names", None)
            return running.enter_context(Sandbox(world_of(domains, names=names), **options))

        yield start


@pytest.fixture
def call() -> Iterator[Callable[[Sandbox, str], Caller]]:
    with ExitStack() as opened:

        def connect(sandbox: Sandbox, domain: str) -> Caller:
            caller = Caller(sandbox, domain)
            opened.callback(caller.close)
            return caller

        yield connect


@pytest.fixture
def rcpt(call) -> Callable[[Sandbox, str], str]:
    """Ask about one address in a session of its own, and take leave."""

    def ask(sandbox: Sandbox, address: str, *, under_tls: bool = False) -> str:
        caller = call(sandbox, address.rpartition("@")[2]).introduce(under_tls=under_tls)
        reply = caller.rcpt(address)
        assert caller.say("QUIT").startswith("221 ")
        return reply

    return ask


@pytest.fixture
def lookup() -> Callable[..., dnslib.DNSRecord]:
    def ask(
        sandbox: Sandbox,
        name: str,
        qtype: str,
        *,
        is_tcp: bool = False,
        udp_size: int = 0,
        timeout=DEADLINE_S,
    ):
        question = dnslib.DNSRecord.question(name, qtype)
        if udp_size:
            question.add_ar(dnslib.EDNS0(udp_len=udp_size))
        packet = question.send("127.0.0.1", sandbox.dns_port, tcp=is_tcp, timeout=timeout)
        answer = dnslib.DNSRecord.parse(packet)
        assert answer.header.id == question.header.id
        return answer

    return ask
