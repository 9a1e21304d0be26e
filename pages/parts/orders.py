"""What another process is to write: a workbook with its words and charts, or a file for each status."""

from datetime import date

from engine.value import replace
from engine.verdict import Status
from pages.parts.colours import STATUS_COLOURS
from pages.parts.digest import (
    Digest,
    day_in_words,
    keeps_sentence,
    parted_finding,
    policy_sentence,
    removed_finding,
    safe_finding,
)
from pages.parts.file_names import file_name
from pages.parts.removal_words import what_was_found, why_removed
from pages.parts.together import for_every_row
from pages.parts.words import NO_ADDRESS as NO_ADDRESS_NAME
from pages.parts.words import STATUSES, TOMORROW
from storage.exports import Export
from storage.order import NO_ADDRESS, Chart, Kind, Order, Overview, Slice
from storage.summaries import Standing

_REMOVED_COLOUR = "#8C8C8C"


def book_order(export: Export, digest: Digest) -> Order:
    """Order a workbook: the kept rows, the removed ones with the reason in words, and a summary."""
    told = replace(export, in_words=why_removed())
    return Order(Kind.BOOK, told, digest.rows, overview=_overview(digest))


def by_status_order(export: Export, standing: Standing, day: date) -> Order:
    """Order a zip with a file for each status, and one for rows without an address: of all that may leave."""
    names = {each.value: STATUSES[each].name for each in Status} | {NO_ADDRESS: NO_ADDRESS_NAME.name}
    files = tuple((part, file_name(standing, name.lower(), ".csv", day)) for part, name in names.items())
    told = replace(export, selection=for_every_row(export.selection), in_words=what_was_found())
    return Order(Kind.BY_STATUS, told, standing.rows, files=files)


def _overview(digest: Digest) -> Overview:
    sentences = (
        f"Checked with Winnow; written on {day_in_words(digest.day)}. {policy_sentence(digest.policy_name)}",
        f"{parted_finding(digest)} {keeps_sentence(digest)}",
        *([digest.reckoned] if digest.reckoned else []),
        f"Unknown means that nobody could tell: {TOMORROW} rather than throw these addresses away.",
    )
    return Overview(digest.name, sentences, tuple(each for each in _charts(digest) if each.slices))


def _charts(digest: Digest) -> tuple[Chart, Chart]:
    statuses = tuple(
        Slice(STATUSES[status].name, number, STATUS_COLOURS[status]) for status, number in digest.statuses
    )
    removals = tuple(Slice(name, number, _REMOVED_COLOUR) for name, number in digest.removals)
    return Chart(safe_finding(digest), statuses), Chart(removed_finding(digest), removals)
