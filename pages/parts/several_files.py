"""Several files handed in together: a card each, and one button that makes a list of each."""

from dataclasses import dataclass

import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.correction import Correction
from engine.intake.sheet import Sheet, UnreadableFile
from engine.intake.survey import Survey
from pages.parts.consent_note import is_read, offer_note_again
from pages.parts.corrections import slips_sentence
from pages.parts.counting import count, holdings, several
from pages.parts.frame import LISTS, go, link, plain
from pages.parts.how_long import tell_how_long
from pages.parts.intake import (
    Offer,
    ask_sheet,
    keep,
    next_turn,
    rows_without,
    survey_of,
    tell_of_other_columns,
)
from pages.parts.options import Options, ask_options, policy_chosen, say_options
from pages.parts.starting import start_box
from runtime import Runtime
from storage.database import Database
from storage.uploads import Choice, continuation_of, find_upload


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


def check_several(runtime: Runtime, offers: list[Offer]) -> None:
    """Show a card for each file, ask once how all are to be checked, and start them together."""
    box, options = start_box(), st.container()
    shown = [_card(runtime.database, offer) for offer in offers]
    lists = [each for each in shown if each is not None]
    if not lists:
        box.warning("None of these files can be checked.", icon=":material/warning:")
        return
    with options:
        asked = ask_options(runtime)
        offer_note_again(runtime, is_dns_only=asked.is_dns_only)
    with box:
        _ask_start(runtime, lists, asked)


def _ask_start(runtime: Runtime, lists: list[Readable], asked: Options) -> None:
    """Say what is ahead, and start all lists once that is wanted."""
    is_fixing = _ask_fixing(lists)
    choices = [asked.choice(each.columns, each.corrections if is_fixing else ()) for each in lists]
    _tell_of_earlier(runtime, lists, choices)
    is_allowed = is_read(runtime, is_dns_only=asked.is_dns_only)
    label = f"Check {several(len(lists), 'list')}"
    is_wanted = st.button(label, type="primary", icon=":material/play_arrow:", disabled=not is_allowed)
    _tell_how_long(runtime, lists, choices)
    st.caption(say_options(asked))
    if is_wanted:
        _start(runtime, lists, choices)


def _tell_how_long(runtime: Runtime, lists: list[Readable], choices: list[Choice]) -> None:
    """Say how long all lists take together."""
    pairs = list(zip(lists, choices, strict=True))
    surveys = [
        survey_of(
            runtime.database,
            each.sheet,
            each.columns,
            choice.corrections,
            each.shelf,
            choice.policy.policy,
        )
        for each, choice in pairs
    ]
    key = tuple((each.sheet.sha256, each.sheet.sheet_name, each.sheet.has_header) for each in lists)
    tell_how_long(runtime, surveys, choices[0], (key, tuple(choices)))


def _card(database: Database, offer: Offer) -> Readable | None:
    """Show one file and what it holds; None where it cannot be checked."""
    with st.container(border=True):
        st.markdown(f":material/description: **{plain(offer.name)}**")
        sheet = ask_sheet(offer)
        if isinstance(sheet, UnreadableFile):
            st.error(f"{plain(str(sheet))} The other files are not held up by it.", icon=":material/error:")
            return None
        return _readable(database, offer, sheet)


def _readable(database: Database, offer: Offer, sheet: Sheet) -> Readable | None:
    """Ask for the columns of a file, and count what they hold."""
    columns = _ask_columns(offer, sheet)
    if not columns:
        st.warning("No column with addresses is chosen, so this file is left out.", icon=":material/warning:")
        return None
    policy = policy_chosen(database).policy
    found = survey_of(database, sheet, columns, shelf=offer.shelf, policy=policy)
    tell_of_other_columns(sheet, columns)
    st.caption(held_line(found, rows_without(sheet, columns, found, offer.shelf)))
    if not found.addresses:
        st.warning("There is no address in it, so this file is left out.", icon=":material/warning:")
        return None
    return Readable(sheet, columns, found, offer.shelf)


def held_line(found: Survey, empty: int) -> str:
    """Say in one line what a file holds, and what is wrong with it."""
    held = [holdings(found.rows, found.addresses + found.malformed, empty)]
    held += [several(found.duplicates, "duplicate")] if found.duplicates else []
    held += [f"{count(found.malformed)} malformed"] if found.malformed else []
    held += [slips_sentence(found.slips)] if found.slips else []
    return " · ".join(held)


def _ask_columns(offer: Offer, sheet: Sheet) -> tuple[str, ...]:
    key = f"one of several, columns of {offer.key} {sheet.sheet_name} {sheet.has_header}"
    st.session_state.setdefault(key, list(guess_columns(sheet)[:1]))
    return tuple(st.multiselect("Columns with e-mail addresses", list(sheet.frame.columns), key=key))


def _ask_fixing(lists: list[Readable]) -> bool:
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


def _tell_of_earlier(runtime: Runtime, lists: list[Readable], choices: list[Choice]) -> None:
    """Say which of the files were handed in before."""
    pairs = zip(lists, choices, strict=True)
    names = [
        plain(each.sheet.name)
        for each, choice in pairs
        if find_upload(runtime.database, continuation_of(each.sheet, choice)) is not None
    ]
    if names:
        were = "was" if len(names) == 1 else "were"
        st.info(
            f"{', '.join(names)} {were} handed in before; this makes a further list.",
            icon=":material/history:",
        )


def _start(runtime: Runtime, lists: list[Readable], choices: list[Choice]) -> None:
    """Keep and start all lists; where one cannot be saved, the others go on."""
    kept = [
        keep(runtime, each.sheet, choice, runtime.start_upload)
        for each, choice in zip(lists, choices, strict=True)
    ]
    next_turn()
    if None not in kept:
        go(LISTS)
    link(LISTS, "See the lists that were saved", ":material/list:")
