"""Runs all of Preflight's checks."""

from collections.abc import Sequence

from engine.block_list import askable_block_lists
from engine.lookup import AskDns
from engine.name_lists import lists_in_use
from engine.preflight.block_lists import say_block_lists, say_not_public
from engine.preflight.identity import (
    addresses_of,
    say_address,
    say_helo,
    say_ptr,
    say_sender,
    say_spf,
)
from engine.preflight.line import Check, Line, Preflight
from engine.preflight.reach import own_address, say_port, say_resolver, try_hosts
from engine.resolver import Resolver
from engine.routable import is_routable
from engine.settings import Settings


async def run_preflight(settings: Settings, domains: Sequence[str] = ()) -> Preflight:
    """Look how we stand. `domains` are greeted in place of the large ones, as in a sandbox."""
    greeted = domains or sorted(lists_in_use().words("landmarks.txt"))
    resolver = Resolver(settings)
    try:
        tried = await try_hosts(greeted, resolver, settings)
        named = await addresses_of(settings.helo, resolver.look_up)
        address = own_address(tried, settings, named)
        lines = [
            say_resolver(tried),
            say_port(tried, settings.smtp_port),
            say_address(address),
            say_helo(settings.helo, named, address, is_name_real=settings.is_probing_allowed),
            await say_sender(settings, resolver),
            *(await _address_lines(address, settings, resolver) if address else ()),
        ]
    finally:
        await resolver.close()
    order = list(Check)
    known = [each for each in tried if each.ip]
    is_open = any(each.is_connected for each in known) if known else None
    return Preflight(tuple(sorted(lines, key=lambda line: order.index(line.check))), is_open)


async def _address_lines(address: str, settings: Settings, resolver: Resolver) -> tuple[Line, ...]:
    ask = resolver.look_up
    return (
        await say_ptr(address, settings.helo.lower(), ask),
        await say_spf(address, settings, ask),
        await _block_lists_line(address, ask),
    )


async def _block_lists_line(address: str, ask: AskDns) -> Line:
    if not is_routable(address):
        return say_not_public(address)
    return await say_block_lists(address, askable_block_lists(), ask)
