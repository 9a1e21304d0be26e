"""Reading what a visitor hands in, once: a page runs again at each click, a large file is read only once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd
import streamlit as st

from engine.address import Malformed
from engine.intake.columns import guess_columns
from engine.intake.entries import EntryDraft, read_entries
from engine.intake.read import read_sheet
from engine.intake.sheet import Sheet, UnreadableFile
from engine.intake.survey import Survey, survey
from engine.intake.workbook import is_workbook, open_workbook
from engine.reason import Reason
from engine.work_queue import StoreFails
from pages.parts.counting import count, holdings, several
from pages.parts.frame import plain
from pages.parts.time_left import DEFINITION, takes, what_makes_it_long
from pages.parts.words import SAMPLE
from runtime import Runtime
from storage.forecasts import forecast_choice
from storage.intake import save_upload
from storage.uploads import Choice

PREVIEW_ROWS = 8
AT_ONCE = "All that is needed is known already and still holds, so this is done at once."
_TURN = "intake turn"
_ONCE = "once "
_MARK = {"background-color": "rgba(11, 107, 91, 0.16)"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """A list as a visitor hands it in; `key` tells one from another without reading it."""

    key: str
    name: str
    content: bytes


def file_offer(turn: int) -> Offer | None:
    """Ask for a file."""
    file = st.file_uploader(
        "Your list",
        type=["csv", "tsv", "txt", "tab", "xlsx", "xlsm", "xlsb", "xls", "ods"],
        key=f"file {turn}",
        help="CSV, TSV, TXT, XLSX, XLS or ODS, with the addresses in any column.",
    )
    return Offer(file.file_id, file.name, file.getvalue()) if file else None


def pasted_offer(turn: int) -> Offer | None:
    """Ask for a text."""
    pasted = st.text_area(
        "Your addresses", key=f"text {turn}", height=180, placeholder="One a line, or parted by commas"
    ).strip()
    return Offer(f"pasted {hash(pasted)}", "Pasted text", pasted.encode(errors="replace")) if pasted else None


def sample_button() -> bool:
    """Offer the demo's sample list; a click stays in the address, so that the list stays chosen."""
    is_wanted = st.button(SAMPLE, icon=":material/grain:")
    if is_wanted:
        st.query_params["sample"] = "1"
        st.rerun()
    return is_wanted


def turn() -> int:
    """Count the lists this visitor has handed in: each has a form of its own, so a file leaves the memory."""
    counted: int = st.session_state.setdefault(_TURN, 0)
    return counted


def next_turn() -> None:
    """Begin an empty form, and forget the last file."""
    st.session_state[_TURN] = turn() + 1
    for slot in [name for name in st.session_state if str(name).startswith(_ONCE)]:
        del st.session_state[slot]


def read_offer(offer: Offer, sheet_name: str | None, *, has_header: bool | None) -> Sheet | UnreadableFile:
    """Read a list, or say why it cannot be read."""

    def read() -> Sheet | UnreadableFile:
        try:
            return read_sheet(offer.content, offer.name, sheet_name=sheet_name, has_header=has_header)
        except UnreadableFile as error:
            return error

    with st.spinner("Reading the list ..."):
        return _once(f"sheet {has_header}", (offer.key, sheet_name), read)


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

    return _once("names", offer.key, read)


def survey_of(sheet: Sheet, columns: tuple[str, ...]) -> Survey:
    """Count what the chosen columns hold."""
    key = (sheet.sha256, sheet.sheet_name, sheet.has_header, columns)
    with st.spinner("Counting addresses ..."):
        return _once("survey", key, lambda: survey(sheet, columns))


def tell_how_long(runtime: Runtime, sheet: Sheet, choice: Choice, found: Survey) -> None:
    """Say how long a list will take with the settings there are, and what makes it long."""
    key = (sheet.sha256, sheet.sheet_name, sheet.has_header, choice)
    said = _once("forecast", key, lambda: forecast_choice(runtime.database, found, choice, runtime.settings))
    if said is None:
        is_asking_possible = runtime.settings.is_probing_allowed or choice.is_dns_only
        if is_asking_possible and choice.reuse_days != 0:
            st.markdown(f":material/schedule: **{AT_ONCE}**")
        return
    st.markdown(f":material/schedule: **{takes(said)}**")
    meant = "" if choice.is_dns_only else DEFINITION
    if told := " ".join(filter(None, (what_makes_it_long(said), meant))):
        st.caption(plain(told))


