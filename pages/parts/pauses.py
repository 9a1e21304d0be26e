"""How hosts that are let alone for a while are said to a person: those that refuse us, or do not answer."""

import time
from collections.abc import Iterator, Sequence

from engine.batch import Pause, Scope
from engine.provider import provider_named
from engine.reason import Reason
from engine.shown_domain import readable
from pages.parts.words import TOMORROW

MINUTE_S = 60.0
NAMED = 3
"""Domains that are named; of further ones it is said how many they are."""


def say_pauses(pauses: Sequence[Pause], now: float | None = None, waiting: int = 0) -> str:
    """Say who refuses us and when they are asked again (`now` in Unix seconds); `""` where nobody does.

    So many addresses are `waiting` for that; where it is not known how many, 0.
    """
    refusing = [each for each in pauses if each.why is Reason.BLOCKED]
    waited_for = [each for each in refusing if not each.is_final]
    if waited_for:
        return _waiting(waited_for, time.time() if now is None else now, waiting)
    return _given_up(refusing) if refusing else ""


def say_unanswering(pauses: Sequence[Pause], now: float | None = None, waiting: int = 0) -> str:
    """Say which hosts do not answer and when they are asked again (`now` in Unix seconds); `""` for none."""
    silent = [each for each in pauses if each.why is Reason.UNREACHABLE]
    waited_for = [each for each in silent if not each.is_final]
    if not waited_for:
        return f"{_listed(silent, _SILENT)}{_STILL_SILENT}" if silent else ""
    put_off = f"{_waiting_there(waited_for, waiting)}, and " if waiting else ""
    minutes = _minutes(waited_for, time.time() if now is None else now)
    return (
        f"{_listed(waited_for, _SILENT)} just now: {put_off}nobody there is asked for about {minutes}. "
        "Nothing is decided from it."
    )


_REFUSING = ("refuses us", "refuse us")
_SILENT = ("does not answer", "do not answer")
_STILL_SILENT = f" also after several pauses, so their addresses are called unknown; {TOMORROW}."


def _minutes(pauses: Sequence[Pause], now: float) -> str:
    minutes = max(round((max(each.until for each in pauses) - now) / MINUTE_S), 1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _addresses(waiting: int) -> str:
    return f"{waiting:,} {'address waits' if waiting == 1 else 'addresses wait'}"


def _waiting_there(pauses: Sequence[Pause], waiting: int) -> str:
    """Say how many addresses wait, and why they can be fewer than the domains."""
    if waiting >= len(pauses):
        return _addresses(waiting)
    return f"{_addresses(waiting)} (the others there have an outcome already or stand in line)"


def _waiting(pauses: Sequence[Pause], now: float, waiting: int) -> str:
    put_off = f"{_addresses(waiting)}, " if waiting else ""
    return (
        f"{_listed(pauses, _REFUSING)} just now, which speaks of this machine and not of your list: {put_off}"
        f"nobody there is asked for about {_minutes(pauses, now)}, and what they said in the last minutes is "
        "asked again then."
    )


def _given_up(pauses: Sequence[Pause]) -> str:
    whose = "its" if len(pauses) == 1 else "their"
    return (
        f"{_listed(pauses, _REFUSING)} also after a pause, so {whose} addresses are called unknown and not "
        f"asked; see Preflight for what may be wrong with this machine, then {TOMORROW}."
    )


def _listed(pauses: Sequence[Pause], verbs: tuple[str, str]) -> str:
    """Begin a sentence with whose hosts they are and what they do; a domain is written as it is."""
    names = list(_names(pauses))
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    is_one = len(pauses) == 1 and pauses[0].scope is not Scope.ALL
    return f"{listed} {verbs[0] if is_one else verbs[1]}"


def _names(pauses: Sequence[Pause]) -> Iterator[str]:
    if any(each.scope is Scope.ALL for each in pauses):
        yield "Mail hosts of many providers"
        return
    yield from (provider_named(each.name).display for each in pauses if each.scope is Scope.PROVIDER)
    shared = sum(each.scope is Scope.ROUTE for each in pauses)
    if shared:
        yield "A mail host of several domains" if shared == 1 else f"{shared} mail hosts of several domains"
    domains = [readable(each.name) for each in pauses if each.scope is Scope.DOMAIN]
    yield from domains[:NAMED]
    more = len(domains) - NAMED
    if more > 0:
        yield f"{more} more domain{'' if more == 1 else 's'}"
