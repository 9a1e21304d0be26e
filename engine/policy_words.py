"""A policy in words, as the terminal takes and prints it: `role=kept`, `least-confidence=80`."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import partial, reduce
from typing import Any

from engine.own_domains import UnusableDomains, parse_domains, prove_apart
from engine.policy import DEFAULT_POLICY, LARGEST_SMALL_DOMAIN, AcceptAllAs, Policy, Weight
from engine.value import replace

TOP = 100


class UnusablePolicy(ValueError):
    """A policy's words cannot be understood; the message says which and what there is instead."""


def parse_policy(words: Iterable[str], policy: Policy = DEFAULT_POLICY) -> Policy:
    """Change a policy by words such as `role=kept`, `accept-all=invalid` or `least-confidence=80`.

    Raises UnusablePolicy.
    """
    changed = reduce(_changed, words, policy)
    try:
        prove_apart(changed.disposable_domains, changed.trusted_domains)
    except UnusableDomains as error:
        raise UnusablePolicy(str(error)) from None
    return changed


def _changed(policy: Policy, word: str) -> Policy:
    name, _, value = word.lower().partition("=")
    key = name.strip().replace("-", "_")
    if key not in _READERS:
        raise UnusablePolicy(f"{word!r}: a policy speaks of {_listed(list(_READERS))}")
    try:
        change: dict[str, Any] = {key: _READERS[key](value.strip())}
    except ValueError as error:
        raise UnusablePolicy(f"{word!r}: {_written(key)} {error}") from None
    return replace(policy, **change)


def _kind(kind: type[AcceptAllAs | Weight], value: str) -> AcceptAllAs | Weight:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"may be {_listed([each.value for each in kind])}") from None


def _whole(value: str) -> int:
    if value.isascii() and value.isdecimal() and int(value) <= TOP:
        return int(value)
    raise ValueError(f"is a number from 0 to {TOP}")


def _small(value: str) -> int:
    if value.isascii() and value.isdecimal() and 1 <= int(value) <= LARGEST_SMALL_DOMAIN:
        return int(value)
    raise ValueError(f"is a number from 1 to {LARGEST_SMALL_DOMAIN}")


def _percent(value: str) -> float:
    whole, _, part = value.partition(".")
    if whole.isascii() and whole.isdecimal() and (part or "0").isascii() and (part or "0").isdecimal():
        share = float(value)
        if share <= TOP:
            return share
    raise ValueError(f"is a number from 0 to {TOP}, such as 2.5")


def _domains(value: str) -> tuple[str, ...]:
    try:
        return parse_domains(value.replace(",", "\n"))
    except UnusableDomains as error:
        raise ValueError(f"names domains between commas: {error}") from None


_weight = partial(_kind, Weight)
_READERS: dict[str, Callable[[str], object]] = {
    "accept_all": partial(_kind, AcceptAllAs),
    "role": _weight,
    "free": _weight,
    "disposable": _weight,
    "full": _weight,
    "least_confidence": _whole,
    "disposable_domains": _domains,
    "trusted_domains": _domains,
    "never_probed_domains": _domains,
    "least_valid": _whole,
    "most_unknown": _whole,
    "small_domain": _small,
    "most_bounces": _percent,
}


def _listed(names: list[str]) -> str:
    *others, last = (_written(name) for name in names)
    return f"{', '.join(others)} or {last}"


def _written(name: str) -> str:
    return name.replace("_", "-")


def words_of(policy: Policy) -> tuple[str, ...]:
    """Say in words, as `parse_policy` reads them, how a policy differs from the default; none where not."""
    names = [each.name for each in fields(Policy)]
    values = ((name, getattr(policy, name), getattr(DEFAULT_POLICY, name)) for name in names)
    return tuple(f"{_written(name)}={_said(value)}" for name, value, usual in values if value != usual)


def _said(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)
