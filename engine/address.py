"""An e-mail address, taken apart (RFC 5321, 4.1.2), or the text that is none."""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

from email_validator import EmailSyntaxError, validate_email

from engine.reason import Reason
from engine.value import value

LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63
LONGEST_DOMAIN = 253
LONGEST_ADDRESS = 254
_LONGEST_TEXT = 2000  # characters; beyond it a text is not looked into
_LONGEST_PLAIN = 64  # characters; a plain address this short cannot break any of the limits above


@value
class Address:
    """A mailbox's name. The domain is in lower-case A-labels; the local part keeps its spelling."""

    local_part: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"


@value
class Malformed:
    """A text that is not an address, with why, and a detail a person can act on."""

    text: str
    why: Reason
    detail: str = ""


def parse_address(text: str) -> Address | Malformed:
    """Read one address, mending what surrounds it: spaces, brackets, a name, `mailto:`, a trailing dot.

    The syntax is RFC 5321 with RFC 6531; quoted local parts and domain literals are not accepted.
    """
    plain = _PLAIN.match(text)
    if plain and len(text) <= _LONGEST_PLAIN:
        return Address(plain[1], plain[2].lower())
    if len(text) > _LONGEST_TEXT:
        return Malformed(text, Reason.MALFORMED, _too_long(len(text)))
    mended = _mended(text)
    if not mended:
        return Malformed(text, Reason.EMPTY, "there is nothing here")
    return _checked(mended) or Malformed(text, Reason.MALFORMED, _fault(mended))


# The fast path: what email-validator certainly accepts unchanged. No "--", so no A-labels either.
_ATEXT = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
_LABEL = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_SPECIAL_USE = r"(?i:arpa|invalid|local|localhost|onion|test)"  # RFC 6761, 6762, 7686
_PLAIN = re.compile(rf"({_ATEXT}(?:\.{_ATEXT})*)@((?:{_LABEL}\.)+(?!{_SPECIAL_USE}\Z)[A-Za-z]{{2,}})\Z")


def _checked(text: str) -> Address | None:
    try:
        accepted = validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=True)
    except EmailSyntaxError:
        return None
    local_part = unicodedata.normalize("NFC", text.rpartition("@")[0])
    return Address(local_part, accepted.ascii_domain.lower())


# Repairs: each takes away something that surrounds an address and is no part of it.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00]")
_JOINERS = "\u200c\u200d"  # mean something between letters and pictures, nothing at an end
_QUOTES = "\"'`´“”„‘’‚«»‹›"
_NAMED = re.compile(r"(?s:[^<>]*)<([^<>]*)>\Z")
_LABELLED = re.compile(r"[^\W\d_][\w \-]{0,30}:\s*(?!/)")
_BULLET = re.compile(r"(?:[-–—·•*+]|\d{1,4}[.)])\s+")
_COMMENTED = re.compile(r"\A\([^()@]*\)\s*|\s*\([^()@]*\)\Z")  # RFC 5322, 3.2.2


def _without_blanks(text: str) -> str:
    return _INVISIBLE.sub("", text).strip().strip(_JOINERS).strip()


def _without_punctuation(text: str) -> str:
    return text.lstrip(",;").rstrip(".,;:")


def _without_name(text: str) -> str:
    named = _NAMED.fullmatch(text)
    return named[1] if named else text


def _without_lone_bracket(text: str) -> str:
    return text.removeprefix("<").removesuffix(">") if text.count("<") + text.count(">") == 1 else text


def _without_mailto(text: str) -> str:
    if text[:7].lower() != "mailto:":
        return text
    return unquote(text[7:].partition("?")[0])


def _without_label(text: str) -> str:
    labelled = _LABELLED.match(text)
    return text[labelled.end() :] if labelled else text


