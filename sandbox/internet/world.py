"""The mail internet as a whole: its domains, its addresses, and what is true of each."""

import itertools
from collections.abc import Iterator
from functools import lru_cache

from sandbox.behaviour import POSTMASTER, User
from sandbox.internet.shape import (
    AT_OWN_HOSTS,
    AT_PROVIDERS,
    HEADS,
    MICROSOFT_END,
    NAMED_PROVIDERS,
    PLAIN_PROVIDERS,
    STRICT_DOMAINS,
    STRICT_HOSTS,
    TAIL_SIZES,
    USERS,
    Answering,
    Drawing,
    Group,
    Head,
    Shape,
    Site,
    chance,
    pick,
)
from sandbox.names import NoRoute
from sandbox.truth import ACCEPT_ALL, NO_ROUTE, OF_USERS, Truth, truth_without_route
from sandbox.words import FRUITS, GRAINS, TRADES

ENDING = ".sandbox"
REMEMBERED = 30_000
_NOWHERE = {
    Answering.NO_SUCH_DOMAIN: NoRoute.NO_SUCH_DOMAIN,
    Answering.NULL_MX: NoRoute.NULL_MX,
}
_EMPTY_YES = Truth("accept_all", frozenset({"accept_all", "provider_accepts_any"}))
"""Of a consumer domain whose host says yes to everybody, as one is known for."""
_RELAY_DENIED = Truth("unknown", frozenset({"relay_denied"}))


class Internet:
    """All there is, by a shape. `tail` is how many domains the long tail has."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._special = {site.name: site for site in (*_heads(shape), *_strict(shape))}
        left = shape.rows - sum(site.size for site in self._special.values())
        self._sizes = bytes(_tail_sizes(shape.seed, left))
        self.tail = len(self._sizes)
        self.find = lru_cache(REMEMBERED)(self._find)

    def sites(self) -> Iterator[Site]:
        """Walk all domains."""
        yield from self._special.values()
        yield from map(self._tail_site, range(self.tail))

    def addresses(self) -> Iterator[str]:
        """Walk all addresses, domain by domain."""
        for site in self.sites():
            yield from (f"{self._local_part(site, ordinal)}@{site.name}" for ordinal in range(site.size))

    def _find(self, name: str) -> Site | None:
        """Find a domain by its name in lower case."""
        if site := self._special.get(name):
            return site
        number = name.removesuffix(ENDING).rpartition("-")[2]
        if not number.isdecimal() or int(number) >= self.tail:
            return None
        site = self._tail_site(int(number))
        return site if site.name == name else None

    def user(self, site: Site, local_part: str) -> User:
        """Tell how a mailbox stands; who is not on the list has none, but for postmaster."""
        if local_part == POSTMASTER:
            return User.EXISTING
        ordinal = _number_at_end(local_part)
        if not 0 <= ordinal < site.size or self._local_part(site, ordinal) != local_part:
            return User.MISSING
        return self.user_at(site, ordinal)

    def user_at(self, site: Site, ordinal: int) -> User:
        """Tell how the n-th mailbox (from 0) of a domain's list stands."""
        return pick(USERS, chance(self.shape.seed, Drawing.USER, site.number, ordinal))

    def is_listed(self, site: Site, local_part: str) -> bool:
        """Tell whether an address is on the list."""
        ordinal = _number_at_end(local_part)
        return 0 <= ordinal < site.size and self._local_part(site, ordinal) == local_part

    def truth(self, address: str) -> Truth:
        """Say what is true of an address."""
        local_part, _, name = address.lower().rpartition("@")
        site = self.find(name)
        if site is None:
            return NO_ROUTE[NoRoute.NO_SUCH_DOMAIN]
        if site.answering in _NOWHERE:
            return truth_without_route(_NOWHERE[site.answering])
        if site.answering is Answering.RELAY_DENIED:
            return _RELAY_DENIED
        if site.answering is Answering.ACCEPT_ALL:
            return ACCEPT_ALL if site.group is not Group.CONSUMER else _EMPTY_YES
        return OF_USERS[self.user(site, local_part)]

    def _local_part(self, site: Site, ordinal: int) -> str:
        drawn = chance(self.shape.seed, Drawing.WORDS, site.number, ordinal)
        return f"{FRUITS[drawn % len(FRUITS)]}.{TRADES[drawn // 64 % len(TRADES)]}{ordinal}"

    def _tail_site(self, number: int) -> Site:
        """Make a domain of the long tail: two of three are at the two providers, in turns."""
        place = number % 3
        drawn = chance(self.shape.seed, Drawing.ANSWERING, number)
        grain, trade = GRAINS[number % len(GRAINS)], TRADES[number // len(GRAINS) % len(TRADES)]
        name = f"{grain}-{trade}-{number}{ENDING}"
        size = self._sizes[number]
        if place == len(PLAIN_PROVIDERS):
            return Site(number, name, size, (f"mx.{name}",), Group.OWN, pick(AT_OWN_HOSTS, drawn))
        hosts = self._provider_hosts(place, name)
        return Site(number, name, size, hosts, Group.PROVIDER, pick(AT_PROVIDERS, drawn))

    def _provider_hosts(self, place: int, name: str) -> tuple[str, ...]:
        if not self.shape.is_named:
            return PLAIN_PROVIDERS[place]
        return NAMED_PROVIDERS[place] if place == 0 else (name.replace(".", "-") + MICROSOFT_END,)


def _heads(shape: Shape) -> Iterator[Site]:
    """Make the large consumer domains; their numbers are below zero."""
    for ordinal, head in enumerate(HEADS, 1):
        size = round((shape.rows - shape.strict_rows) * head.share)
        if size:
            yield _head(-ordinal, head, size, is_named=shape.is_named)


def _head(number: int, head: Head, size: int, *, is_named: bool) -> Site:
    if not is_named:
        return Site(number, head.plain, size, (f"mx1.{head.plain}", f"mx2.{head.plain}"), Group.CONSUMER)
    answering = Answering.ACCEPT_ALL if head.is_named_yes_empty else Answering.ORDINARY
    return Site(number, head.named, size, head.named_hosts, Group.CONSUMER, answering)


def _strict(shape: Shape) -> Iterator[Site]:
    """Make the domains at the strict provider, all of about one size."""
    for ordinal in range(STRICT_DOMAINS):
        size = (shape.strict_rows + ordinal) // STRICT_DOMAINS
        if size:
            name = f"{GRAINS[ordinal]}.strictpost{ENDING}"
            yield Site(-100 - ordinal, name, size, STRICT_HOSTS, Group.STRICT)


def _tail_sizes(seed: int, rows: int) -> Iterator[int]:
    """Cut the rows that are left into small domains."""
    for number in itertools.count():
        if rows <= 0:
            return
        size = min(rows, pick(TAIL_SIZES, chance(seed, Drawing.SIZE, number)))
        yield size
        rows -= size


def _number_at_end(local_part: str) -> int:
    """Read the number that a local part ends with; -1 for none."""
    digits = local_part[len(local_part.rstrip("0123456789")) :]
    return int(digits) if digits and len(digits) < len("100000000") else -1
