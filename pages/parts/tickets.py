"""Tickets for downloads: a page hands one out, the download route takes it back once, soon."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from storage.exports import Export
from storage.files import FOR_SPREADSHEETS, Dialect

LIFE_S = 60.0
MOST = 10_000
"""How many tickets may be out at once; the oldest is given up for a new one."""


class Format(StrEnum):
    """What a list can be downloaded as."""

    XLSX = "xlsx"
    CSV_FOR_EXCEL = "excel.csv"
    CSV = "csv"
    SEMICOLONS = "semicolons.csv"
    BY_STATUS = "zip"


DIALECTS = {
    Format.CSV: Dialect(is_exact=False),
    Format.CSV_FOR_EXCEL: FOR_SPREADSHEETS,
    Format.SEMICOLONS: Dialect(";", has_mark=True, is_exact=False),
}
"""How the formats that are CSV are written, unless the visitor wants them exact."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list's rows, streamed as CSV."""

    export: Export
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class Suppression:
    """The addresses of a list that must not be sent to, streamed as CSV; those never asked too, or not."""

    upload: int
    dialect: Dialect
    has_listed: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed between two lists, streamed as CSV."""

    earlier: int
    later: int
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class NeverAsked:
    """The never-probe list, streamed as CSV."""

    dialect: Dialect


@dataclass(frozen=True, slots=True)
class Written:
    """A file that another process has written, by the name it is asked for under."""

    draft: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page to hand on, as HTML."""

    html: str


@dataclass(frozen=True, slots=True)
class Download:
    """What a ticket is good for while its list is there (None: it needs none): what, and its file name."""

    upload: int | None
    content: Rows | Suppression | Compared | NeverAsked | Written | Page
    file_name: str


class Tickets:
    """The tickets that are out. Each is unguessable, good once, and for a minute. Any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._out: dict[str, tuple[float, Download]] = {}

    def hand_out(self, download: Download) -> str:
        """Give a new ticket for a download."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._forget(MOST - 1)
            self._out[ticket] = self._clock() + LIFE_S, download
        return ticket

    def take_back(self, ticket: str) -> Download | None:
        """Say what a ticket is good for, and use it up; None where it is used, too old or none of ours."""
        with self._lock:
            self._forget(MOST)
            _, download = self._out.pop(ticket, (0.0, None))
        return download

    def _forget(self, most: int) -> None:
        """Drop what is too old, or more than `most`. The tickets stand in the order in which they end."""
        now = self._clock()
        while self._out:
            oldest = next(iter(self._out))
            if self._out[oldest][0] > now and len(self._out) <= most:
                return
            del self._out[oldest]


tickets = Tickets()
"""The tickets of this server: pages and the download route share them."""
