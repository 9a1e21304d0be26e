"""Which addresses of a list are checked first, so that they speak for all of it: a stratified sample. Pure.

Addresses are sorted into strata before anybody is asked: by provider where it is known, each large domain on
its own, the others by how many addresses their domain has. Each stratum gives as many as it is large
(proportional allocation; W. G. Cochran, Sampling Techniques, 1977, 5.9), the odd ones by largest remainder.
"""

from collections import Counter
from collections.abc import Mapping
from math import floor

from engine.value import value

SAMPLE_SIZE = 200
"""Addresses in a sample: a share near one half is then known to some 7 points, a small one better."""
WORTH_SAMPLING = 1_000
"""Addresses from which on a sample spares much of the asking."""
LARGE_SHARE = 0.02
"""The part of a list from which on a domain is a stratum of its own: four in a sample of 200."""

SMALL = "all small ones"
"""The stratum that takes all that are too small to give one address."""
_SIZES = ((1, "domains of one address"), (9, "domains of a few addresses"))
_MANY = "domains of many addresses"


@value
class Placed:
    """A domain of a list: its name, its addresses there, and its provider (`""` or "other": nobody known)."""

    name: str
    addresses: int
    provider: str


def strata_by_domain(domains: Mapping[int, Placed], wanted: int) -> dict[int, str]:
    """Name the stratum of each domain (by its key), none so small that it would give no address."""
    whole = sum(each.addresses for each in domains.values())
    first = {key: _stratum(each, whole) for key, each in domains.items()}
    sizes: Counter[str] = Counter()
    for key, each in domains.items():
        sizes[first[key]] += each.addresses
    return {key: name if sizes[name] * wanted >= whole else SMALL for key, name in first.items()}


def _stratum(domain: Placed, whole: int) -> str:
    if domain.provider not in {"", "other"}:
        return f"provider {domain.provider}"
    if domain.addresses >= LARGE_SHARE * whole:
        return f"domain {domain.name}"
    return next((name for most, name in _SIZES if domain.addresses <= most), _MANY)


def allocate(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Say how many of each stratum are drawn: in proportion, at least one of each, never more than it has."""
    whole = sum(sizes.values())
    if whole <= wanted:
        return dict(sizes)
    quotas = {name: wanted * size / whole for name, size in sizes.items()}
    drawn = {name: max(floor(quota), 1) for name, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda name: (floor(quotas[name]) - quotas[name], name))
    for name in by_remainder[: max(wanted - sum(drawn.values()), 0)]:
        drawn[name] += drawn[name] < sizes[name]
    return drawn


def evenly(count: int, wanted: int) -> list[int]:
    """Give the places, from 0, of so many among `count`, evenly spread: always the same ones."""
    if wanted >= count:
        return list(range(count))
    return [(2 * number + 1) * count // (2 * wanted) for number in range(wanted)]
