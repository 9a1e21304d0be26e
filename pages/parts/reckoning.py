"""Why Export keeps another number than Results counts: here rows are counted, there addresses."""

from engine.value import replace
from engine.verdict import Flag
from pages.parts.counting import count, in_a_row, several
from storage.removals import Outcomes, removed_by
from storage.selection import FLAG_WORDS, Selection
from storage.summaries import Summary


def say_reckoning(summary: Summary, outcomes: Outcomes, selection: Selection) -> str:
    """Say why not each address of the kept statuses is a kept row; `""` where it is."""
    wanted = [cell for cell in summary.cells if cell.status not in selection.statuses]
    behind = sum(cell.count for cell in wanted if not cell.is_first)
    repeated = sum(rows for removal, rows in removed_by(outcomes, selection) if _repeats(removal.word))
    listed = _listed(outcomes, selection)
    why = [
        f"{several(listed, 'row')} {'is' if listed == 1 else 'are'} on your never-asked list"
        if listed
        else "",
        f"{count(repeated)} {'repeats' if repeated == 1 else 'repeat'} an earlier row" if repeated else "",
        f"{count(behind)} {'stands' if behind == 1 else 'stand'} behind another in its row" if behind else "",
    ]
    if not any(why):
        return ""
    statuses = summary.standing.address_statuses
    counted = sum(number for status, number in statuses.items() if status not in selection.statuses)
    told = in_a_row([each for each in why if each])
    return f"Results counts {several(counted, 'address', 'addresses')} of the statuses you keep: {told}."


def _listed(outcomes: Outcomes, selection: Selection) -> int:
    """Count the rows that the never-asked list alone takes out."""
    anyway = replace(selection, keeps_listed=True)
    removed = sum(rows for found, rows in outcomes if selection.removes(found) is not None)
    return removed - sum(rows for found, rows in outcomes if anyway.removes(found) is not None)


def _repeats(word: str) -> bool:
    return FLAG_WORDS.get(word) is Flag.DUPLICATE
