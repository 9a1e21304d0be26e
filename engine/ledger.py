"""How sure a verdict is: the points of what was seen, and the bounds that a status sets them."""

from collections.abc import Callable

from engine.exchange import MailHosts
from engine.provider import Worth, provider_named
from engine.reading import read_rcpt
from engine.reason import Reason
from engine.reply import Meaning
from engine.verdict import AcceptAll, Evidence, LedgerLine, Status

FULL_CONFIDENCE = 40


def _is_accepted(evidence: Evidence) -> bool:
    reading = read_rcpt(evidence)
    return reading is not None and reading.meaning is Meaning.EXISTS


def has_hosts(evidence: Evidence, *, implicit: bool) -> bool:
    """Tell whether mail hosts are known, named by MX records or, if `implicit`, for want of any."""
    return isinstance(evidence.route, MailHosts) and evidence.route.is_implicit is implicit


def accepts_any(evidence: Evidence) -> bool:
    """Tell whether the domain takes any recipient, or took at least one that was made up."""
    return evidence.accept_all is AcceptAll.YES or evidence.is_yes_doubtful


def is_yes_worthless(evidence: Evidence) -> bool:
    """Tell whether the provider lets anybody in."""
    return provider_named(evidence.provider).yes is Worth.WORTHLESS


def _proves_nothing(evidence: Evidence) -> bool:
    """Whether a yes was taken that the provider gives to anybody, and the domain is not known to do so."""
    return _is_accepted(evidence) and is_yes_worthless(evidence) and not accepts_any(evidence)


_POINTS: tuple[tuple[Callable[[Evidence], bool], str, int], ...] = (
    (lambda _: True, "the address is well-formed", 40),
    (lambda e: has_hosts(e, implicit=False), "the domain names its mail hosts (MX)", 25),
    (lambda e: has_hosts(e, implicit=True), "no MX record, but the domain itself may take mail", 10),
    (_is_accepted, "the mail host accepted the recipient", 30),
    (lambda e: e.rcpt is None and accepts_any(e), "the host accepts any recipient, so this one too", 30),
    (accepts_any, "the domain accepts any recipient (accept-all)", -25),
    (_proves_nothing, "the provider accepts any recipient (accept-all)", -25),
    (lambda e: e.traits.is_disposable, "a disposable domain", -60),
    (lambda e: e.traits.is_role, "a role account", -10),
    (lambda e: bool(e.history.opened_at or e.history.replied_at), "opened or replied before", 40),
    (lambda e: e.history.hard_bounced_at is not None, "bounced before", -100),
)


_BOUNDS = {
    Status.INVALID: (0, 10),
    Status.UNKNOWN: (20, 60),
}


_UNBOUND = (0, 100)


def ledger_of(evidence: Evidence, status: Status, reason: Reason) -> tuple[LedgerLine, ...]:
    """Give what speaks for and against an address, in points; the sum is the confidence, 0 to 100."""
    lines = _seen(evidence)
    total = sum(line.points for line in lines)
    low, high = _bounds(status, reason)
    bounded = min(max(total, low), high)
    if bounded == total:
        return lines
    name = "a full mailbox" if reason is Reason.MAILBOX_FULL else status.value.replace("_", "-")
    cap = LedgerLine(f"{name}: kept within {low} to {high}", bounded - total)
    return (*lines, cap)


def _seen(evidence: Evidence) -> tuple[LedgerLine, ...]:
    return tuple(LedgerLine(cause, points) for applies, cause, points in _POINTS if applies(evidence))


def points_of(evidence: Evidence) -> int:
    """Sum what was seen, before any bound."""
    return sum(points for applies, _, points in _POINTS if applies(evidence))


def _bounds(status: Status, reason: Reason) -> tuple[int, int]:
    low, high = _BOUNDS.get(status, _UNBOUND)
    return low, min(high, FULL_CONFIDENCE) if reason is Reason.MAILBOX_FULL else high
