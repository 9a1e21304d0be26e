"""What the mail internet is made of: how its rows are spread over domains, and these over mail hosts.

Nothing of it is kept in memory: a domain is known by its number, and all about it is drawn by that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from sandbox.behaviour import User

T = TypeVar("T")

STEPS = 1_000_003
TAIL_SIZES = ((1, 0.684), (2, 0.18), (3, 0.07), (4, 0.03), (5, 0.015), (8, 0.01), (13, 0.005), (30, 0.006))
"""Addresses of a domain of the long tail, with their shares."""
OWN_HOSTS = 4_000
"""Mail hosts of single domains that have a socket each; further domains share these."""


class Answering(Enum):
    """How a domain stands to those who ask for its mailboxes."""

    ORDINARY = "ordinary"
    ACCEPT_ALL = "accept_all"
    GREYLISTING = "greylisting"
    RELAY_DENIED = "relay_denied"
    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"


class Group(StrEnum):
    """Whose mail hosts they are, as the counters part them."""

    CONSUMER = "consumer"
    PROVIDER = "provider"
    OWN = "own"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class Shape:
    """What distinguishes one internet from another; equal shapes give equal ones.

    `strict_rows` of the rows are at the strict provider (strict.py). With `is_named`, hosts and consumer
    domains have the names of real providers, else names that nobody knows.
    """

    rows: int
    seed: int = 1
    is_named: bool = False
    strict_rows: int = 0
    greylist_delay_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Site:
    """A domain: its number, its name, how many addresses the list has of it, its MX hosts, how it answers."""

    number: int
    name: str
    size: int
    hosts: tuple[str, ...]
    group: Group
    answering: Answering = Answering.ORDINARY


@dataclass(frozen=True, slots=True)
class Head:
    """A large consumer domain: its share of the rows, and its names and MX hosts, plain and real."""

    share: float
    plain: str
    named: str
    named_hosts: tuple[str, ...]
    is_named_yes_empty: bool = False


HEADS = (
    Head(0.12, "harvest.sandbox", "gmail.com", ("gmail-smtp-in.l.google.com",)),
    Head(0.06, "orchard.sandbox", "yahoo.com", ("mta5.am0.yahoodns.net",), is_named_yes_empty=True),
    Head(0.04, "meadow.sandbox", "icloud.com", ("mx01.mail.icloud.com",)),
    Head(0.03, "granary.sandbox", "gmx.de", ("mx00.emig.gmx.net",)),
    Head(0.02, "vineyard.sandbox", "web.de", ("mx-ha02.web.de",)),
    Head(0.015, "pasture.sandbox", "fastmail.com", ("in1-smtp.messagingengine.com",)),
    Head(0.01, "barn.sandbox", "zoho.com", ("mx.zoho.com",)),
    Head(0.005, "cellar.sandbox", "outlook.com", ("outlook-com.olc.protection.outlook.com",)),
)
PLAIN_PROVIDERS = (
    ("mx1.harvestmail.sandbox", "mx2.harvestmail.sandbox"),
    ("mx1.millpost.sandbox", "mx2.millpost.sandbox"),
)
NAMED_PROVIDERS = (("aspmx.l.google.com", "alt1.aspmx.l.google.com"), ("mail.protection.outlook.com",))
MICROSOFT_END = ".mail.protection.outlook.com"
STRICT_HOSTS = ("mx1.strictpost.sandbox", "mx2.strictpost.sandbox")
STRICT_DOMAINS = 8
USERS = (
    (User.EXISTING, 0.82),
    (User.MISSING, 0.13),
    (User.DISABLED, 0.02),
    (User.FULL, 0.03),
)
AT_PROVIDERS = (
    (Answering.ORDINARY, 0.90),
    (Answering.ACCEPT_ALL, 0.08),
    (Answering.NO_SUCH_DOMAIN, 0.015),
    (Answering.NULL_MX, 0.005),
)
AT_OWN_HOSTS = (
    (Answering.ORDINARY, 0.737),
    (Answering.ACCEPT_ALL, 0.09),
    (Answering.GREYLISTING, 0.15),
    (Answering.NO_SUCH_DOMAIN, 0.015),
    (Answering.NULL_MX, 0.005),
    (Answering.RELAY_DENIED, 0.003),
)
"""A third of the domains have a host of their own, so that 5 % of all greylist."""


class Drawing(Enum):
    """What is drawn for a number."""

    SIZE = 1
    ANSWERING = 2
    USER = 3
    WORDS = 4


def chance(seed: int, drawing: Drawing, *numbers: int) -> int:
    """Draw a number from 0 to STEPS - 1, always the same for the same arguments."""
    return hash((seed, drawing.value, *numbers)) % STEPS


def pick(table: Sequence[tuple[T, float]], drawn: int) -> T:
    """Pick a row of a table by its share."""
    left = drawn / STEPS
    for value, share in table:
        left -= share
        if left < 0:
            return value
    return table[0][0]
