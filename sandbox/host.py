"""The mail hosts of the sandbox, and how each receives a connection."""

import ipaddress
from dataclasses import dataclass
from enum import Enum

FIRST_ADDRESS = int(ipaddress.IPv4Address("127.10.0.1"))
UNLIMITED = 1_000_000


class Tls(Enum):
    """How a host stands to encryption (RFC 3207). A broken one offers it and fails at the handshake."""

    NONE = "none"
    OFFERED = "offered"
    REQUIRED = "required"
    BROKEN = "broken"
    BROKEN_REQUIRED = "broken_required"

    @property
    def is_broken(self) -> bool:
        """Whether the handshake fails."""
        return self in {Tls.BROKEN, Tls.BROKEN_REQUIRED}

    @property
    def is_required(self) -> bool:
        """Whether nobody is let in without it."""
        return self in {Tls.REQUIRED, Tls.BROKEN_REQUIRED}


@dataclass(frozen=True, slots=True)
class Open:
    """Greets with a banner of so many lines after so many seconds; above `at_once` sessions it says 421."""

    after_s: float = 0.0
    lines: int = 1
    at_once: int = UNLIMITED
    tls: Tls = Tls.NONE


@dataclass(frozen=True, slots=True)
class Silent:
    """Takes the TCP connection and never says a word."""


@dataclass(frozen=True, slots=True)
class Slammed:
    """Takes the TCP connection and drops it at once."""


@dataclass(frozen=True, slots=True)
class Shut:
    """Refuses the connection: nobody listens at the address."""


Door = Open | Silent | Slammed | Shut
OPEN = Open()


@dataclass(frozen=True, slots=True)
class Host:
    """A mail host: its name in the DNS, its own loopback address, and how it receives a connection."""

    name: str
    address: str
    door: Door = OPEN

    @property
    def tls(self) -> Tls:
        """How it stands to encryption."""
        return self.door.tls if isinstance(self.door, Open) else Tls.NONE


def loopback_address(ordinal: int) -> str:
    """Give the n-th host (from 0) its address in 127.0.0.0/8."""
    return str(ipaddress.IPv4Address(FIRST_ADDRESS + ordinal))
