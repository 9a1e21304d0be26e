"""Lists of whom never to ask, as files and texts come: each cell to the addresses and domains it names."""

import re
from collections.abc import Callable, Iterable, Iterator

from engine.address import Address
from engine.intake.cell import addresses_in
from engine.intake.columns import guess_columns
from engine.intake.correction import Correction, correct
from engine.intake.entries import read_entries
from engine.intake.sheet import Sheet
from engine.never_probed import Listed, ListedAs, NeverProbed, Unlistable, listed_as, name_of, parse_listed
from engine.value import value

MOST_EXAMPLES = 50
_SAMPLE = 200  # cells of a column
_EVERY_CELLS = 5_000
_BETWEEN = re.compile(r"[\s,;]+")


@value
class Unread:
    """A text that names nobody, and where it stands: the number of its line or row, from 1."""

    number: int
    text: str


@value
class ListedRead:
    """What was read: each line once, in its order; how many texts name nobody, and the first of them."""

    lines: tuple[Listed, ...]
    unread: int = 0
    examples: tuple[Unread, ...] = ()


def tell_nobody(_share: float) -> None:
    """Keep the progress to oneself."""


def parse_one(text: str) -> Listed:
    """Read what somebody typed. A country's ending must be said as `*.gov`. Raises Unlistable."""
    said = text.strip()
    listed = parse_listed(said)
    if listed.kind is ListedAs.DOMAIN and "." not in said.strip("@"):
        raise Unlistable(
            f"{said!r} would stand for all of .{listed.name}; write *.{listed.name} if you mean that"
        )
    return listed


def guess_listed_column(sheet: Sheet) -> str | None:
    """Name the column that holds most addresses, or else most domains; None where no cell names anybody."""
    if addressed := guess_columns(sheet):
        return addressed[0]
    shares = {column: _share(sheet.frame[column].tolist()) for column in sheet.frame.columns}
    best = max(shares, key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] else None


def _share(cells: list[str]) -> float:
    sample = [cell for cell in cells[:: max(1, len(cells) // _SAMPLE)] if cell.strip()]
    named = sum(any(isinstance(each, Listed) for each in listed_in(cell)) for cell in sample)
    return named / max(1, len(sample))


def read_listed(sheet: Sheet, column: str, tell: Callable[[float], None] = tell_nobody) -> ListedRead:
    """Read a column of a sheet; a header that is itself an address or a domain counts as a line."""
    cells = sheet.frame[column].tolist()
    numbered = [(sheet.row_number(row), cell) for row, cell in enumerate(cells)]
    if sheet.has_header and any(isinstance(each, Listed) for each in listed_in(column)):
        numbered.insert(0, (sheet.row_number(-1), column))
    return _read(numbered, len(numbered), tell)


def read_pasted(text: str) -> ListedRead:
    """Read a text: names one a line, or parted by commas, semicolons or spaces."""
    lines = text.splitlines()
    return _read(enumerate(lines, start=1), len(lines), tell_nobody)


def _read(cells: Iterable[tuple[int, str]], whole: int, tell: Callable[[float], None]) -> ListedRead:
    lines: dict[Listed, None] = {}
    unread: list[Unread] = []
    for place, (number, cell) in enumerate(cells):
        for each in listed_in(cell):
            if isinstance(each, Listed):
                lines[each] = None
            else:
                unread.append(Unread(number, each))
        if place % _EVERY_CELLS == 0:
            tell(place / whole)
    return ListedRead(tuple(lines), len(unread), tuple(unread[:MOST_EXAMPLES]))


def listed_in(cell: str) -> Iterator[Listed | str]:
    """Walk what a cell names; a text that names nobody is given as it stands."""
    for found in addresses_in(cell):
        if isinstance(found.result, Address):
            yield _line_of(found.result, found.text)
        else:
            yield from _words(found.text)


def _line_of(address: Address, said: str) -> Listed | str:
    try:
        return listed_as(address)
    except Unlistable:
        return said


def _words(said: str) -> Iterator[Listed | str]:
    read = [_parsed(word) for word in _BETWEEN.split(said) if word]
    if read and not any(isinstance(each, Listed) for each in read):
        yield said.strip()
        return
    yield from read


def _parsed(word: str) -> Listed | str:
    try:
        return parse_one(word)
    except Unlistable:
        return word


@value
class Unasked:
    """How many distinct addresses nobody is asked about: by the list, and by a client's own word alone."""

    by_list: int = 0
    by_client: int = 0


def count_unasked(
    sheet: Sheet,
    columns: Iterable[str],
    never_probed: NeverProbed,
    own_domains: Iterable[str] = (),
    corrections: Iterable[Correction] = (),
) -> Unasked:
    """Count the distinct addresses of these columns that the list names, or that are at a client's domains.

    That is as they are written, or as they are asked with these corrections.
    """
    whole = never_probed.with_domains(own_domains)
    entries = correct(read_entries(sheet, tuple(columns)), corrections, whole)
    addresses = (each.result for each in entries if isinstance(each.result, Address))
    held = {name_of(each): never_probed.holds(each) for each in addresses if whole.holds(each)}
    by_list = sum(held.values())
    return Unasked(by_list, len(held) - by_list)
