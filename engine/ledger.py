"""How sure a verdict is: the points of what was seen, and the bounds that a status sets them."""

from collections.abc import Callable

from engine.case import Case
from engine.reason import Reason
from engine.verdict import LedgerLine, Status

FULL_CONFIDENCE = 40


def _proves_nothing(case: Case) -> bool:
    """Whether a yes was taken that the provider gives to anybody, and the domain is not known to do so."""
    return case.is_accepted and case.is_yes_worthless and not case.accepts_any


_POINTS: tuple[tuple[Callable[[Case], bool], LedgerLine], ...] = (
    (lambda _: True, LedgerLine("the address is well-formed", 40)),
    (lambda case: case.has_named_hosts, LedgerLine("the domain names its mail hosts (MX)", 25)),
    (
        lambda case: case.has_implicit_host,
        LedgerLine("no MX record, but the domain itself may take mail", 10),
    ),
    (lambda case: case.is_accepted, LedgerLine("the mail host accepted the recipient", 30)),
    (
        lambda case: case.accepts_any and not case.is_asked,
        LedgerLine("the host accepts any recipient, so this one too", 30),
    ),
    (lambda case: case.accepts_any, LedgerLine("the domain accepts any recipient (accept-all)", -25)),
    (_proves_nothing, LedgerLine("the provider accepts any recipient (accept-all)", -25)),
    (lambda case: case.is_disposable and not case.is_slip, LedgerLine("a disposable domain", -60)),
    (
        lambda case: case.is_disposable and case.is_slip,
        LedgerLine("a mistyped domain, listed as throw-away", -60),
    ),
    (lambda case: case.is_role, LedgerLine("a role account", -10)),
    (lambda case: case.has_responded, LedgerLine("opened or replied before", 40)),
    (lambda case: case.has_bounced, LedgerLine("bounced before", -100)),
)


_BOUNDS = {
    Status.INVALID: (0, 10),
    Status.UNKNOWN: (20, 60),
}


_UNBOUND = (0, 100)


def ledger_of(case: Case, status: Status, reason: Reason) -> tuple[LedgerLine, ...]:
    """Give what speaks for and against an address, in points; the sum is the confidence, 0 to 100."""
    lines = _seen(case)
    total = sum(line.points for line in lines)
    low, high = _bounds(status, reason)
    bounded = min(max(total, low), high)
    if bounded == total:
        return lines
    name = "a full mailbox" if reason is Reason.MAILBOX_FULL else status.value.replace("_", "-")
    cap = LedgerLine(f"{name}: kept within {low} to {high}", bounded - total)
    return (*lines, cap)


def _seen(case: Case) -> tuple[LedgerLine, ...]:
    return tuple(line for applies, line in _POINTS if applies(case))


def points_of(case: Case) -> int:
    """Sum what was seen, before any bound."""
    return sum(line.points for line in _seen(case))


def _bounds(status: Status, reason: Reason) -> tuple[int, int]:
    low, high = _BOUNDS.get(status, _UNBOUND)
    return low, min(high, FULL_CONFIDENCE) if reason is Reason.MAILBOX_FULL else high
