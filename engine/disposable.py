"""Whether a domain gives out throwaway mailboxes, by its name and by the hosts that take its mail."""

from collections.abc import Iterator
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from engine.exchange import MailHosts, Route
from engine.name_lists import Lists
from engine.provider import provider_of

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

REMEMBERED = 65536


class Listing(Enum):
    """How sure the lists are of a domain. Suspected: on the list that also names what only sent spam."""

    NOT = 0
    SUSPECTED = 1
    SURE = 2


def listing_of(domain: str, lists: Lists) -> Listing:
    """Say whether a domain, or one it is part of, is listed: the name nearest to it decides."""
    for name in with_parents(domain):
        if name in lists.own("disposable_domains.txt").added:
            return Listing.SURE
        if is_real(name, lists):
            return Listing.NOT
        if (listing := _listed(name, lists)) is not Listing.NOT and (name == domain or not _is_suffix(name)):
            return listing
    return Listing.NOT


def with_parents(domain: str) -> Iterator[str]:
    """Give a domain and those it is part of, the nearest first, without the top level."""
    while "." in domain:
        yield domain
        domain = domain.partition(".")[2]


def is_real(name: str, lists: Lists) -> bool:
    """Whether a name is on the list of real domains or of free providers, or the user cleared it."""
    return (
        name in lists.words("allow_domains.txt")
        or name in lists.words("free_domains.txt")
        or name in lists.own("disposable_domains.txt").removed
    )


def _listed(name: str, lists: Lists) -> Listing:
    if name in lists.words("disposable_domains.txt"):
        return Listing.SURE
    return Listing.SUSPECTED if name in lists.words("suspected_domains.txt") else Listing.NOT


def _is_suffix(name: str) -> bool:
    """Whether anybody may register under a name (publicsuffix.org), so that it speaks for nobody below."""
    return bool(_suffixes().is_public(name))


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # takes 30 ms, and few domains need it

    return PublicSuffixList()


def is_disposable_host(route: Route | None, lists: Lists) -> bool:
    """Whether a domain's mail goes to a host that serves disposable domains."""
    return isinstance(route, MailHosts) and any(_serves_disposable(host.name, lists) for host in route.hosts)


@lru_cache(REMEMBERED)
def _serves_disposable(host: str, lists: Lists) -> bool:
    name = host.lower().rstrip(".")
    if any(end in lists.words("disposable_hosts.txt") for end in with_parents(name)):
        return True
    return listing_of(name, lists) is Listing.SURE and provider_of([name]).name == provider_of([]).name


def is_company_host(route: Route | None, lists: Lists) -> bool:
    """Whether a domain's mail goes to a provider that runs companies' mail."""
    if not isinstance(route, MailHosts):
        return False
    return provider_of([host.name for host in route.hosts]).name in lists.words("company_providers.txt")
