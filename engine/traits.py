"""What can be said of an address by looking at it."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from rapidfuzz.distance import OSA

from engine.address import Address


@dataclass(frozen=True, slots=True)
class Traits:
    """An address's traits. `suggestion` is the whole address as it was probably meant, or `""`."""

    is_role: bool = False
    is_disposable: bool = False
    is_free: bool = False
    suggestion: str = ""


def traits_of(address: Address) -> Traits:
    """Look an address over: role account, disposable domain, free provider, likely typo."""
    domain = _domain_traits(address.domain)
    return Traits(
        is_role=_is_role(address.local_part),
        is_disposable=domain.is_disposable,
        is_free=domain.is_free,
        suggestion=f"{address.local_part}@{domain.meant}" if domain.meant else "",
    )


_SEPARATORS = str.maketrans("", "", ".-_")
_INITIALS = 3


def _is_role(local_part: str) -> bool:
    """Whether the local part, up to a "+", names a function; "h.r" are rather somebody's initials."""
    name = local_part.partition("+")[0].lower()
    joined = name.translate(_SEPARATORS)
    return joined in _words("roles.txt") and (joined == name or len(joined) > _INITIALS)


class _DomainTraits(NamedTuple):
    """What is true of every address of a domain; `meant` is the domain probably meant, or `""`."""

    is_disposable: bool
    is_free: bool
    meant: str


@lru_cache(maxsize=65536)
def _domain_traits(domain: str) -> _DomainTraits:
    return _DomainTraits(_is_disposable(domain), domain in _words("free_domains.txt"), _meant_domain(domain))


def _is_disposable(domain: str) -> bool:
    """Whether the domain, or one it is part of, is on the block list; the nearer of two lists decides."""
    for name in _with_parents(domain):
        if name in _words("allow_domains.txt"):
            return False
        if name in _blocked_domains():
            return True
    return False


def _with_parents(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def _meant_domain(domain: str) -> str:
    """Tell which large provider's domain was meant; `""` for a domain that is right, or like none of them."""
    if _is_known(domain):
        return ""
    mended = _with_mended_ending(domain)
    if mended != domain and mended in _words("free_domains.txt"):
        return mended
    return _slips().domains.get(domain) or _neighbour(mended)


def _is_known(domain: str) -> bool:
    return domain in _words("free_domains.txt") or any(
        name in _words("allow_domains.txt") for name in _with_parents(domain)
    )


_LONG_NAME = 5


def _with_mended_ending(domain: str) -> str:
    name, _, ending = domain.partition(".")
    slips = _slips()
    right = slips.impossible.get(ending) or (len(name) >= _LONG_NAME and slips.unlikely.get(ending))
    return f"{name}.{right}" if right else domain


def _neighbour(domain: str) -> str:
    """Find the large provider with the same ending whose name is a slip or two away."""
    name, _, ending = domain.partition(".")
    alike = [target for target in _names_by_ending().get(ending, ()) if _starts_alike(name, target)]
    near = [(OSA.distance(name, target), target) for target in alike]
    likely = [target for slips, target in sorted(near) if slips <= _slips_allowed(target)]
    return f"{likely[0]}.{ending}" if likely else ""


def _slips_allowed(name: str) -> int:
    """How many slips a name bears: short ones have too many real neighbours."""
    if len(name) < _LONG_NAME:
        return 0
    return 1 if len(name) <= _LONG_NAME + 1 else 2


def _starts_alike(name: str, target: str) -> bool:
    """Whether the first letters agree, are swapped, or one is missing: a wrong one makes another name."""
    return name[0] == target[0] or name[:2] == target[1::-1] or name == target[1:]


@cache
def _words(name: str) -> frozenset[str]:
    """Read a list: one word a line, lines with # are remarks."""
    lines = files("engine").joinpath("lists", name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _blocked_domains() -> frozenset[str]:
    from disposable_email_domains import blocklist  # ten thousand names, loaded when the first is asked for

    return frozenset(blocklist)


class _Slips(NamedTuple):
    """lists/typos.toml: endings and whole domains, each with the right one."""

    impossible: dict[str, str]
    unlikely: dict[str, str]
    domains: dict[str, str]


@cache
def _slips() -> _Slips:
    table = tomllib.loads(files("engine").joinpath("lists/typos.toml").read_text("utf-8"))
    return _Slips(table["endings"]["impossible"], table["endings"]["unlikely"], table["domains"])


@cache
def _names_by_ending() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for target in sorted(_words("typo_targets.txt")):
        name, _, ending = target.partition(".")
        names[ending] = (*names.get(ending, ()), name)
    return names
