"""SMTP at the speed that measuring needs: commands in octets, replies in octets (RFC 5321)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.behaviour import USER_REPLIES, User
from sandbox.internet.hosts import Post, Posts, Tally
from sandbox.internet.shape import Answering
from sandbox.internet.strict import Turn
from sandbox.internet.world import Internet

OK = b"250 2.0.0 ok\r\n"
BYE = b"221 2.0.0 bye\r\n"
UNKNOWN = b"500 5.5.2 no such command\r\n"
SEQUENCE = b"503 5.5.1 bad sequence of commands\r\n"
NO_MAIL = b"554 5.3.2 this host takes no mail\r\n"
GREYLISTED = b"451 4.7.1 greylisted, try again later\r\n"
NO_RELAY = b"554 5.7.1 relay access denied\r\n"
TOO_MANY = b"452 4.5.3 too many recipients\r\n"
CROWDED = b"421 4.7.0 too many sessions from you at once\r\n"
ENOUGH = b"421 4.7.0 enough for this session, closing\r\n"
SLOW_DOWN = b"421 4.7.0 you are too fast, slow down or be banned\r\n"
BANNED_BANNER = b"554 5.7.1 banned for ten minutes\r\n"
BANNED = b"421 4.7.0 banned for ten minutes\r\n"
REPLIES = {user: f"{reply.lines[0]}\r\n".encode() for user, reply in USER_REPLIES.items()}


@dataclass(slots=True)
class Scene:
    """What all sessions share: the world, its hosts, the tally, and who was seen by greylisting hosts."""

    internet: Internet
    posts: Posts
    tally: Tally
    seen_at: dict[tuple[str, str], float] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic


class Dialogue:
    """One session with one host; `is_over` once either side has ended it."""

    __slots__ = ("_post", "_rcpts", "_scene", "_sender", "has_entered", "is_over")

    def __init__(self, scene: Scene, post: Post) -> None:
        self._scene = scene
        self._post = post
        self._sender: str | None = None
        self._rcpts = 0
        self.is_over = False
        self.has_entered = False

    def greet(self) -> bytes:
        """Say the banner, or turn the client away."""
        turn = self._post.gate.enter() if self._post.gate else Turn.ADMITTED
        if turn is not Turn.ADMITTED:
            return self._end(SLOW_DOWN if turn is Turn.WARNED else BANNED_BANNER)
        if self._post.present >= self._post.at_once:
            return self._end(CROWDED)
        self._post.present += 1
        self.has_entered = True
        self._scene.tally.sessions += 1
        return f"220 {self._post.name} ESMTP\r\n".encode()

    def hear(self, spoken: bytes) -> bytes:
        """Answer one command line."""
        verb = spoken[:4].upper()
        if verb == b"RCPT":
            return self._rcpt(spoken)
        answer = _ANSWERS.get(verb)
        return answer(self, spoken) if answer else UNKNOWN

    def leave(self) -> None:
        """Note that the connection has gone; who has not said QUIT has abandoned the session."""
        if self.has_entered:
            self._scene.tally.abandoned += not self.is_over
            self.has_entered = False
            self._post.present -= 1
            if self._post.gate:
                self._post.gate.leave()

    def ehlo(self, _spoken: bytes) -> bytes:
        """Take EHLO and HELO, and name the extensions."""
        offered = "250-PIPELINING\r\n" if self._post.pipelines else ""
        self._sender = None
        text = f"250-{self._post.name}\r\n{offered}250-SIZE 10485760\r\n250 ENHANCEDSTATUSCODES\r\n"
        return text.encode()

    def mail(self, spoken: bytes) -> bytes:
        """Take MAIL FROM."""
        if self._sender is not None:
            return SEQUENCE
        self._sender = _path_in(spoken)
        return OK

    def _rcpt(self, spoken: bytes) -> bytes:
        if self._sender is None:
            return SEQUENCE
        turn = self._post.gate.ask() if self._post.gate else Turn.ADMITTED
        if turn is not Turn.ADMITTED:
            return self._end(SLOW_DOWN if turn is Turn.WARNED else BANNED)
        self._scene.tally.rcpts += 1
        self._rcpts += 1
        if self._rcpts > self._post.rcpts:
            return self._refuse_more()
        local_part, _, domain = _path_in(spoken).lower().rpartition("@")
        return self._answer(local_part, domain, self._sender)

    def _refuse_more(self) -> bytes:
        self._scene.tally.over_limit += 1
        return self._end(ENOUGH) if self._post.closes else TOO_MANY

    def _answer(self, local_part: str, domain: str, sender: str) -> bytes:
        scene = self._scene
        site = scene.internet.find(domain)
        if site is None or not scene.posts.serves(self._post, domain):
            return NO_RELAY
        scene.tally.strangers += not scene.internet.is_listed(site, local_part)
        if site.answering is Answering.RELAY_DENIED:
            return NO_RELAY
        if site.answering is Answering.GREYLISTING and self._is_new(f"{local_part}@{domain}", sender):
            scene.tally.greylisted += 1
            return GREYLISTED
        scene.tally.answered[site.group] += 1
        if site.answering is Answering.ACCEPT_ALL:
            return REPLIES[User.EXISTING]
        return REPLIES[scene.internet.user(site, local_part)]

    def _is_new(self, recipient: str, sender: str) -> bool:
        now = self._scene.clock()
        since = self._scene.seen_at.setdefault((sender, recipient), now)
        return now - since < self._scene.internet.shape.greylist_delay_s

    def reset(self, _spoken: bytes) -> bytes:
        """Take RSET; the session's count of recipients stays."""
        self._sender = None
        return OK

    def take_data(self, _spoken: bytes) -> bytes:
        """Count and refuse DATA and BDAT."""
        self._scene.tally.data_commands += 1
        return NO_MAIL

    def quit(self, _spoken: bytes) -> bytes:
        """Take leave."""
        self.is_over = True
        return BYE

    def _end(self, reply: bytes) -> bytes:
        self.is_over = True
        self._scene.tally.forced_disconnects += 1
        return reply


def _path_in(spoken: bytes) -> str:
    """Read what stands between the angle brackets; `""` for none."""
    start, end = spoken.find(b"<"), spoken.find(b">")
    return spoken[start + 1 : end].decode("ascii", "replace") if 0 <= start < end else ""


_ANSWERS: dict[bytes, Callable[[Dialogue, bytes], bytes]] = {
    b"EHLO": Dialogue.ehlo,
    b"HELO": Dialogue.ehlo,
    b"MAIL": Dialogue.mail,
    b"RSET": Dialogue.reset,
    b"QUIT": Dialogue.quit,
    b"DATA": Dialogue.take_data,
    b"BDAT": Dialogue.take_data,
    b"NOOP": lambda _dialogue, _spoken: OK,
}
