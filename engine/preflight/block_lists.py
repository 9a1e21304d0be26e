"""Whether DNS block lists name our address, and whether they answer this resolver at all (RFC 5782)."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum

from engine.block_list import BlockList
from engine.lookup import AskDns, Records
from engine.preflight.identity import reverse_name
from engine.preflight.line import Check, Light, Line

_TEST_LISTED, _TEST_UNLISTED = "127.0.0.2", "127.0.0.1"
_REFUSALS = "127.255.255."
_LISTED = "127."


class Standing(StrEnum):
    """What a list says of an address. Deaf: it gives this resolver no true answers."""

    CLEAN = "clean"
    LISTED = "listed"
    DEAF = "deaf"


async def standing_at(block_list: BlockList, address: str, ask: AskDns) -> Standing:
    """Ask a list about an address, and about the test entries that each list has (RFC 5782, 5)."""
    asked = (address, _TEST_LISTED, _TEST_UNLISTED)
    ours, must, must_not = await asyncio.gather(*(_codes(ip, block_list.zone, ask) for ip in asked))
    if _is_listed(ours) and not _is_listed(must_not):
        return Standing.LISTED
    return Standing.CLEAN if _is_listed(must) and not _is_listed(must_not) else Standing.DEAF


async def _codes(ip: str, zone: str, ask: AskDns) -> tuple[str, ...]:
    reversed_labels = reverse_name(ip).removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
    found = await ask(f"{reversed_labels}.{zone}", "A")
    return found.values if isinstance(found, Records) else ()


def _is_listed(codes: Sequence[str]) -> bool:
    return any(code.startswith(_LISTED) and not code.startswith(_REFUSALS) for code in codes)


async def say_block_lists(address: str, block_lists: Sequence[BlockList], ask: AskDns) -> Line:
    """Say which lists name our address."""
    standings = await asyncio.gather(*(standing_at(each, address, ask) for each in block_lists))
    listed = [
        each for each, standing in zip(block_lists, standings, strict=True) if standing is Standing.LISTED
    ]
    deaf = [each for each, standing in zip(block_lists, standings, strict=True) if standing is Standing.DEAF]
    if listed:
        return _listed(address, listed)
    if deaf:
        return _deaf(deaf, len(block_lists))
    return Line(Check.BLOCK_LISTS, Light.GREEN, f"{address} is on none of {len(block_lists)} block lists.")


def say_not_public(address: str) -> Line:
    """Say that no list was asked: they name public addresses only."""
    finding = f"No block list was asked: {address} is no public address, so it stands on none."
    return Line(Check.BLOCK_LISTS, Light.GREEN, finding)


def _listed(address: str, listed: Sequence[BlockList]) -> Line:
    light = Light.RED if any(each.is_heavy for each in listed) else Light.AMBER
    finding = f"{address} is listed at {_names(listed)}; hosts that go by it refuse us."
    pages = ", ".join(each.page or each.name for each in listed)
    return Line(Check.BLOCK_LISTS, light, finding, f"Read why and ask to be taken off: {pages}")


def _deaf(deaf: Sequence[BlockList], asked: int) -> Line:
    finding = f"{len(deaf)} of {asked} block lists do not answer this resolver ({_names(deaf)})."
    advice = (
        "Many lists refuse the large public resolvers: use one of your own, and name it in RESOLVERS. "
        "Whether this machine is listed there is not known."
    )
    return Line(Check.BLOCK_LISTS, Light.AMBER, finding, advice)


def _names(block_lists: Sequence[BlockList]) -> str:
    return ", ".join(each.name for each in block_lists)
