"""Which domain, or which address, was probably meant."""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from engine.address import Address, parse_address
from engine.disposable import with_parents
from engine.name_lists import Lists

_REMEMBERED = 8  # sets of lists; there is one in use
_LONG_NAME = 5
_SURE = 8  # signs of a domain that no name ends with by chance
_SHORTEST = 3  # signs before a domain that are taken for a local part where the @ is missing


def meant_domain(domain: str, lists: Lists) -> str:
    """Tell which domain was meant; `""` for a domain that is right, or like none of the large providers'."""
    if is_known(domain, lists):
        return ""
    mended = _with_mended_ending(domain, lists)
    if mended != domain and mended in lists.words("free_domains.txt"):
        return mended
    near = slips_in(lists).domains.get(domain) or _neighbour(mended, lists)
    return near or (mended if _has_impossible_ending(domain, lists) else "")


def is_known(domain: str, lists: Lists) -> bool:
    """Whether a domain is known to be real, and so is never taken for a typing error."""
    return domain in lists.words("free_domains.txt") or any(
        name in lists.words("allow_domains.txt") for name in with_parents(domain)
    )


def _has_impossible_ending(domain: str, lists: Lists) -> bool:
    impossible = slips_in(lists).impossible
    return domain.partition(".")[2] in impossible or domain.rpartition(".")[2] in impossible


def _with_mended_ending(domain: str, lists: Lists) -> str:
    name, _, ending = domain.partition(".")
    slips = slips_in(lists)
    right = slips.impossible.get(ending) or (len(name) >= _LONG_NAME and slips.unlikely.get(ending))
    if right:
        return f"{name}.{right}"
    whole, _, last = domain.rpartition(".")
    return f"{whole}.{slips.impossible.get(last, last)}"


def _neighbour(domain: str, lists: Lists) -> str:
    """Find the large provider with the same ending whose name is a slip or two away."""
    name, _, ending = domain.partition(".")
    alike = [target for target in _names_by_ending(lists).get(ending, ()) if _starts_alike(name, target)]
    near = [(OSA.distance(name, target), target) for target in alike if abs(len(name) - len(target)) <= 1]
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


def suggestion_for(text: str, lists: Lists) -> str:
    """Tell which address a text that is none was probably meant to be; `""` where nothing is likely.

    Only slips that leave one reading: a comma for a dot, a dot or an @ too many, no dot before a large
    provider's ending, no @ before its domain.
    """
    written = text.strip()
    for repair in (_with_single_signs, _with_dot, _with_at):
        mended = repair(written, lists)
        address = parse_address(mended) if mended != written else None
        if isinstance(address, Address):
            domain = meant_domain(address.domain, lists) or address.domain
            return f"{address.local_part}@{domain}"
    return ""


_AT = re.compile(r"\s*[@＠﹫]+\s*")
_DOTS = re.compile(r"\s*[.,，。]\s*(?:[.,，。]\s*)*")


def _with_single_signs(text: str, _: Lists) -> str:
    """Make every run of @ one @, and after it every comma and every run of dots one dot."""
    local_part, at, domain = _AT.sub("@", text).partition("@")
    return local_part.strip(".").replace("..", ".") + at + _DOTS.sub(".", domain).strip(".")


def _with_dot(text: str, lists: Lists) -> str:
    local_part, at, domain = text.partition("@")
    name = domain.lower()
    meant = slips_in(lists).texts.get(name) or _undotted(lists).get(name, domain)
    return f"{local_part}{at}{meant}"


def _with_at(text: str, lists: Lists) -> str:
    """Set the @ before a large provider's domain, where the text has none and something stands before it."""
    targets = (name for name in lists.words("typo_targets.txt") if text.lower().endswith(name))
    longest = max(targets, key=len, default="")
    local_part = text[: len(text) - len(longest)]
    if "@" in text or len(longest) < _SURE or len(local_part) < _SHORTEST or local_part.endswith("."):
        return text
    return f"{local_part}@{longest}"


class Slips(NamedTuple):
    """lists/typos.toml: endings, domains and domains without a dot, each with the right one."""

    impossible: dict[str, str]
    unlikely: dict[str, str]
    domains: dict[str, str]
    texts: dict[str, str]


@lru_cache(_REMEMBERED)
def slips_in(lists: Lists) -> Slips:
    """Read the list of slips."""
    table = lists.table("typos.toml")
    endings = table["endings"]
    return Slips(*map(dict, (endings["impossible"], endings["unlikely"], table["domains"], table["texts"])))


@lru_cache(_REMEMBERED)
def _undotted(lists: Lists) -> dict[str, str]:
    return {target.replace(".", ""): target for target in sorted(lists.words("typo_targets.txt"))}


@lru_cache(_REMEMBERED)
def _names_by_ending(lists: Lists) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for target in sorted(lists.words("typo_targets.txt")):
        name, _, ending = target.partition(".")
        names[ending] = (*names.get(ending, ()), name)
    return names
