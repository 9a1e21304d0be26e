"""Macros in SPF records: parts of the sender's address put into a domain name (RFC 7208, 7)."""

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import quote

from engine.value import value

LONGEST_NAME = 253
LONGEST_COUNT = 3  # digits; a name has at most 127 labels
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_MACRO = re.compile(
    r"%(?:\{(?P<letter>[a-z])(?P<digits>\d*)(?P<turned>r?)(?P<marks>[-.+,/_=]*)\}|(?P<sign>[%_-]))",
    re.IGNORECASE,
)
_SIGNS = {"%": "%", "_": " ", "-": "%20"}


@value
class Scene:
    """What macros stand for: who sends, from which IP address, and the domain whose record is being read."""

    ip: IpAddress
    sender: str
    domain: str
    helo: str


_LETTERS: dict[str, Callable[[Scene], str]] = {
    "s": lambda scene: scene.sender,
    "l": lambda scene: scene.sender.rpartition("@")[0],
    "o": lambda scene: scene.sender.rpartition("@")[2],
    "d": lambda scene: scene.domain,
    "i": lambda scene: _dotted(scene.ip),
    "p": lambda _: "unknown",  # which RFC 7208, 7.3 allows, and asking for it is discouraged
    "v": lambda scene: "in-addr" if scene.ip.version == 4 else "ip6",  # noqa: PLR2004 - IPv4
    "h": lambda scene: scene.helo or scene.domain,
}


def expand(text: str, scene: Scene) -> str:
    """Put what macros stand for in their place; a name that grows too long loses labels on its left."""
    name = _MACRO.sub(lambda found: _value(found, scene), text).rstrip(".")
    if len(name) <= LONGEST_NAME:
        return name
    return name[-LONGEST_NAME - 1 :].partition(".")[2]


def expand_without_sender(text: str, domain: str) -> str | None:
    """Expand what rests on the domain alone; None where a macro needs to know the sender."""
    letters = {found["letter"].lower() for found in _MACRO.finditer(text) if found["letter"]}
    if letters - {"d"}:
        return None
    return expand(text, Scene(ipaddress.IPv4Address(0), "", domain, ""))


def _value(found: re.Match[str], scene: Scene) -> str:
    if found["sign"]:
        return _SIGNS[found["sign"]]
    value = _LETTERS[found["letter"].lower()](scene)
    parts = re.split(f"[{re.escape(found['marks'] or '.')}]", value)
    if found["turned"]:
        parts.reverse()
    if found["digits"]:
        parts = parts[-max(int(found["digits"][:LONGEST_COUNT]), 1) :]
    joined = ".".join(parts)
    return quote(joined, safe="") if found["letter"].isupper() else joined


def _dotted(ip: IpAddress) -> str:
    """Write an IPv4 address as it is, an IPv6 address as 32 hexadecimal digits with dots between."""
    return str(ip) if isinstance(ip, ipaddress.IPv4Address) else ".".join(ip.exploded.replace(":", ""))
