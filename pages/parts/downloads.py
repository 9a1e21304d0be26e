"""The downloads that the Export page offers, each by a link that works once."""

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from pages.parts.cards import LIVE
from pages.parts.counting import several
from pages.parts.digest import Digest
from pages.parts.file_names import ENDINGS, file_name
from pages.parts.handout import handout
from pages.parts.orders import book_order, by_status_order
from pages.parts.preparing import Preparation
from pages.parts.removal_words import why_removed
from pages.parts.tickets import (
    DIALECTS,
    LIFE_S,
    Download,
    Format,
    Page,
    Rows,
    Suppression,
    tickets,
)
from storage.exports import Export
from storage.files import FOR_SPREADSHEETS
from storage.summaries import Standing

TOLD_OF_REMOVED = ("status", "reason", "flags")
"""What the removed rows always carry, whichever columns were chosen."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the visitor chose: rows and columns, the format, whether cells are exact, and the day it is.

    `listed` tells one state of the never-asked list from the next.
    """

    standing: Standing
    export: Export
    format: Format
    day: date
    is_exact: bool = False
    listed: object = None


def usual_format(standing: Standing) -> Format:
    """Offer the format that a list came in: a workbook where it was a sheet of one."""
    return Format.XLSX if standing.sheet_name else Format.CSV_FOR_EXCEL


def csv_downloads(wanted: Wanted) -> tuple[Download, Download]:
    """Give the two downloads of a choice: the cleaned list, and the removed rows with why, in words too."""
    export, dialect = wanted.export, replace(DIALECTS[wanted.format], is_exact=wanted.is_exact)
    told = tuple(dict.fromkeys((*export.columns, *TOLD_OF_REMOVED)))
    removed = replace(export, columns=told, is_removed_wanted=True, in_words=why_removed())
    upload = wanted.standing.upload
    return (
        Download(upload, Rows(export, dialect), _named(wanted, "cleaned")),
        Download(upload, Rows(removed, dialect), _named(wanted, "removed")),
    )


def preparation(wanted: Wanted, digest: Digest) -> Preparation:
    """Say what is to be prepared before it can be downloaded: a workbook, or a file for each status."""
    upload = wanted.standing.upload
    as_of = (as_it_stands(wanted.standing, digest.policy_name), wanted.listed)
    if wanted.format is Format.XLSX:
        order = book_order(wanted.export, digest)
        return Preparation(upload, order, _named(wanted, "cleaned"), "the workbook", as_of)
    order = by_status_order(wanted.export, wanted.standing, wanted.day)
    return Preparation(upload, order, _named(wanted, "by status"), "the zip", as_of)


def as_it_stands(standing: Standing, policy_name: str) -> object:
    """Say how a list stands, to tell whether it has changed; of one that changes by itself, only that."""
    if standing.state in LIVE:
        return standing.state
    return standing.state, standing.finished_at, standing.statuses, policy_name


def further_downloads(wanted: Wanted, digest: Digest) -> tuple[Download, Download]:
    """Give what goes with every list: the suppression file, and the report to hand on."""
    standing, day = wanted.standing, wanted.day
    dialect = replace(FOR_SPREADSHEETS, has_mark=False, is_exact=wanted.is_exact)
    upload = standing.upload
    suppression = Suppression(upload, dialect)
    page = Page(handout(digest))
    return (
        Download(upload, suppression, file_name(standing, "suppression", ".csv", day)),
        Download(upload, page, file_name(standing, "report", ".html", day)),
    )


def _named(wanted: Wanted, part: str) -> str:
    return file_name(wanted.standing, part, ENDINGS[wanted.format], wanted.day)


@st.fragment(run_every=LIFE_S / 2)
def csv_links(cleaned: Download, removed: Download) -> None:
    """Show two links that download once; after a click, or when a ticket grows old, they are renewed."""
    with st.container(horizontal=True):
        download_link("Download the cleaned list", cleaned, "primary")
        download_link("Download the removed rows", removed, "secondary")


@st.fragment(run_every=LIFE_S / 2)
def further_links(suppression: Download, report: Download, *, listed: int) -> None:
    """Show what goes with every list and what it is for; where some rows are listed, if to suppress them."""
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        _show_what("Suppression file", _SUPPRESSION)
        if listed and st.toggle(_with_listed(listed), help=_LISTED_HELP, key="suppress the listed"):
            suppression = replace(suppression, content=replace(suppression.content, has_listed=True))
        download_link("Download the suppression file", suppression, "secondary")
    with right.container(border=True, height="stretch"):
        _show_what("Report to hand on", _REPORT)
        download_link("Download the report", report, "secondary")


_SUPPRESSION = (
    "For your e-mail tool, so that it does not write to them, whichever list they stand in: one column "
    "called email with every address of this list that takes no mail, whatever the policy. Texts that are no "
    "address are left out."
)
_LISTED_HELP = (
    "They stand in the file too then, though they may take mail: your tool will never write to them. Leave "
    "it off if you put them there only so that Winnow asks nobody about them. People of other lists are not "
    "in this file; the page Never asked gives you that list as a whole."
)


def _with_listed(rows: int) -> str:
    return f"And who is on your never-asked list ({several(rows, 'row')})"


_REPORT = (
    "One page with the figures, what they mean and what could not be known. It opens in any browser and "
    "prints on A4; no address stands in it."
)


def _show_what(name: str, advice: str) -> None:
    st.markdown(f"**{name}**")
    st.caption(advice)


def download_link(label: str, download: Download, kind: str) -> None:
    """Show a link that downloads once; the fragment it stands in renews it."""
    st.link_button(
        label,
        f"/download/{tickets.hand_out(download)}",
        type=kind,
        icon=":material/download:",
        on_click="rerun",
        key=f"link {label}",
    )
