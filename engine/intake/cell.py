"""One cell: the addresses that stand in it, and what parts them."""

import re
from collections.abc import Iterator

from engine.address import Address, Malformed, parse_address
from engine.reason import Reason
from engine.value import value

# Signs that never stand inside an address part a cell, unless within quotation marks or angle brackets.
_PARTING = re.compile(r'"[^"]*"|<[^<>;,]*>|([;,\r\n\t\v\f\u2028\u2029，；、])')
# Spaces, slashes and bars part addresses too, but only where one stands on either side, and never a quoted
# display name, or one that repeats the address, from the angle brackets behind it.
_BESIDE = re.compile(
    r"""(?:\A|(?<=[\s<>@"'/|]))
    (?P<one>(?P<bare>[^\s<>@"']*+@[^\s/|@<>"']*+)(?!["']\s*<)["'>]?)
    (?:[\s/|]++|(?=<)|(?<=>))
    (?!<(?P=bare)>)(?=[^@]*@)""",
    re.VERBOSE,
)
ALONE = re.compile(r"[^;,\s/|<>\"，；、]*")
"""A cell in which nothing can part two addresses."""
_COMMA_FOR_DOT = re.compile(r"[^;,\s/|<>\"@]+@[^;,\s/|<>\"@.]+,[A-Za-z]{2,}")
_SPACED = re.compile(r"\s*([^\s@]+)\s*@\s*([^\s@]+)\s*")
_PUNCTUATION = ".,;:/|-–—·•*<>()[]"
_LONGEST_WORD = 20
# What people write where there is no address; a cell of such a word alone counts as empty.
_WORDS_FOR_NOTHING = (
    *("-", "--", "---", "–", "—", ".", "..", "...", "/", "?"),
    *("n/a", "#n/a", "n.a.", "n. a.", "na", "nil", "null", "nan", "no email", "no e-mail", "unknown"),
    *("keine", "keiner", "k.a.", "k. a.", "k/a", "ohne", "unbekannt", "entfällt", "keine e-mail"),
    *("aucun", "aucune", "néant", "ninguno", "ninguna", "nessuno", "nessuna", "geen", "nenhum", "brak"),
)


@value
class Found:
    """A stretch of a cell, and the address it holds or why it holds none."""

    text: str
    result: Address | Malformed


def addresses_in(cell: str) -> tuple[Found, ...]:
    """Find every address of a cell; what is none is Malformed. At least one Found, nothing left out."""
    if ALONE.fullmatch(cell) or _COMMA_FOR_DOT.fullmatch(cell):
        return (Found(cell, read_whole(cell)),)
    pieces = tuple(piece for part in _parts(_unquoted(cell)) for piece in _pieces(part))
    if len(pieces) < 2:  # noqa: PLR2004 (one address or none)
        return (Found(cell, read_whole(pieces[0] if pieces else cell)),)
    return tuple(Found(piece, parse_address(piece)) for piece in pieces)


def read_whole(text: str) -> Address | Malformed:
    """Read what a cell says where it holds one address at most: a word for nothing is nothing.

    Blanks around the @ are no part of an address that is all there is (RFC 5322, 3.4.1); of a piece of a
    cell, what stands before them may be half a name.
    """
    result = parse_address(text)
    if isinstance(result, Address):
        return result
    if _is_word_for_nothing(text):
        return Malformed(text, Reason.EMPTY, "this word stands for no address")
    spaced = _SPACED.fullmatch(text)
    closed = parse_address(f"{spaced[1]}@{spaced[2]}") if spaced else result
    return closed if isinstance(closed, Address) else result


def _is_word_for_nothing(text: str) -> bool:
    return len(text) <= _LONGEST_WORD and text.strip().casefold() in _WORDS_FOR_NOTHING


def _unquoted(cell: str) -> str:
    bare = cell.strip()
    is_quoted = len(bare) > 1 and bare[0] == bare[-1] == '"' and bare.count('"') == 2  # noqa: PLR2004 (a pair)
    return bare[1:-1] if is_quoted else cell


def _parts(cell: str) -> Iterator[str]:
    """Cut at the parting signs, but keep `Surname, First name <address>` in one."""
    pending = ""
    start = 0
    cuts = [found.span(1) for found in _PARTING.finditer(cell) if found[1]]
    for begin, end in [*cuts, (len(cell), len(cell))]:
        part, sign = cell[start:begin], cell[begin:end]
        start = end
        if pending and not ("@" in part and "<" in part):
            yield pending
            pending = ""
        if sign == "," and "@" not in part and part.strip():
            pending += part + sign
            continue
        yield pending + part
        pending = ""


def _pieces(part: str) -> Iterator[str]:
    """Cut a part where a space, slash or bar stands between two addresses; drop mere punctuation."""
    start = 0
    for found in _BESIDE.finditer(part) if part.count("@") > 1 else ():
        yield part[start : found.end("one")].strip()
        start = found.end()
    last = part[start:].strip()
    if last.strip(_PUNCTUATION).strip():
        yield last
