"""A client's own word on domains: which it calls disposable, trusts, or has nobody asked about. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache

from engine.address import Address, parse_address
from engine.disposable import with_parents

MOST_DOMAINS = 1_000
"""Domains that one such list may name."""
_REMEMBERED = 64  # pairs of lists
_TOLD_AT_ONCE = 3  # faults


class OwnWord(Enum):
    """What a client says of a domain, if anything."""

    NOTHING = 0
    DISPOSABLE = 1
    TRUSTED = 2


class UnusableDomains(ValueError):
    """Lines cannot be read as domains; the message says which, and why."""


def parse_domains(text: str) -> tuple[str, ...]:
    """Read a domain from each line (`@` or `*.` before it is no harm), in order and each once.

    They come back as lower-case A-labels. Raises UnusableDomains.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_DOMAINS:
        raise UnusableDomains(f"there are {len(lines):,} domains, {MOST_DOMAINS:,} is the limit")
    read = [(number, line.strip(), _domain_of(line)) for number, line in lines]
    faults = [(number, line) for number, line, domain in read if not domain]
    if faults:
        raise UnusableDomains("; ".join(_told(faults)))
    return tuple(sorted({domain for *_, domain in read}))


def _domain_of(line: str) -> str:
    """Give the domain that a line names; `""` where it names none."""
    bare = line.strip().removeprefix("@").removeprefix("*").strip(".").lower()
    address = parse_address(f"x@{bare}")
    return address.domain if isinstance(address, Address) and address.local_part == "x" else ""


def _told(faults: list[tuple[int, str]]) -> Iterator[str]:
    for number, line in faults[:_TOLD_AT_ONCE]:
        hint = "; write only what stands after the @" if "@" in line.lstrip("@") else ""
        yield f"line {number}: “{line}” is not a domain{hint}"
    if (more := len(faults) - _TOLD_AT_ONCE) > 0:
        yield f"and {more:,} more"


def prove_apart(disposable: Iterable[str], trusted: Iterable[str]) -> None:
    """Refuse a domain that stands in both lists. Raises UnusableDomains."""
    twice = [name for name, times in Counter([*set(disposable), *set(trusted)]).items() if times > 1]
    if twice:
        raise UnusableDomains(f"both lists name {min(twice)}; leave it in one")


def own_word_on(domain: str, disposable: tuple[str, ...], trusted: tuple[str, ...]) -> OwnWord:
    """Say what a client's lists say of a domain: the nearest name that it is or is under decides."""
    if not (disposable or trusted):
        return OwnWord.NOTHING
    words = _words(disposable, trusted)
    return next((words[name] for name in with_parents(domain) if name in words), OwnWord.NOTHING)


def is_under(domain: str, names: tuple[str, ...]) -> bool:
    """Tell whether a domain is one of these, or under one."""
    if not names:
        return False
    known = _known(names)
    return any(name in known for name in with_parents(domain))


@lru_cache(_REMEMBERED)
def _known(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


@lru_cache(_REMEMBERED)
def _words(disposable: tuple[str, ...], trusted: tuple[str, ...]) -> dict[str, OwnWord]:
    return dict.fromkeys(disposable, OwnWord.DISPOSABLE) | dict.fromkeys(trusted, OwnWord.TRUSTED)
