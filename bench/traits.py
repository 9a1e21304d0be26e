"""Measure the lists of traits: what they cover, how often they are wrong, and what an address costs.

`python -m bench.traits [ADDRESSES]`; ADDRESSES is a text with real addresses, one a line, to count false
alarms on; only numbers are printed of it.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any, NamedTuple

from engine.address import Address, parse_address
from engine.disposable import Listing, listing_of, with_parents
from engine.exchange import MailHost, MailHosts
from engine.gibberish import is_gibberish
from engine.name_lists import Lists, house_words, package_words, read_lists
from engine.role import is_role_name
from engine.traits import traits_of
from engine.typo import meant_domain

HERE = Path(__file__).parent
SURE, SUSPECTED = "disposable_domains.txt", "suspected_domains.txt"
PATTERNS = (
    "{first}", "{last}", "{first}.{last}", "{first}_{last}", "{first}-{last}", "{first}{last}", "{f}{last}",
    "{f}.{last}", "{last}.{first}", "{first}{l}", "{first}.{last}77", "{last}{first}1985",
)  # fmt: skip
TOP = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com",
    "gmx.de", "web.de", "t-online.de", "gmx.net", "hotmail.co.uk", "yahoo.co.uk", "yahoo.fr", "orange.fr",
    "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "mail.ru", "yandex.ru", "comcast.net", "verizon.net",
    "att.net", "sbcglobal.net", "bellsouth.net", "btinternet.com", "protonmail.com", "googlemail.com",
)  # fmt: skip
LONG = 5
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def main() -> None:
    """Print all measures."""
    began = time.process_time()
    traits_of(Address("plum", "orchard.example"))
    print(f"first address, which has the lists read: {(time.process_time() - began) * 1e3:.0f} ms")
    lists = read_lists(None)
    _measure_disposable(lists)
    _measure_roles(lists)
    _measure_typos(lists)
    _measure_random(lists)
    _measure_cost()
    if len(sys.argv) > 1:
        _measure_real(Path(sys.argv[1]), lists)


def _lines(name: str) -> list[str]:
    written = HERE.joinpath(name).read_text("utf-8").splitlines()
    return [line for line in written if line and not line.startswith("#")]


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / max(whole, 1):.2%})"


def _holds(names: frozenset[str], domain: str) -> bool:
    return any(name in names for name in with_parents(domain))


def _measure_disposable(lists: Lists) -> None:
    print("disposable domains: disposable-email-domains and mailchecker")
    first, second = package_words(SURE), package_words(SUSPECTED)
    _compare(first, second)
    services = _lines("throwaway.txt")
    for name, known in (("the first", first), ("the second", second), ("either", first | second)):
        found = sum(_holds(known, each) for each in services)
        print(f"  of services written down from memory {name} knows {_share(found, len(services))}")
    print(f"  with Winnow's own lists {_share(_count_listed(services, lists), len(services))}")
    real = house_words("free_domains.txt") | house_words("allow_domains.txt")
    for name, known in (("first", first), ("second", second)):
        print(f"  real providers that the {name} lists: {_share(len(known & real), len(real))}")
    print(f"  with the list of real domains over them: {_share(_count_listed(real, lists), len(real))}")


def _compare(first: frozenset[str], second: frozenset[str]) -> None:
    """Say how large two lists are, what each knows of the other, and how many there may be in all."""
    both = len(first & second)
    print(f"  sizes {len(first):,} and {len(second):,}; in both {both:,}, in either {len(first | second):,}")
    for name, part, whole in (("first", first, second), ("second", second, first)):
        found = sum(_holds(whole, domain) for domain in part)
        print(f"  of the {name} the other knows {_share(found, len(part))}, parent domains counted")
    print(f"  capture and recapture: about {len(first) * len(second) / both:,.0f} in all")


def _count_listed(domains: Iterable[str], lists: Lists) -> int:
    return sum(listing_of(domain, lists) is not Listing.NOT for domain in domains)


def _people() -> Iterator[tuple[str, str]]:
    for line in _lines("names.txt"):
        firsts, lasts = line.partition(":")[2].split("|")
        yield from ((first, last) for first in firsts.split() for last in lasts.split())


def _local_parts() -> list[str]:
    """Write each first name with each surname of its language, in every usual pattern."""
    written = (
        pattern.format(first=first, last=last, f=first[0], l=last[0])
        for first, last in _people()
        for pattern in PATTERNS
    )
    return sorted(set(written))


def _measure_roles(lists: Lists) -> None:
    names = _local_parts()
    wrong = [name for name in names if is_role_name(name, lists, is_free=False)]
    print(f"role names: {len(lists.words('roles.txt')):,}")
    print(f"  people's local parts taken for roles: {_share(len(wrong), len(names))}: {', '.join(wrong)}")


def _slips(domain: str) -> dict[str, set[str]]:
    """Make the slips of the hand that a domain's name bears, by kind."""
    name, _, ending = domain.partition(".")
    places = range(len(name))
    return {
        "swapped": {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in places[:-1]},
        "left out": {name[:at] + name[at + 1 :] for at in places},
        "doubled": {name[:at] + name[at] + name[at:] for at in places},
        "wrong key": {name[:at] + key + name[at + 1 :] for at in places for key in _keys_near(name[at])},
        "one too many": {
            name[: at + 1] + key + name[at + 1 :] for at in places for key in _keys_near(name[at])
        },
    } | {"ending": {f"{name}.{slip}" for slip in _ENDING_SLIPS.get(ending, ())}}