def rows_without(sheet: Sheet, columns: tuple[str, ...], found: Survey) -> int:
    """Count the rows that hold nothing in any chosen column: each is kept as one entry without an address."""
    if len(columns) == 1:
        return found.empty
    key = (sheet.sha256, sheet.sheet_name, sheet.has_header, columns)
    return _once("rows without", key, lambda: sum(_is_empty(each) for each in _bare_entries(sheet, columns)))


def _bare_entries(sheet: Sheet, columns: tuple[str, ...]) -> Iterator[EntryDraft]:
    """Read the entries of the rows without any @ sign, which are few."""
    has_sign = sheet.frame[list(columns)].apply(lambda cells: cells.str.contains("@", regex=False))
    return read_entries(replace(sheet, frame=sheet.frame[~has_sign.any(axis=1)]), columns)


def _is_empty(draft: EntryDraft) -> bool:
    return isinstance(draft.result, Malformed) and draft.result.why is Reason.EMPTY


def _once(slot: str, key: object, make: Callable[[], T]) -> T:
    """Make a value once for a key; a slot keeps its last value only."""
    kept = st.session_state.get(_ONCE + slot)
    if kept is None or kept[0] != key:
        kept = st.session_state[_ONCE + slot] = (key, make())
    value: T = kept[1]
    return value


def tell_of_other_columns(sheet: Sheet, columns: tuple[str, ...]) -> None:
    """Say which columns hold addresses too but are not chosen, so that none is left out unnoticed."""
    others = [plain(name) for name in guess_columns(sheet) if name not in columns]
    if others:
        st.info(
            f"There are addresses in {', '.join(others)} too. Choose that as well to have them checked.",
            icon=":material/info:",
        )


def preview(sheet: Sheet, columns: tuple[str, ...]) -> None:
    """Show a list's first rows, the chosen columns marked."""
    first = sheet.frame.head(PREVIEW_ROWS)
    numbered = first.set_index(pd.Index([sheet.row_number(row) for row in range(len(first))], name="Row"))
    marked = numbered.style.set_properties(subset=list(columns), **_MARK)
    st.dataframe(marked, alt="The first rows of the list, with the chosen columns marked")


def survey_figures(found: Survey) -> dict[str, int]:
    """Name the figures of a survey: addresses without duplicates and malformed ones are to be checked."""
    spellings = {"Other spellings": found.aliases} if found.aliases else {}
    return {
        "Rows": found.rows,
        "Addresses": found.addresses + found.malformed,
        "Duplicates": found.duplicates,
        **spellings,
        "Malformed": found.malformed,
        "To check": found.distinct,
        "Domains": found.domains,
    }


def aliases_line(found: Survey) -> str:
    """Say of addresses that differ only by signs which their provider ignores; `""` where there are none."""
    if not found.aliases:
        return ""
    are = "is another spelling" if found.aliases == 1 else "are other spellings"
    return (
        f"Of those to check, {count(found.aliases)} more {are} of a mailbox that the list names already, as "
        "with dots or a +tag at Gmail: one person would get your mail several times."
    )


def survey_line(found: Survey, empty: int) -> str:
    """Say what is counted: what the list holds, in the same words as on the other pages."""
    cells = f" · {several(found.several, 'cell')} with several" if found.several else ""
    held = holdings(found.rows, found.addresses + found.malformed, empty)
    return f"{held}{cells}. An address counts as often as it stands in the list, and is asked about once."


def bad_cells(found: Survey) -> pd.DataFrame:
    """Set out the texts that are no addresses: where each stands and what is wrong with it."""
    rows = [(bad.row_number, bad.text, bad.detail) for bad in found.examples]
    return pd.DataFrame(rows, columns=["Row", "Text", "What is wrong"])


def keep(runtime: Runtime, sheet: Sheet, choice: Choice, start: Callable[[int], None]) -> int | None:
    """Keep a list and start it, showing how far that is; say so and give None where it cannot be written."""
    bar = st.progress(0.0, f"Saving {len(sheet.frame):,} rows ...")
    try:
        upload = save_upload(runtime.database, sheet, choice, bar.progress)
        bar.progress(1.0, "Starting ...")
        start(upload)
    except StoreFails as trouble:
        st.error(
            f"The list could not be saved; nothing of it was started. {trouble}", icon=":material/error:"
        )
        return None
    return upload