def _without_bullet(text: str) -> str:
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def _without_quotes(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES
    return text[1:-1] if is_quoted else text


def _without_comment(text: str) -> str:
    return _COMMENTED.sub("", text)


_REPAIRS: tuple[Callable[[str], str], ...] = (
    _without_blanks,
    _without_punctuation,
    _without_quotes,
    _without_name,
    _without_lone_bracket,
    _without_mailto,
    _without_label,
    _without_bullet,
    _without_comment,
)


def _mended(text: str) -> str:
    """Apply the repairs until none of them finds anything; each only ever shortens the text."""
    before = None
    while text != before:
        before = text
        for repair in _REPAIRS:
            text = repair(text)
    return text


# What is wrong, in the user's words: the first line whose pattern is found speaks.
_TEXT_FAULTS = (
    (r"\A[^@]*[＠﹫][^@]*\Z", "the @ is a wide character that only looks like one"),
    (r"\A[^@]*\Z", "there is no @"),
    (r'\A".*"@', "the part before @ is in quotation marks, which hardly any mail host takes"),
    (r"@[^@]*@", "{ats} @ signs"),
    (r"\A@", "there is nothing before the @"),
    (r"@\Z", "there is nothing after the @"),
    (r"@\[.*\]\Z", "there is a number in brackets where the domain should be"),
    (r"\s", "there is a space or other text beside the address"),
)
_LOCAL_FAULTS = (
    (r"\A\.", "the part before @ starts with a dot"),
    (r"\.\Z", "there is a dot right before the @"),
    (r"\.\.", "there are two dots in a row before the @"),
    (r'[\x00-\x20"(),:;<>\[\\\]\x7f]', "{sign} cannot stand before the @"),
    (r"[^\x00-\x7f]", "the part before @ has a character that no address can have"),
)
_DOMAIN_FAULTS = (
    (r"\A[^.,]+,[^.,]+\Z", "a comma stands in the domain, perhaps for a dot"),
    (r"\A[^.。．｡]*\Z", "the domain has no dot"),
    (r"\A\.", "there is a dot right after the @"),
    (r"\.\.", "there are two dots in a row in the domain"),
    (r"\A-|-\Z|-\.|\.-", "a part of the domain starts or ends with a hyphen"),
    (r"[\x00-\x2c/:-@\[-`{-\x7f]", "{sign} cannot stand in a domain"),
    (r"[^\x00-\x7f]", "the domain has a character that no domain can have"),
    (rf"(?:\A|\.){_SPECIAL_USE}\Z", "the domain's ending is reserved and takes no mail"),
    (r"[^A-Za-z]\Z", "the domain's ending is not made of letters"),
    (r"(?i:\A|\.)xn--", "the domain's international spelling (xn--) is broken"),
    (r"(?:\A|\.)..--", "a part of the domain has two hyphens where none may be"),
)


def _fault(text: str) -> str:
    found = _first_fault(_TEXT_FAULTS, text)
    if found:
        return found
    local_part, _, domain = text.partition("@")
    return (
        _length_fault(local_part, domain)
        or _first_fault(_LOCAL_FAULTS, local_part)
        or _first_fault(_DOMAIN_FAULTS, domain)
        or "this is not an address"
    )


def _first_fault(faults: tuple[tuple[str, str], ...], text: str) -> str:
    for pattern, words in faults:
        found = re.search(pattern, text, re.DOTALL)
        if found:
            return words.format(ats=_number(text.count("@")), sign=_shown(found[0]))
    return ""


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))


def _shown(sign: str) -> str:
    return f"“{sign}”" if sign.isprintable() else "an invisible character"


def _length_fault(local_part: str, domain: str) -> str:
    label = max(domain.split("."), key=len)
    ascii_length = len(f"{local_part}@{domain}".encode())
    limits = (
        (len(local_part), LONGEST_LOCAL_PART, "the part before @ is {} characters long, {} is the limit"),
        (len(label), LONGEST_LABEL, "a part of the domain is {} characters long, {} is the limit"),
        (len(domain), LONGEST_DOMAIN, "the domain is {} characters long, {} is the limit"),
        (ascii_length, LONGEST_ADDRESS, "the address is {} characters long, {} is the limit"),
    )
    return next((words.format(length, limit) for length, limit, words in limits if length > limit), "")


def _too_long(length: int) -> str:
    return f"the text is {length} characters long, {LONGEST_ADDRESS} is the limit for an address"
