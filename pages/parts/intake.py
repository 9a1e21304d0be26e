"""Reading what a visitor hands in, once: a page runs again at each click, a large file is read only once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from engine.address import Malformed
from engine.intake.columns import guess_columns
from engine.intake.correction import Correction
from engine.intake.entries import EntryDraft, read_entries
from engine.intake.read import read_sheet
from engine.intake.sheet import Sheet, UnreadableFile
from engine.intake.survey import Survey, survey
from engine.intake.workbook import is_workbook, open_workbook
from engine.policy import DEFAULT_POLICY, Policy
from engine.reason import Reason
from pages.parts.frame import plain
from pages.parts.once import forget, once
from pages.parts.turns import begin_anew, turn_of
from pages.parts.words import SAMPLE
from storage.database import Database
from storage.never_asked import state_of_list
from storage.never_probed import read_never_probed

FILE_KINDS = ("csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xlsb", "xls", "ods")
"""The kinds of files that are read, by how their names end."""
_FORM = "intake"
_SHELF = " on shelf "


@dataclass(frozen=True, slots=True)
class Offer:
    """A list as a visitor hands it in; `key` tells one from another without reading it.

    Of several handed in together, each has a `shelf` of its own, where what was read of it is kept.
    """

    key: str
    name: str
    content: bytes
    shelf: str = ""


def file_offers(turn: int) -> list[Offer]:
    """Ask for a file, or for several."""
    files = st.file_uploader(
        "Your list",
        type=FILE_KINDS,
        accept_multiple_files=True,
        key=f"file {turn}",
        help="CSV, TSV, TXT, XLSX, XLS or ODS, with the addresses in any column. Of several files, each "
        "becomes a list of its own.",
    )
    shelves = [f"{_SHELF}{file.file_id}" if len(files) > 1 else "" for file in files]
    forget_shelves(shelves)
    return [
        Offer(file.file_id, file.name, file.getvalue(), shelf)
        for file, shelf in zip(files, shelves, strict=True)
    ]


def forget_shelves(wanted: list[str]) -> None:
    """Forget what was read of files that are taken away."""
    wanted_ends = tuple(filter(None, wanted))
    forget(lambda slot: _SHELF in slot and not slot.endswith(wanted_ends))


READ = "Read these addresses"


def pasted_offers(turn: int) -> list[Offer]:
    """Ask for a text."""
    pasted = st.text_area(
        "Your addresses", key=f"text {turn}", height=180, placeholder="One a line, or parted by commas"
    ).strip()
    if not pasted:
        st.button(READ, icon=":material/read_more:")  # a click ends the typing, and that hands the text in
        return []
    return [Offer(f"pasted {hash(pasted)}", "Pasted text", pasted.encode(errors="replace"))]


def sample_button() -> bool:
    """Offer the demo's sample list; a click stays in the address, so that the list stays chosen."""
    is_wanted = st.button(SAMPLE, icon=":material/grain:")
    if is_wanted:
        st.query_params["sample"] = "1"
        st.rerun()
    return is_wanted


def turn() -> int:
    """Count the lists this visitor has handed in: each has a form of its own, so a file leaves the memory."""
    return turn_of(_FORM)


def next_turn() -> None:
    """Begin an empty form, and forget the last file."""
    begin_anew(_FORM)
    forget()


def read_offer(offer: Offer, sheet_name: str | None, *, has_header: bool | None) -> Sheet | UnreadableFile:
    """Read a list, or say why it cannot be read."""

    def read() -> Sheet | UnreadableFile:
        try:
            return read_sheet(offer.content, offer.name, sheet_name=sheet_name, has_header=has_header)
        except UnreadableFile as error:
            return error

    with st.spinner("Reading the list …"):
        return once(f"sheet {has_header}{offer.shelf}", (offer.key, sheet_name), read)


def sheet_names(offer: Offer) -> tuple[str, ...]:
    """Name a workbook's sheets; none where it is no workbook or cannot be opened."""

    def read() -> tuple[str, ...]:
        if not is_workbook(offer.content):
            return ()
        try:
            with open_workbook(offer.content) as workbook:
                return workbook.sheet_names
        except UnreadableFile:
            return ()

    return once(f"names{offer.shelf}", offer.key, read)


