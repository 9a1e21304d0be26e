"""An estimate in words: how long a list takes, what makes it long, and who is left out of it."""

import time
from collections.abc import Callable

from engine.ahead import Kind
from engine.estimate import Cause, Estimate
from engine.provider import provider_named
from pages.parts.frame import plain, several, when

_MINUTE_S = 60
_HOUR_S = 3600
_DAY_S = 86_400
LONGEST_IN_MINUTES_S = 100 * _MINUTE_S
LONGEST_IN_HOURS_S = 48 * _HOUR_S
WORTH_A_WORD_S = 90.0
"""Nobody asks why a shorter time is long."""
ALSO_LONG = 0.7
"""What takes this part of the longest is named beside it."""
DEFINITION = "Addresses whose mail host puts them off for long come back later, and are not counted in."


def takes(said: Estimate) -> str:
    """Say how long a list will take: "About 12 to 20 minutes"."""
    span = time_span(said.low_s, said.high_s)
    return span.capitalize() if span == _UNDER else f"About {span}"


def time_left(said: Estimate) -> str:
    """Say how long a list still takes: "12 to 20 minutes left"."""
    span = time_span(said.low_s, said.high_s)
    is_round = span != _UNDER and " to " not in span
    return f"{'about ' if is_round else ''}{span} left"


def time_span(low_s: float, high_s: float) -> str:
    """Say a range of seconds as people do: "under a minute", "12 to 20 minutes", "2 to 3 hours"."""
    if high_s <= _MINUTE_S:
        return _UNDER
    if high_s <= LONGEST_IN_MINUTES_S:
        return _between(_round(low_s / _MINUTE_S), _round(high_s / _MINUTE_S), "minute")
    if high_s <= LONGEST_IN_HOURS_S:
        return _between(_round(low_s / _HOUR_S), _round(high_s / _HOUR_S), "hour")
    return _between(_round(low_s / _DAY_S), _round(high_s / _DAY_S), "day")


_UNDER = "under a minute"


def _round(number: float) -> int:
    """Round as one speaks: to the nearest five from twenty on."""
    return max(round(number), 1) if number < _IN_FIVES else 5 * round(number / 5)


_IN_FIVES = 20


def _between(low: int, high: int, unit: str) -> str:
    if low == high:
        return several(low, unit)
    return f"{low:,} to {high:,} {unit}s"


def what_makes_it_long(said: Estimate) -> str:
    """Say what makes a list take long, at most two causes; `""` where it does not."""
    if said.high_s < WORTH_A_WORD_S or not said.causes:
        return ""
    longest = said.causes[0].takes_s
    named = [each for each in said.causes if each.takes_s >= ALSO_LONG * longest][:2]
    causes = " and ".join(dict.fromkeys(_CAUSES[each.kind](each) for each in named))
    return f"What makes it long: {causes}."


def _at_a_domain(cause: Cause) -> str:
    bears = f"at most {several(cause.per_minute, 'session')} a minute" if cause.per_minute else "few sessions"
    return f"{_addresses(cause)} at {plain(cause.name)}, where we open {bears}"


def _at_a_provider(cause: Cause) -> str:
    bears = f"{several(cause.at_once, 'session')} at once"
    return f"{_addresses(cause)} at {provider_named(cause.name).display}, which takes {bears}"


def _all(cause: Cause) -> str:
    return f"the sheer number: {_addresses(cause)} in {several(cause.sessions, 'session')}"


def _put_off(_cause: Cause) -> str:
    return "mail hosts that put us off and are asked again later"


_CAUSES: dict[Kind, Callable[[Cause], str]] = {
    Kind.DOMAIN: _at_a_domain,
    Kind.PROVIDER: _at_a_provider,
    Kind.NUMBER: _all,
    Kind.RETRIES: _put_off,
}


def _addresses(cause: Cause) -> str:
    return several(cause.addresses, "address", "addresses")


def left_out(said: Estimate, now: float | None = None) -> str:
    """Say who is left out of an estimate, and until when they wait; `""` where nobody is."""
    later = said.later
    if not later.addresses:
        return ""
    now = time.time() if now is None else now
    are = "is" if later.addresses == 1 else "are"
    waiting = f"Not counted in {are} {several(later.addresses, 'address', 'addresses')} put off for long"
    first, last = when(now + later.first_s, now), when(now + later.last_s, now)
    return f"{waiting}, to be asked again {first}" + ("." if first == last else f", the last {last}.")
