"""Which cells of a list are numbers, times, TRUE or FALSE, and may be written as such, seen as they were.

A number is only what a spreadsheet shows just as it was given. One cell that merely resembles a number (a
leading zero, a plus, blanks, an exponent, too many digits) says that its column holds names: telephone
numbers, postal codes, customer numbers. All of that column stays text. TRUE and FALSE are more than words in
a column of nothing else.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from engine.value import value

# Ten digits or more are rather a name than a count; three behind the point may be thousands.
_NUMBER = re.compile(r"(?!-0(?:\.0+)?\Z)-?(?:0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}|[0-9]{4,6}))?")
_DAY, _TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}"
_MOMENTS = (
    (re.compile(_DAY), "yyyy-mm-dd"),
    (re.compile(f"{_DAY} {_TIME}"), "yyyy-mm-dd hh:mm:ss"),
    (re.compile(f"{_DAY}T{_TIME}Z"), 'yyyy-mm-dd hh:mm:ss "UTC"'),
)
_TRUTHS = {"TRUE": True, "FALSE": False}
_NUMBER_LIKE = re.compile(r"[\d\s.,:;/+()eETZ'’–-]*\d[\d\s.,:;/+()eETZ'’–-]*")
_FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - workbooks know no zones; before, they count a day too many


@value
class Typed:
    """A cell that is more than text, and the number format under which it is seen as it was written."""

    value: float | bool | datetime
    shown: str


def typed(cell: str) -> Typed | None:
    """Read a cell as a number or a time (of UTC where it ends in Z); None where it must stay text."""
    if number := _NUMBER.fullmatch(cell):
        decimals = number[1] or ""
        return Typed(float(cell), "0." + "0" * len(decimals) if decimals else "0")
    for pattern, shown in _MOMENTS:
        if pattern.fullmatch(cell):
            return _moment(cell, shown)
    return None


def _moment(cell: str, shown: str) -> Typed | None:
    try:
        moment = datetime.fromisoformat(cell).replace(tzinfo=None)
    except ValueError:
        return None
    return Typed(moment, shown) if moment >= _FIRST_DAY else None


def truth(cell: str) -> Typed | None:
    """Read a cell as TRUE or FALSE; None where it is neither."""
    return Typed(_TRUTHS[cell], "General") if cell in _TRUTHS else None


class Cells(StrEnum):
    """What the cells of a column are, beside text."""

    TEXT = "text"
    FIGURES = "numbers or times"
    TRUTHS = "TRUE or FALSE"


READERS: dict[Cells, Callable[[str], Typed | None] | None] = {
    Cells.TEXT: None,
    Cells.FIGURES: typed,
    Cells.TRUTHS: truth,
}
"""How a cell of a column is read; where it is text whatever it says, by nothing."""


@value
class Column:
    """A column to be written: its name, its longest cell in characters, what its cells are."""

    name: str
    longest: int
    cells: Cells = Cells.TEXT


def survey_columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Column]:
    """Look at every cell of every column, in constant memory."""
    longest = [0] * len(header)
    figures: set[int] = set()
    unclear, truths = set(range(len(header))), set(range(len(header)))
    for row in rows:
        longest = list(map(max, longest, map(len, row)))
        for place in [each for each in unclear if _NUMBER_LIKE.fullmatch(row[each])]:
            figures.add(place)
            if typed(row[place]) is None:
                unclear.discard(place)
        truths -= {place for place in truths if row[place] and row[place] not in _TRUTHS}
    found = {
        **dict.fromkeys(figures & unclear, Cells.FIGURES),
        **{place: Cells.TRUTHS for place in truths if longest[place]},
    }
    return [Column(name, longest[place], found.get(place, Cells.TEXT)) for place, name in enumerate(header)]
