"""What a selection keeps and removes of a list, counted from the list's counters: how many rows, and why."""

from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status
from storage.exports import Selection
from storage.summaries import Summary


@value
class Split:
    """How many rows a selection keeps and removes. Rows that wait are unknown."""

    kept: int
    removed: int


def split(summary: Summary, selection: Selection) -> Split:
    """Count what a selection would keep and remove, from the list's counters."""
    outcomes = _outcomes(summary)
    kept = sum(count for status, _, flags, count in outcomes if selection.keeps(status, flags))
    return Split(kept, sum(count for *_, count in outcomes) - kept)


def _outcomes(summary: Summary) -> list[tuple[Status, Reason, Flag, int]]:
    """Count rows by what was found of their first address; those that wait are unknown."""
    firsts = [cell for cell in summary.cells if cell.is_first]
    outcomes = [(cell.status, cell.reason, cell.flags, cell.count) for cell in firsts]
    waiting = summary.waiting_rows.items()
    return [*outcomes, *((Status.UNKNOWN, Reason.NOT_CHECKED, flags, count) for flags, count in waiting)]


def waiting_rows(summary: Summary) -> int:
    """Count the rows whose first address has no outcome yet."""
    return sum(summary.waiting_rows.values())


def rows_with_several(summary: Summary) -> int:
    """Count the rows that hold several addresses; what is found of their first one decides on them."""
    settled = sum(cell.count for cell in summary.cells if cell.is_first and Flag.SEVERAL in cell.flags)
    return settled + sum(rows for flags, rows in summary.waiting_rows.items() if Flag.SEVERAL in flags)


def removed_by_word(summary: Summary, selection: Selection) -> list[tuple[str, Reason | None, int]]:
    """Count removed rows by the excluded word that removes them: a status with the reason, else a flag.

    Most first. A row with two excluded flags counts once, under the first in the order of flags.
    """
    removed: dict[tuple[str, Reason | None], int] = {}
    for status, reason, flags, count in _outcomes(summary):
        if selection.keeps(status, flags):
            continue
        by_flag = [name for name in flags.names if name in selection.exclude]
        is_by_flag = bool(by_flag) and status.value not in selection.exclude
        word = (by_flag[0], None) if is_by_flag else (status.value, reason)
        removed[word] = removed.get(word, 0) + count
    return [(*word, count) for word, count in sorted(removed.items(), key=lambda item: -item[1])]
