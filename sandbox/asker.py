"""Who asks, as the DNS of a world knows it: a name of its own, as a sound mail host has."""

import ipaddress
from dataclasses import replace

from sandbox.names import Node, Records
from sandbox.world import World


def with_asker(world: World, name: str, address: str = "127.0.0.1") -> World:
    """Give a name to who asks from this address: A, MX and SPF of the name, and the PTR record back to it."""
    known: dict[str, Node] = {
        name: Records(a=(address,), mx=((10, name),), txt=("v=spf1 a -all",)),
        ipaddress.ip_address(address).reverse_pointer: Records(ptr=(name,)),
    }
    return replace(world, zone={**world.zone, **known})
