"""Lists that are being saved and started: in a thread of their own, so that no click breaks that off."""

import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Protocol

from engine.intake.sheet import Sheet
from engine.work_queue import StoreFails
from pages.parts.counting import several
from pages.parts.frame import plain
from storage.database import Database
from storage.intake import save_upload
from storage.progress import Tell
from storage.uploads import Choice

Start = Callable[[int, Tell], None]
"""What is done with a list once it is saved, telling how far that is (0-1)."""

OUR_FAULT = "Something went wrong on our side; the log says what."
GONE_S = 3.0
"""Seconds without a look after which a visitor has left the page."""

log = logging.getLogger("winnow.pages")


class Wanted(Protocol):
    """A list that somebody wants to have saved: what it is called, and how many rows it has."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    def save(self, database: Database, tell: Tell) -> int:
        """Save it, telling how far that is (0-1), and give its id. Raises StoreFails."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A list that was handed in, and what was chosen about it."""

    sheet: Sheet
    choice: Choice

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.sheet.name

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.sheet.frame)

    def save(self, database: Database, tell: Tell) -> int:
        """Save it as it was handed in."""
        return save_upload(database, self.sheet, self.choice, tell)


@dataclass(frozen=True, slots=True)
class Started:
    """A list is saved, and its check is started."""

    upload: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A list is saved, and that was all that was wanted."""

    upload: int


@dataclass(frozen=True, slots=True)
class OnlySaved:
    """A list is saved, but its check could not be started, and why."""

    upload: int
    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A list could not be saved, and why."""

    why: str


Outcome = Started | Saved | OnlySaved | Failed
"""What became of a list."""


class Keeping:
    """Lists on their way into the database, one after the other. Its thread writes, any other may look.

    Without a `start` they are saved, and that is all.
    """

    def __init__(
        self, database: Database, handed: Sequence[Wanted], start: Start | None, gone_s: float = GONE_S
    ) -> None:
        self.names = tuple(each.name for each in handed)
        self.outcomes: list[Outcome | None] = [None] * len(handed)
        """What became of each list, in their order; None as long as nobody knows."""
        self.said = (0.0, "")
        self.is_form_new = False
        self._gone_s = gone_s
        self._seen_at = time.monotonic()
        self._thread = Thread(target=self._keep_all, args=(database, handed, start), daemon=True)

    def begin(self) -> None:
        """Begin to save."""
        self._thread.start()

    def is_over(self, wait_s: float = 0.0) -> bool:
        """Wait for so many seconds at most, and tell whether nothing more will come of it."""
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def note_look(self) -> None:
        """Note that somebody is looking."""
        self._seen_at = time.monotonic()

    def note_form_new(self) -> None:
        """Note that the form they were handed in with is empty again."""
        self.is_form_new = True

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody looked just now."""
        return time.monotonic() < self._seen_at + self._gone_s

    @property
    def uploads(self) -> list[int]:
        """The lists that are saved, whether they are started or not."""
        return [each.upload for each in self.outcomes if isinstance(each, Started | Saved | OnlySaved)]

    @property
    def is_whole(self) -> bool:
        """Whether all lists are saved, and started where that was wanted."""
        return all(isinstance(each, Started | Saved) for each in self.outcomes)

    def _keep_all(self, database: Database, handed: Sequence[Wanted], start: Start | None) -> None:
        """Save and start all; whatever becomes of one, the others are tried."""
        for place, each in enumerate(handed):
            self.outcomes[place] = self._keep(database, each, start)

    def _keep(self, database: Database, handed: Wanted, start: Start | None) -> Outcome:
        rows = f"{several(handed.rows, 'row')} of {plain(handed.name)}"
        upload: int | None = None
        try:
            upload = handed.save(database, self._telling(f"Saving {rows} …"))
            if start is None:
                return Saved(upload)
            start(upload, self._telling(f"Starting the check of {rows} …"))
        except StoreFails as trouble:
            return _broken_off(upload, str(trouble))
        except Exception as error:  # noqa: BLE001 - this thread's one net: the next list is to be tried
            _write_down(error)
            return _broken_off(upload, OUR_FAULT)
        return Started(upload)

    def _telling(self, words: str) -> Tell:
        """Give what notes a share (0-1) with these words."""

        def tell(share: float) -> None:
            self.said = (share, words)

        tell(0.0)
        return tell


def _broken_off(upload: int | None, why: str) -> Outcome:
    return Failed(why) if upload is None else OnlySaved(upload, why)


def _write_down(error: Exception) -> None:
    """Log where a fault arose, but not its own words: they may hold an address, which no log may."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("a list could not be kept, for a fault of our own: %s\n%s", type(error).__name__, place)
