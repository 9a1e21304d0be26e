"""An international domain as people read it, where that deceives nobody (RFC 5891, UTS 39).

A domain is kept in A-labels, as the DNS has it, so it is one however a list writes it.
"""

from functools import lru_cache
from unicodedata import combining, normalize
from unicodedata import name as name_of

from engine.disposable import with_parents
from engine.name_lists import Lists, lists_in_use
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


def readable(domain: str) -> str:
    """Write a domain, or an address, as people read it; in A-labels where letters could pass for others.

    They could where a label mixes scripts or has letters that hardly any language uses today, where all
    letters of other scripts look like Latin ones, and where a domain, or one it is part of, is a well-known
    one but for marks and strokes. Other marks are shown: many languages are written with them. So is a domain
    that is well-known itself.

    Not caught: what ASCII alone can do (rn for m), two letters for one (æ for a), marks and strokes on a name
    that is on no list of ours, letters of old texts in living scripts, and likenesses that need no Latin.
    """
    return _shown(domain, lists_in_use()) if _MARK in domain else domain


@lru_cache(maxsize=_REMEMBERED)
def _shown(domain: str, lists: Lists) -> str:
    name = domain.rpartition("@")[-1]
    may_deceive = _is_like_known(name, lists) or _may_deceive(as_unicode(name))
    return domain if may_deceive and not is_known(name, lists) else as_unicode(domain)


def _is_like_known(name: str, lists: Lists) -> bool:
    """Whether a domain, or one it is part of, is not known but would be without its marks and strokes."""
    return any(
        is_known(_in_ascii(as_unicode(each)), lists) and not is_known(each, lists)
        for each in with_parents(name)
    )


def _in_ascii(name: str) -> str:
    return "".join(each for each in normalize("NFD", name) if not combining(each)).translate(_NEAREST)


_NEAREST = str.maketrans("ßðøþđħıłŋŧƒƙƴǥɓɔɖɗəɛɣɲʋ", "bdopdhilntfkygboddeeynv") | {
    ord("æ"): "ae",
    ord("œ"): "oe",
}
"""Latin letters in wide use that are no ASCII letter with a mark, and what they look like."""


def _may_deceive(name: str) -> bool:
    labels = name.split(".")
    ending = _scripts_of(labels[-1])
    is_like_latin = _is_like_latin(name) and labels[-1] not in _OWN_ENDINGS
    return is_like_latin or any(
        not any(scripts <= together for together in _WRITTEN_TOGETHER)
        or (scripts != ending and _is_like_latin(label))
        for label, scripts in zip(labels, map(_scripts_of, labels), strict=True)
    )


def _is_like_latin(text: str) -> bool:
    """Whether there are signs of other scripts, and all letters among them look like Latin ones."""
    others = [each for each in normalize("NFD", text) if _script_of(each) not in {"", "LATIN"}]
    return bool(others) and _LIKE_LATIN.issuperset(each for each in others if each.isalpha())


def _scripts_of(label: str) -> set[str]:
    """Give the scripts of a label's letters, marks and digits; those that every script uses tell of none."""
    return {_script_of(each) for each in normalize("NFD", label)} - {""}


def _script_of(sign: str) -> str:
    """Give a sign's script, by the first word of its name."""
    if sign.isascii():
        return "LATIN" if sign.isalpha() else ""
    if ord(sign) in _NEAREST:
        return "LATIN"
    script = name_of(sign, "UNKNOWN").removeprefix("EXTENDED ").partition(" ")[0].removesuffix("-INDIC")
    return _CALLED.get(script, script)


_CALLED = {
    **dict.fromkeys(("COMBINING", "MIDDLE", "ZERO"), ""),  # marks, the dot of l·l and joiners
    "IDEOGRAPHIC": "CJK",
    "KATAKANA-HIRAGANA": "KATAKANA",
    "LATIN": "RARE LATIN",  # phonetic letters, small capitals, clicks, those of old texts
}
_SCRIPTS = {
    "ARABIC", "ARMENIAN", "BENGALI", "BOPOMOFO", "CJK", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "GEORGIAN",
    "GREEK", "GUJARATI", "GURMUKHI", "HANGUL", "HEBREW", "HIRAGANA", "KANNADA", "KATAKANA", "KHMER", "LAO",
    "LATIN", "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN",
}  # fmt: skip
"""Scripts in wide use today (UAX 31, table 5)."""
_WRITTEN_TOGETHER = (
    {"CJK", "HIRAGANA", "KATAKANA"},
    {"CJK", "HANGUL"},
    {"CJK", "BOPOMOFO"},
    *({each} for each in _SCRIPTS),
)
"""What a word is written with: Japanese, Korean and Chinese mix scripts by themselves, all others use one."""
_LIKE_LATIN = frozenset("асмԁеһіјӏорԛѕԝхуүьԍғѡѵҽҿҫҳӽαινορυχκτϳօոսհցքզյჿဝഠଠ")
"""Letters of other scripts that look like small Latin ones, and not like small capitals, as к and н do."""
_OWN_ENDINGS = {"рус"}
"""Top-level domains that there are, though all their letters look like Latin ones."""


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
