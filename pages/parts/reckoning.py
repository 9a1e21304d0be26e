"""How the addresses that Results counts become the rows that Export keeps: told so that the sum is right."""

from collections import Counter

from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status
from pages.parts.counting import count, in_a_row, several
from pages.parts.presets import KEEPS, Preset, usual_rows
from storage.removals import Outcomes, kept_of, removed_by
from storage.selection import FLAG_WORDS, LISTED, LISTED_BESIDE, Decides, Selection
from storage.summaries import Summary

SAFE_ROWS = usual_rows(KEEPS[Preset.SAFE])
"""What Export keeps where nobody chose anything else."""


@value
class Reckoning:
    """Addresses of the statuses that are kept, and what of them makes no kept row.

    What waits counts as unknown here. `behind` stand behind another address in their row, or `aside` of the
    one that decides, where that may be any. Rows go that are `repeated`, `listed` (on the never-asked list),
    `beside` (another address of theirs is) or lost
    `otherwise` (by further choices); `empty` ones are kept though they hold no address.
    """

    statuses: frozenset[Status]
    addresses: int
    behind: int = 0
    aside: int = 0
    repeated: int = 0
    listed: int = 0
    beside: int = 0
    otherwise: int = 0
    empty: int = 0

    @property
    def rows(self) -> int:
        """How many rows are kept."""
        gone = self.behind + self.aside + self.repeated + self.listed + self.beside + self.otherwise
        return self.addresses - gone + self.empty


def reckon(summary: Summary, outcomes: Outcomes, selection: Selection) -> Reckoning:
    """Account for a choice's rows, beginning with the addresses of its statuses."""
    kept = frozenset(Status) - selection.statuses
    cells = [cell for cell in summary.cells if cell.status in kept and cell.reason is not Reason.EMPTY]
    waiting = summary.standing.waiting if Status.UNKNOWN in kept else 0
    rows = tuple(each for each in outcomes if each[0].status in kept)
    held = tuple(each for each in rows if each[0].reason is not Reason.EMPTY)
    gone: Counter[str] = Counter()
    for removal, number in removed_by(held, selection):
        gone[_WHY.get(removal.word, "otherwise")] += number
    addresses = sum(cell.count for cell in cells) + waiting
    silent = max(addresses - sum(number for _, number in held), 0)
    gone["behind" if selection.decides is Decides.FIRST else "aside"] = silent
    return Reckoning(
        statuses=kept,
        addresses=addresses,
        empty=sum(number for found, number in kept_of(rows, selection) if found.reason is Reason.EMPTY),
        **gone,
    )


_WHY = {LISTED: "listed", LISTED_BESIDE: "beside"} | {
    word: "repeated" for word, flag in FLAG_WORDS.items() if flag is Flag.DUPLICATE
}
"""The field of a reckoning that counts rows by what removes them; all others are lost otherwise."""


def say_reckoning(told: Reckoning) -> str:
    """Say how addresses become rows: "59 addresses are safe to send. Of these, 13 repeat …"."""
    if not told.addresses:
        return ""
    are = "is" if told.addresses == 1 else "are"
    whom = "safe to send" if told.statuses == {Status.VALID} else "of the statuses you keep"
    counted = f"{several(told.addresses, 'address', 'addresses')} {are} {whom}"
    said = say_rows(told)
    if told.rows - told.empty == told.addresses:
        return f"{counted}, {'in' if told.addresses == 1 else 'each in'} a row of its own. {said}".strip()
    return f"{counted}. {said}"


def say_rows(told: Reckoning, whom: str = "these") -> str:
    """Say which of the addresses make no row, and how many rows that leaves; `""` where each makes one."""
    left = told.rows - told.empty
    parts = []
    if gone := [said.format(count(number)) for number, said in _said(told) if number]:
        who = f"It{gone[0].removeprefix('1')}" if told.addresses == 1 else f"Of {whom}, {in_a_row(gone)}"
        parts += [who, f"That leaves {several(left, 'row') if left else 'no row'} for the file"]
    if told.empty:
        also = "1 row without an address is"
        if told.empty > 1:
            also = f"{count(told.empty)} rows without an address are"
        parts.append(f"{also} kept too: {several(told.rows, 'row')} in all")
    return "".join(f"{part}. " for part in parts).strip()


def _said(told: Reckoning) -> tuple[tuple[int, str], ...]:
    """Give each part of a reckoning with its words, for one or for several."""
    return tuple(
        (number, one if number == 1 else many)
        for number, one, many in (
            (told.behind, "{} is not the first in its row", "{} are not the first in their rows"),
            (
                told.aside,
                "{} stands beside the address that its row is kept or removed by",
                "{} stand beside the address that their row is kept or removed by",
            ),
            (told.repeated, "{} repeats an earlier row", "{} repeat an earlier row"),
            (told.listed, "{} is on your never-asked list", "{} are on your never-asked list"),
            (
                told.beside,
                "{} shares its row with an address on your never-asked list",
                "{} share their rows with addresses on your never-asked list",
            ),
            (told.otherwise, "{} goes by your further choices", "{} go by your further choices"),
        )
    )
