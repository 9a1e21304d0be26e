"""What can be said of an address by looking at it, and at the mail hosts of its domain."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from engine.address import Address
from engine.block_list import read_block_lists
from engine.disposable import (
    REMEMBERED,
    Listing,
    is_company_host,
    is_disposable_host,
    is_real,
    listing_of,
    with_parents,
)
from engine.exchange import Route
from engine.gibberish import is_gibberish, letter_weights
from engine.mailbox_rules import is_impossible, rules_in
from engine.name_lists import Lists, UnusableList, lists_in_use
from engine.provider import read_providers
from engine.reply import rows_in
from engine.role import is_role_name
from engine.typo import meant_domain, slips_in
from engine.value import value


@value
class Traits:
    """An address's traits. `suggestion` is the whole address as it was probably meant, or `""`.

    `is_random` means that the local part looks typed at random, `is_impossible` that its provider gives out
    no such address; both are hints and decide nothing.
    """

    is_role: bool = False
    is_disposable: bool = False
    is_free: bool = False
    suggestion: str = ""
    is_random: bool = False
    is_impossible: bool = False


def traits_of(address: Address, route: Route | None = None, lists: Lists | None = None) -> Traits:
    """Look an address over; with its domain's route, the mail hosts help to tell whether it is disposable."""
    lists = lists or lists_in_use()
    domain = _domain_traits(address.domain, lists)
    is_role = is_role_name(address.local_part, lists, is_free=domain.is_free)
    return Traits(
        is_role=is_role,
        is_disposable=_is_disposable(domain, route, lists),
        is_free=domain.is_free,
        suggestion=f"{address.local_part}@{domain.meant}" if domain.meant else "",
        is_random=not is_role and is_gibberish(address.local_part, lists),
        is_impossible=domain.is_free and is_impossible(address, lists),
    )


def is_disposable_domain(domain: str, route: Route | None = None) -> bool:
    """Whether all addresses of a domain are throwaway ones."""
    lists = lists_in_use()
    return _is_disposable(_domain_traits(domain, lists), route, lists)


class _DomainTraits(NamedTuple):
    """What is true of every address of a domain; `meant` is the domain probably meant, or `""`."""

    listing: Listing
    is_free: bool
    is_real: bool
    meant: str


@lru_cache(REMEMBERED)
def _domain_traits(domain: str, lists: Lists) -> _DomainTraits:
    return _DomainTraits(
        listing_of(domain, lists),
        domain in lists.words("free_domains.txt"),
        any(is_real(name, lists) for name in with_parents(domain)),
        meant_domain(domain, lists),
    )


def _is_disposable(domain: _DomainTraits, route: Route | None, lists: Lists) -> bool:
    """Decide by name and hosts: a suspected domain may be a company's, and an unknown one a service's."""
    if domain.listing is Listing.SURE:
        return True
    if domain.is_real or domain.meant:
        return False
    if domain.listing is Listing.SUSPECTED:
        return not is_company_host(route, lists)
    return is_disposable_host(route, lists)


_TABLES: dict[str, Callable[[Lists], object]] = {
    "block_lists.toml": read_block_lists,
    "letter_pairs.toml": letter_weights,
    "mailbox_rules.toml": rules_in,
    "providers.toml": read_providers,
    "replies.toml": rows_in,
    "typos.toml": slips_in,
}


def prove_tables(lists: Lists) -> None:
    """Read the tables that the user changes, so that a fault shows at once. Raises UnusableList."""
    for name in lists.own_tables.keys() & _TABLES.keys():
        try:
            _TABLES[name](lists)
        except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
            raise UnusableList(
                f"{lists.folder}/{name} is not laid out as the list of that name: {error}"
            ) from None
