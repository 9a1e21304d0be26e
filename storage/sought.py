"""What is looked for, and the texts that hold it, however either is typed.

Letters with marks may be capitals or small, composed or not, and a domain may be in either of its forms.
SQLite's LIKE folds ASCII alone: so for other words it is taught functions (`as_written.teach`), which see
only texts that are not ASCII, or have a domain in A-labels. For ASCII words no function is called.
"""

import re
from functools import lru_cache
from unicodedata import normalize

from engine.shown_domain import as_unicode, otherwise


def as_sought(written: str) -> str:
    """Write a text as it is compared: its letters small and composed, a sigma at an end like any other."""
    return normalize("NFC", written.lower()).replace("ς", "σ")


@lru_cache(maxsize=256)
def forms_of(words: str) -> tuple[str, ...]:
    """Give what is looked for as it is compared, and with its domain in its other form."""
    small = as_sought(words)
    return tuple(dict.fromkeys((small, as_sought(otherwise(small)) or small)))


def is_plain(words: str) -> bool:
    """Tell whether what is looked for stands in a text as it is, but for capitals, in ASCII alone."""
    return as_sought(words).isascii() and len(forms_of(words)) == 1


def holds(written: str, words: str) -> bool:
    """Tell whether a text holds the words in any form. It may be asked of each row of a list."""
    small = as_sought(written)
    for form in forms_of(words):
        if form in small:
            return True
    return _MARK in small and any(form in _in_unicode(small) for form in forms_of(words))


def begins(written: str, words: str) -> bool:
    """Tell whether a text begins with the words in any form."""
    small = as_sought(written)
    return _in_unicode(small).startswith(forms_of(words)) or small.startswith(forms_of(words))


def _in_unicode(small: str) -> str:
    """Give a text with its A-labels as people read them."""
    return as_sought(_A_LABEL.sub(lambda found: as_unicode(found[0]), small))


_MARK = "xn--"
_A_LABEL = re.compile(r"xn--[a-z0-9-]+")


def written_forms_of(words: str) -> tuple[str, ...]:
    """Give what a text that holds the words has written in it: one of these, in whatever letters.

    An A-label does not show what is looked for, unless that is its whole name.
    """
    small = as_sought(words)
    first = small if small.isascii() else _MARK
    return tuple(dict.fromkeys([first, *(each for each in forms_of(words) if not each.isascii())]))


_IS_READ = "(length(CAST({text} AS BLOB)) > length({text}) OR {text} LIKE '%xn--%')"
"""Where a text is read by a function: it is not ASCII, or may have an A-label."""


def held_by(column: str) -> str:
    """Write for SQL that a column of small names, or a short one, holds `:words`, which are `as_sought`."""
    is_read = _IS_READ.format(text=column)
    return f"(instr(lower({column}), :words) > 0 OR {is_read} AND holds({column}, :words))"


def in_entry(words: str, *, is_begin: bool) -> str:
    """Write for SQL that an entry's address holds what is looked for, or begins with it.

    It names the `:words` and their `:pattern`. An address begins as it is shown: what stands round it is
    taken off, only where the text has the words.
    """
    written, asked = (_PLAIN if is_plain(words) else _READ)[is_begin]
    return f"({written} OR {asked})"


_HAS_READ = _IS_READ.format(text="entry.text") + " AND holds(entry.text, :words)"
_ASKED_READ = _IS_READ.format(text="entry.corrected")
_PLAIN = {
    False: ("entry.text LIKE :pattern ESCAPE '\\'", "entry.corrected LIKE :pattern ESCAPE '\\'"),
    True: (
        "entry.text LIKE '%' || :pattern ESCAPE '\\' AND as_read(entry.text) LIKE :pattern ESCAPE '\\'",
        "entry.corrected LIKE :pattern ESCAPE '\\'",
    ),
}
_READ = {
    False: (_HAS_READ, f"{_ASKED_READ} AND holds(entry.corrected, :words)"),
    True: (
        f"{_HAS_READ} AND begins(as_read(entry.text), :words)",
        f"{_ASKED_READ} AND begins(entry.corrected, :words)",
    ),
}
"""By whether the words are at the begin: how they are in what was written, and in what was asked instead."""


def pattern_of(words: str, *, is_begin: bool) -> str:
    """Write ASCII words as a pattern for LIKE: they stand anywhere or at the begin alone."""
    before = "" if is_begin else "%"
    return f"{before}{_escape(as_sought(words))}%"


def _escape(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
