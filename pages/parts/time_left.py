"""An estimate in words: how long a list takes, and what makes it long."""

from collections.abc import Callable

from engine.ahead import LONG_WAIT_S, Kind
from engine.estimate import Cause, Estimate
from engine.provider import provider_named
from engine.settings import Settings

_MINUTE_S = 60
_HOUR_S = 3600
_DAY_S = 86_400
LONGEST_IN_MINUTES_S = 100 * _MINUTE_S
LONGEST_IN_HOURS_S = 48 * _HOUR_S
WORTH_A_WORD_S = 90.0
"""Nobody asks why a shorter time is long."""
ALSO_LONG = 0.7
"""What takes this part of the longest is named beside it."""
PUT_OFF = "Those whose mail hosts ask us to come back later may take up to about {longest} more."
"""What an estimate before the start leaves out, since nobody can tell yet whom it concerns."""


def takes(said: Estimate) -> str:
    """Say how long a list will take: "About 12 to 20 minutes"."""
    span = time_span(said.low_s, said.high_s)
    return span.capitalize() if span == UNDER else f"About {span}"


def time_left(said: Estimate) -> str:
    """Say how long a list still takes: "12 to 20 minutes left"."""
    span = time_span(said.low_s, said.high_s)
    is_round = span != UNDER and " to " not in span
    return f"{'about ' if is_round else ''}{span} left"


def time_span(low_s: float, high_s: float) -> str:
    """Say a range of seconds as people do: "under a minute", "12 to 20 minutes", "2 to 3 hours"."""
    if high_s <= _MINUTE_S:
        return UNDER
    if high_s <= LONGEST_IN_MINUTES_S:
        return _between(_round(low_s / _MINUTE_S), _round(high_s / _MINUTE_S), "minute")
    if high_s <= LONGEST_IN_HOURS_S:
        return _between(_round(low_s / _HOUR_S), _round(high_s / _HOUR_S), "hour")
    return _between(_round(low_s / _DAY_S), _round(high_s / _DAY_S), "day")


UNDER = "under a minute"
"""What is said of a time that nobody waits for."""


def _round(number: float) -> int:
    """Round as one speaks: to the nearest five from twenty on."""
    return max(round(number), 1) if number < _IN_FIVES else 5 * round(number / 5)


_IN_FIVES = 20


def _between(low: int, high: int, unit: str) -> str:
    if low == high:
        return _several(low, unit)
    return f"{low:,} to {high:,} {unit}s"


def left_out_before(settings: Settings) -> str:
    """Say how long addresses may take that are put off; `""` where all waits that are set are counted in."""
    delays = (settings.greylist_retry_seconds, settings.outage_retry_seconds)
    if max((wait for waits in delays for wait in waits), default=0.0) <= LONG_WAIT_S:
        return ""
    longest_s = max(sum(waits) for waits in delays)
    return PUT_OFF.format(longest=time_span(longest_s, longest_s))


def what_makes_it_long(said: Estimate) -> str:
    """Say what makes a list take long, at most two causes; `""` where it does not."""
    if said.high_s < WORTH_A_WORD_S or not said.causes:
        return ""
    longest = said.causes[0].takes_s
    long = [each for each in said.causes if each.takes_s >= ALSO_LONG * longest]
    named = [each for each in long if _is_telling(each)][:2] or long[:1]
    causes = ", and ".join(dict.fromkeys(_CAUSES[each.kind](each) for each in named))
    return f"What makes it long: {causes}."


def _is_telling(cause: Cause) -> bool:
    """Tell whether a cause says why: not a provider without any limit, nor who comes back after all that."""
    is_limited = any((cause.rcpts_per_minute, cause.per_minute, cause.at_once))
    return cause.kind is not Kind.RETRIES and (is_limited or cause.kind is not Kind.PROVIDER)


def _at_a_domain(cause: Cause) -> str:
    if cause.rcpts_per_minute:
        return f"{_addresses(cause)} at {cause.name}, at most {cause.rcpts_per_minute:,} a minute"
    bears = f"at most {cause.per_minute:,} a minute" if cause.per_minute else f"{cause.at_once:,} at a time"
    return f"{_addresses(cause)} at {cause.name} in {_several(cause.sessions, 'session')}, {bears}"


def _at_a_provider(cause: Cause) -> str:
    provider = provider_named(cause.name)
    where = provider.display if provider.name == cause.name else cause.name
    about = _several(_rounded(cause.addresses), "address", "addresses")
    return f"about {about} whose mail goes to {where}{_borne(cause)}"


def _rounded(number: int) -> int:
    """Round what is only estimated to two figures."""
    return round(number, 2 - len(str(number)))


def _borne(cause: Cause) -> str:
    if cause.rcpts_per_minute:
        return f", which takes {_several(cause.rcpts_per_minute, 'address', 'addresses')} a minute"
    if cause.per_minute:
        return f", which takes {_several(cause.per_minute, 'session')} a minute"
    return f", {_several(cause.at_once, 'session')} at once" if cause.at_once else ""


def _all(cause: Cause) -> str:
    at_once = f", {cause.at_once:,} at once" if cause.at_once else ""
    return f"the sheer number: {_addresses(cause)} in {_several(cause.sessions, 'session')}{at_once}"


def _put_off(cause: Cause) -> str:
    who = _addresses(cause) if cause.addresses else f"about {_several(cause.domains, 'domain')}"
    return f"{who} whose mail hosts ask us to come back later"


def _look_ups(cause: Cause) -> str:
    return f"{_several(cause.domains, 'domain')} to look up, {cause.at_once:,} at once"


_CAUSES: dict[Kind, Callable[[Cause], str]] = {
    Kind.DOMAIN: _at_a_domain,
    Kind.PROVIDER: _at_a_provider,
    Kind.NUMBER: _all,
    Kind.RETRIES: _put_off,
    Kind.LOOK_UPS: _look_ups,
}


def _addresses(cause: Cause) -> str:
    return _several(cause.addresses, "address", "addresses")


def _several(number: int, one: str, many: str = "") -> str:
    """Write a number with the word for what is counted."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
