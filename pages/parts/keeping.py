"""Lists that are being saved and started: in a thread of their own, so that no click breaks that off."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.intake.sheet import Sheet
from engine.work_queue import StoreFails
from pages.parts.counting import several
from pages.parts.frame import LISTS, RESULTS, go, link, plain
from pages.parts.intake import next_turn
from storage.database import Database
from storage.intake import save_upload
from storage.progress import Tell
from storage.uploads import Choice

Start = Callable[[int, Tell], None]
"""What is done with a list once it is saved, telling how far that is (0-1)."""

BROKEN_OFF = "Saving broke off. Hand the list in once more."
_KEEPING = "keeping"
_LOOK_S = 0.1
GONE_S = 3.0
"""Seconds without a look after which a visitor has left the page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list to be saved, and what was chosen about it."""

    sheet: Sheet
    choice: Choice


class Keeping:
    """Lists on their way into the database, one after the other. Its thread writes, any other may look."""

    def __init__(
        self, database: Database, wanted: Sequence[Wanted], start: Start, gone_s: float = GONE_S
    ) -> None:
        self.uploads: list[int] = []
        self.troubles: list[str] = []
        self.said = (0.0, "")
        self.is_told = False
        self._gone_s = gone_s
        self._seen_at = time.monotonic()
        self._whole = len(wanted)
        self._thread = Thread(target=self._keep_all, args=(database, wanted, start), daemon=True)

    def begin(self) -> None:
        """Begin to save."""
        self._thread.start()

    def is_over(self, wait_s: float = 0.0) -> bool:
        """Wait for so many seconds at most, and tell whether all is done or has failed."""
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def note_look(self) -> None:
        """Note that somebody is looking."""
        self._seen_at = time.monotonic()

    def note_told(self) -> None:
        """Note that its owner knows what became of it."""
        self.is_told = True

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody looked just now."""
        return time.monotonic() < self._seen_at + self._gone_s

    def _keep_all(self, database: Database, wanted: Sequence[Wanted], start: Start) -> None:
        """Save and start all; where one cannot be saved, the others go on."""
        for each in wanted:
            self._keep(database, each, start)

    def _keep(self, database: Database, wanted: Wanted, start: Start) -> None:
        rows = f"{several(len(wanted.sheet.frame), 'row')} of {plain(wanted.sheet.name)}"
        failed = "could not be saved; nothing of it was started"
        try:
            upload = save_upload(database, wanted.sheet, wanted.choice, self._telling(f"Saving {rows} …"))
            self.uploads.append(upload)
            failed = "is saved, but could not be started; start it on its Results page"
            start(upload, self._telling(f"Starting the check of {rows} …"))
        except StoreFails as trouble:
            self.troubles.append(f"{plain(wanted.sheet.name)} {failed}. {plain(str(trouble))}")

    def _telling(self, words: str) -> Tell:
        """Give what notes a share (0-1) with these words."""

        def tell(share: float) -> None:
            self.said = (share, words)

        tell(0.0)
        return tell

    @property
    def is_single(self) -> bool:
        """Whether it is one list only."""
        return self._whole == 1

    @property
    def is_whole(self) -> bool:
        """Whether all lists are saved and started."""
        return len(self.uploads) == self._whole and not self.troubles


def keep(database: Database, wanted: Sequence[Wanted], start: Start, place: DeltaGenerator) -> None:
    """Save lists and start them, with their progress in this place; leave for them when that is done."""
    keeping = Keeping(database, wanted, start)
    st.session_state[_KEEPING] = keeping  # first, so that whoever comes next looks on and saves nothing twice
    keeping.begin()
    _look_on(keeping, place)


def look_on() -> None:
    """Where lists of this visit are still being saved, show that alone; tell once what became of them."""
    keeping: Keeping | None = st.session_state.get(_KEEPING)
    if keeping is None or keeping.is_told:
        return
    if keeping.is_over() and not (keeping.is_whole and keeping.is_looked_at):
        _tell(keeping)
        return
    _look_on(keeping, st.empty())


def _look_on(keeping: Keeping, place: DeltaGenerator) -> None:
    """Show how far it is until it is over. A click meanwhile begins the page anew, which looks on again."""
    while not keeping.is_over(_LOOK_S):
        keeping.note_look()
        place.progress(*keeping.said)
    keeping.note_look()
    if not keeping.is_whole:
        st.rerun()
    next_turn()
    keeping.note_told()
    if keeping.is_single:
        go(RESULTS, keeping.uploads[0])
    go(LISTS)


def _tell(keeping: Keeping) -> None:
    """Say what became of lists whose owner looked away, or of which not all could be saved."""
    keeping.note_told()
    for trouble in keeping.troubles or ([] if keeping.is_whole else [BROKEN_OFF]):
        st.error(trouble, icon=":material/error:")
    if keeping.uploads:
        next_turn()
        st.success(f"{several(len(keeping.uploads), 'list')} saved.", icon=":material/check:")
        link(LISTS, "See your lists", ":material/list:")
