"""An international domain as people read it, where that deceives nobody (RFC 5891, UTS 39).

A domain is kept in A-labels, as the DNS has it, so it is one however a list writes it.
"""

from functools import lru_cache
from unicodedata import category, combining, normalize
from unicodedata import name as name_of

from engine.name_lists import lists_in_use
from engine.typo import is_known

_MARK = "xn--"
_REMEMBERED = 4_096


@lru_cache(maxsize=_REMEMBERED)
def as_unicode(domain: str) -> str:
    """Write the A-labels of a domain, or of an address, as U-labels; those that mean nothing stay."""
    if _MARK not in domain:
        return domain
    before, at, name = domain.rpartition("@")
    return f"{before}{at}{'.'.join(map(_u_label, name.split('.')))}"


def _u_label(label: str) -> str:
    import idna  # most lists hold nothing but ASCII

    try:
        return idna.ulabel(label) if label.startswith(_MARK) else label
    except idna.IDNAError:
        return label


@lru_cache(maxsize=_REMEMBERED)
def readable(domain: str) -> str:
    """Write a domain, or an address, as people read it; in A-labels where letters could pass for others.

    They could where a label mixes scripts, where all of a label's letters look like Latin ones and its ending
    is not of their script, and where a domain is a well-known one but for its marks. Other marks are shown:
    many languages are written with them.
    """
    told = as_unicode(domain)
    if told == domain:
        return domain
    name = told.rpartition("@")[-1]
    labels = name.split(".")
    is_like_known = is_known(_without_marks(name), lists_in_use())
    return domain if is_like_known or any(_may_deceive(each, labels[-1]) for each in labels) else told


def _without_marks(name: str) -> str:
    return "".join(each for each in normalize("NFKD", name).translate(_DOTLESS) if not combining(each))


_DOTLESS = str.maketrans("ıȷ", "ij")


def _may_deceive(label: str, ending: str) -> bool:
    if label.isascii():
        return False
    scripts = _scripts_of(label)
    is_mixed = len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER)
    is_like_latin = _LIKE_LATIN.issuperset(letter for letter in label if letter.isalpha())
    return is_mixed or "PHONETIC" in scripts or (is_like_latin and scripts != _scripts_of(ending))


def _scripts_of(label: str) -> set[str]:
    """Give the scripts of a label's letters and digits; those that every script uses tell of none."""
    return {_script_of(letter) for letter in label if not letter.isdecimal() or not letter.isascii()} - {""}


def _script_of(letter: str) -> str:
    """Give a letter's script, by the first word of its name."""
    if category(letter)[0] not in "LN":
        return ""
    if letter in _PHONETIC:
        return "PHONETIC"
    name = name_of(letter, "").removeprefix("EXTENDED ")
    return name.partition(" ")[0].removesuffix("-INDIC")


_PHONETIC = {chr(number) for number in range(0x0250, 0x02B0)} | {"ĸ"}
"""Latin letters of no language, many of which look like others."""
_WRITTEN_TOGETHER = (
    {"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"},
    {"CJK", "IDEOGRAPHIC", "HANGUL"},
    {"CJK", "IDEOGRAPHIC", "BOPOMOFO"},
)
"""Scripts that Japanese, Korean and Chinese mix by themselves."""
_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуүьԍвмнктғαινορυχκτօոսհցքզյ")
"""Letters of Cyrillic, Greek and Armenian that look like Latin ones."""


def otherwise(words: str) -> str:
    """Write what is looked for, or its part behind the @, in the other form of a domain; `""` for none."""
    before, at, name = words.rpartition("@")
    other = _other_form(name.lower())
    return f"{before}{at}{other}" if other != name.lower() else ""


def _other_form(name: str) -> str:
    import idna  # most lists hold nothing but ASCII

    if name.isascii():
        return as_unicode(name)
    try:
        return ".".join(idna.encode(each, uts46=True).decode() if each else "" for each in name.split("."))
    except idna.IDNAError:
        return name
