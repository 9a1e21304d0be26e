"""What a client wants called what, as a value: it changes which lines of the table of precedence apply."""

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum
from functools import reduce
from typing import Any

from engine.value import replace, value
from engine.verdict import Status

TOP = 100


class Weight(StrEnum):
    """What a trait of an address weighs: nothing (it is kept, the trait stays a flag), or a status."""

    KEPT = "kept"
    RISKY = "risky"
    INVALID = "invalid"


class AcceptAllAs(StrEnum):
    """What an address of a domain that takes mail for any address is called: that, or something worse."""

    OWN = "own"
    RISKY = "risky"
    INVALID = "invalid"


@value
class Policy:
    """What a client wants called what. The default is DESIGN's table of precedence.

    What nobody knows stays unknown under every policy, and only a lasting refusal or an own bounce, or what
    is weighed here as invalid, makes an address invalid: `full` means a lasting 5yz then, one that is full
    for now stays risky, and so does a provider that says yes to everything where `accept_all` is invalid.
    `least_confidence` (0-100) is the confidence below which what would be valid is risky.
    """

    accept_all: AcceptAllAs = AcceptAllAs.OWN
    role: Weight = Weight.RISKY
    free: Weight = Weight.KEPT
    disposable: Weight = Weight.RISKY
    full: Weight = Weight.RISKY
    least_confidence: int = 0


DEFAULT_POLICY = Policy()


class UnusablePolicy(ValueError):
    """A policy's words cannot be understood; the message says which and what there is instead."""


_WEIGHTS: dict[Weight, Status | None] = {
    Weight.KEPT: None,
    Weight.RISKY: Status.RISKY,
    Weight.INVALID: Status.INVALID,
}
_ACCEPT_ALL = {
    AcceptAllAs.OWN: Status.ACCEPT_ALL,
    AcceptAllAs.RISKY: Status.RISKY,
    AcceptAllAs.INVALID: Status.INVALID,
}


def status_of_weight(weight: Weight) -> Status | None:
    """Give the status that a trait of this weight has; None where it decides nothing."""
    return _WEIGHTS[weight]


def status_of_accept_all(policy: Policy) -> Status:
    """Give the status of addresses at accept-all domains."""
    return _ACCEPT_ALL[policy.accept_all]


_LEAST = "least_confidence"
_KINDS: dict[str, type[AcceptAllAs | Weight]] = {
    "accept_all": AcceptAllAs,
    "role": Weight,
    "free": Weight,
    "disposable": Weight,
    "full": Weight,
}


def parse_policy(words: Iterable[str], policy: Policy = DEFAULT_POLICY) -> Policy:
    """Change a policy by words such as `role=kept`, `accept-all=invalid` or `least-confidence=80`.

    Raises UnusablePolicy.
    """
    return reduce(_changed, words, policy)


def _changed(policy: Policy, word: str) -> Policy:
    name, _, value = word.lower().partition("=")
    key = name.strip().replace("-", "_")
    change: dict[str, Any] = {key: _value_of(key, value.strip(), word)}
    return replace(policy, **change)


def _value_of(key: str, value: str, word: str) -> AcceptAllAs | Weight | int:
    if key == _LEAST:
        return _confidence_of(value, word)
    if key not in _KINDS:
        raise UnusablePolicy(f"{word!r}: a policy speaks of {_listed([*_KINDS, _LEAST])}")
    try:
        return _KINDS[key](value)
    except ValueError:
        allowed = _listed([each.value for each in _KINDS[key]])
        raise UnusablePolicy(f"{word!r}: {_written(key)} may be {allowed}") from None


def _confidence_of(value: str, word: str) -> int:
    if value.isascii() and value.isdecimal() and int(value) <= TOP:
        return int(value)
    raise UnusablePolicy(f"{word!r}: {_written(_LEAST)} is a number from 0 to {TOP}")


def _listed(names: list[str]) -> str:
    *others, last = (_written(name) for name in names)
    return f"{', '.join(others)} or {last}"


def _written(name: str) -> str:
    return name.replace("_", "-")


def words_of(policy: Policy) -> tuple[str, ...]:
    """Say in words, as `parse_policy` reads them, how a policy differs from the default; none where not."""
    names = [each.name for each in fields(Policy)]
    values = ((name, getattr(policy, name), getattr(DEFAULT_POLICY, name)) for name in names)
    return tuple(f"{_written(name)}={value}" for name, value, usual in values if value != usual)
