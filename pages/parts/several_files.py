"""Several files handed in together: a card each, and one button that makes a list of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.correction import Correction
from engine.intake.sheet import Sheet, UnreadableFile
from engine.intake.survey import Survey
from engine.intake.together import together
from pages.parts.column_choice import choose_columns
from pages.parts.consent_note import is_read, offer_note_again
from pages.parts.contents import show_faults
from pages.parts.corrections import say_slips
from pages.parts.counting import several
from pages.parts.frame import plain
from pages.parts.handed_in import tell_of_earlier
from pages.parts.how_long import tell_how_long
from pages.parts.intake import (
    Offer,
    ask_header,
    guess_sheet,
    rows_without,
    show_notes,
    survey_of,
    tell_of_other_columns,
)
from pages.parts.keeping import Handed
from pages.parts.looking_on import keep
from pages.parts.once import once
from pages.parts.options import Options, ask_options, policy_chosen, say_options
from pages.parts.starting import start_box
from pages.parts.survey_words import held_line, together_line
from pages.parts.unasked import say_unasked
from runtime import Runtime
from storage.database import Database
from storage.never_asked import state_of_list
from storage.uploads import Choice


@dataclass(frozen=True, slots=True)
class Readable:
    """A file that can be checked: its sheet, the columns chosen, what they hold, and where that is kept."""

    sheet: Sheet
    columns: tuple[str, ...]
    found: Survey
    shelf: str

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The mistyped domains of this list, each with the right one."""
        return tuple(slip.correction for slip in self.found.slips)

    @property
    def key(self) -> object:
        """What tells it from other files, and from itself read otherwise."""
        return self.sheet.sha256, self.sheet.sheet_name, self.sheet.has_header, self.columns


def check_several(runtime: Runtime, offers: list[Offer]) -> None:
    """Show a card for each file, ask once how all are to be checked, and start them together."""
    shown = [_card(runtime.database, offer, is_first=offer is offers[0]) for offer in offers]
    lists = [each for each in shown if each is not None]
    box = start_box()
    if not lists:
        box.warning("None of these files can be checked.", icon=":material/warning:")
        return
    asked = ask_options(runtime)
    offer_note_again(runtime, is_dns_only=asked.is_dns_only)
    with box:
        _ask_start(runtime, lists, asked)


def _ask_start(runtime: Runtime, lists: Sequence[Readable], asked: Options) -> None:
    """Say what is ahead, and start all lists once that is wanted."""
    for said in say_twins([each.sheet for each in lists]):
        st.warning(said, icon=":material/content_copy:")
    is_fixing = _ask_fixing(lists)
    wanted = [
        Handed(each.sheet, asked.choice(each.columns, each.corrections if is_fixing else ()))
        for each in lists
    ]
    is_allowed = is_read(runtime, is_dns_only=asked.is_dns_only)
    place = st.empty()
    is_wanted = place.button(
        f"Check {several(len(lists), 'list')}",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not is_allowed,
    )
    _tell_what_is_ahead(runtime, lists, [each.choice for each in wanted])
    st.caption(say_options(asked))
    if is_wanted:
        keep(runtime.database, wanted, runtime.start_upload, place)


def say_twins(sheets: Sequence[Sheet]) -> list[str]:
    """Name the files that are the same as an earlier one of those handed in together."""
    first: dict[tuple[str, str], Sheet] = {}
    for each in sheets:
        first.setdefault((each.sha256, each.sheet_name), each)
    pairs = [(each, first[each.sha256, each.sheet_name]) for each in sheets]
    return [
        f"{plain(each.name)} is the same file as {plain(twin.name)}. Take one of them away above."
        for each, twin in pairs
        if each is not twin
    ]


def _tell_what_is_ahead(runtime: Runtime, lists: Sequence[Readable], choices: Sequence[Choice]) -> None:
    """Say how many addresses all lists hold together, and how long these take."""
    surveys = [
        survey_of(
            runtime.database,
            each.sheet,
            each.columns,
            choice.corrections,
            each.shelf,
            choice.policy.policy,
        )
        for each, choice in zip(lists, choices, strict=True)
    ]
    key = (tuple(each.key for each in lists), tuple(choices))
    if len(lists) > 1:
        marks = [found.marks for found in surveys]
        state = state_of_list(runtime.database)
        found = once("together", (key, state), lambda: together(marks))
        st.caption(together_line(found, is_dns_only=choices[0].is_dns_only))
    tell_how_long(runtime, surveys, choices[0], key)


def _card(database: Database, offer: Offer, *, is_first: bool) -> Readable | None:
    """Show one file and what it holds; None where it cannot be checked."""
    with st.container(border=True):
        st.markdown(f":material/description: **{plain(offer.name)}**")
        guessed = guess_sheet(offer)
        if isinstance(guessed, UnreadableFile):
            st.error(f"{plain(str(guessed))} The other files are not held up by it.", icon=":material/error:")
            return None
        head = st.container()
        is_open = is_first or not guess_columns(guessed)
        with st.expander(LOOK, expanded=is_open, key=f"look at {offer.key}"):
            read = _look(database, offer, guessed)
        with head:
            return _sum_up(database, read)


LOOK = "Columns, preview and what was cleaned"
NO_COLUMN = "No column with addresses is chosen, so this file is left out."
NO_ADDRESS = "There is no address in it, so this file is left out."


def _look(database: Database, offer: Offer, guessed: Sheet) -> Readable | str:
    """Ask for the header and the columns of a file, and show what they hold; or say why it is left out."""
    sheet = ask_header(offer, guessed)
    if isinstance(sheet, UnreadableFile):
        return str(sheet)
    show_notes(sheet)
    columns = choose_columns(sheet, f"one of several, {offer.key} {sheet.sheet_name} {sheet.has_header}")
    if not columns:
        return NO_COLUMN
    policy = policy_chosen(database)
    found = survey_of(database, sheet, columns, shelf=offer.shelf, policy=policy.policy)
    tell_of_other_columns(sheet, columns)
    show_faults(found)
    told = say_unasked(database, sheet, Choice(columns, policy=policy), offer.shelf)
    for each in filter(None, (*told, plain(say_slips(found.slips)))):
        st.caption(each)
    return Readable(sheet, columns, found, offer.shelf) if found.addresses else NO_ADDRESS


def _sum_up(database: Database, read: Readable | str) -> Readable | None:
    """Say in a line what a file holds, and whether it was handed in before; or why it is left out."""
    if isinstance(read, str):
        st.warning(plain(read), icon=":material/warning:")
        return None
    st.caption(held_line(read.found, rows_without(read.sheet, read.columns, read.found, read.shelf)))
    tell_of_earlier(database, read.sheet)
    return read


def _ask_fixing(lists: Sequence[Readable]) -> bool:
    number = sum(slip.addresses for each in lists for slip in each.found.slips)
    if not number:
        return False
    wanted: bool = st.toggle(
        f"Fix all mistyped domains ({several(number, 'address', 'addresses')})", help=FIXING
    )
    return wanted


FIXING = (
    "Addresses at gmial.com are asked at gmail.com, and the like. Your own columns stay as they are; a "
    "column corrected_email says what was asked."
)
