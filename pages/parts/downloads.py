"""What the Export page offers: which rows are kept, why others go, and the links that download them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath

import pandas as pd
import streamlit as st

from engine.reason import Reason
from engine.verdict import Flag, Status
from pages.parts.choice import list_name
from pages.parts.reasons import REASONS
from pages.parts.tickets import LIFE_S, Download, Format, tickets
from pages.parts.words import FLAGS, KEPT, NO_ADDRESS, STATUSES
from storage.exports import FLAG_WORDS, Export, Selection
from storage.summaries import Standing

KEPT_AT_FIRST = (Status.VALID, Status.UNKNOWN)
"""What is kept until the visitor chooses: what is safe, and what nobody could tell of."""

KEEPABLE = [status for status in Status if status is not Status.ACCEPT_ALL]
REMOVABLE = [flag for flag in Flag if flag not in (Flag.ACCEPT_ALL, Flag.DUPLICATE)]
"""Accept-all and duplicates have a switch of their own."""


def selection_of(
    kept: Sequence[Status],
    flags: Sequence[Flag],
    *,
    is_accept_all_excluded: bool,
    are_duplicates_excluded: bool,
) -> Selection:
    """Turn what the visitor chose into a selection."""
    excluded = [status.value for status in KEEPABLE if status not in kept]
    excluded += [name for flag in flags for name in flag.names]
    excluded += [Status.ACCEPT_ALL.value] * is_accept_all_excluded
    excluded += [*Flag.DUPLICATE.names] * are_duplicates_excluded
    return Selection(exclude=frozenset(excluded))


def kept_sentence(kept: Sequence[Status], *, is_accept_all_excluded: bool) -> str:
    """Say in one sentence what is kept, and why."""
    chosen = {*kept} if is_accept_all_excluded else {*kept, Status.ACCEPT_ALL}
    said = [f"**{STATUSES[status].name}** ({KEPT[status]})" for status in Status if status in chosen]
    if not said:
        return "Nothing is kept: choose what to keep."
    *first, last = said
    return f"Kept: {', '.join(first)} and {last}." if first else f"Kept: {last}."


REMOVAL_ORDER = ("Rows", "Removed as", "Because")
"""The columns of the table below as they are shown: the numbers first, for narrow screens."""


def removal_table(removed: list[tuple[str, Reason | None, int]]) -> pd.DataFrame:
    """Set out in words why rows are removed, most first."""
    rows = [(*_said(word, reason), number) for word, reason, number in removed]
    return pd.DataFrame(rows, columns=["Removed as", "Because", "Rows"])


def _said(word: str, reason: Reason | None) -> tuple[str, str]:
    if reason is None:
        flag = FLAGS[FLAG_WORDS[word]]
        return flag.name, flag.advice
    if reason is Reason.EMPTY:
        return NO_ADDRESS.name, REASONS[reason].name
    return STATUSES[Status(word)].name, REASONS[reason].name


@st.fragment(run_every=LIFE_S / 2)
def download_links(cleaned: Download, removed: Download) -> None:
    """Show two links that download once; after a click, or when a ticket grows old, they are renewed."""
    with st.container(horizontal=True):
        _link("Download the cleaned list", cleaned, is_main=True)
        _link("Download the removed rows", removed, is_main=False)


def _link(label: str, download: Download, *, is_main: bool) -> None:
    st.link_button(
        label,
        f"/download/{tickets.hand_out(download)}",
        type="primary" if is_main else "secondary",
        icon=":material/download:",
        on_click="rerun",
        key=f"link {label}",
    )


def usual_format(standing: Standing) -> Format:
    """Offer the format that a list came in: a workbook where it was a sheet of one."""
    return Format.XLSX if standing.sheet_name else Format.CSV_FOR_EXCEL


def file_name(standing: Standing, part: str, wanted: Format, day: date) -> str:
    """Name a downloaded file so that no two look alike: "customers - cleaned 2031-05-14 for Excel.csv"."""
    named = list_name(replace(standing, title="", name=PurePath(standing.name).stem or "list"))
    return f"{named} - {part} {day.isoformat()}{_KINDS[wanted]}"


_KINDS = {Format.CSV: ".csv", Format.CSV_FOR_EXCEL: " for Excel.csv", Format.XLSX: ".xlsx"}


def downloads(standing: Standing, export: Export, wanted: Format, day: date) -> tuple[Download, Download]:
    """Give the two downloads of a choice: the cleaned list, and the removed rows with their reasons."""
    told = tuple(dict.fromkeys((*export.columns, "status", "reason", "flags")))
    removed = Export(export.upload, export.selection, told, is_removed_wanted=True)
    return (
        Download(export, wanted, file_name(standing, "cleaned", wanted, day)),
        Download(removed, wanted, file_name(standing, "removed", wanted, day)),
    )
