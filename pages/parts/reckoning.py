"""Why Export keeps another number than Results counts: here rows are counted, there addresses."""

from engine.verdict import Flag
from pages.parts.counting import count, several
from storage.removals import Outcomes, removed_by
from storage.selection import FLAG_WORDS, Selection
from storage.summaries import Summary


def say_reckoning(summary: Summary, outcomes: Outcomes, selection: Selection) -> str:
    """Say why not each address of the kept statuses is a kept row; `""` where it is."""
    wanted = [cell for cell in summary.cells if cell.status not in selection.statuses]
    behind = sum(cell.count for cell in wanted if not cell.is_first)
    repeated = sum(rows for removal, rows in removed_by(outcomes, selection) if _repeats(removal.word))
    why = [
        f"{count(repeated)} {'repeats' if repeated == 1 else 'repeat'} an earlier row" if repeated else "",
        f"{count(behind)} {'stands' if behind == 1 else 'stand'} behind another in its row" if behind else "",
    ]
    if not any(why):
        return ""
    statuses = summary.standing.address_statuses
    counted = sum(number for status, number in statuses.items() if status not in selection.statuses)
    told = " and ".join(filter(None, why))
    return f"Results counts {several(counted, 'address', 'addresses')} of the statuses you keep: {told}."


def _repeats(word: str) -> bool:
    return FLAG_WORDS.get(word) is Flag.DUPLICATE
