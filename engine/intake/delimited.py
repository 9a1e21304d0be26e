"""Text to rows: which sign parts the fields, and reading on where the quotation marks are broken."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

Row = list[str]

NO_DELIMITER = "\x1f"  # a sign no list holds, for lists of one column
_CANDIDATES = ("\t", ";", ",", "|")
_DECLARED = re.compile(r'"?sep=([^\w\s"]|\t)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_SAMPLE_LINES = 200
_LEAST_SHARE = 0.5


def split_declared(text: str) -> tuple[str, str]:
    """Part a first line that names the delimiter (`sep=;`, as spreadsheets write it) from the rest."""
    declared = _DECLARED.match(text)
    return (declared[1], text[declared.end() :]) if declared else ("", text)


def find_delimiter(text: str) -> str:
    """Name the sign that parts the fields, `NO_DELIMITER` for a list of one column.

    The sign that parts most lines into the same number of fields wins; a file whose every field is an
    address is a list, however its addresses are parted.
    """
    lines = [line for line in islice(io.StringIO(text, newline=""), _SAMPLE_LINES) if line.strip()]
    scores = {sign: _score(lines, sign) for sign in _CANDIDATES}
    best = max(scores, key=lambda sign: scores[sign])
    return best if scores[best] else NO_DELIMITER


def _score(lines: list[str], delimiter: str) -> float:
    if not any(delimiter in line for line in lines):
        return 0
    rows = [row for row in MendedRows("".join(lines), delimiter) if any(row)]
    if not rows:
        return 0.1  # nothing but delimiters
    if all("@" in field for row in rows for field in row if field.strip()):
        return 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    share = count / len(rows)
    first = len(rows[0])
    if first > 1 and width == 1 and "@" not in lines[0]:  # a header above rows that mostly fill one field
        return 0.5 * (first - 1) / len(rows)
    if share < _LEAST_SHARE and first != width:
        return 0
    return share * (width - 1) * (2 if first == width else 1)


def strict_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Read rows with RFC 4180's quotation marks; raises csv.Error where one is misplaced or not closed."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


@dataclass(slots=True)
class MendedRows:
    """Rows by RFC 4180, but where a quotation mark is broken the line is read as it stands.

    `broken` gathers the numbers of those rows as a spreadsheet shows them, counted from 1.
    """

    text: str
    delimiter: str
    broken: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows."""
        lines = io.StringIO(self.text, newline="")
        for number, line in enumerate(iter(lines.readline, ""), start=1):
            behind = lines.tell()
            try:
                yield next(csv.reader(chain([line], lines), delimiter=self.delimiter, strict=True))
            except csv.Error:
                self.broken.append(number)
                lines.seek(behind)
                yield _row_of_line(line.rstrip("\r\n"), self.delimiter)


def line_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Read every line as a row of its own, keeping quotation marks that do not pair as they are."""
    for line in io.StringIO(text, newline=""):
        yield _row_of_line(line.rstrip("\r\n"), delimiter)


def _row_of_line(line: str, delimiter: str) -> Row:
    if not line:
        return []
    if '"' not in line:
        return line.split(delimiter)
    is_paired = line.count('"') % 2 == 0 and delimiter != NO_DELIMITER
    for is_strict in (True, False) if is_paired else (True,):
        try:
            return next(csv.reader([line], delimiter=delimiter, strict=is_strict))
        except csv.Error:
            continue
    return line.split(delimiter)
