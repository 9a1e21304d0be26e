"""An SPF record, as text and as values (RFC 7208, 4.5, 4.6, 12)."""

import ipaddress
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from engine.lookup import AskDns, Failure
from engine.value import value

VERSION = "v=spf1"
IPV4_BITS, IPV6_BITS = 32, 128
LONGEST_LABEL = 63
MOST_LOOK_UPS = 10
"""Look-ups that a record and all it refers to may need (RFC 7208, 4.6.4)."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Qualifier(StrEnum):
    """What a directive says of a sender that it matches (RFC 7208, 4.6.2)."""

    PASS = "+"  # noqa: S105 - the sign of a pass
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


class Kind(StrEnum):
    """What a directive matches senders by (RFC 7208, 5)."""

    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


ASKING = frozenset({Kind.INCLUDE, Kind.A, Kind.MX, Kind.PTR, Kind.EXISTS})
"""The kinds that need the DNS; with the redirect modifier they count as look-ups (RFC 7208, 4.6.4)."""


@value
class Directive:
    """A qualifier and a mechanism. `target` is the domain as written, macros and all; `""`: the record's own.

    `network` belongs to ip4 and ip6; the prefix lengths (in bits) belong to a and mx.
    """

    qualifier: Qualifier
    kind: Kind
    target: str = ""
    network: Network | None = None
    prefix4: int = IPV4_BITS
    prefix6: int = IPV6_BITS


@value
class SpfRecord:
    """A record that can be read. `redirect` is the domain whose record counts where nothing here matches."""

    text: str
    directives: tuple[Directive, ...] = ()
    redirect: str = ""

    @property
    def heeded(self) -> tuple[Directive, ...]:
        """The directives up to `all`, which are the ones that are looked at (RFC 7208, 5.1)."""
        kinds = [each.kind for each in self.directives]
        return self.directives[: kinds.index(Kind.ALL) + 1] if Kind.ALL in kinds else self.directives

    @property
    def last_word(self) -> Qualifier | None:
        """The qualifier of `all`; None where there is no `all`."""
        return next((each.qualifier for each in self.directives if each.kind is Kind.ALL), None)


@value
class BrokenRecord:
    """A record that cannot be read, and what is wrong with it, as a sentence."""

    text: str
    fault: str


Published = SpfRecord | BrokenRecord | Failure | None
"""What a domain has for SPF: a record, a broken one, nobody knows, or none."""


async def published_at(domain: str, look_up: AskDns) -> Published:
    """Find a domain's SPF record (RFC 7208, 4.3 to 4.5); a name that cannot be a domain has none."""
    if not is_domain(domain):
        return None
    found = await look_up(domain, "TXT")
    if isinstance(found, Failure):
        return found
    texts = spf_texts(found.values)
    if len(texts) > 1:
        fault = f"{domain} has {len(texts)} SPF records, and so none counts: put them together in one."
        return BrokenRecord(texts[0], fault)
    return _read_once(texts[0]) if texts else None


def _read_once(text: str) -> SpfRecord | BrokenRecord:
    """Read a record, the few that half of all domains include only once; long ones are not remembered."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else parse_record(text)


@lru_cache(256)
def _remembered(text: str) -> SpfRecord | BrokenRecord:
    return parse_record(text)


_LONGEST_REMEMBERED = 1024


def is_domain(name: str) -> bool:
    """Tell whether a name can be a domain: several labels, none of them empty or too long (RFC 7208, 4.3)."""
    labels = name.split(".")
    return len(labels) > 1 and all(0 < len(label) <= LONGEST_LABEL for label in labels)


def spf_texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Give those TXT records that are SPF records (RFC 7208, 4.5)."""
    return tuple(text for text in texts if f"{text} ".lower().startswith(f"{VERSION} "))


class _Fault(ValueError):
    """A record cannot be read; its words say why, as a sentence."""


def parse_record(text: str) -> SpfRecord | BrokenRecord:
    """Read a record by the grammar of RFC 7208, 12; one fault in it breaks all of it."""
    directives: list[Directive] = []
    modifiers: dict[str, str] = {}
    try:
        for term in text.split(" ")[1:]:
            modifier = _MODIFIER.fullmatch(term)
            if modifier:
                _add_modifier(modifiers, modifier["name"].lower(), modifier["value"], term)
            elif term:
                directives.append(_directive(term))
    except _Fault as fault:
        return BrokenRecord(text, str(fault))
    return SpfRecord(text, tuple(directives), modifiers.get("redirect", ""))


