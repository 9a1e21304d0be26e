"""Asks the DNS where a domain's mail goes, and tells "no such domain" from "nobody could tell"."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import aiodns
from cachetools import TLRUCache

from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, Route
from engine.reason import Reason
from engine.settings import Settings
from engine.verdict import TraceLine

_NXDOMAIN, _NODATA = 4, 1
_TYPES = {"MX": 15, "A": 1, "AAAA": 28, "TXT": 16, "NS": 2}
_FAILURES = {3: "SERVFAIL", 6: "REFUSED", 8: "bad name", 10: "bad answer", 11: "no resolver", 12: "timeout"}
CACHE_SECONDS = 300.0
NEGATIVE_SECONDS = 60.0
CACHE_ENTRIES = 50_000
TEXT_LIMIT = 512
KNOWN_NAME = "com"
TRIES = 2


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one name and type, as the DNS gave them. Empty means that there are none (NODATA)."""

    values: tuple[Any, ...]
    ttl: float
    is_name_known: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """The DNS gave no usable answer, in the DNS's own word."""

    word: str


Lookup = Records | Failure


@dataclass(frozen=True, slots=True)
class Resolution:
    """All that the DNS says of a domain.

    SPF and DMARC are the record's text, `""` where there is none, None where the DNS did not say.
    """

    route: Route
    spf: str | None
    dmarc: str | None
    trace: tuple[TraceLine, ...]


