"""Asks the DNS where a domain's mail goes, and tells "no such domain" from "nobody could tell"."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pycares import DNSResult

from engine.dns_answers import Answers
from engine.dns_channels import Channels
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, Route
from engine.lookup import Exchange, Failure, Lookup, Question, Records
from engine.reason import Reason
from engine.settings import Settings
from engine.value import replace, value
from engine.verdict import TraceLine

_NXDOMAIN, _NODATA = 4, 1
_TYPES = {"MX": 15, "A": 1, "AAAA": 28, "TXT": 16, "NS": 2, "PTR": 12}
_FAILURES = {3: "SERVFAIL", 6: "REFUSED", 8: "bad name", 10: "bad answer", 11: "no resolver", 12: "timeout"}
NEGATIVE_SECONDS = 60.0
CACHE_ENTRIES = 50_000
KNOWN_NAME = "com"
MOST_HOSTS = 16
"""Mail hosts of a domain that are looked up; a zone may name hundreds, and no more than a few are tried."""

_Addresses = tuple[tuple[str, ...], str]
"""A host's addresses, and the DNS's word where a look-up failed."""


@value
class Resolution:
    """Where a domain's mail goes, and what was asked and answered to know it."""

    route: Route
    trace: tuple[TraceLine, ...]


class Resolver:
    """Looks names up, each once per TTL (`clock` gives seconds). Create it in the loop that uses it."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._families = ("A", "AAAA") if settings.prefer_ipv4 else ("AAAA", "A")
        self._is_sandboxed = settings.allow_private_networks
        self._channels = Channels(settings.resolvers, settings.dns_timeout_ms / 1000, clock)
        self._answers = Answers(CACHE_ENTRIES, clock)
        self._waiting: dict[Question, list[asyncio.Future[Lookup]]] = {}
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """Give the resolver's sockets back."""
        await self._channels.close()

    async def resolve(self, domain: str) -> Resolution:
        """Find a domain's mail hosts (RFC 5321, 5.1)."""
        route, lines = await self._route(domain)
        return Resolution(route, tuple(TraceLine("dns", line) for line in lines))

    async def refresh(self, route: MailHosts) -> MailHosts:
        """Look the hosts' addresses up again, so that what is connected to is what the DNS says now."""
        found = await self._addresses_of([host.name for host in route.hosts])
        hosts = tuple(_at(host, found[host.name][0]) for host in route.hosts)
        return route if hosts == route.hosts else replace(route, hosts=hosts)

    async def _route(self, domain: str) -> tuple[Route, list[str]]:
        found = await self.look_up(domain, "MX")
        lines = [f"MX {domain}: {_say(found)}"]
        if isinstance(found, Failure):
            return LookupFailed(Reason.DNS_FAILED, found.word), lines
        if not found.is_name_known:
            return await self._no_such_domain(lines)
        if _is_null_mx(found):
            return NoMail(Reason.NULL_MX), lines
        if found.exchanges:
            return await self._with_addresses(_by_preference(found), lines, is_implicit=False)
        return await self._with_addresses([Exchange(0, domain)], lines, is_implicit=True)

    async def _no_such_domain(self, lines: list[str]) -> tuple[Route, list[str]]:
        """Believe that there is no such domain only from a resolver that knows a name that surely is.

        Offline machines and captive networks deny every name, and drop questions when many come at once; the
        sandbox need not know the real names.
        """
        if self._is_sandboxed:
            return NoMail(Reason.NO_SUCH_DOMAIN), lines
        known = await self.look_up(KNOWN_NAME, "NS")
        if isinstance(known, Records) and known.is_name_known:
            return NoMail(Reason.NO_SUCH_DOMAIN), lines
        lines.append(f"NS {KNOWN_NAME}: {_say(known)}, so this resolver's no is not to be believed")
        detail = "denies even" if isinstance(known, Records) else "cannot look up even"
        return LookupFailed(Reason.DNS_FAILED, f"the resolver {detail} {KNOWN_NAME}"), lines

    async def _with_addresses(
        self, named: Sequence[Exchange], lines: list[str], *, is_implicit: bool
    ) -> tuple[Route, list[str]]:
        """Keep the hosts that have an address; where none has, tell "they have none" from "nobody knows"."""
        asked = named[:MOST_HOSTS]
        found = await self._addresses_of([each.host for each in asked])
        hosts: list[MailHost] = []
        unresolved: list[str] = []
        for each in asked:
            addresses, failure = found[each.host]
            lines.append(f"A/AAAA {each.host}: {', '.join(addresses) or failure or 'no address'}")
            if addresses:
                hosts.append(MailHost(each.host, each.preference, addresses))
            else:
                unresolved.append(each.host)
        if hosts:
            return MailHosts(tuple(hosts), is_implicit, tuple(unresolved)), lines
        failures = [failure for _, failure in found.values() if failure]
        if failures:
            return LookupFailed(Reason.DNS_FAILED, failures[0]), lines
        return NoMail(Reason.NO_MAIL_HOST), lines

    async def _addresses_of(self, names: Sequence[str]) -> dict[str, _Addresses]:
        """Give the hosts' addresses, the preferred family first; all questions go out at once."""
        found = await self._look_up_all([(name, kind) for name in names for kind in self._families])
        return {name: _joined([found[name, kind] for kind in self._families]) for name in names}

    async def _look_up_all(self, asked: Sequence[Question]) -> dict[Question, Lookup]:
        """Ask several questions at once."""
        known = {key: self._answers.get(key) or self._ask(key) for key in dict.fromkeys(asked)}
        return {key: await each if isinstance(each, asyncio.Future) else each for key, each in known.items()}

    async def look_up(self, name: str, kind: str) -> Lookup:
        """Ask for one name and type, from the cache where its TTL allows; equal questions go out once."""
        key = (name, kind)
        return self._answers.get(key) or await self._ask(key)

    def _ask(self, key: Question) -> asyncio.Future[Lookup]:
        """Send a question, unless it is under way; who stops waiting takes the answer from nobody else."""
        if key not in self._waiting:
            self._channels.ask(*key).add_done_callback(partial(self._pass_on, key))
            self._waiting[key] = []
        answered = self._loop.create_future()
        self._waiting[key].append(answered)
        return answered

    def _pass_on(self, key: Question, asked: asyncio.Future[DNSResult]) -> None:
        """Keep what was answered, and tell all who wait for it."""
        waiting = [each for each in self._waiting.pop(key) if not each.done()]
        try:
            found = _told(key[1], asked)
        except Exception as fault:  # noqa: BLE001 - a fault of ours is theirs to deal with, not the loop's
            for each in waiting:
                each.set_exception(fault)
            return
        if isinstance(found, Records):
            self._answers.keep(key, found)
        for each in waiting:
            each.set_result(found)


