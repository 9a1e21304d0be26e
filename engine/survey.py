"""What a domain publishes about its mail, beside where it goes: SPF, DMARC, MTA-STS, TLS-RPT, BIMI."""

import re
from collections.abc import Iterator

from engine.dmarc import DmarcReport, read_dmarc
from engine.exchange import LookupFailed, MailHosts, NoMail, Route
from engine.lookup import AskDns, Failure
from engine.name_lists import lists_in_use
from engine.reason import Reason
from engine.spf import SpfReport, read_spf
from engine.value import value


@value
class Survey:
    """What a domain publishes; None where the DNS did not say, or was not asked. Read at `taken_at` (Unix s).

    `has_bimi` says whether a logo is published that may be shown, for which DMARC must be enforced.
    `is_parked` says whether a service for domains without use answers for its name; only domains without an
    MX record are looked at for it.
    """

    domain: str
    taken_at: float
    spf: SpfReport | None = None
    dmarc: DmarcReport | None = None
    has_mta_sts: bool | None = None
    has_tls_rpt: bool | None = None
    has_bimi: bool | None = None
    is_parked: bool | None = None

    @property
    def is_sending_forbidden(self) -> bool:
        """Whether the domain says that nobody sends mail in its name (`v=spf1 -all`)."""
        return self.spf is not None and self.spf.is_closed


def is_worth_surveying(route: Route | None) -> bool:
    """Tell whether a domain's records are to be read: where nobody knows if it exists, that comes first."""
    return route is not None and not isinstance(route, LookupFailed)


async def survey(domain: str, route: Route, look_up: AskDns, now: float) -> Survey:
    """Read what a domain publishes; a name that does not exist is asked for nothing.

    Costs four TXT look-ups: SPF, DMARC, MTA-STS, TLS-RPT; a fifth, BIMI, where DMARC is enforced; one more
    for each record that SPF includes and the resolver's cache does not hold; one more for a subdomain
    without DMARC, and one NS for a domain without MX. No verdict rests on any of it, so
    `engine/surveyor.py` asks in the background, after the route is known, a few domains at a time, and of
    each one thing after the other: probing never waits, and the resolver is not crowded.
    """
    if isinstance(route, NoMail) and route.refusal is Reason.NO_SUCH_DOMAIN:
        return Survey(domain, now)
    dmarc = await read_dmarc(domain, look_up)
    return Survey(
        domain,
        now,
        spf=await read_spf(domain, look_up),
        dmarc=dmarc,
        has_mta_sts=await _announces(f"_mta-sts.{domain}", _MTA_STS, look_up),
        has_tls_rpt=await _announces(f"_smtp._tls.{domain}", _TLS_RPT, look_up),
        has_bimi=await _has_logo(domain, dmarc, look_up),
        is_parked=await _is_parked(domain, route, look_up),
    )


_MTA_STS = re.compile(r"v=STSv1\s*;(?:.*;)?\s*id=[A-Za-z0-9]{1,32}\s*(?:;.*)?")  # RFC 8461, 3.1
_TLS_RPT = re.compile(r"v=TLSRPTv1\s*;(?:.*;)?\s*rua=(?:mailto|https):.+")  # RFC 8460, 3
_BIMI = re.compile(r"v=BIMI1\s*;(?:.*;)?\s*l=https:.+")


async def _announces(name: str, form: re.Pattern[str], look_up: AskDns) -> bool | None:
    """Tell whether exactly one TXT record of a name has this form; None where the DNS did not say."""
    found = await look_up(name, "TXT")
    if isinstance(found, Failure):
        return None
    return sum(form.fullmatch(text) is not None for text in found.values) == 1


async def _has_logo(domain: str, dmarc: DmarcReport | None, look_up: AskDns) -> bool | None:
    """Tell whether a logo is published that mailboxes may show: none may, before DMARC is enforced."""
    if dmarc is not None and not dmarc.is_enforced:
        return False
    return await _announces(f"default._bimi.{domain}", _BIMI, look_up)


async def _is_parked(domain: str, route: Route, look_up: AskDns) -> bool | None:
    """Tell whether a domain without MX is held by a service for domains without use, by its name servers."""
    if isinstance(route, MailHosts) and not route.is_implicit:
        return None
    found = await look_up(domain, "NS")
    if isinstance(found, Failure):
        return None
    parking = lists_in_use().words("parking.txt")
    return any(end in parking for server in found.values for end in _ends(server))


def _ends(name: str) -> Iterator[str]:
    """Give a name, and each name that it is part of."""
    while name:
        yield name
        name = name.partition(".")[2]
