"""How long a list takes that is checked by DNS alone: its look-ups, and those that nobody answers. Pure."""

from engine.ahead import LIKELY, Kind, Later, LookUps
from engine.estimate import Cause, Estimate, around, last_s
from engine.settings import Settings

DOMAINS_AT_ONCE = 64
"""Look-ups that are under way at once."""

DOMAIN_S = 0.004
"""What a look-up usually takes of all the time, so many being under way at once."""

ADDRESS_S = 0.0003
"""What it usually takes to write down what a look-up means for one address."""

FAILED = 0.01
"""Of all look-ups, how many usually get no answer in time."""

TRUSTED_LOOK_UPS = 50
"""After so many look-ups their own speed counts as much as the usual one."""

_MS = 1000


def forecast_look_ups(domains: int, addresses: int) -> LookUps:
    """Say what a list has ahead of it of which so many domains are to be looked up."""
    return LookUps(domains, addresses, failed_share=FAILED)


def estimate_look_ups(ahead: LookUps, settings: Settings) -> Estimate | None:
    """Estimate how long the look-ups still take; None where nothing is left."""
    if not ahead.addresses:
        return None
    work_s = _usual_s(ahead.domains, ahead.addresses) * _pace(ahead)
    middle_s = max(work_s, _last_failure_s(ahead, work_s, settings.dns_timeout_ms / _MS))
    cause = Cause(
        Kind.LOOK_UPS, "", ahead.addresses, 0, middle_s, at_once=DOMAINS_AT_ONCE, domains=ahead.domains
    )
    return around(middle_s, [cause], Later())


def _usual_s(domains: int, addresses: int) -> float:
    return DOMAIN_S * domains + ADDRESS_S * addresses


def _pace(ahead: LookUps) -> float:
    """Say how long what is done took, as a part of what it usually does; surer the more is done."""
    usual_s = _usual_s(ahead.done, ahead.done_addresses)
    if not usual_s or not ahead.active_s:
        return 1.0
    own: float = (ahead.active_s / usual_s) ** (ahead.done / (ahead.done + TRUSTED_LOOK_UPS))
    return own


def _last_failure_s(ahead: LookUps, work_s: float, timeout_s: float) -> float:
    """Say when the last look-up is given up.

    Once all that are left are under way, many of them are those that nobody answers: the longer nothing comes
    back, the more surely.
    """
    if ahead.domains > DOMAINS_AT_ONCE:
        return last_s(work_s, ahead.domains * ahead.failed_share, timeout_s)
    usual_s = _under_way_s(ahead)
    failing, others = ahead.failed_share * timeout_s, (1 - ahead.failed_share) * usual_s
    share = failing / (failing + others) if failing else 0.0
    if ahead.still_s <= usual_s and ahead.domains * share < LIKELY:
        return 0.0
    return max(timeout_s - ahead.still_s - usual_s, 0.0)


def _under_way_s(ahead: LookUps) -> float:
    """Say how long a look-up was under way on the average, so many being so at once."""
    worked_s = max(ahead.active_s - ahead.still_s, 0.0)
    return min(DOMAINS_AT_ONCE * worked_s / max(ahead.done, 1), worked_s)
