"""What a file is to be written of, and in which words: the whole order that a writing process is given."""

from dataclasses import field
from enum import StrEnum

from engine.value import value
from storage.exports import Export

NO_ADDRESS = "no_address"
"""Where rows stand that hold no address, beside the statuses."""


class Kind(StrEnum):
    """What is written: a workbook of the kept and the removed rows, or a zip of one CSV for each status."""

    BOOK = "book"
    BY_STATUS = "by_status"


@value
class Slice:
    """A bar of a workbook's chart: its name, its number, and its colour (#RRGGBB)."""

    name: str
    number: int
    colour: str


@value
class Chart:
    """A chart and the table that it is drawn from; the title says what is found."""

    title: str
    slices: tuple[Slice, ...]


@value
class Overview:
    """The sheet that sums up: its heading, its sentences, its charts."""

    heading: str = ""
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()


@value
class Wording:
    """What the sheets of a workbook are called."""

    kept: str = "Kept"
    removed: str = "Removed"
    overview: str = "Summary"


@value
class Order:
    """What is to be written: of `rows` rows in all; `files` the file of each status and NO_ADDRESS."""

    kind: Kind
    export: Export
    rows: int
    wording: Wording = Wording()
    overview: Overview = Overview()
    files: tuple[tuple[str, str], ...] = field(default=())