def _told(kind: str, asked: asyncio.Future[DNSResult]) -> Lookup:
    """Read what came of a question: records, a failure, or nothing in time."""
    if asked.cancelled():
        return Failure("timeout")
    if (error := asked.exception()) is not None:
        return _translate(int(error.args[0]))
    answer = asked.result().answer
    found = [record.data for record in answer if record.type == _TYPES[kind]]
    if not found:
        return Records(ttl=NEGATIVE_SECONDS)
    return _read(kind, found, min(record.ttl for record in answer))


def _joined(found: Sequence[Lookup]) -> _Addresses:
    addresses = tuple(ip for each in found if isinstance(each, Records) for ip in each.values)
    return addresses, next((each.word for each in found if isinstance(each, Failure)), "")


def _at(host: MailHost, addresses: tuple[str, ...]) -> MailHost:
    return host if host.addresses == addresses else replace(host, addresses=addresses)


def _translate(code: int) -> Lookup:
    if code in {_NXDOMAIN, _NODATA}:
        return Records(ttl=NEGATIVE_SECONDS, is_name_known=code == _NODATA)
    return Failure(_FAILURES.get(code, f"DNS error {code}"))


_VALUES: dict[str, Callable[[Any], str]] = {
    "A": lambda record: str(record.addr),
    "AAAA": lambda record: str(record.addr),
    "TXT": lambda record: str(record.data.decode("utf-8", "replace")),
    "NS": lambda record: _plain_name(record.nsdname),
    "PTR": lambda record: _plain_name(record.dname),
}


def _read(kind: str, found: list[Any], ttl: float) -> Records:
    if kind == "MX":
        exchanges = (Exchange(each.priority, _plain_name(each.exchange)) for each in found)
        return Records(exchanges=tuple(exchanges), ttl=ttl)
    return Records(tuple(_VALUES[kind](each) for each in found), ttl=ttl)


def _plain_name(name: str) -> str:
    return name.rstrip(".").lower()


def _is_null_mx(found: Records) -> bool:
    """Tell whether the domain says that it takes no mail (RFC 7505); beside other MX "." says nothing."""
    return bool(found.exchanges) and not any(each.host for each in found.exchanges)


def _by_preference(found: Records) -> list[Exchange]:
    """Order by preference; equal preferences at random (RFC 5321, 5.1)."""
    named = [each for each in found.exchanges if each.host]
    return sorted(named, key=lambda each: (each.preference, random.random()))  # noqa: S311 - spreads load


def _say(found: Lookup) -> str:
    if isinstance(found, Failure):
        return found.word
    if not found.is_name_known:
        return "no such domain"
    return ", ".join(f"{each.preference} {each.host or '.'}" for each in found.exchanges) or "none"
