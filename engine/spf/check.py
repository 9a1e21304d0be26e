"""Whether a host may send mail for a sender: check_host() of RFC 7208, 4."""

import ipaddress
from collections.abc import Awaitable, Callable
from enum import StrEnum

from engine.lookup import AskDns, Failure, Records
from engine.spf.macro import IpAddress, Scene, expand
from engine.spf.record import (
    MOST_LOOK_UPS,
    Directive,
    Kind,
    Published,
    Qualifier,
    SpfRecord,
    is_domain,
    published_at,
)
from engine.value import replace

MOST_VOIDS = 2
MOST_NAMES = 10
POSTMASTER = "postmaster"


class SpfResult(StrEnum):
    """The results of check_host() (RFC 7208, 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - SPF's word
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


_RESULTS = {
    Qualifier.PASS: SpfResult.PASS,
    Qualifier.FAIL: SpfResult.FAIL,
    Qualifier.SOFTFAIL: SpfResult.SOFTFAIL,
    Qualifier.NEUTRAL: SpfResult.NEUTRAL,
}


class _Ended(Exception):
    """The check ends here, whatever stands further on: `result` is a permerror or a temperror."""

    def __init__(self, result: SpfResult) -> None:
        super().__init__(result)
        self.result = result


async def evaluate(ip: str, domain: str, sender: str, look_up: AskDns, *, helo: str = "") -> SpfResult:
    """Tell what a domain's SPF says of an IP address that sends for `sender` (RFC 7208, 4).

    `domain` is the sender's, or the HELO name where MAIL FROM is empty.
    """
    scene = Scene(_unmapped(ip), _whole_sender(sender, domain), domain.rstrip(".").lower(), helo)
    check = _Check(look_up, scene)
    try:
        return await check.result()
    except _Ended as ended:
        return ended.result


def _whole_sender(sender: str, domain: str) -> str:
    """Give a sender without a local part the one that RFC 7208, 4.3 gives it."""
    local_part, _, host = sender.rpartition("@")
    return f"{local_part or POSTMASTER}@{host or domain}"


def _unmapped(ip: str) -> IpAddress:
    """Take an IPv4 address out of the IPv6 form it may be given in (RFC 7208, 5)."""
    address = ipaddress.ip_address(ip)
    return getattr(address, "ipv4_mapped", None) or address


class _Check:
    """One check and all that it includes, which share the limits on look-ups (RFC 7208, 4.6.4)."""

    def __init__(self, look_up: AskDns, scene: Scene) -> None:
        self._look_up = look_up
        self._scene = scene
        self._look_ups = 0
        self._voids = 0

    async def result(self) -> SpfResult:
        """Check the domain at which it begins."""
        published = await published_at(self._scene.domain, self._look_up)
        return SpfResult.NONE if published is None else await self._at(published, self._scene)

    async def _at(self, published: Published, scene: Scene) -> SpfResult:
        if isinstance(published, Failure):
            raise _Ended(SpfResult.TEMPERROR)
        if not isinstance(published, SpfRecord):
            raise _Ended(SpfResult.PERMERROR)
        for directive in published.heeded:
            if await self._matches(directive, scene):
                return _RESULTS[directive.qualifier]
        if published.redirect and published.last_word is None:
            self._count()
            return await self._in_place_of(expand(published.redirect, scene), scene)
        return SpfResult.NEUTRAL

    async def _in_place_of(self, target: str, scene: Scene) -> SpfResult:
        """Check another domain's record in place of this one; it must have one (RFC 7208, 5.2 and 6.1)."""
        published = await published_at(target, self._look_up)
        return await self._at(published, replace(scene, domain=target))

    async def _matches(self, directive: Directive, scene: Scene) -> bool:
        if directive.kind is Kind.ALL:
            return True
        if directive.network is not None:
            return scene.ip in directive.network
        self._count()
        target = expand(directive.target, scene) if directive.target else scene.domain
        return await _MATCHES[directive.kind](self, directive, target, scene)

    def _count(self) -> None:
        self._look_ups += 1
        if self._look_ups > MOST_LOOK_UPS:
            raise _Ended(SpfResult.PERMERROR)

    async def _ask(self, name: str, kind: str) -> Records:
        """Ask what a directive names; no more than two of them may find nothing."""
        found = await self._ask_plainly(name, kind)
        self._voids += found.is_void
        if self._voids > MOST_VOIDS:
            raise _Ended(SpfResult.PERMERROR)
        return found

    async def _ask_plainly(self, name: str, kind: str) -> Records:
        found = await self._look_up(name, kind) if is_domain(name) else Records(is_name_known=False)
        if isinstance(found, Failure):
            raise _Ended(SpfResult.TEMPERROR)
        return found

    async def _includes(self, _: Directive, target: str, scene: Scene) -> bool:
        return await self._in_place_of(target, scene) is SpfResult.PASS

    async def _is_at(self, directive: Directive, target: str, scene: Scene) -> bool:
        return _is_near(directive, await self._ask(target, _address_type(scene)), scene)

    async def _is_mail_host(self, directive: Directive, target: str, scene: Scene) -> bool:
        hosts = [each.host for each in (await self._ask(target, "MX")).exchanges if each.host]
        if len(hosts) > MOST_NAMES:
            raise _Ended(SpfResult.PERMERROR)
        for host in hosts:
            if _is_near(directive, await self._ask_plainly(host, _address_type(scene)), scene):
                return True
        return False

    async def _is_named(self, _: Directive, target: str, scene: Scene) -> bool:
        """Tell whether the address has a name within the domain that leads back to it (RFC 7208, 5.5)."""
        found = await self._look_up(scene.ip.reverse_pointer, "PTR")
        names = found.values[:MOST_NAMES] if isinstance(found, Records) else ()
        for name in names:
            if f".{name}".endswith(f".{target.lower()}") and await self._leads_back(name, scene):
                return True
        return False

    async def _leads_back(self, name: str, scene: Scene) -> bool:
        found = await self._look_up(name, _address_type(scene))
        return isinstance(found, Records) and scene.ip in map(ipaddress.ip_address, found.values)

    async def _exists(self, _: Directive, target: str, _scene: Scene) -> bool:
        return not (await self._ask(target, "A")).is_void


_MATCHES: dict[Kind, Callable[[_Check, Directive, str, Scene], Awaitable[bool]]] = {
    Kind.INCLUDE: _Check._includes,  # noqa: SLF001 - its own table
    Kind.A: _Check._is_at,  # noqa: SLF001
    Kind.MX: _Check._is_mail_host,  # noqa: SLF001
    Kind.PTR: _Check._is_named,  # noqa: SLF001
    Kind.EXISTS: _Check._exists,  # noqa: SLF001
}


def _address_type(scene: Scene) -> str:
    return "A" if isinstance(scene.ip, ipaddress.IPv4Address) else "AAAA"


def _is_near(directive: Directive, found: Records, scene: Scene) -> bool:
    """Tell whether the sender's address is one of these, or in the directive's network round them."""
    prefix = directive.prefix4 if isinstance(scene.ip, ipaddress.IPv4Address) else directive.prefix6
    return any(scene.ip in ipaddress.ip_network(f"{ip}/{prefix}", strict=False) for ip in found.values)
