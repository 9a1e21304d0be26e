"""The never-probe list: which domains, mail hosts and addresses are never to be asked about. Pure."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from engine.address import LONGEST_DOMAIN, Address, parse_address
from engine.exchange import MailHosts, Route
from engine.reason import Reason
from engine.traits import traits_of
from engine.value import replace, value
from engine.verdict import Evidence


class ListedAs(StrEnum):
    """What one line of the list names.

    A domain stands for its subdomains too, an MX suffix for every domain with a mail host under it.
    """

    DOMAIN = "domain"
    MX = "mx"
    ADDRESS = "address"


@value
class Listed:
    """One line: domains and host names are in lower-case A-labels, an address has its case folded."""

    kind: ListedAs
    name: str


class Unlistable(ValueError):
    """A text names neither an address nor a domain nor mail hosts; the message says so."""


_MX_MARK = "mx:"
_ANYBODY = "*"


def parse_listed(text: str) -> Listed:
    """Read an address, a domain as `example.com`, or a host as `mx:mail.example.com`.

    Before a domain may stand `@`, `*@` or `*.`; nowhere else does an asterisk stand for anything.
    Raises Unlistable.
    """
    said = text.strip()
    if said.lower().startswith(_MX_MARK):
        return Listed(ListedAs.MX, _domain_name(said[len(_MX_MARK) :]))
    if "@" in said.lstrip("@"):
        return _listed_address(said)
    return Listed(ListedAs.DOMAIN, _domain_name(said.removeprefix("@")))


def _listed_address(text: str) -> Listed:
    address = parse_address(text)
    if not isinstance(address, Address):
        raise Unlistable(f"{text!r} is not an e-mail address")
    return listed_as(address)


def listed_as(address: Address) -> Listed:
    """Give the line that names an address; `*` stands for everybody at its domain. Raises Unlistable."""
    if address.local_part == _ANYBODY:
        return Listed(ListedAs.DOMAIN, address.domain)
    if _ANYBODY in address.local_part:
        raise Unlistable(f"{address} is not the address of anybody; write the domain, as *@{address.domain}")
    return Listed(ListedAs.ADDRESS, name_of(address))


def _domain_name(text: str) -> str:
    """Bring a domain into lower-case A-labels; a single label, such as a country's ending, will do."""
    bare = text.strip().removeprefix("*").strip(".").lower()
    if bare.isascii() and bare.replace("-", "").isalnum() and len(bare) <= LONGEST_DOMAIN:
        return bare
    address = parse_address(f"x@{bare}")
    if not isinstance(address, Address) or address.local_part != "x":
        raise Unlistable(f"{text!r} is not the name of a domain")
    return address.domain


def name_of(address: Address) -> str:
    """Name an address as the list does: whatever the case of its local part."""
    return f"{address.local_part.casefold()}@{address.domain}"


def written(listed: Listed) -> str:
    """Write a line as it is read: `parse_listed` gives the same again."""
    return f"{_MX_MARK}{listed.name}" if listed.kind is ListedAs.MX else listed.name


def names_over(domain: str) -> Iterator[str]:
    """Walk the names a domain is under, itself first: `a.b.example`, `b.example`, `example`."""
    name = domain.rstrip(".").lower()
    while name:
        yield name
        name = name.partition(".")[2]


def lines_over(address: Address) -> Iterator[Listed]:
    """Walk all lines that could hold an address: its own, and one for each name its domain is under."""
    yield Listed(ListedAs.ADDRESS, name_of(address))
    yield from (Listed(ListedAs.DOMAIN, name) for name in names_over(address.domain))


def names_of_hosts(route: Route | None) -> Iterator[str]:
    """Walk the names that the mail hosts of a route are under."""
    hosts = route.hosts if isinstance(route, MailHosts) else ()
    return (name for host in hosts for name in names_over(host.name))


@value
class NeverProbed:
    """The list in memory. A look-up takes as many steps as a name has labels, however long the list is."""

    domains: frozenset[str] = frozenset()
    mx: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    def holds(self, address: Address) -> bool:
        """Tell whether an address may not be asked about, nor its domain be looked up for it."""
        return self.holds_domain(address.domain) or name_of(address) in self.addresses

    def holds_domain(self, domain: str) -> bool:
        """Tell whether a domain may not be looked up, for whatever address."""
        return not self.domains.isdisjoint(names_over(domain))

    def with_domains(self, names: Iterable[str]) -> "NeverProbed":
        """Give the list with these domains on it as well."""
        return replace(self, domains=self.domains | frozenset(names))

    def holds_route(self, route: Route | None) -> bool:
        """Tell whether no connection may be made to a route's mail hosts."""
        return bool(self.mx) and any(name in self.mx for name in names_of_hosts(route))


NOTHING = NeverProbed()


def evidence_unasked(address: Address) -> Evidence:
    """Say what is known of an address on the list: only what can be seen of it."""
    return Evidence(address, traits_of(address), withheld=Reason.NEVER_PROBED)


def made_unasked(evidence: Evidence) -> Evidence:
    """Give what would be known of an address, had nobody been asked about it or its domain."""
    return Evidence(evidence.address, evidence.traits, withheld=Reason.NEVER_PROBED)


def never_probed_of(lines: Iterable[Listed]) -> NeverProbed:
    """Make the list of its lines."""
    names: dict[ListedAs, set[str]] = {kind: set() for kind in ListedAs}
    for line in lines:
        names[line.kind].add(line.name)
    return NeverProbed(
        frozenset(names[ListedAs.DOMAIN]), frozenset(names[ListedAs.MX]), frozenset(names[ListedAs.ADDRESS])
    )
