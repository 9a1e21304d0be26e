"""Where a domain's mail goes: its mail hosts, that it has none, or that nobody could tell."""

import hashlib

from engine.reason import Reason
from engine.value import value


@value
class MailHost:
    """One host of a domain's MX set (RFC 5321, 5.1), with the IP addresses it had when looked up."""

    name: str
    preference: int
    addresses: tuple[str, ...] = ()


@value
class MailHosts:
    """The domain takes mail at these hosts, lowest preference first; at least one of them.

    `is_implicit` means that there is no MX record and the domain itself is the host. `unresolved` are the
    names in the MX set that have no address, or whose look-up failed; they are not among the hosts.
    """

    hosts: tuple[MailHost, ...]
    is_implicit: bool = False
    unresolved: tuple[str, ...] = ()


@value
class NoMail:
    """The DNS says that the domain takes no mail: no such domain, null MX (RFC 7505) or no mail host."""

    refusal: Reason


@value
class LookupFailed:
    """The DNS did not answer, or not with anything that could be used. Says nothing of the domain."""

    failure: Reason
    detail: str = ""


Route = MailHosts | NoMail | LookupFailed


def route_key(route: Route) -> str:
    """Name the set of mail hosts: 16 hex digits, equal for domains that share it; `""` for none."""
    if not isinstance(route, MailHosts):
        return ""
    names = "\n".join(sorted(host.name for host in route.hosts))
    return hashlib.sha256(names.encode()).hexdigest()[:16]
