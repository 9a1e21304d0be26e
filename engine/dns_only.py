"""What the DNS alone tells of an address: whether its domain takes mail, and nothing of the mailbox. Pure."""

from engine.address import Address
from engine.batch import DomainFacts
from engine.exchange import LookupFailed, MailHosts
from engine.reason import Reason
from engine.traits import traits_of
from engine.verdict import Evidence

REASONS_BY_DNS = (
    Reason.NO_SUCH_DOMAIN,
    Reason.NULL_MX,
    Reason.NO_MAIL_HOST,
    Reason.DISPOSABLE,
    Reason.MISTYPED,
    Reason.DNS_FAILED,
    Reason.DNS_ONLY,
)
"""What an address may be told by the DNS alone, under whatever policy lets its domain be looked up."""


def evidence_by_dns(address: Address, facts: DomainFacts) -> Evidence:
    """Gather what is known of an address without asking its mail host."""
    route = facts.route
    return Evidence(
        address=address,
        traits=traits_of(address, route),
        route=route,
        provider=facts.provider,
        mx_host=route.hosts[0].name if isinstance(route, MailHosts) else "",
        withheld=None if isinstance(route, LookupFailed) else Reason.DNS_ONLY,
    )
