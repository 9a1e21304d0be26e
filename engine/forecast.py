"""What a list has ahead of it before anybody is asked, from the domains its addresses are at. Pure.

What an earlier list found out of a domain is used. Large free mail domains are known by name. Of all others
it is assumed that `GOOGLE` and `MICROSOFT` of them lie at the two large business providers, as in lists of
companies, that `WITHOUT_MAIL` take no mail or all of it, so that hardly anybody is asked there, and that the
others have hosts of their own.
"""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from engine.ahead import Ahead, Kind, Stretch
from engine.mailbox_rules import rule_name
from engine.provider import provider_named
from engine.settings import Settings

GOOGLE = 0.25
MICROSOFT = 0.4
WITHOUT_MAIL = 0.15
PUT_OFF = 0.03
"""Of all domains, how many greylist (RFC 6647)."""

LARGEST = 30
_OTHER_NAMES = {"gmail": "google", "aol": "yahoo"}
_SHARES = {"google": GOOGLE, "microsoft365": MICROSOFT}


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier list found out of a domain: who runs its hosts, and whether anybody is asked there."""

    provider: str = ""
    needs_probe: bool = True
    portion: int = 0


def known_by_name(domain: str) -> Known:
    """Tell of a large free mail domain who runs its hosts."""
    name = rule_name(domain)
    name = _OTHER_NAMES.get(name, name)
    return Known(name) if name and provider_named(name).name == name else Known()


def forecast(
    by_domain: Mapping[str, int], known: Mapping[str, Known], settings: Settings, reused: float = 0.0
) -> Ahead:
    """Say what a list has ahead of it: addresses by domain, of which a part (0-1) is answered already."""
    domains = [
        each
        for name, addresses in by_domain.items()
        if (each := _domain(name, addresses * (1 - reused), known.get(name) or known_by_name(name), settings))
    ]
    lanes = _lanes(domains)
    whole = Stretch(
        Kind.NUMBER,
        "",
        sum(each.stretch.addresses for each in domains),
        sum(each.stretch.sessions for each in domains),
    )
    providers = tuple(
        Stretch(Kind.PROVIDER, lane, round(addresses), round(sessions))
        for lane, (addresses, sessions) in lanes.items()
    )
    largest = heapq.nlargest(LARGEST, (each.stretch for each in domains), key=lambda each: each.sessions)
    return Ahead(
        (_part(whole, 1 - _without_mail(domains)), *providers, *largest),
        fresh_domains=len(domains),
        put_off_share=PUT_OFF,
    )


@dataclass(frozen=True, slots=True)
class _Domain:
    stretch: Stretch
    known: Known


def _domain(name: str, addresses: float, known: Known, settings: Settings) -> _Domain | None:
    count = round(addresses)
    if not count or not known.needs_probe:
        return None
    portion = known.portion or provider_named(known.provider).rcpts_per_session or settings.rcpts_per_session
    return _Domain(Stretch(Kind.DOMAIN, name, count, -(-count // portion)), known)


def _lanes(domains: list[_Domain]) -> dict[str, tuple[float, float]]:
    """Sum addresses and sessions up by provider; of domains of which nothing is known, the usual shares."""
    addresses: Counter[str] = Counter()
    sessions: Counter[str] = Counter()
    for each in domains:
        addresses[each.known.provider] += each.stretch.addresses
        sessions[each.known.provider] += each.stretch.sessions
    unknown = addresses.pop("", 0), sessions.pop("", 0)
    found = {lane: (float(addresses[lane]), float(sessions[lane])) for lane in addresses}
    for lane, share in _SHARES.items():
        more = found.get(lane, (0.0, 0.0))
        found[lane] = more[0] + share * unknown[0], more[1] + share * unknown[1]
    return found


def _without_mail(domains: list[_Domain]) -> float:
    """Say which part of all addresses need no question, though nothing is known of their domains."""
    everybody = sum(each.stretch.addresses for each in domains)
    unknown = sum(each.stretch.addresses for each in domains if not each.known.provider)
    return WITHOUT_MAIL * unknown / everybody if everybody else 0.0


def _part(stretch: Stretch, share: float) -> Stretch:
    return Stretch(
        stretch.kind, stretch.name, round(stretch.addresses * share), round(stretch.sessions * share)
    )
