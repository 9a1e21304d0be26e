"""What a list holds before anybody is asked: counted by cells, addresses and domains."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from engine.address import Address, Malformed
from engine.intake.cell import Found, addresses_in
from engine.intake.cleaning import Cleaned, Cleaning, cleaning_of
from engine.intake.correction import Correction, Slip, corrected, sort_slips
from engine.intake.sheet import Sheet
from engine.intake.together import Marks, marks_of
from engine.mailbox_rules import canonical, has_aliases
from engine.name_lists import lists_in_use
from engine.never_probed import NOTHING, NeverProbed
from engine.reason import Reason
from engine.typo import suggestion_for
from engine.value import value

_MOST_EXAMPLES = 100
_SAMPLED = 500
_CLEANED_EXAMPLES = 3


class BadCell(NamedTuple):
    """A text that is no address: its row's number as a spreadsheet shows it, the text, what is wrong."""

    row_number: int
    text: str
    detail: str


@value
class Survey:
    """What the chosen columns hold. `empty` and `several` count cells, `domains` distinct domains.

    `addresses` counts duplicates too, `distinct` does not; `examples` are the first malformed texts.
    `aliases` of the distinct addresses are further spellings of a mailbox that another one names.
    `by_domain` counts the distinct addresses of each domain but for those that nobody is asked about;
    `sample` holds some of all, taken at random: domain and case-folded local part. `slips` are the
    corrections that the list may want, and so many `unsure_slips` look mistyped too, which are malformed or
    at a domain of which it is not sure what was meant; `cleaned` says what reading took away from around
    addresses; `marks` tell the addresses from those of other sheets; None where nobody wanted that.
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
    slips: tuple[Slip, ...] = ()
    unsure_slips: int = 0
    cleaned: tuple[Cleaned, ...] = ()
    marks: Marks | None = None

    @property
    def to_ask(self) -> int:
        """How many distinct addresses are asked about: the others are on the never-probe list."""
        return sum(self.by_domain.values())

    @property
    def never_asked(self) -> int:
        """How many distinct addresses nobody is asked about, by the never-probe list or a client's word."""
        return self.distinct - self.to_ask

    @property
    def duplicates(self) -> int:
        """How many addresses came before: same domain, same local part but for its case."""
        return self.addresses - self.distinct


def survey(
    sheet: Sheet,
    columns: Sequence[str],
    corrections: Sequence[Correction] = (),
    never_probed: NeverProbed = NOTHING,
    *,
    is_marked: bool = False,
) -> Survey:
    """Count what the chosen columns of a sheet hold, slips corrected as chosen, without asking anybody.

    An address that the never-probe list holds as it is written is no slip: nobody is asked in its place.
    Where `is_marked`, the addresses can be told from those of other sheets afterwards.
    """
    tally = _Tally(dict(corrections), never_probed)
    for row, cells in enumerate(zip(*(sheet.frame[column].tolist() for column in columns), strict=True)):
        for cell in cells:
            tally.add_cell(sheet.row_number(row), addresses_in(cell))
    slips, unsure = sort_slips(tally.written)
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
        by_domain=tally.askable(),
        sample=tuple(islice(tally.mailboxes, _SAMPLED)),  # a set's order is by hash
        slips=slips,
        unsure_slips=tally.malformed_slips + unsure,
        cleaned=tally.cleanings(),
        marks=tally.marks() if is_marked else None,
    )


@dataclass(slots=True)
class _Tally:
    rights: dict[str, str]
    never_probed: NeverProbed
    addresses: int = 0
    malformed: int = 0
    malformed_slips: int = 0
    empty: int = 0
    several: int = 0
    aliases: int = 0
    mailboxes: set[tuple[str, str]] = field(default_factory=set)
    by_domain: Counter[str] = field(default_factory=Counter)
    examples: list[BadCell] = field(default_factory=list)
    spelt: set[str] = field(default_factory=set)
    written: Counter[str] = field(default_factory=Counter)
    cleaned: dict[Cleaning, list[str]] = field(default_factory=dict)
    cleaned_count: Counter[Cleaning] = field(default_factory=Counter)

    def add_cell(self, row_number: int, cell: tuple[Found, ...]) -> None:
        self.several += len(cell) > 1
        for found in cell:
            if isinstance(found.result, Address):
                self._add_address(found.text, found.result)
            else:
                self._add_malformed(row_number, found.result)

    def _add_address(self, text: str, read: Address) -> None:
        self.addresses += 1
        self._add_cleaning(text, cleaning_of(text, read))
        address = self._asked(read)
        mailbox = (address.domain, address.local_part.casefold())
        if mailbox not in self.mailboxes:
            self.mailboxes.add(mailbox)
            self.by_domain[address.domain] += 1
            self._add_spelling(address)

    def _asked(self, read: Address) -> Address:
        """Give the address that is asked instead, where one is, and count what might be a slip."""
        if self.never_probed.holds(read):
            return read
        self.written[read.domain] += 1
        return corrected(read, self.rights)

    def _add_cleaning(self, text: str, kind: Cleaning | None) -> None:
        if kind is None:
            return
        self.cleaned_count[kind] += 1
        if self.cleaned_count[kind] <= _CLEANED_EXAMPLES:
            self.cleaned.setdefault(kind, []).append(text)

    def cleanings(self) -> tuple[Cleaned, ...]:
        """Say what reading cleaned, the most frequent first."""
        return tuple(
            Cleaned(kind, number, tuple(self.cleaned[kind]))
            for kind, number in self.cleaned_count.most_common()
        )

    def askable(self) -> Counter[str]:
        """Count the distinct addresses of each domain, without those on the never-probe list."""
        return Counter(self._open_domains()) - Counter(domain for domain, _ in self._listed())

    def marks(self) -> Marks:
        """Mark the distinct addresses that are not on the never-probe list."""
        open_domains, listed = self._open_domains(), set(self._listed())
        return marks_of(each for each in self.mailboxes if each[0] in open_domains and each not in listed)

    def _open_domains(self) -> dict[str, int]:
        return {
            name: number
            for name, number in self.by_domain.items()
            if not self.never_probed.holds_domain(name)
        }

    def _listed(self) -> Iterator[tuple[str, str]]:
        lines = (name.rpartition("@")[::-2] for name in self.never_probed.addresses)
        return (
            (domain, local_part) for domain, local_part in lines if (domain, local_part) in self.mailboxes
        )

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
        self.malformed_slips += bool(suggestion_for(malformed.text, lists_in_use()))
        if len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(BadCell(row_number, malformed.text, malformed.detail))
