"""The kinds of domain a built world is mixed of, each with its share, its behaviour and its users."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.behaviour import (
    NEVER,
    ORDINARY,
    AcceptAll,
    Behaviour,
    Blocked,
    ClosesAfter,
    DropsAfter,
    Greylisting,
    LimitsRecipients,
    Ordinary,
    RateLimited,
    RelayDenied,
    User,
)
from sandbox.domain import Answering, Delivery, OwnHost, SharedHosts
from sandbox.host import OPEN, Door, Open, Shut, Silent, Slammed, Tls
from sandbox.names import NULL_MX, Alias, NoAnswer, Records
from sandbox.truth import ROLES

DEAD_HOST = "mx.fallow.sandbox"
ALIASED = "granary.sandbox"
PROVIDERS = (
    ("mx1.harvestmail.sandbox", "mx2.harvestmail.sandbox"),
    ("mx1.orchardpost.sandbox", "mx2.orchardpost.sandbox"),
    ("mx1.millpost.sandbox",),
    ("mx1.sheafmail.sandbox",),
    ("mx1.threshpost.sandbox",),
    ("mx1.silomail.sandbox",),
)
GOOGLE = ("aspmx.l.google.com", "alt1.aspmx.l.google.com")
MICROSOFT = ("edge.mail.protection.outlook.com",)
OUTLOOK = ("outlook-com.olc.protection.outlook.com",)
SHARED_DOORS: dict[str, Door] = {
    **{host: OPEN for hosts in (*PROVIDERS, GOOGLE, MICROSOFT, OUTLOOK) for host in hosts},
    DEAD_HOST: Shut(),
}
MIXED_USERS = {User.EXISTING: 3, User.MISSING: 1}
EXISTING = {User.EXISTING: 1}
ANY_PROVIDER = SharedHosts(())
PARKED = Records(txt=("v=spf1 -all",), ns=("ns1.sedoparking.com", "ns2.sedoparking.com"))
VAGUE_REFUSAL = "550 requested action not taken: mailbox unavailable"
EDGE_REFUSAL = "550 5.4.1 Recipient address rejected: Access denied"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of domain: its share of a world's rows (a weight), and what its domains are like.

    `users` weighs how its users stand. ANY_PROVIDER stands for the hosts of some provider. A kind with a
    `domain` has only that one domain, and `written` is how lists spell it; `largest` bounds a domain's users.
    """

    name: str
    weight: float
    behaviour: Behaviour = ORDINARY
    delivery: Delivery = ANY_PROVIDER
    users: Mapping[User, int] = field(default_factory=lambda: MIXED_USERS)
    domain: str = ""
    written: str = ""
    largest: int = 1_000_000
    has_roles: bool = False
    is_disposable: bool = False
    is_microsoft: bool = False


def kinds_of(*, greylist_delay_s: float, slow_banner_s: float) -> tuple[Kind, ...]:
    """List all kinds; the two times are in seconds."""
    return (*_at_providers(), *_in_the_dns(), *_at_the_door(slow_banner_s), *_in_sessions(greylist_delay_s))


def _at_providers() -> tuple[Kind, ...]:
    """Domains that answer each mailbox by how it stands, or take all."""
    return (
        Kind("plain", 30),
        Kind("google", 5, delivery=SharedHosts(GOOGLE), domain="gmail.com"),
        Kind("microsoft", 5, Ordinary(EDGE_REFUSAL), SharedHosts(MICROSOFT), is_microsoft=True),
        Kind("outlook", 0, LimitsRecipients(1), SharedHosts(OUTLOOK), domain="outlook.com"),
        Kind("vague", 0, Ordinary(VAGUE_REFUSAL)),
        Kind("role", 4, users=EXISTING, largest=len(ROLES), has_roles=True),
        Kind("disabled", 3, users={User.DISABLED: 1}),
        Kind("full", 3, users={User.FULL: 1}),
        Kind("full_for_now", 2, users={User.FULL_FOR_NOW: 1}),
        Kind("accept_all", 12, AcceptAll(), users={User.EXISTING: 2, User.MISSING: 1}),
        Kind("disposable", 3, AcceptAll(), OwnHost(), EXISTING, domain="mailinator.com", is_disposable=True),
        Kind("idn", 1, domain="xn--bcher-kva.sandbox", written="bücher.sandbox"),
    )


def _in_the_dns() -> tuple[Kind, ...]:
    """Domains that are special in the DNS."""
    nowhere = Records(mx=((10, "mx.nowhere.sandbox"),))
    return (
        Kind("no_such_domain", 4, delivery=Answering(NoAnswer.NXDOMAIN)),
        Kind("typo", 1, delivery=Answering(NoAnswer.NXDOMAIN), domain="gmial.com"),
        Kind("null_mx", 2, delivery=Answering(Records(mx=NULL_MX, txt=("v=spf1 -all",)))),
        Kind("no_mail_host", 2, delivery=Answering(PARKED)),
        Kind("mx_without_address", 1.5, delivery=Answering(nowhere)),
        Kind("dns_servfail", 1.5, delivery=Answering(NoAnswer.SERVFAIL)),
        Kind("dns_silence", 1, delivery=Answering(NoAnswer.SILENCE)),
        Kind("implicit_mx", 1, delivery=OwnHost(is_implicit=True)),
        Kind("alias", 1, delivery=Answering(Alias(ALIASED))),
        Kind("backup_mx", 1, delivery=SharedHosts((DEAD_HOST, PROVIDERS[0][0]))),
    )


def _at_the_door(slow_banner_s: float) -> tuple[Kind, ...]:
    """Domains whose hosts receive a connection in their own way."""
    return (
        Kind("slow_banner", 1.5, delivery=OwnHost(Open(after_s=slow_banner_s))),
        Kind("multi_line_banner", 2, delivery=OwnHost(Open(lines=3))),
        Kind("session_limit", 1.5, delivery=OwnHost(Open(at_once=2))),
        Kind("silent", 1.5, delivery=OwnHost(Silent())),
        Kind("refused", 1.5, delivery=OwnHost(Shut())),
        Kind("dropped_at_connect", 1.5, delivery=OwnHost(Slammed())),
        Kind("tls_offered", 3, delivery=OwnHost(Open(tls=Tls.OFFERED))),
        Kind("tls_required", 1.5, delivery=OwnHost(Open(tls=Tls.REQUIRED))),
        Kind("tls_broken", 1, delivery=OwnHost(Open(tls=Tls.BROKEN))),
        Kind("tls_broken_required", 0.5, delivery=OwnHost(Open(tls=Tls.BROKEN_REQUIRED))),
    )


def _in_sessions(greylist_delay_s: float) -> tuple[Kind, ...]:
    """Domains whose answers depend on the session, on time, or on who asks."""
    return (
        Kind("greylisting", 6, Greylisting(greylist_delay_s), OwnHost()),
        Kind("greylisting_for_ever", 2, Greylisting(NEVER), OwnHost()),
        Kind("blocked", 2, Blocked(), OwnHost()),
        Kind("rate_limited", 1.5, RateLimited(), OwnHost()),
        Kind("relay_denied", 1, RelayDenied(), OwnHost()),
        Kind("closes_after", 1.5, ClosesAfter(5), OwnHost()),
        Kind("drops_after", 1, DropsAfter(5), OwnHost()),
        Kind("limits_recipients", 1.5, LimitsRecipients(5), OwnHost()),
    )
