"""Which of a row's addresses speaks for it: it decides about the row, and is the one to write to."""

from collections.abc import Callable, Iterator, Sequence

from engine.value import replace, value
from engine.verdict import Flag, Status
from storage.selection import Decides, Outcome, Selection

BEST_FIRST = (Status.VALID, Status.ACCEPT_ALL, Status.RISKY, Status.UNKNOWN, Status.INVALID)
"""The statuses, the best to write to first."""


@value
class Speaker:
    """The address that speaks for a row: its place there (0: the first), and what was found of it."""

    place: int
    found: Outcome


@value
class Shared:
    """A row, by its number, some address of which stands in another row, too.

    `held` are its addresses in their order: the place of what was found of each, and its mailbox (0: none).
    """

    row: int
    held: tuple[tuple[int, int], ...]


Fits = Callable[[Outcome], bool]


def speaker_of(row: Sequence[Outcome], decides: Decides, fits: Fits) -> Speaker:
    """Give who speaks for a row by itself; where none of its addresses fits, that is the first one."""
    place = _PLACES[decides](row, fits)
    return Speaker(place, row[place])


def _first(_row: Sequence[Outcome], _fits: Fits) -> int:
    return 0


def _first_that_fits(row: Sequence[Outcome], fits: Fits) -> int:
    return next((place for place, found in enumerate(row) if fits(found)), 0)


def _best(row: Sequence[Outcome], _fits: Fits) -> int:
    return min(range(len(row)), key=lambda place: BEST_FIRST.index(row[place].status))


_PLACES: dict[Decides, Callable[[Sequence[Outcome], Fits], int]] = {
    Decides.FIRST: _first,
    Decides.ANY: _first_that_fits,
    Decides.BEST: _best,
}


def speakers_of(
    rows: Sequence[Shared], kinds: Sequence[Outcome], selection: Selection
) -> Iterator[tuple[Shared, Speaker]]:
    """Give who speaks for rows that share addresses, from the first row to the last.

    Where no address is to be written to twice, that is the first one which fits and which no earlier row is
    written to; a row that has none left is a duplicate, and no other row is. A listed address stands for a
    person: no address of a row that goes for it is written to elsewhere, but where a row stays by it anyway.
    """
    if selection.writes_once:
        return _written_once(rows, kinds, selection)
    return _each_by_itself(rows, kinds, selection)


def _each_by_itself(
    rows: Sequence[Shared], kinds: Sequence[Outcome], selection: Selection
) -> Iterator[tuple[Shared, Speaker]]:
    fitting = {found: selection.removes(found) is None for found in kinds}
    for row in rows:
        found = [kinds[kind] for kind, _ in row.held]
        yield row, speaker_of(found, selection.decides, fitting.__getitem__)


def _written_once(
    rows: Sequence[Shared], kinds: Sequence[Outcome], selection: Selection
) -> Iterator[tuple[Shared, Speaker]]:
    fresh = [replace(found, flags=found.flags & ~Flag.DUPLICATE) for found in kinds]
    again = [replace(found, flags=found.flags | Flag.DUPLICATE) for found in kinds]
    fits = [selection.removes(found) is None for found in fresh]
    stays = [selection.removes(found) is None for found in kinds]
    listed = _held_beside_listed(rows, kinds, selection)
    written: set[int] = set()

    def is_left(row: Shared, place: int) -> bool:
        kind, mailbox = row.held[place]
        return mailbox not in written and (mailbox not in listed or (place == 0 and stays[kind]))

    for row in rows:
        fitting = [place for place, (kind, _) in enumerate(row.held) if fits[kind]]
        left = [place for place in fitting if is_left(row, place)]
        place = (left or fitting or [0])[0]
        kind, mailbox = row.held[place]
        if left and mailbox:
            written.add(mailbox)
        yield row, Speaker(place, again[kind] if fitting and not left else fresh[kind])


def _held_beside_listed(rows: Sequence[Shared], kinds: Sequence[Outcome], selection: Selection) -> set[int]:
    """Give the mailboxes of rows that go because an address of theirs is listed."""
    if selection.keeps_listed:
        return set()
    return {mailbox for row in rows for kind, mailbox in row.held if mailbox and kinds[kind].listed}