def ask_sheet_name(offer: Offer) -> str | None:
    """Ask which sheet of a workbook is meant, where it has several."""
    names = sheet_names(offer)
    if len(names) < 2:  # noqa: PLR2004 - several
        return None
    chosen = st.selectbox("Sheet", names, _with_addresses(offer, names), key=f"sheet of {offer.key}")
    st.caption(f"One of {len(names)} sheets is read at a time: hand the workbook in again for another.")
    return chosen


def _with_addresses(offer: Offer, names: Sequence[str]) -> int:
    """Find the first sheet with a column of addresses; the first of all where none has any."""

    def find() -> int:
        sheets = (read_offer(offer, name, has_header=None) for name in names)
        held = (isinstance(sheet, Sheet) and bool(guess_columns(sheet)) for sheet in sheets)
        return next((place for place, has_any in enumerate(held) if has_any), 0)

    return once(f"sheet with addresses{offer.shelf}", offer.key, find)


def guess_sheet(offer: Offer) -> Sheet | UnreadableFile:
    """Read a list, of a workbook the sheet that is chosen, or say why it cannot be read."""
    return read_offer(offer, ask_sheet_name(offer), has_header=None)


def ask_header(offer: Offer, guessed: Sheet) -> Sheet | UnreadableFile:
    """Ask whether a list has a header; read it anew where that is not as it was guessed."""
    name = guessed.sheet_name or None
    has_header = st.toggle(
        "The first row names the columns", guessed.has_header, key=f"header of {offer.key} {name}"
    )
    return guessed if has_header is guessed.has_header else read_offer(offer, name, has_header=has_header)


def show_notes(sheet: Sheet) -> None:
    """Show what a person should know of how their list was read."""
    for note in sheet.notes:
        st.info(plain(note), icon=":material/info:")


def survey_of(
    database: Database,
    sheet: Sheet,
    columns: tuple[str, ...],
    corrections: tuple[Correction, ...] = (),
    shelf: str = "",
    policy: Policy = DEFAULT_POLICY,
) -> Survey:
    """Count what the chosen columns hold, with these corrections; who is never asked is not corrected.

    The addresses of files that came together, each with its shelf, can be told from each other's.
    """
    listed = (state_of_list(database), policy.never_probed_domains)
    key = (sheet.sha256, sheet.sheet_name, sheet.has_header, columns, corrections, listed)
    slot = f"corrected survey{shelf}" if corrections else f"survey{shelf}"
    with st.spinner("Counting addresses …"):
        return once(
            slot,
            key,
            lambda: survey(
                sheet, columns, corrections, read_never_probed(database, policy), is_marked=bool(shelf)
            ),
        )


def rows_without(sheet: Sheet, columns: tuple[str, ...], found: Survey, shelf: str = "") -> int:
    """Count the rows that hold nothing in any chosen column: each is kept as one entry without an address."""
    if len(columns) == 1:
        return found.empty
    key = (sheet.sha256, sheet.sheet_name, sheet.has_header, columns)
    return once(
        f"rows without{shelf}", key, lambda: sum(_is_empty(each) for each in _bare_entries(sheet, columns))
    )


def _bare_entries(sheet: Sheet, columns: tuple[str, ...]) -> Iterator[EntryDraft]:
    """Read the entries of the rows without any @ sign, which are few."""
    has_sign = sheet.frame[list(columns)].apply(lambda cells: cells.str.contains("@", regex=False))
    return read_entries(replace(sheet, frame=sheet.frame[~has_sign.any(axis=1)]), columns)


def _is_empty(draft: EntryDraft) -> bool:
    return isinstance(draft.result, Malformed) and draft.result.why is Reason.EMPTY


def tell_of_other_columns(sheet: Sheet, columns: tuple[str, ...]) -> None:
    """Say which columns hold addresses too but are not chosen, so that none is left out unnoticed."""
    others = [plain(name) for name in guess_columns(sheet) if name not in columns]
    if others:
        st.info(
            f"There are addresses in {', '.join(others)} too. Choose that as well to have them checked.",
            icon=":material/info:",
        )
