"""Whether a local part looks typed at random: keys hit blindly, or letters and digits drawn by a machine."""

import re
from functools import lru_cache
from itertools import pairwise
from string import ascii_lowercase
from unicodedata import normalize

from engine.name_lists import Lists

_REMEMBERED = 8  # sets of lists; there is one in use
SHORTEST = 8
"""Letters and digits a local part must have, without digits at the end of words; fewer tell nothing."""
STRANGE = -60
"""The score in tenths of a bit at which a local part counts as random."""
_WORDS = re.compile("[a-z0-9]*[a-z]")
_ROWS = {"start": " ", "digit": "0"}
_DIGITS = str.maketrans("123456789", "000000000")
_SHORTEST_HEX = 12
_HEX = re.compile(
    "(?=(?:[a-f]*[0-9]){3})(?=(?:[0-9]*[a-f]){2})[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def is_gibberish(local_part: str, lists: Lists) -> bool:
    """Whether letters follow one another as they hardly do in names, or a machine's hexadecimal is there."""
    if len(local_part) < SHORTEST:
        return False
    name = local_part.partition("+")[0].lower()
    plain = name if name.isascii() else normalize("NFKD", name)
    words = _WORDS.findall(plain)
    if sum(map(len, words)) < SHORTEST:
        return False
    return _score(words, letter_weights(lists)) <= STRANGE or _is_hex(plain)


def _is_hex(name: str) -> bool:
    return len(name) >= _SHORTEST_HEX and _HEX.fullmatch(name) is not None


def _score(words: list[str], weights: dict[tuple[str, str], int]) -> int:
    """Sum up how much likelier each pair of signs is in names than in random ones; tenths of a bit."""
    text = " ".join(("", *words)).translate(_DIGITS)
    return sum(map(weights.__getitem__, pairwise(text)))


@lru_cache(_REMEMBERED)
def letter_weights(lists: Lists) -> dict[tuple[str, str], int]:
    """Give each pair's weight; a space is the start of a word, 0 any digit. A word's end weighs nothing."""
    after = lists.table("letter_pairs.toml")["after"]
    signs = f"{ascii_lowercase}0"
    weights = {(sign, " "): 0 for sign in signs}
    for before, row in after.items():
        first = _ROWS.get(before, before)
        weights |= {(first, sign): weight for sign, weight in zip(signs, row, strict=True)}
    return weights
