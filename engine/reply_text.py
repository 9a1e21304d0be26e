"""What stands in a reply's text: its enhanced status code, and the host's own words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

LONGEST = 2000
"""Characters of a text that are read."""
TEXTS_REMEMBERED = 4096
_ENHANCED = re.compile(r"(?<![\w.])(?:\d{3}-)?([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\w)", re.ASCII)
_AS_TYPED = str.maketrans("\0_\u2019", "  '")
_LINK = re.compile(r"\bhttps?://([^/\s?]*)\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"<[^<>@]{0,256}@[^<>]{0,256}>|[^\s<>@]{1,256}@[^\s<>@]{1,256}")
_LINE_CODE = re.compile(r"(?:^|(?<=\n))\s*[245]\d\d(?:[- ]|$)")
_MARKS = re.compile("[\u0300-\u036f]")


class EnhancedStatusCode(NamedTuple):
    """An enhanced status code, RFC 3463: class, subject, detail."""

    klass: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return f"{self.klass}.{self.subject}.{self.detail}"


@lru_cache(TEXTS_REMEMBERED)
def find_enhanced(text: str) -> EnhancedStatusCode | None:
    """Find the first well-formed enhanced status code (RFC 3463) in a reply's text."""
    return EnhancedStatusCode(*map(int, found.groups())) if (found := _ENHANCED.search(text)) else None


@lru_cache(TEXTS_REMEMBERED)
def plain_words(text: str) -> str:
    """Leave of a text what the host says: no addresses, no links, no codes, no accents, one line."""
    said = _LINE_CODE.sub(" ", text)
    said = _ADDRESS.sub(" <@> ", _LINK.sub(r"\1", said))
    said = _ENHANCED.sub(" ", said)
    return " ".join(_without_accents(said).translate(_AS_TYPED).split())[:LONGEST]


def pattern_of(phrases: Iterable[str], classes: Mapping[str, str]) -> re.Pattern[str]:
    """Give the pattern of plain words that finds any of some phrases, in which `%name%` stands for a class.

    Raises KeyError where there is no such class, and re.error where a phrase is none.
    """
    whole = "|".join(f"(?:{phrase})" for phrase in phrases)
    named = re.sub(r"%(\w+)%", lambda found: classes[found[1]], whole)
    return re.compile(_without_accents(re.sub(r"\n\s*", "", named)), re.IGNORECASE)


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
