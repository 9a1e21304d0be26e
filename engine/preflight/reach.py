"""Whether large mail hosts can be reached from here, and which address they see us come from."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence

from engine.connection import open_session
from engine.exchange import MailHosts
from engine.patience import patience_with
from engine.preflight.line import Check, Light, Line
from engine.reply import Reply, is_yes
from engine.resolver import Resolver
from engine.routable import is_routable
from engine.session import Session
from engine.settings import Settings
from engine.trace import Trace
from engine.value import replace, value

_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]+)\]")
_PORT_ADVICE = (
    "Ask the provider of this machine to open outbound port {port}, or run Winnow where it is open."
)


@value
class Tried:
    """How a domain's first mail host took us: what it said first, and the address it saw (`""`: untold).

    `ip` is `""` where the domain's host is not known; `said` is None where no connection was made.
    """

    domain: str
    ip: str = ""
    said: Reply | None = None
    seen_address: str = ""

    @property
    def is_connected(self) -> bool:
        """Whether the host said anything at all."""
        return self.said is not None


async def try_hosts(domains: Sequence[str], resolver: Resolver, settings: Settings) -> list[Tried]:
    """Greet the first mail host of each domain, all at once, and take leave."""
    return await asyncio.gather(*(_try_host(domain, resolver, settings) for domain in domains))


async def _try_host(domain: str, resolver: Resolver, settings: Settings) -> Tried:
    route = (await resolver.resolve(domain)).route
    ip = _first_address(route) if isinstance(route, MailHosts) else ""
    if not ip:
        return Tried(domain)
    session = await open_session(ip, Trace(), settings, patience_with("", settings), domain)
    if not isinstance(session, Session):
        return Tried(domain, ip)
    try:
        return await _greet(Tried(domain, ip), session, settings.helo)
    finally:
        await session.quit()


def _first_address(route: MailHosts) -> str:
    return next((address for host in route.hosts for address in host.addresses), "")


async def _greet(tried: Tried, session: Session, helo: str) -> Tried:
    banner = await session.hear_banner()
    if not isinstance(banner, Reply) or not is_yes(banner):
        return replace(tried, said=banner if isinstance(banner, Reply) else None)
    greeting = await session.greet("EHLO", helo)
    if not isinstance(greeting, Reply):
        return replace(tried, said=banner)
    return replace(tried, said=greeting, seen_address=_address_in(greeting.text) if is_yes(greeting) else "")


def _address_in(greeting: str) -> str:
    """Find the address a host greets us by, as many write it behind our name: `Hello x [192.0.2.1]`."""
    for found in _BRACKETED.findall(greeting.split("\n", maxsplit=1)[0]):
        try:
            return str(ipaddress.ip_address(found))
        except ValueError:
            continue
    return ""


def say_resolver(tried: Sequence[Tried]) -> Line:
    """Say whether the DNS resolver answers."""
    known = [each for each in tried if each.ip]
    if known:
        return Line(Check.RESOLVER, Light.GREEN, "The DNS resolver answers.")
    names = ", ".join(each.domain for each in tried)
    return Line(
        Check.RESOLVER,
        Light.RED,
        f"The DNS resolver finds no mail host of {names}.",
        "Check this machine's network and its resolver; RESOLVERS names another one.",
    )


def say_port(tried: Sequence[Tried], port: int) -> Line:
    """Say whether connections to the mail hosts' port get through."""
    known = [each for each in tried if each.ip]
    reached = [each for each in known if each.is_connected]
    if not known:
        return Line(
            Check.PORT, Light.AMBER, f"Port {port} could not be tried: no mail host's address is known."
        )
    if not reached:
        finding = (
            f"None of {len(known)} large mail hosts took a connection: outbound port {port} looks closed."
        )
        return Line(Check.PORT, Light.RED, finding, _PORT_ADVICE.format(port=port))
    refused = [each for each in reached if each.said and not is_yes(each.said)]
    finding = f"{len(reached)} of {len(known)} large mail hosts took a connection on port {port}"
    if not refused:
        return Line(Check.PORT, Light.GREEN, f"{finding}.")
    words = "; ".join(f"{each.domain}: {each.said.code} {each.said.text}" for each in refused if each.said)
    return Line(
        Check.PORT,
        Light.AMBER,
        f"{finding}, but {len(refused)} would not talk to us ({words}).",
        "Read what the host says; the lines on PTR, HELO and block lists below mostly tell why.",
    )


def own_address(tried: Sequence[Tried], settings: Settings, named: Sequence[str]) -> str:
    """Tell the address that hosts see us come from; `""` where nothing tells it.

    What a host says goes before our own view, which a NAT may hide, and that before the addresses of our
    HELO name (`named`), which only say what was meant.
    """
    seen = [each.seen_address for each in tried]
    local = [_local_address(each.ip, settings.source_address) for each in tried if each.ip]
    told = (*seen, *local, *named)
    return next((ip for ip in told if ip and (settings.allow_private_networks or is_routable(ip))), "")


def _local_address(target: str, source: str) -> str:
    """Tell which of this machine's addresses leads to a host; a connected UDP socket sends nothing."""
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            if source:
                probe.bind((source, 0))
            probe.connect((target, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])
