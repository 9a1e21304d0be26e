"""Whether what we say of ourselves holds: PTR, HELO, and a sender whose SPF allows our address."""

import ipaddress
import re
from collections.abc import Sequence

from engine.exchange import LookupFailed, MailHosts
from engine.lookup import AskDns, Failure, Records
from engine.preflight.line import Check, Light, Line
from engine.resolver import Resolver
from engine.settings import Settings
from engine.spf import SpfResult, evaluate

_DIAL_UP = re.compile(
    r"\b(dyn|dynamic|dsl|adsl|dhcp|pool|dial|cable|broadband|customer|client)\b|\d+[-.]\d+[-.]\d+"
)
_PTR_ADVICE = "Ask whoever gave you the address to set its PTR record to {helo}."


def reverse_name(ip: str) -> str:
    """Give the name under which the DNS keeps what it knows of an address (RFC 1035, 3.5; RFC 3596, 2.5)."""
    return ipaddress.ip_address(ip).reverse_pointer


async def addresses_of(name: str, ask: AskDns) -> tuple[str, ...]:
    """Give all addresses of a host name."""
    found = (await ask(name, "A"), await ask(name, "AAAA"))
    return tuple(value for each in found if isinstance(each, Records) for value in each.values)


def say_address(address: str) -> Line:
    """Say which address hosts see."""
    if address:
        return Line(Check.ADDRESS, Light.GREEN, f"Mail hosts see us come from {address}.")
    return Line(
        Check.ADDRESS,
        Light.AMBER,
        "This machine's public address is not known, so PTR record and block lists were not looked at.",
        "Give the name in VALIDATOR_HELO an address record of this machine's public address.",
    )


async def say_ptr(address: str, helo: str, ask: AskDns) -> Line:
    """Say whether our address has a name (PTR), and whether that name leads back (RFC 1912, 2.1)."""
    advice = _PTR_ADVICE.format(helo=helo)
    found = await ask(reverse_name(address), "PTR")
    if isinstance(found, Failure):
        return Line(
            Check.PTR, Light.AMBER, f"The PTR record of {address} could not be looked up: {found.word}."
        )
    if not found.values:
        finding = f"{address} has no PTR record, and many hosts refuse such addresses."
        return Line(Check.PTR, Light.RED, finding, advice)
    name = helo if helo in found.values else found.values[0]
    if address not in await addresses_of(name, ask):
        finding = f"The PTR record of {address} says {name}, but {name} does not lead back to it."
        return Line(Check.PTR, Light.RED, finding, advice)
    if name != helo:
        finding = f"The PTR record of {address} says {name}, but we greet hosts as {helo}."
        return Line(Check.PTR, Light.AMBER, finding, f"{advice} Or set VALIDATOR_HELO to {name}.")
    if _DIAL_UP.search(name):
        finding = f"The PTR record of {address} says {name}, which looks like a dial-up line's name."
        return Line(Check.PTR, Light.AMBER, finding, "Give the address a name that looks like a mail host's.")
    return Line(Check.PTR, Light.GREEN, f"{address} and {name} name each other.")


def say_helo(helo: str, named: Sequence[str], address: str, *, is_name_real: bool) -> Line:
    """Say whether our HELO name exists and leads to us. `named` holds its addresses."""
    if not is_name_real:
        finding = f"We have no public name to greet hosts with (now: {helo}), so no host is asked."
        return Line(
            Check.HELO, Light.RED, finding, "Set VALIDATOR_HELO to a name that leads to this machine."
        )
    if not named:
        finding = f"Our HELO name {helo} has no address, and many hosts refuse such names."
        return Line(Check.HELO, Light.RED, finding, f"Give {helo} an address record, or set VALIDATOR_HELO.")
    if address and address not in named:
        finding = f"Our HELO name {helo} leads to {', '.join(named)}, not to {address}."
        return Line(Check.HELO, Light.AMBER, finding, f"Point {helo} to {address}, or set VALIDATOR_HELO.")
    return Line(Check.HELO, Light.GREEN, f"Our HELO name {helo} leads to this machine.")


async def say_sender(settings: Settings, resolver: Resolver) -> Line:
    """Say whether the domain of our sender could take an answer; hosts verify that."""
    domain = _sender_domain(settings)
    route = (await resolver.resolve(domain)).route
    if isinstance(route, MailHosts):
        return Line(Check.SENDER, Light.GREEN, f"Our sender's domain {domain} takes mail.")
    if isinstance(route, LookupFailed):
        return Line(Check.SENDER, Light.AMBER, f"Our sender's domain {domain} could not be looked up.")
    return Line(
        Check.SENDER,
        Light.RED,
        f"Our sender's domain {domain} takes no mail, and many hosts refuse such senders.",
        f"Give {domain} an MX record, or set VALIDATOR_MAIL_FROM to an address that exists.",
    )


async def say_spf(address: str, settings: Settings, ask: AskDns) -> Line:
    """Say whether our sender's SPF record allows our address (RFC 7208)."""
    domain = _sender_domain(settings)
    result = await evaluate(address, domain, settings.mail_from, ask)
    light, finding = _SPF[result]
    advice = (
        ""
        if light is Light.GREEN
        else f"Let the SPF record of {domain} name {address}, as in: {_record(address)}"
    )
    return Line(Check.SPF, light, finding.format(domain=domain, address=address), advice)


def _record(address: str) -> str:
    kind = "ip6" if ":" in address else "ip4"
    return f"v=spf1 {kind}:{address} -all"


def _sender_domain(settings: Settings) -> str:
    return settings.mail_from.rpartition("@")[2]


_SPF = {
    SpfResult.PASS: (Light.GREEN, "The SPF record of {domain} allows {address}."),
    SpfResult.NONE: (Light.AMBER, "{domain} has no SPF record; hosts that ask for one will mind."),
    SpfResult.NEUTRAL: (Light.AMBER, "The SPF record of {domain} says nothing of {address}."),
    SpfResult.SOFTFAIL: (Light.AMBER, "The SPF record of {domain} does not name {address} (softfail)."),
    SpfResult.FAIL: (Light.RED, "The SPF record of {domain} forbids {address}."),
    SpfResult.PERMERROR: (Light.RED, "The SPF record of {domain} is broken."),
    SpfResult.TEMPERROR: (Light.AMBER, "The SPF record of {domain} could not be looked up just now."),
}
