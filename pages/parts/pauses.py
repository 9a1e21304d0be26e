"""How hosts that refuse us, and are let alone for a while, are said to a person: one sentence, or none."""

import time
from collections.abc import Iterator, Sequence

from engine.batch import Pause, Scope
from engine.provider import provider_named

MINUTE_S = 60.0


def say_pauses(pauses: Sequence[Pause], now: float | None = None, waiting: int = 0) -> str:
    """Say who refuses us and when they are asked again (`now` in Unix seconds); `""` where nobody does.

    So many addresses are `waiting` for that; where it is not known how many, 0.
    """
    waited_for = [each for each in pauses if not each.is_final]
    if waited_for:
        return _waiting(waited_for, time.time() if now is None else now, waiting)
    return _given_up(pauses) if pauses else ""


def _waiting(pauses: Sequence[Pause], now: float, waiting: int) -> str:
    minutes = max(round((max(each.until for each in pauses) - now) / MINUTE_S), 1)
    put_off = f"{waiting:,} {'address waits' if waiting == 1 else 'addresses wait'}, " if waiting else ""
    return (
        f"{_listed(pauses)} just now, which speaks of this machine and not of your list: {put_off}nobody "
        f"there is asked for about {minutes} minute{'' if minutes == 1 else 's'}, and what they said in the "
        "last minutes is asked again then."
    )


def _given_up(pauses: Sequence[Pause]) -> str:
    return (
        f"{_listed(pauses)} also after a pause, so their addresses are called unknown and not asked; see "
        "Preflight for what may be wrong with this machine, and check the list again later."
    )


def _listed(pauses: Sequence[Pause]) -> str:
    """Name who refuses us, as the beginning of a sentence; a domain is written as it is."""
    names = list(_names(pauses))
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    is_one = len(pauses) == 1 and pauses[0].scope is not Scope.ALL
    return f"{listed} {'refuses' if is_one else 'refuse'} us"


def _names(pauses: Sequence[Pause]) -> Iterator[str]:
    if any(each.scope is Scope.ALL for each in pauses):
        yield "Mail hosts of many providers"
        return
    yield from (provider_named(each.name).display for each in pauses if each.scope is Scope.PROVIDER)
    shared = sum(each.scope is Scope.ROUTE for each in pauses)
    if shared:
        yield "A mail host of several domains" if shared == 1 else f"{shared} mail hosts of several domains"
    domains = [each.name for each in pauses if each.scope is Scope.DOMAIN]
    if domains:
        yield domains[0] if len(domains) == 1 else f"{len(domains)} domains"
