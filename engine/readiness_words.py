"""What keeps a mailing from being ready, in words with the figures: for people, and for programs. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from engine.readiness import Concern, Doubt

_TENTH, _HUNDRED = 10, 100
_MOST_DIGITS = 6


def said_of(concern: Concern) -> str:
    """Say what was found, and what the policy asks for."""
    return _SAID[concern.doubt](concern)


def _nobody(_: Concern) -> str:
    return "No address is left."


def _unanswered(concern: Concern) -> str:
    have = "address has" if concern.found == 1 else "addresses have"
    return f"{concern.found:,.0f} {have} no answer yet."


def _few_valid(concern: Concern) -> str:
    found = f"Only {_found(concern)}" if concern.found else "None"
    return f"{found} are valid; the policy asks for at least {percent(concern.limit)}."


def _small_unknown(concern: Concern) -> str:
    return (
        f"Of addresses at domains with fewer than {concern.small} of them, {_found(concern)} are unknown; "
        f"the policy allows {percent(concern.limit)}."
    )


def _bounces(concern: Concern) -> str:
    return f"About {_found(concern)} are expected to bounce; the policy allows {percent(concern.limit)}."


_SAID: Mapping[Doubt, Callable[[Concern], str]] = MappingProxyType(
    {
        Doubt.NOBODY: _nobody,
        Doubt.UNANSWERED: _unanswered,
        Doubt.FEW_VALID: _few_valid,
        Doubt.SMALL_UNKNOWN: _small_unknown,
        Doubt.BOUNCES: _bounces,
    }
)


def _found(concern: Concern) -> str:
    """Write what was found with as many decimals as tell it from the limit: 94.96 is not 95."""
    usual = _digits(concern.found)
    digits = next(
        (n for n in range(usual, _MOST_DIGITS) if round(concern.found, n) != concern.limit), _MOST_DIGITS
    )
    return f"{concern.found:.{digits}f} %"


def percent(share: float) -> str:
    """Write a share in percent, with a decimal where it is near either end."""
    return f"{share:.{_digits(share)}f} %"


def _digits(share: float) -> int:
    is_near_an_end = min(share, _HUNDRED - share) < _TENTH
    return int(bool(share % 1) and is_near_an_end)