# The grammar of RFC 7208, 7.1 and 12. Letters c, r and t belong to explanations only.
_MACRO = r"%(?:\{[slodiphv][0-9]*r?[-.+,/_=]*\}|[%_-])"
_MACRO_TEXT = rf"(?:{_MACRO}|[!-$&-~])*"
_TOP_LABEL = r"(?!\d+\.?\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DOMAIN_SPEC = re.compile(rf"{_MACRO_TEXT}?(?:\.{_TOP_LABEL}\.?|{_MACRO})", re.IGNORECASE)
_ANY_MACRO_TEXT = re.compile(_MACRO_TEXT, re.IGNORECASE)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9._-]*)=(?P<value>.*)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"(?P<sign>[-+?~]?)(?P<name>[a-z0-9]+)(?P<rest>[:/].*)?", re.IGNORECASE)
_PLACE = re.compile(r"(?::(?P<target>.+?))?(?:/(?P<four>0|[1-9]\d?))?(?://(?P<six>0|[1-9]\d{0,2}))?")
_NETWORK = re.compile(r":[0-9a-fA-F.:]+(?:/(?:0|[1-9]\d{0,2}))?")
_KINDS = frozenset(Kind)
_ONCE = ("redirect", "exp")


def _add_modifier(modifiers: dict[str, str], name: str, value: str, term: str) -> None:
    """Take a modifier in; those that RFC 7208 does not know are passed over (6)."""
    if name in _ONCE and name in modifiers:
        raise _Fault(f"“{name}=” stands in the record twice: leave one.")
    if name in _ONCE:
        _checked_target(value, term)
    elif not _ANY_MACRO_TEXT.fullmatch(value):
        raise _unreadable(term)
    modifiers[name] = value


def _directive(term: str) -> Directive:
    found = _DIRECTIVE.fullmatch(term)
    if not found or found["name"].lower() not in _KINDS:
        raise _Fault(f"“{_cut(term)}” is no word of SPF: correct or remove it.")
    kind = Kind(found["name"].lower())
    return _SHAPES[kind](Qualifier(found["sign"] or "+"), kind, found["rest"] or "", term)


def _bare(qualifier: Qualifier, kind: Kind, rest: str, term: str) -> Directive:
    if rest:
        raise _unreadable(term)
    return Directive(qualifier, kind)


def _at_domain(qualifier: Qualifier, kind: Kind, rest: str, term: str) -> Directive:
    return Directive(qualifier, kind, _checked_target(rest[1:], term))


def _at_domain_or_here(qualifier: Qualifier, kind: Kind, rest: str, term: str) -> Directive:
    return _at_domain(qualifier, kind, rest, term) if rest else Directive(qualifier, kind)


def _at_hosts(qualifier: Qualifier, kind: Kind, rest: str, term: str) -> Directive:
    place = _PLACE.fullmatch(rest)
    if not place:
        raise _unreadable(term)
    target = _checked_target(place["target"], term) if place["target"] else ""
    prefix4, prefix6 = int(place["four"] or IPV4_BITS), int(place["six"] or IPV6_BITS)
    if prefix4 > IPV4_BITS or prefix6 > IPV6_BITS:
        raise _unreadable(term)
    return Directive(qualifier, kind, target, prefix4=prefix4, prefix6=prefix6)


def _in_network(qualifier: Qualifier, kind: Kind, rest: str, term: str) -> Directive:
    version = ipaddress.IPv4Network if kind is Kind.IP4 else ipaddress.IPv6Network
    try:
        network = version(rest[1:], strict=False) if _NETWORK.fullmatch(rest) else None
    except ValueError:
        network = None
    if network is None:
        raise _Fault(f"“{_cut(term)}” holds no IPv{kind[-1]} address or network: correct it.")
    return Directive(qualifier, kind, network=network)


_SHAPES = {
    Kind.ALL: _bare,
    Kind.INCLUDE: _at_domain,
    Kind.A: _at_hosts,
    Kind.MX: _at_hosts,
    Kind.PTR: _at_domain_or_here,
    Kind.IP4: _in_network,
    Kind.IP6: _in_network,
    Kind.EXISTS: _at_domain,
}


def _checked_target(target: str, term: str) -> str:
    if not _DOMAIN_SPEC.fullmatch(target):
        raise _Fault(f"“{_cut(term)}” names no domain: correct it.")
    return target


def _unreadable(term: str) -> _Fault:
    return _Fault(f"“{_cut(term)}” cannot be read: correct it.")


def _cut(term: str) -> str:
    """Cut what is quoted to a length that a sentence bears."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in term)
    return shown if len(shown) <= _LONGEST_QUOTE else f"{shown[: _LONGEST_QUOTE - 1]}…"


_LONGEST_QUOTE = 60
