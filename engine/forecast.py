"""What a list has ahead of it before anybody is asked, from the domains its addresses are at. Pure.

What an earlier list found out of a domain is used. Large free mail domains are known by name. Of all others
it is assumed that `GOOGLE` and `MICROSOFT` of them lie at the two large business providers, as in lists of
companies, that `WITHOUT_MAIL` take no mail or all of it, so that hardly anybody is asked there, and that the
others have hosts of their own. Those at Google have the same MX hosts and share sessions; Microsoft gives
each domain a host name of its own.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine.ahead import Ahead, Kind, Stretch
from engine.mailbox_rules import rule_name
from engine.provider import provider_named
from engine.settings import Settings
from engine.sharing import Crowd, domains_together, sessions_of, stretch_of
from engine.value import value

GOOGLE = 0.25
MICROSOFT = 0.4
WITHOUT_MAIL = 0.15
PUT_OFF = 0.03
"""Of all domains, how many greylist (RFC 6647)."""

LARGEST = 30
_OTHER_NAMES = {"gmail": "google", "aol": "yahoo"}
_LANELESS = frozenset({"", "other"})


@value
class Known:
    """What an earlier list found out of a domain: who runs its hosts, and whether anybody is asked there.

    `route_key` tells MX sets apart (`""`: the domain shares no session). `is_decided` where no made-up
    address is asked any more.
    """

    provider: str = ""
    needs_probe: bool = True
    portion: int = 0
    route_key: str = ""
    is_decided: bool = False


def known_by_name(domain: str) -> Known:
    """Tell of a large free mail domain who runs its hosts."""
    name = rule_name(domain)
    name = _OTHER_NAMES.get(name, name)
    return Known(name) if name and provider_named(name).name == name else Known()


def forecast(
    by_domain: Mapping[str, int],
    known: Mapping[str, Known],
    settings: Settings,
    reused: float = 0.0,
    taught: frozenset[str] = frozenset(),
) -> Ahead:
    """Say what a list has ahead of it: addresses by domain, of which a part (0-1) is answered already.

    Of the MX sets with no provider's name, those are lanes of their own that are `taught` (route keys).
    """
    domains = [
        each
        for name, addresses in by_domain.items()
        if (each := _domain(name, addresses * (1 - reused), known.get(name) or known_by_name(name), settings))
    ]
    crowds = [
        *_crowds([each for each in domains if each.known.provider], taught),
        *_unknown(domains, settings),
    ]
    largest = heapq.nlargest(LARGEST, (each.stretch for each in domains), key=lambda each: each.sessions)
    return Ahead((*stretches_of(crowds), *largest), fresh_domains=len(domains), put_off_share=PUT_OFF)


def stretches_of(crowds: Sequence[Crowd]) -> list[Stretch]:
    """Give the stretch of all crowds, and those of the lanes that have a name."""
    by_lane = defaultdict(list)
    for each in crowds:
        by_lane[each.lane].append(each)
    lanes = [stretch_of(Kind.PROVIDER, lane, members) for lane, members in by_lane.items() if lane]
    return [stretch_of(Kind.NUMBER, "", crowds), *lanes]


def assumed(addresses: float, visits: float, made_up: float, portion: int) -> list[Crowd]:
    """Say where domains lie, and in how many sessions they are asked, of which nothing is known."""
    google = sessions_of(GOOGLE * visits, GOOGLE * (addresses + made_up), portion, domains_together("google"))
    elsewhere = 1 - GOOGLE - MICROSOFT - WITHOUT_MAIL
    return [
        Crowd("google", GOOGLE * addresses, GOOGLE * visits, google, GOOGLE * made_up),
        *(
            Crowd(lane, share * addresses, share * visits, share * visits, share * made_up)
            for lane, share in (("microsoft365", MICROSOFT), ("", elsewhere))
        ),
    ]


@value
class _Domain:
    stretch: Stretch
    known: Known
    portion: int

    @property
    def has_made_up(self) -> bool:
        return not self.known.is_decided and provider_named(self.known.provider).bears_decoys


def _domain(name: str, addresses: float, known: Known, settings: Settings) -> _Domain | None:
    count = round(addresses)
    if not count or not known.needs_probe:
        return None
    portion = known.portion or provider_named(known.provider).rcpts_per_session or settings.rcpts_per_session
    return _Domain(Stretch(Kind.DOMAIN, name, count, -(-count // portion)), known, portion)


def _unknown(domains: Sequence[_Domain], settings: Settings) -> list[Crowd]:
    unknown = [each.stretch for each in domains if not each.known.provider]
    addresses, visits = (
        sum(counts) for counts in ((e.addresses for e in unknown), (e.sessions for e in unknown))
    )
    return assumed(addresses, visits, len(unknown), settings.rcpts_per_session) if unknown else []


def _crowds(domains: Sequence[_Domain], taught: frozenset[str]) -> list[Crowd]:
    """Put those together that lie behind the same MX hosts."""
    mates = defaultdict(list)
    for each in domains:
        mates[each.known.route_key or each.stretch.name].append(each)
    return [_crowd(members, taught) for members in mates.values()]


def _crowd(members: Sequence[_Domain], taught: frozenset[str]) -> Crowd:
    known = members[0].known
    addresses = sum(each.stretch.addresses for each in members)
    visits = sum(each.stretch.sessions for each in members)
    made_up = sum(each.has_made_up for each in members)
    portion = max(each.portion for each in members)
    sessions = sessions_of(visits, addresses + made_up, portion, domains_together(known.provider))
    own_lane = known.route_key if known.route_key in taught else ""
    lane = own_lane if known.provider in _LANELESS else known.provider
    return Crowd(lane, addresses, visits, sessions, made_up)
