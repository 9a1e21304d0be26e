"""Which IP addresses may be connected to at all: those that the whole internet can route."""

import ipaddress

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_IPV4_IN_IPV6 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def is_routable(ip: str) -> bool:
    """Tell whether an IP address is global, and hides no private IPv4 address (mapped, 6to4, NAT64)."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public(address)
    if (hidden := _ipv4_in(address)) is not None:
        return _is_public(hidden)
    return address in _GLOBAL_UNICAST and address.is_global


def _ipv4_in(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Find the IPv4 address that an IPv6 address leads to (RFC 4291, 2.5.5.2; RFC 3056; RFC 6052)."""
    if any(address in network for network in _IPV4_IN_IPV6):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_public(address: ipaddress.IPv4Address) -> bool:
    return address.is_global and not address.is_multicast