_ENDING_SLIPS = {
    "com": ("con", "cmo", "ocm", "comm", "coom", "vom", "xom", "cim", "cpm", "om", "cm", "co", "c"),
    "net": ("nte", "ner", "nett", "bet", "ne"), "de": ("dee", "ed", "dw"), "fr": ("frr", "rf", "ffr"),
    "co.uk": ("co.ul", "couk", "co.uj", "co.ukk"), "it": ("itt", "ti"), "ru": ("rru", "ur"),
}  # fmt: skip


def _keys_near(letter: str) -> set[str]:
    rows = [row for row in KEYBOARD if letter in row]
    return {row[at] for row in rows for at in _beside(row.index(letter), len(row))}


def _beside(at: int, length: int) -> list[int]:
    return [place for place in (at - 1, at + 1) if 0 <= place < length]


def _typos(domain: str) -> Iterator[tuple[str, str]]:
    ending = domain.partition(".")[2]
    for kind, names in _slips(domain).items():
        yield from ((kind, name if "." in name else f"{name}.{ending}") for name in names)


class Try(NamedTuple):
    """One slip: its kind, the domain it was made of, and the one we took it for."""

    kind: str
    domain: str
    meant: str


def _measure_typos(lists: Lists) -> None:
    known = lists.words("free_domains.txt") | lists.words("allow_domains.txt")
    tries = [
        Try(kind, domain, meant_domain(typed, lists))
        for domain in TOP
        for kind, typed in _typos(domain)
        if typed not in known and not typed.startswith((".", "-"))
    ]
    print(f"typing errors of {len(TOP)} large providers: right, wrong, not corrected")
    for kind in dict.fromkeys(each.kind for each in tries):
        _print_tries(kind, [each for each in tries if each.kind == kind])
    _print_tries("all", tries)
    _print_tries(f"of {LONG} or more", [each for each in tries if len(each.domain.partition(".")[0]) >= LONG])
    altered = sum(bool(meant_domain(domain, lists)) for domain in known)
    print(f"  real domains corrected: {_share(altered, len(known))}")


def _print_tries(name: str, tries: list[Try]) -> None:
    right = sum(each.meant == each.domain for each in tries)
    missed = sum(not each.meant for each in tries)
    print(f"  {name:13} {right:5} {len(tries) - right - missed:5} {missed:5}  {right / len(tries):.0%}")


def _measure_random(lists: Lists) -> None:
    seeded = random.Random(1)
    print("random-looking local parts")
    for kind, signs, length in (
        ("letters, 8 to 14", ascii_lowercase, (8, 14)),
        ("letters and digits, 10 to 14", ascii_lowercase + digits, (10, 14)),
        ("hexadecimal, 16", "0123456789abcdef", (16, 16)),
        ("middle row of keys, 8 to 12", KEYBOARD[1], (8, 12)),
    ):
        drawn = ["".join(seeded.choices(signs, k=seeded.randint(*length))) for _ in range(5_000)]
        print(f"  {kind}: found {_share(sum(is_gibberish(each, lists) for each in drawn), len(drawn))}")
    names = _local_parts()
    print(f"  people's local parts: {_share(sum(is_gibberish(name, lists) for name in names), len(names))}")


def _measure_cost() -> None:
    """Compare an address's traits with what it costs to read one the slow way, the CPU time of both."""
    people = _local_parts()[:20_000]
    domains = ("gmail.com", "yahoo.com", "web.de", *(f"orchard{n}.example" for n in range(200)))
    addresses = [Address(name, domains[n % len(domains)]) for n, name in enumerate(people)]
    route = MailHosts((MailHost("mx1.orchard.example", 10), MailHost("mx2.orchard.example", 20)))
    slow = [f"{address.local_part}@pflüm.example" for address in addresses[:3_000]]
    print("cost, CPU time")
    alone, hosted = _cpu_us(traits_of, addresses), _cpu_us(lambda each: traits_of(each, route), addresses)
    parsing = _cpu_us(parse_address, slow)
    print(f"  {alone:.1f} us an address, {hosted:.1f} us with its mail hosts")
    print(f"  reading an address the slow way {parsing:.0f} us; ratio {hosted / parsing:.2f}")


def _cpu_us(say: Callable[[Any], object], things: Sequence[Any]) -> float:
    rounds = []
    for _ in range(3):
        began = time.process_time()
        for thing in things:
            say(thing)
        rounds.append((time.process_time() - began) / len(things) * 1e6)
    return min(rounds)


def _measure_real(path: Path, lists: Lists) -> None:
    written = (parse_address(line) for line in path.read_text("utf-8").splitlines())
    addresses = [address for address in written if isinstance(address, Address)]
    domains = {address.domain for address in addresses}
    seen = [traits_of(address, lists=lists) for address in addresses]
    print(f"real addresses: {len(addresses):,} at {len(domains):,} domains")
    _say("role", (traits.is_role for traits in seen), len(addresses))
    _say("random", (traits.is_random for traits in seen), len(addresses))
    _say("impossible", (traits.is_impossible for traits in seen), sum(traits.is_free for traits in seen))
    for listing in (Listing.SURE, Listing.SUSPECTED):
        _say(
            f"domains {listing.name}", (listing_of(each, lists) is listing for each in domains), len(domains)
        )
    _say("domains corrected", (bool(meant_domain(each, lists)) for each in domains), len(domains))


def _say(what: str, found: Iterable[bool], whole: int) -> None:
    print(f"  {what.lower()}: {_share(sum(found), whole)}")


if __name__ == "__main__":
    main()
