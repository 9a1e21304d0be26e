"""What a finished list leaves open, and what to do about it: one sentence each, or none."""

from collections.abc import Sequence

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.counting import count, several
from pages.parts.reasons import ABOUT_US
from pages.parts.words import TOMORROW

MANY_UNKNOWN = 0.05
"""The share of a list's addresses from which on unknown ones are worth a sentence."""

Counted = Sequence[tuple[Status, Reason, int]]


_NEVER_ASKED = (Reason.NEVER_PROBED, Reason.DNS_ONLY, Reason.NOT_CHECKED)


def say_refused(reasons: Counted) -> str:
    """Say how many addresses could not be judged because hosts refuse us; `""` for none."""
    refused = _refused(reasons)
    if not refused:
        return ""
    one, many = "its host refuses us, not the address", "their hosts refuse us, not the addresses"
    return (
        f"{several(refused, 'address', 'addresses')} could not be judged because "
        f"{one if refused == 1 else many}. See Preflight, then {TOMORROW}."
    )


def say_unknown(reasons: Counted, checked: int, *, is_dns_only: bool = False) -> str:
    """Say how many more of the checked addresses nobody could tell of; `""` where those are few.

    Of a list by DNS only, no mail host can be asked again: it is checked anew.
    """
    open_ones = sum(number for status, why, number in reasons if _is_open(status, why))
    if not open_ones or open_ones < MANY_UNKNOWN * checked:
        return ""
    more = "more " if _refused(reasons) else ""
    addresses = several(open_ones, f"{more}address", f"{more}addresses")
    are, them = ("is", "it") if open_ones == 1 else ("are", "them")
    later = "check the list again tomorrow" if is_dns_only else TOMORROW
    return f"{addresses} {are} unknown: nobody could tell. Keep {them}, and {later}."


def say_not_again(reasons: Counted, free: int) -> str:
    """Say who of the unknown ones is not asked again, and why; `""` where all may be.

    So many (`free`) that were held back may be asked by now.
    """
    unknown = [(why, number) for status, why, number in reasons if status is Status.UNKNOWN]
    held = max(0, sum(number for why, number in unknown if why is Reason.NEVER_PROBED) - free)
    if not held:
        return ""
    whole = sum(number for _, number in unknown)
    are, them = ("is", "it") if held == 1 else ("are", "them")
    unknown_ones = several(whole, "unknown address", "unknown addresses") if whole > 1 else "unknown address"
    whom = f"{count(held)} of the {unknown_ones}" if held < whole else f"The {unknown_ones}"
    return f"{whom} {are} not asked again: your never-asked list or the policy holds {them} back."


def _refused(reasons: Counted) -> int:
    return sum(number for status, why, number in reasons if status is Status.UNKNOWN and why in ABOUT_US)


def _is_open(status: Status, why: Reason) -> bool:
    return status is Status.UNKNOWN and why not in ABOUT_US and why not in _NEVER_ASKED
