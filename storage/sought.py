"""The forms in which what is looked for may stand in a list, as patterns for SQL."""

import unicodedata

from engine.shown_domain import otherwise


def forms_of(words: str) -> tuple[str, ...]:
    """Give what is looked for as it is, with its letters composed and small, and its domain's other form."""
    small = unicodedata.normalize("NFC", words).lower()
    forms = (words,) if words.isascii() else (words, small)
    other = otherwise(small)
    return (*dict.fromkeys(forms), other) if other else tuple(dict.fromkeys(forms))


def in_any_form(condition: str, words: str) -> str:
    """Write a condition on `{words}` so that it holds for any form of them."""
    places = range(len(forms_of(words)))
    return f"({' OR '.join(condition.format(words=f':words_{place}') for place in places)})"


def patterns_of(words: str, *, is_begin: bool) -> dict[str, str]:
    """Name the pattern of each form, which stands anywhere or at the begin alone."""
    before = "" if is_begin else "%"
    return {f"words_{place}": f"{before}{_escape(form)}%" for place, form in enumerate(forms_of(words))}


def _escape(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
