"""Which of a domain's hosts is asked, and which next (RFC 5321, 5.1)."""

import math
import random
from collections.abc import Iterator, Sequence

from engine.exchange import MailHost
from engine.provider import Kind, provider_of

MAX_HOSTS = 3
MAX_ADDRESSES_PER_HOST = 2


def doors(hosts: Sequence[MailHost], known: str = "") -> Iterator[tuple[MailHost, str]]:
    """Walk the hosts by preference, equal ones at random, each with its first IP addresses.

    Among equal ones the host `known` from before comes first: it alone may remember whom it has greylisted.
    """

    def place(host: MailHost) -> tuple[int, bool, float]:
        return host.preference, host.name != known, random.random()  # noqa: S311 - spreads load

    ordered = sorted(_in_front(hosts), key=place)
    for host in ordered[:MAX_HOSTS]:
        for ip in _addresses(host):
            yield host, ip


def _in_front(hosts: Sequence[MailHost]) -> list[MailHost]:
    """Leave out what stands behind a gateway: hosts of another kind, to which the gateway hands on.

    They take no mail from strangers, or take any; what they say of a recipient is not what the domain says.
    """
    gateways = [host for host in hosts if _is_gateway(host)]
    gate = min((host.preference for host in gateways), default=math.inf)
    return [host for host in hosts if host.addresses and (host.preference <= gate or host in gateways)]


def _is_gateway(host: MailHost) -> bool:
    return provider_of([host.name]).kind is Kind.GATEWAY


def _addresses(host: MailHost) -> tuple[str, ...]:
    """Choose a host's first addresses; behind an IPv6 one comes an IPv4 one, since IPv6 may lead nowhere."""
    first, *others = host.addresses
    if ":" in first:
        others = sorted(others, key=lambda ip: ":" in ip)
    return (first, *others)[:MAX_ADDRESSES_PER_HOST]
