"""A world: its domains, its hosts, its DNS, and the list of its addresses."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sandbox.domain import Answering, Domain, OwnHost, SharedHosts
from sandbox.host import Door, Host, loopback_address
from sandbox.names import Node, NoRoute, Records, Zone, ascii_name, find_mail
from sandbox.truth import EMPTY, MALFORMED, Truth, truth_at_hosts, truth_without_route

_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
_MAX_LOCAL_PART = 64


@dataclass(frozen=True, slots=True)
class World:
    """All there is: domains by name, hosts by IP address, DNS names, addresses as lists spell them."""

    domains: Mapping[str, Domain]
    hosts: Mapping[str, Host]
    zone: Zone = field(repr=False)
    addresses: tuple[str, ...] = field(repr=False)

    def find(self, address: str) -> tuple[str, Domain | None]:
        """Split an address into its case-folded local part and its domain, None if there is none such."""
        local_part, _, name = address.rpartition("@")
        return local_part.lower(), self.domains.get(name.rstrip(".").lower())

    def is_served_at(self, domain: str, ip: str) -> bool:
        """Tell whether the DNS sends a domain's mail to this IP address."""
        route = find_mail(self.zone, domain)
        return not isinstance(route, NoRoute) and ip in route

    def truth(self, address: str) -> Truth:
        """Say what is true of a text, be it on the list or not, by the table in truth.py."""
        parts = _split(address.strip())
        if parts is None:
            return MALFORMED if address.strip() else EMPTY
        local_part, name = parts
        route = find_mail(self.zone, name)
        if isinstance(route, NoRoute):
            return truth_without_route(route)
        doors = (self.hosts[ip].door for ip in route if ip in self.hosts)
        return truth_at_hosts(self.domains.get(name, Domain(name)), local_part, doors)


def _split(text: str) -> tuple[str, str] | None:
    """Take an address apart, its domain in A-labels; None if the text is none."""
    local_part, _, written = text.rpartition("@")
    try:
        name = ascii_name(written)
    except UnicodeError:
        return None
    is_sound = _LOCAL_PART.fullmatch(local_part) and _DOMAIN.fullmatch(name)
    return (local_part, name) if is_sound and len(local_part) <= _MAX_LOCAL_PART else None


def world_of(
    domains: Iterable[Domain],
    *,
    shared: Mapping[str, Door] | None = None,
    names: Mapping[str, Node] | None = None,
    addresses: Iterable[str] | None = None,
) -> World:
    """Make a world of domains, the hosts they share (doors by name) and further DNS names.

    Its list is `addresses`, or every user of every domain.
    """
    known = {domain.name: domain for domain in domains}
    hosts = _number_hosts({**(shared or {}), **_own_doors(known.values())})
    zone = {name: node for domain in known.values() for name, node in _nodes_of(domain, hosts)}
    for host in hosts.values():
        zone.setdefault(host.name, Records(a=(host.address,)))
    if addresses is None:
        addresses = (f"{user}@{domain.name}" for domain in known.values() for user in domain.users)
    by_ip = {host.address: host for host in hosts.values()}
    return World(known, by_ip, zone | dict(names or {}), tuple(addresses))


def _number_hosts(doors: Mapping[str, Door]) -> dict[str, Host]:
    return {
        name: Host(name, loopback_address(ordinal), door)
        for ordinal, (name, door) in enumerate(doors.items())
    }


def own_host_name(domain: str, delivery: OwnHost) -> str:
    """Name the host of a domain that has one of its own."""
    return domain if delivery.is_implicit else f"mx.{domain}"


def _own_doors(domains: Iterable[Domain]) -> dict[str, Door]:
    own = ((domain.name, domain.delivery) for domain in domains if isinstance(domain.delivery, OwnHost))
    return {own_host_name(name, delivery): delivery.door for name, delivery in own}


def _nodes_of(domain: Domain, hosts: Mapping[str, Host]) -> Iterator[tuple[str, Node]]:
    """Walk the DNS names of a domain, each with what it answers."""
    delivery = domain.delivery
    if isinstance(delivery, SharedHosts) and delivery.known_as:
        yield delivery.known_as, Records(a=(hosts[delivery.names[0]].address,), ttl=domain.ttl)
    below = {
        "_dmarc": domain.dmarc,
        "_mta-sts": domain.mta_sts,
        "_smtp._tls": domain.tls_rpt,
        "default._bimi": domain.bimi,
    }
    for label, text in below.items():
        if text:
            yield f"{label}.{domain.name}", Records(txt=(text,), ttl=domain.ttl)
    yield domain.name, _node_of(domain, hosts)


def _node_of(domain: Domain, hosts: Mapping[str, Host]) -> Node:
    delivery = domain.delivery
    if isinstance(delivery, Answering):
        return delivery.node
    texts = tuple(text for text in (domain.spf, domain.further) if text)
    names = delivery.names if isinstance(delivery, SharedHosts) else (own_host_name(domain.name, delivery),)
    if delivery.is_implicit:
        return Records(a=(hosts[names[0]].address,), txt=texts, ttl=domain.ttl)
    if isinstance(delivery, SharedHosts) and delivery.known_as:
        names = (delivery.known_as, *names[1:])
    return Records(mx=tuple((10 * n, name) for n, name in enumerate(names, 1)), txt=texts, ttl=domain.ttl)
