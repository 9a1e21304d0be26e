"""Several files handed in together: a card each, and one button that makes a list of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.intake.columns import guess_columns
from engine.intake.correction import Correction
from engine.intake.sheet import Sheet, UnreadableFile
from engine.intake.survey import Survey
from engine.intake.together import Together, together
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
from pages.parts.starting import start_box, start_label
from pages.parts.survey_words import held_line, together_line
from pages.parts.unasked import tell_of_unasked
from runtime import Runtime
from storage.database import Database
from storage.uploads import Choice, earlier_choice


@dataclass(frozen=True, slots=True)
class Readable:
    """A file that can be checked: its sheet, the columns chosen, what they hold, and where that is kept.

    At the head of its card it is summed up, once it is known what is to be fixed.
    """

    sheet: Sheet
    columns: tuple[str, ...]
    found: Survey
    shelf: str
    head: DeltaGenerator

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The mistyped domains of this list, each with the right one."""
        return tuple(slip.correction for slip in self.found.slips)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file with what is chosen about it, and what it holds then."""

    file: Readable
    choice: Choice
    found: Survey


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
    chosen = _choose(runtime.database, lists, asked)
    for each in chosen:
        _sum_up(runtime.database, each)
    surveys = [each.found for each in chosen]
    shared = _together(surveys)
    by_domain = shared.by_domain if shared else surveys[0].by_domain
    place = st.empty()
    is_wanted = place.button(
        start_label(sum(by_domain.values()), len(lists)),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not is_read(runtime, is_dns_only=asked.is_dns_only),
    )
    if shared:
        st.caption(together_line(shared))
    tell_how_long(runtime, surveys, by_domain, chosen[0].choice)
    st.caption(say_options(asked))
    if is_wanted:
        handed = [Handed(each.file.sheet, each.choice) for each in chosen]
        keep(runtime.database, handed, runtime.start_upload, place)


def _choose(database: Database, lists: Sequence[Readable], asked: Options) -> list[Chosen]:
    """Ask whether slips are to be fixed, and count what each file holds then."""
    is_fixing = _ask_fixing(lists)
    choices = [asked.choice(each.columns, each.corrections if is_fixing else ()) for each in lists]
    return [
        Chosen(each, choice, _survey(database, each, choice))
        for each, choice in zip(lists, choices, strict=True)
    ]


def _survey(database: Database, file: Readable, choice: Choice) -> Survey:
    return survey_of(database, file.sheet, file.columns, choice.corrections, file.shelf, choice.policy.policy)


def _together(surveys: Sequence[Survey]) -> Together | None:
    """Count once who stands in several files; None where it is one file."""
    if len(surveys) == 1:
        return None
    return once("together", tuple(surveys), lambda: together(found.marks for found in surveys))


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
            read = _look(database, offer, guessed, head)
        if isinstance(read, str):
            head.warning(plain(read), icon=":material/warning:")
            return None
        return read


LOOK = "Columns, preview and what was cleaned"
NO_COLUMN = "No column with addresses is chosen, so this file is left out."
NO_ADDRESS = "There is no address in it, so this file is left out."


def _look(database: Database, offer: Offer, guessed: Sheet, head: DeltaGenerator) -> Readable | str:
    """Ask for the header and the columns of a file, and show what they hold; or say why it is left out."""
    sheet = ask_header(offer, guessed)
    if isinstance(sheet, UnreadableFile):
        return str(sheet)
    show_notes(sheet)
    name = f"one of several, {offer.key} {sheet.sheet_name} {sheet.has_header}"
    earlier = earlier_choice(database, sheet)
    columns = choose_columns(sheet, name, earlier.columns if earlier else ())
    if not columns:
        return NO_COLUMN
    policy = policy_chosen(database)
    found = survey_of(database, sheet, columns, shelf=offer.shelf, policy=policy.policy)
    tell_of_other_columns(sheet, columns)
    show_faults(found)
    if found.slips:
        st.caption(plain(say_slips(found.slips)))
    return Readable(sheet, columns, found, offer.shelf, head) if found.addresses else NO_ADDRESS


def _sum_up(database: Database, chosen: Chosen) -> None:
    """Say on its card what a file holds, whom nobody is asked about, and whether it was handed in before."""
    file, found = chosen.file, chosen.found
    with file.head:
        st.caption(held_line(found, rows_without(file.sheet, file.columns, found, file.shelf)))
        tell_of_unasked(database, file.sheet, chosen.choice, file.shelf)
        tell_of_earlier(database, file.sheet)


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
