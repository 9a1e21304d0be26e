"""What several sheets hold together: an address that stands in more than one of them is asked about once."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from engine.value import value


@value
class Marks:
    """The distinct addresses of a sheet that are to be asked about, in little memory.

    Each is a mark of 64 bits, the same in every sheet that is read by this process, and the place of its
    domain among `domains`.
    """

    domains: tuple[str, ...] = ()
    marks: Sequence[int] = ()
    places: Sequence[int] = ()


@value
class Together:
    """Distinct addresses of several sheets by domain; how many of them stand in more than one sheet."""

    by_domain: Mapping[str, int] = field(default_factory=dict)
    shared: int = 0

    @property
    def to_ask(self) -> int:
        """How many addresses are asked about in all."""
        return sum(self.by_domain.values())


def marks_of(mailboxes: Iterable[tuple[str, str]]) -> Marks:
    """Mark distinct mailboxes, each a domain and a case-folded local part."""
    places: dict[str, int] = {}
    marks, at = array("q"), array("l")
    for mailbox in mailboxes:
        marks.append(hash(mailbox))
        at.append(places.setdefault(mailbox[0], len(places)))
    return Marks(tuple(places), marks, at)


def together(sheets: Iterable[Marks]) -> Together:
    """Count the addresses of several sheets, each of them once."""
    seen: set[int] = set()
    shared: set[int] = set()
    by_domain: Counter[str] = Counter()
    for sheet in sheets:
        fresh = [place for mark, place in zip(sheet.marks, sheet.places, strict=True) if mark not in seen]
        by_domain.update({sheet.domains[place]: number for place, number in Counter(fresh).items()})
        shared.update(seen.intersection(sheet.marks))
        seen.update(sheet.marks)
    return Together(by_domain, len(shared))
