"""One SMTP session as a dialogue, without any I/O: commands in, replies out (RFC 5321)."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.asking import Asking, Greylist, Grudges
from sandbox.behaviour import RELAY_DENIED, Ending, Reply, line
from sandbox.counters import Tally
from sandbox.host import Host, Open, Tls
from sandbox.world import World

_PATH = re.compile(r"(FROM|TO):\s*<([^<>\s]*)>\s*(.*)", re.IGNORECASE)
_MAIL_OPTIONS = frozenset({"SIZE", "BODY"})
_EXTENSIONS = ("SIZE 10485760", "PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
_GOES_ON = frozenset({Ending.STAYS, Ending.SECURES})
_OK = line("250 2.0.0 ok")
_UNKNOWN = line("500 5.5.2 no such command")
_SYNTAX = line("501 5.5.4 syntax error in the argument")
_SEQUENCE = line("503 5.5.1 bad sequence of commands")
_OPTION = line("555 5.5.4 option not known")
_NO_MAIL = line("554 5.3.2 this host takes no mail")
_CANNOT_VERIFY = line("252 2.1.5 cannot verify, ask by RCPT TO")
_GO_AHEAD = line("220 2.0.0 go ahead", Ending.SECURES)
_TLS_REQUIRED = line("530 5.7.0 must issue a STARTTLS command first")
_BYE = line("221 2.0.0 bye", Ending.QUITS)
_CROWDED = line("421 4.7.0 too many sessions from you at once", Ending.CLOSES)


@dataclass(slots=True)
class Scene:
    """What all sessions share: the world, the tally, the greylist, and the sessions open now by host."""

    world: World
    tally: Tally
    greylist: Greylist = field(default_factory=Greylist)
    grudges: Grudges = field(default_factory=Grudges)
    present: Counter[str] = field(default_factory=Counter)


class Dialogue:
    """One session with one host. It is over after QUIT, after the host has ended it, or when left."""

    def __init__(self, scene: Scene, host: Host, client: str) -> None:
        self._scene = scene
        self._host = host
        self._client = client
        self._is_introduced = False
        self._sender: str | None = None
        self._rcpts = 0
        self._domains: set[str] = set()
        self._is_open = False
        self._is_encrypted = False
        self.unwanted_octets = 0

    def greet(self, door: Open) -> Reply:
        """Say the banner, or 421 where too many sessions are open."""
        if self._scene.present[self._host.address] >= door.at_once:
            self._scene.tally.add_forced_disconnect()
            return _CROWDED
        self._is_open = True
        self._scene.present[self._host.address] += 1
        self._scene.tally.add_session()
        teasers = (f"220-{self._host.name} line {n}" for n in range(1, door.lines))
        return Reply((*teasers, f"220 {self._host.name} ESMTP"))

    def hear(self, spoken: str) -> Reply:
        """Answer one command line."""
        verb, _, argument = spoken.partition(" ")
        answer = _COMMANDS.get(verb.upper())
        reply = answer(self, argument.strip()) if answer else _UNKNOWN
        if reply.ending not in _GOES_ON:
            self._close(reply.ending)
        return reply

    def leave(self) -> None:
        """Note that the client's connection has gone; without QUIT it has abandoned an open session."""
        if self._is_open:
            self._scene.tally.add_abandoned()
            self.end()

    def end(self) -> None:
        """End the session without blaming anybody, as when the sandbox stops."""
        if self._is_open:
            self._is_open = False
            self._scene.present[self._host.address] -= 1
            self._scene.tally.leave_domains(self._domains)

    def _close(self, ending: Ending) -> None:
        if ending is not Ending.QUITS:
            self._scene.tally.add_forced_disconnect()
        self.end()

    def ehlo(self, name: str) -> Reply:
        """Take EHLO (RFC 5321, 4.1.1.1)."""
        reply = self.helo(name)
        if reply is _SYNTAX:
            return reply
        offered = ("STARTTLS",) if self._offers_tls() else ()
        lines = (self._host.name, *_EXTENSIONS, *offered)
        return Reply((*(f"250-{text}" for text in lines[:-1]), f"250 {lines[-1]}"))

    def helo(self, name: str) -> Reply:
        """Take HELO (RFC 5321, 4.1.1.1)."""
        if not name:
            return _SYNTAX
        self._is_introduced = True
        self._sender = None
        return line(f"250 {self._host.name}")

    def _offers_tls(self) -> bool:
        return self._host.tls is not Tls.NONE and not self._is_encrypted

    def start_tls(self, _argument: str) -> Reply:
        """Take STARTTLS (RFC 3207), where it was offered."""
        return _GO_AHEAD if self._offers_tls() else _SEQUENCE

    def secure(self) -> None:
        """Forget what was said before the handshake (RFC 3207, 4.2)."""
        self._is_introduced = False
        self._is_encrypted = True
        self._sender = None
        self._scene.tally.add_encrypted()

    def mail(self, argument: str) -> Reply:
        """Take MAIL FROM (RFC 5321, 4.1.1.2); the null sender is welcome."""
        if self._host.tls.is_required and not self._is_encrypted:
            return _TLS_REQUIRED
        path = _PATH.fullmatch(argument)
        if not self._is_introduced or self._sender is not None:
            return _SEQUENCE
        if path is None or path[1].upper() != "FROM":
            return _SYNTAX
        if not {option.partition("=")[0].upper() for option in path[3].split()} <= _MAIL_OPTIONS:
            return _OPTION
        self._sender = path[2].lower()
        return line("250 2.1.0 sender ok")

    def rcpt(self, argument: str) -> Reply:
        """Take RCPT TO (RFC 5321, 4.1.1.3)."""
        path = _PATH.fullmatch(argument)
        if self._sender is None:
            return _SEQUENCE
        if path is None or path[1].upper() != "TO" or not _is_mailbox(path[2]):
            return _SYNTAX
        return _OPTION if path[3] else self._answer_for(path[2].lower(), self._sender)

    def _answer_for(self, address: str, sender: str) -> Reply:
        """Answer as the recipient's domain behaves (address and sender in lower case)."""
        scene = self._scene
        local_part, domain = scene.world.find(address)
        name = address.rpartition("@")[2]
        self._rcpts += 1
        self._enter(name)
        scene.tally.add_rcpt(address, name, is_stranger=domain is None or local_part not in domain.users)
        if domain is None or not scene.world.is_served_at(name, self._host.address):
            return RELAY_DENIED
        asking = Asking(self._client, sender, address, self._rcpts, scene.greylist, scene.grudges)
        return domain.behaviour.reply(domain.user(local_part), asking)

    def _enter(self, domain: str) -> None:
        if domain not in self._domains:
            self._domains.add(domain)
            self._scene.tally.enter_domain(domain)

    def reset(self, _argument: str) -> Reply:
        """Take RSET (RFC 5321, 4.1.1.5). The session's count of recipients stays."""
        self._sender = None
        return _OK

    def take_data(self, _argument: str) -> Reply:
        """Count and refuse DATA (RFC 5321, 4.1.1.4)."""
        self._scene.tally.add_data_command()
        return _NO_MAIL

    def take_chunk(self, argument: str) -> Reply:
        """Count and refuse BDAT (RFC 3030, 2), and pass over its octets."""
        size = argument.partition(" ")[0]
        self.unwanted_octets = int(size) if size.isdecimal() else 0
        return self.take_data(argument)


def _is_mailbox(path: str) -> bool:
    local_part, _, domain = path.rpartition("@")
    return bool(local_part and domain) and path.isascii()


_COMMANDS: dict[str, Callable[[Dialogue, str], Reply]] = {
    "EHLO": Dialogue.ehlo,
    "HELO": Dialogue.helo,
    "STARTTLS": Dialogue.start_tls,
    "MAIL": Dialogue.mail,
    "RCPT": Dialogue.rcpt,
    "RSET": Dialogue.reset,
    "DATA": Dialogue.take_data,
    "BDAT": Dialogue.take_chunk,
    "NOOP": lambda _dialogue, _argument: _OK,
    "VRFY": lambda _dialogue, argument: _CANNOT_VERIFY if argument else _SYNTAX,
    "QUIT": lambda _dialogue, _argument: _BYE,
}