class Resolver:
    """Looks domains up, each name once per TTL. Create it inside the loop that uses it."""

    def __init__(self, settings: Settings) -> None:
        self._timeout = settings.dns_timeout_ms / 1000
        self._is_ipv4_first = settings.prefer_ipv4
        self._is_sandboxed = settings.allow_private_networks
        self._dns = aiodns.DNSResolver(
            nameservers=list(settings.resolvers) or None, timeout=self._timeout / TRIES, tries=TRIES
        )
        self._cache: TLRUCache[tuple[str, str], Lookup] = TLRUCache(
            CACHE_ENTRIES, ttu=lambda _, found, now: now + _lifetime(found), timer=time.monotonic
        )
        self._pending: dict[tuple[str, str], asyncio.Task[Lookup]] = {}

    async def close(self) -> None:
        """Give the resolver's sockets back."""
        await self._dns.close()

    async def resolve(self, domain: str) -> Resolution:
        """Find a domain's mail hosts (RFC 5321, 5.1), and its SPF and DMARC records."""
        route, lines = await self._route(domain)
        spf: str | None = None
        dmarc: str | None = None
        if isinstance(route, MailHosts):
            spf, dmarc = await asyncio.gather(
                self._text(domain, "v=spf1"), self._text(f"_dmarc.{domain}", "v=DMARC1")
            )
        return Resolution(route, spf, dmarc, tuple(TraceLine("dns", line) for line in lines))

    async def refresh(self, route: MailHosts) -> MailHosts:
        """Look the hosts' addresses up again, so that what is connected to is what the DNS says now."""
        found = await asyncio.gather(*(self._addresses(host.name) for host in route.hosts))
        hosts = tuple(
            MailHost(host.name, host.preference, addresses)
            for host, (addresses, _) in zip(route.hosts, found, strict=True)
        )
        return MailHosts(hosts, route.is_implicit)

    async def _route(self, domain: str) -> tuple[Route, list[str]]:
        exchanges = await self.look_up(domain, "MX")
        lines = [f"MX {domain}: {_say(exchanges, _say_exchange)}"]
        if isinstance(exchanges, Failure):
            return LookupFailed(Reason.DNS_FAILED, exchanges.word), lines
        if not exchanges.is_name_known:
            return await self._no_such_domain(lines)
        if _is_null_mx(exchanges):
            return NoMail(Reason.NULL_MX), lines
        is_implicit = not exchanges.values
        named = [(domain, 0)] if is_implicit else _by_preference(exchanges)
        return await self._with_addresses(named, lines, is_implicit=is_implicit)

    async def _no_such_domain(self, lines: list[str]) -> tuple[Route, list[str]]:
        """Believe that there is no such domain, unless the resolver says so of every name there is.

        Offline machines and captive networks have such resolvers; the sandbox need not know the real names.
        """
        known = None if self._is_sandboxed else await self.look_up(KNOWN_NAME, "NS")
        if isinstance(known, Records) and not known.is_name_known:
            lines.append(f"NS {KNOWN_NAME}: no such domain either, so this resolver is not to be believed")
            return LookupFailed(Reason.DNS_FAILED, f"the resolver denies even {KNOWN_NAME}"), lines
        return NoMail(Reason.NO_SUCH_DOMAIN), lines

    async def _with_addresses(
        self, named: list[tuple[str, int]], lines: list[str], *, is_implicit: bool
    ) -> tuple[Route, list[str]]:
        found = await asyncio.gather(*(self._addresses(name) for name, _ in named))
        hosts = []
        for (name, preference), (addresses, failure) in zip(named, found, strict=True):
            lines.append(f"A/AAAA {name}: {_joined(addresses) or failure or 'no address'}")
            if addresses:
                hosts.append(MailHost(name, preference, addresses))
        if hosts:
            return MailHosts(tuple(hosts), is_implicit), lines
        failures = [failure for _, failure in found if failure]
        if failures:
            return LookupFailed(Reason.DNS_FAILED, failures[0]), lines
        return NoMail(Reason.NO_MAIL_HOST), lines

    async def _addresses(self, name: str) -> tuple[tuple[str, ...], str]:
        """Give a host's addresses, the preferred family first, and the DNS's word where a look-up failed."""
        four, six = await asyncio.gather(self.look_up(name, "A"), self.look_up(name, "AAAA"))
        ordered = (four, six) if self._is_ipv4_first else (six, four)
        addresses = tuple(
            value.addr for found in ordered if isinstance(found, Records) for value in found.values
        )
        failure = next((found.word for found in ordered if isinstance(found, Failure)), "")
        return addresses, failure

    async def _text(self, name: str, version: str) -> str | None:
        found = await self.look_up(name, "TXT")
        if isinstance(found, Failure):
            return None
        texts = (value.data.decode("utf-8", "replace") for value in found.values)
        return next((text[:TEXT_LIMIT] for text in texts if text.lower().startswith(version.lower())), "")

    async def look_up(self, name: str, kind: str) -> Lookup:
        """Ask for one name and type, from the cache where its TTL allows; equal questions go out once."""
        key = (name, kind)
        if (known := self._cache.get(key)) is not None:
            return known
        task = self._pending.get(key)
        if task is None:
            task = asyncio.create_task(self._ask_and_keep(name, kind))
            self._pending[key] = task
            task.add_done_callback(lambda _: self._pending.pop(key, None))
        return await asyncio.shield(task)

    async def _ask_and_keep(self, name: str, kind: str) -> Lookup:
        found = await self._ask(name, kind)
        if isinstance(found, Records):
            self._cache[name, kind] = found
        return found

    async def _ask(self, name: str, kind: str) -> Lookup:
        try:
            async with asyncio.timeout(self._timeout):
                result = await self._dns.query_dns(name, kind)
        except TimeoutError:
            return Failure("timeout")
        except aiodns.error.DNSError as error:
            return _translate(int(error.args[0]))
        records = [record for record in result.answer if record.type == _TYPES[kind]]
        ttl = min((record.ttl for record in records), default=NEGATIVE_SECONDS)
        return Records(tuple(record.data for record in records), ttl)


def _translate(code: int) -> Lookup:
    if code in {_NXDOMAIN, _NODATA}:
        return Records((), NEGATIVE_SECONDS, is_name_known=code == _NODATA)
    return Failure(_FAILURES.get(code, f"DNS error {code}"))


def _lifetime(found: Lookup) -> float:
    return min(found.ttl, CACHE_SECONDS) if isinstance(found, Records) else 0.0


def _is_null_mx(exchanges: Records) -> bool:
    return bool(exchanges.values) and all(not mx.exchange.rstrip(".") for mx in exchanges.values)


def _by_preference(exchanges: Records) -> list[tuple[str, int]]:
    """Order by preference; equal preferences at random (RFC 5321, 5.1)."""
    named = [(mx.exchange.rstrip(".").lower(), mx.priority) for mx in exchanges.values if mx.exchange]
    return sorted(named, key=lambda pair: (pair[1], random.random()))  # noqa: S311 - spreads load, no secret


def _say(found: Lookup, each: Callable[[Any], str]) -> str:
    if isinstance(found, Failure):
        return found.word
    if not found.is_name_known:
        return "no such domain"
    return _joined(each(value) for value in found.values) or "none"


def _say_exchange(mx: Any) -> str:
    return f"{mx.priority} {mx.exchange or '.'}"


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)
