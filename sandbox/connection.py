"""One TCP connection to a mail host: octets in, a dialogue's replies out."""

import asyncio
import contextlib
from collections.abc import Sequence

from sandbox.behaviour import Ending, Reply
from sandbox.certificate import host_context
from sandbox.host import Host, Open, Slammed
from sandbox.smtp import Dialogue, Scene

LONGEST_LINE = 4096
SHUTDOWN_S = 1.0


class Connection(asyncio.Protocol):
    """A connection; it is among `connected` while it lasts. Each reply waits `round_trip_s` seconds."""

    def __init__(
        self, scene: Scene, host: Host, connected: "set[Connection]", round_trip_s: float = 0.0
    ) -> None:
        self._scene = scene
        self._host = host
        self._connected = connected
        self._round_trip_s = round_trip_s
        self._heard = bytearray()
        self._is_listening = False
        self._timer: asyncio.TimerHandle | None = None
        self._handshake: asyncio.Task[None] | None = None
        self._is_breaking = False
        self._transport: asyncio.Transport
        self._dialogue: Dialogue

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Receive the client as the host's door has it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connected.add(self)
        self._scene.tally.add_connection(self._host.address)
        self._dialogue = Dialogue(self._scene, self._host, transport.get_extra_info("peername")[0])
        door = self._host.door
        if isinstance(door, Slammed):
            self._scene.tally.add_forced_disconnect()
            transport.abort()
        if isinstance(door, Open):
            self._greet_after(door)

    def _greet_after(self, door: Open) -> None:
        wait_s = door.after_s + self._round_trip_s
        if wait_s:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._greet, door)
            return
        self._greet(door)

    def _greet(self, door: Open) -> None:
        reply = self._dialogue.greet(door)
        self._is_listening = reply.ending is Ending.STAYS
        self._write([reply])
        self._answer_heard()

    def data_received(self, data: bytes) -> None:
        """Answer all complete lines, in order; what comes before the banner waits for it."""
        if self._is_breaking:
            self._break_off()
            return
        self._heard += data
        self._answer_heard()

    def _answer_heard(self) -> None:
        replies: list[Reply] = []
        while self._is_listening and (spoken := self._take_line()) is not None:
            replies.append(self._dialogue.hear(spoken))
            self._is_listening = replies[-1].ending is Ending.STAYS
        if replies and self._round_trip_s:
            asyncio.get_running_loop().call_later(self._round_trip_s, self._write, replies)
            return
        self._write(replies)

    def _take_line(self) -> str | None:
        """Take the next line, or what is too long for one, out of what was heard."""
        self._pass_over_chunk()
        end = self._heard.find(b"\n")
        if end < 0 and len(self._heard) <= LONGEST_LINE:
            return None
        size = end + 1 or len(self._heard)
        spoken = self._heard[:size].decode("utf-8", "replace").rstrip("\r\n")
        del self._heard[:size]
        return spoken

    def _pass_over_chunk(self) -> None:
        unwanted = min(self._dialogue.unwanted_octets, len(self._heard))
        del self._heard[:unwanted]
        self._dialogue.unwanted_octets -= unwanted

    def _write(self, replies: Sequence[Reply]) -> None:
        if not replies or self._transport.is_closing():
            return
        octets = "".join(f"{text}\r\n" for reply in replies for text in reply.lines).encode()
        if octets:
            self._transport.write(octets)
        if replies[-1].ending is Ending.SECURES:
            self._secure()
        elif replies[-1].ending is not Ending.STAYS:
            self._transport.close()

    def _secure(self) -> None:
        """Begin the TLS handshake; of what came before it nothing counts (RFC 3207, 6)."""
        self._heard.clear()
        self._is_breaking = self._host.tls.is_broken
        if not self._is_breaking:
            self._transport.pause_reading()
            self._handshake = asyncio.get_running_loop().create_task(self._shake_hands())

    async def _shake_hands(self) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):  # the client has left, or found fault with us
            encrypted = await loop.start_tls(
                self._transport, self, host_context(), server_side=True, ssl_shutdown_timeout=SHUTDOWN_S
            )
            if encrypted is not None:
                self._transport = encrypted
                self._dialogue.secure()
                self._is_listening = True
                self._answer_heard()

    def _break_off(self) -> None:
        self._scene.tally.add_forced_disconnect()
        self._dialogue.end()
        self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Note who has left, and how."""
        if self._timer:
            self._timer.cancel()
        self._connected.discard(self)
        self._dialogue.leave()

    def stop(self) -> None:
        """Close from the host's side because the sandbox stops, which counts as nobody's fault."""
        self._dialogue.end()
        self._transport.abort()
