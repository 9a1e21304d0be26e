"""Cells to addresses: what one row of a list asks us to check."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from engine.address import Address, Malformed, parse_address
from engine.intake.sheet import Sheet
from engine.mailbox_rules import canonical, has_aliases
from engine.reason import Reason

_MOST_EXAMPLES = 100
_SAMPLED = 500

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
_ALONE = re.compile(r"[^;,\s/|<>\"，；、]*")
_PUNCTUATION = ".,;:/|-–—·•*<>()[]"
_LONGEST_WORD = 20
# What people write where there is no address; a cell of such a word alone counts as empty.
_WORDS_FOR_NOTHING = (
    *("-", "--", "---", "–", "—", ".", "..", "...", "/", "?"),
    *("n/a", "#n/a", "n.a.", "n. a.", "na", "nil", "null", "nan", "no email", "no e-mail", "unknown"),
    *("keine", "keiner", "k.a.", "k. a.", "k/a", "ohne", "unbekannt", "entfällt", "keine e-mail"),
    *("aucun", "aucune", "néant", "ninguno", "ninguna", "nessuno", "nessuna", "geen", "nenhum", "brak"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a cell, and the address it holds or why it holds none."""

    text: str
    result: Address | Malformed


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One address of one row. `row` counts from 0; so does `ordinal`, over the row's chosen columns."""

    row: int
    column: str
    ordinal: int
    text: str
    result: Address | Malformed


class BadCell(NamedTuple):
    """A text that is no address: its row's number as a spreadsheet shows it, the text, what is wrong."""

    row_number: int
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What the chosen columns hold. `empty` and `several` count cells, `domains` distinct domains.

    `addresses` counts duplicates too, `distinct` does not; `examples` are the first malformed texts.
    `aliases` of the distinct addresses are further spellings of a mailbox that another one names.
    `by_domain` counts the distinct addresses of each domain, `sample` holds some of them, taken at random:
    domain and case-folded local part.
    """

    rows: int
    addresses: int
    distinct: int
    malformed: int
    empty: int
    several: int
    domains: int
    examples: tuple[BadCell, ...]
    aliases: int = 0
    by_domain: Mapping[str, int] = field(default_factory=dict)
    sample: tuple[tuple[str, str], ...] = ()

    @property
    def duplicates(self) -> int:
        """How many addresses came before: same domain, same local part but for its case."""
        return self.addresses - self.distinct


def addresses_in(cell: str) -> tuple[Found, ...]:
    """Find every address of a cell; what is none is Malformed. At least one Found, nothing left out."""
    if _ALONE.fullmatch(cell):
        return (Found(cell, _parsed(cell)),)
    pieces = tuple(piece for part in _parts(_unquoted(cell)) for piece in _pieces(part))
    if len(pieces) < 2:  # noqa: PLR2004 (one address or none)
        return (Found(cell, _parsed(pieces[0] if pieces else cell)),)
    return tuple(Found(piece, parse_address(piece)) for piece in pieces)


def _parsed(text: str) -> Address | Malformed:
    """Read what a whole cell says: a word for nothing is nothing."""
    result = parse_address(text)
    if isinstance(result, Malformed) and _is_word_for_nothing(text):
        return Malformed(text, Reason.EMPTY, "this word stands for no address")
    return result


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


def read_entries(sheet: Sheet, columns: Sequence[str]) -> Iterator[EntryDraft]:
    """Yield the entries of all rows, row by row and in each the chosen columns in their order.

    An empty cell beside a filled one is no entry; a row with nothing in any chosen column has exactly one.
    """
    cells = [sheet.frame[column].tolist() for column in columns]
    if len(columns) == 1:
        return _entries_of_one(cells[0], columns[0])
    return _entries_of_many(zip(*cells, strict=True), columns)


def _entries_of_one(cells: list[str], column: str) -> Iterator[EntryDraft]:
    is_alone = _ALONE.fullmatch
    for row, cell in enumerate(cells):
        if is_alone(cell):
            yield EntryDraft(row, column, 0, cell, _parsed(cell))
            continue
        for ordinal, found in enumerate(addresses_in(cell)):
            yield EntryDraft(row, column, ordinal, found.text, found.result)


def _entries_of_many(rows: Iterable[tuple[str, ...]], columns: Sequence[str]) -> Iterator[EntryDraft]:
    for row, cells in enumerate(rows):
        found = [
            (name, each) for name, cell in zip(columns, cells, strict=True) for each in addresses_in(cell)
        ]
        filled = [pair for pair in found if not _is_empty(pair[1])]
        for ordinal, (column, each) in enumerate(filled or found[:1]):
            yield EntryDraft(row, column, ordinal, each.text, each.result)


def _is_empty(found: Found) -> bool:
    return isinstance(found.result, Malformed) and found.result.why is Reason.EMPTY


def survey(sheet: Sheet, columns: Sequence[str]) -> Survey:
    """Count what the chosen columns of a sheet hold, without asking anybody."""
    tally = _Tally()
    for row, cells in enumerate(zip(*(sheet.frame[column].tolist() for column in columns), strict=True)):
        for cell in cells:
            tally.add_cell(sheet.row_number(row), addresses_in(cell))
    return Survey(
        rows=len(sheet.frame),
        addresses=tally.addresses,
        distinct=len(tally.mailboxes),
        malformed=tally.malformed,
        empty=tally.empty,
        several=tally.several,
        domains=len(tally.by_domain),
        examples=tuple(tally.examples),
        aliases=tally.aliases,
        by_domain=tally.by_domain,
        sample=tuple(islice(tally.mailboxes, _SAMPLED)),  # a set's order is by hash
    )


@dataclass(slots=True)
class _Tally:
    addresses: int = 0
    malformed: int = 0
    empty: int = 0
    several: int = 0
    aliases: int = 0
    mailboxes: set[tuple[str, str]] = field(default_factory=set)
    by_domain: Counter[str] = field(default_factory=Counter)
    examples: list[BadCell] = field(default_factory=list)
    spelt: set[str] = field(default_factory=set)

    def add_cell(self, row_number: int, cell: tuple[Found, ...]) -> None:
        self.several += len(cell) > 1
        for found in cell:
            if isinstance(found.result, Address):
                self._add_address(found.result)
            else:
                self._add_malformed(row_number, found.result)

    def _add_address(self, address: Address) -> None:
        self.addresses += 1
        mailbox = (address.domain, address.local_part.casefold())
        if mailbox not in self.mailboxes:
            self.mailboxes.add(mailbox)
            self.by_domain[address.domain] += 1
            self._add_spelling(address)

    def _add_spelling(self, address: Address) -> None:
        """Count an address as an alias where its mailbox was named by another one."""
        if not has_aliases(address.domain):
            return
        same = str(canonical(address))
        self.aliases += same in self.spelt
        self.spelt.add(same)

    def _add_malformed(self, row_number: int, malformed: Malformed) -> None:
        if malformed.why is Reason.EMPTY:
            self.empty += 1
            return
        self.malformed += 1
        if len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(BadCell(row_number, malformed.text, malformed.detail))
