"""What the sandbox's DNS holds: names, what each answers, and where a domain's mail goes by it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

MAX_ALIASES = 8
NULL_MX = ((0, "."),)


@dataclass(frozen=True, slots=True)
class Records:
    """A name's records; none of a type is NODATA. `mx` pairs preference and host, `ttl` is in seconds."""

    mx: tuple[tuple[int, str], ...] = ()
    a: tuple[str, ...] = ()
    aaaa: tuple[str, ...] = ()
    txt: tuple[str, ...] = ()
    ttl: int = 300
    ns: tuple[str, ...] = ()
    ptr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A CNAME to another name; `ttl` is in seconds."""

    target: str
    ttl: int = 300


class NoAnswer(Enum):
    """What the DNS does instead of answering: a response code, or silence."""

    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    SILENCE = "silence"


Node = Records | Alias | NoAnswer
Zone = Mapping[str, Node]


class NoRoute(StrEnum):
    """Why a domain's mail goes nowhere, in the words of the reasons."""

    NO_SUCH_DOMAIN = "no_such_domain"
    NULL_MX = "null_mx"
    NO_MAIL_HOST = "no_mail_host"
    DNS_FAILED = "dns_failed"


def ascii_name(name: str) -> str:
    """Write a domain name in lower-case A-labels (RFC 5890), without the last dot; raises UnicodeError."""
    folded = name.rstrip(".").lower()
    return folded if folded.isascii() else folded.encode("idna").decode("ascii")


def walk_aliases(zone: Zone, name: str) -> Iterator[tuple[str, Node]]:
    """Walk from a name along at most eight CNAMEs to the node that is none; unknown names are NXDOMAIN."""
    for _ in range(MAX_ALIASES):
        node = zone.get(name, NoAnswer.NXDOMAIN)
        yield name, node
        if not isinstance(node, Alias):
            return
        name = node.target
    yield name, NoAnswer.SERVFAIL


def find_mail(zone: Zone, domain: str) -> tuple[str, ...] | NoRoute:
    """Find the IP addresses that take a domain's mail, best preference first (RFC 5321, 5.1)."""
    node = _end_of(zone, domain)
    if isinstance(node, NoAnswer):
        return NoRoute.NO_SUCH_DOMAIN if node is NoAnswer.NXDOMAIN else NoRoute.DNS_FAILED
    if node.mx == NULL_MX:
        return NoRoute.NULL_MX
    if not node.mx:
        return node.a + node.aaaa or NoRoute.NO_MAIL_HOST
    return _find_hosts([_end_of(zone, host) for _, host in sorted(node.mx)])


def _find_hosts(nodes: list[Records | NoAnswer]) -> tuple[str, ...] | NoRoute:
    found = tuple(ip for node in nodes if isinstance(node, Records) for ip in node.a + node.aaaa)
    if found:
        return found
    has_failed = any(isinstance(node, NoAnswer) and node is not NoAnswer.NXDOMAIN for node in nodes)
    return NoRoute.DNS_FAILED if has_failed else NoRoute.NO_MAIL_HOST


def _end_of(zone: Zone, name: str) -> Records | NoAnswer:
    *_, (_, node) = walk_aliases(zone, name)
    return NoAnswer.SERVFAIL if isinstance(node, Alias) else node
