"""What is true of an address, by the world's configuration alone.

| the configuration says                             | status     | reason, any of                     |
|----------------------------------------------------|------------|------------------------------------|
| the text is empty; the text is no address          | invalid    | empty, malformed; malformed        |
| NXDOMAIN                                           | invalid    | no_such_domain                     |
| null MX                                            | invalid    | null_mx                            |
| no MX and no address, or no MX host has an address | invalid    | no_mail_host                       |
| SERVFAIL, REFUSED, or silence of the DNS           | unknown    | dns_failed                         |
| a disposable domain with a live route              | risky      | disposable                         |
| every host silent, shut, slammed or far too slow   | unknown    | timeout unreachable dropped budget |
| every host wants TLS and fails at it               | unknown    | tls_required                       |
| the client blocked                                 | unknown    | blocked                            |
| rate limited for ever                              | unknown    | rate_limited temporary greylisted  |
| relay denied                                       | unknown    | relay_denied                       |
| greylisted longer than anyone waits                | unknown    | greylisted                         |
| mailbox disabled                                   | invalid    | mailbox_disabled                   |
| mailbox full (552, or 452 to the end)              | risky      | mailbox_full                       |
| accept-all                                         | accept_all | accept_all                         |
| mailbox missing                                    | invalid    | mailbox_missing                    |
| mailbox exists, with the local part of a role      | risky      | role                               |
| mailbox exists                                     | valid      | accepted                           |

The first row that applies decides. Limits of a session (421, 452 4.5.3, drops after n recipients), slow
and multi-line banners, limits of sessions at once and greylisting that ends change nothing: ask again. Nor
does TLS that is offered, required, or broken where the host goes on without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.behaviour import AcceptAll, Behaviour, Blocked, Greylisting, RateLimited, RelayDenied, User
from sandbox.domain import Domain
from sandbox.host import Door, Open, Tls
from sandbox.names import NoRoute

PATIENCE_S = 12 * 3600
BANNER_PATIENCE_S = 8.0
ROLES = (
    "info",
    "sales",
    "support",
    "office",
    "contact",
    "billing",
    "marketing",
    "admin",
    "press",
    "jobs",
    "orders",
    "service",
    "accounts",
    "helpdesk",
    "webmaster",
    "newsletter",
)
_ROLE_NAMES = frozenset((*ROLES, "postmaster"))


@dataclass(frozen=True, slots=True)
class Truth:
    """The one right status of an address, and the main reasons that go with it."""

    status: str
    reasons: frozenset[str]


def _truth(status: str, *reasons: str) -> Truth:
    return Truth(status, frozenset(reasons))


EMPTY = _truth("invalid", "empty", "malformed")
MALFORMED = _truth("invalid", "malformed")
NO_ROUTE = {
    NoRoute.NO_SUCH_DOMAIN: _truth("invalid", "no_such_domain"),
    NoRoute.NULL_MX: _truth("invalid", "null_mx"),
    NoRoute.NO_MAIL_HOST: _truth("invalid", "no_mail_host"),
    NoRoute.DNS_FAILED: _truth("unknown", "dns_failed"),
}
DISPOSABLE = _truth("risky", "disposable")
UNREACHED = _truth("unknown", "timeout", "unreachable", "dropped", "budget")
TLS_REQUIRED = _truth("unknown", "tls_required")
GREYLISTED = _truth("unknown", "greylisted")
OF_US: dict[type[Behaviour], Truth] = {
    Blocked: _truth("unknown", "blocked"),
    RateLimited: _truth("unknown", "rate_limited", "temporary", "greylisted"),
    RelayDenied: _truth("unknown", "relay_denied"),
}
ACCEPT_ALL = _truth("accept_all", "accept_all")
ROLE = _truth("risky", "role")
OF_USERS = {
    User.EXISTING: _truth("valid", "accepted"),
    User.MISSING: _truth("invalid", "mailbox_missing"),
    User.DISABLED: _truth("invalid", "mailbox_disabled"),
    User.FULL: _truth("risky", "mailbox_full"),
    User.FULL_FOR_NOW: _truth("risky", "mailbox_full"),
}
_ANY_CASE = frozenset({User.EXISTING, User.MISSING})


def truth_without_route(route: NoRoute) -> Truth:
    """Say what is true of every address of a domain whose mail goes nowhere."""
    return NO_ROUTE[route]


def truth_at_hosts(domain: Domain, local_part: str, doors: Iterable[Door]) -> Truth:
    """Say what is true of an address whose domain's hosts have these doors."""
    if domain.is_disposable:
        return DISPOSABLE
    open_doors = [door for door in doors if _lets_in(door)]
    if not open_doors:
        return UNREACHED
    if not any(_lets_ask(door) for door in open_doors):
        return TLS_REQUIRED
    behaviour = domain.behaviour
    if isinstance(behaviour, Greylisting) and behaviour.delay_s > PATIENCE_S:
        return GREYLISTED
    return OF_US.get(type(behaviour)) or _truth_of_user(domain, local_part)


def _lets_in(door: Door) -> bool:
    return isinstance(door, Open) and door.after_s < BANNER_PATIENCE_S and door.at_once > 0


def _lets_ask(door: Door) -> bool:
    return isinstance(door, Open) and door.tls is not Tls.BROKEN_REQUIRED


def _truth_of_user(domain: Domain, local_part: str) -> Truth:
    user = domain.user(local_part)
    if isinstance(domain.behaviour, AcceptAll) and user in _ANY_CASE:
        return ACCEPT_ALL
    if user is User.EXISTING and local_part.lower() in _ROLE_NAMES:
        return ROLE
    return OF_USERS[user]
