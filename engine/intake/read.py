"""A file or a pasted text to a Sheet: the one door lists come in by."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from engine.intake.apart import part_lines
from engine.intake.decode import decode
from engine.intake.delimited import (
    NO_DELIMITER,
    MendedRows,
    find_delimiter,
    line_rows,
    split_declared,
    strict_rows,
)
from engine.intake.header import is_header, name_columns
from engine.intake.notes import (
    note_broken_quotes,
    note_parted,
    note_short_rows,
    note_skipped,
    note_title,
    note_wide_rows,
)
from engine.intake.sheet import Sheet, UnreadableFile
from engine.intake.table import Table, build_table
from engine.intake.title import without_title
from engine.intake.workbook import is_workbook, open_workbook

_WORKBOOK_ENDINGS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def read_sheet(
    content: bytes, name: str, *, sheet_name: str | None = None, has_header: bool | None = None
) -> Sheet:
    """Read a CSV, TSV, TXT, XLSX, XLS or ODS file; what it is says its content, not its name.

    `sheet_name` chooses a workbook's sheet (else the first), `has_header` overrules the guess.
    Raises UnreadableFile with one sentence for the user.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFile("The file is empty.")
    sha256 = hashlib.sha256(content).hexdigest()
    if not is_workbook(content):
        _refuse_false_ending(content, name)
        return _sheet_of(_read_text(content, name), name, sha256, has_header=has_header)
    with open_workbook(content, sheet_name) as workbook:
        source = _Source(
            build_table(workbook.rows()), sheet_names=workbook.sheet_names, sheet_name=workbook.sheet_name
        )
    return _sheet_of(source, name, sha256, has_header=has_header)


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    table: Table
    notes: tuple[str, ...] = ()
    sheet_names: tuple[str, ...] = ()
    sheet_name: str = ""


def _refuse_false_ending(content: bytes, name: str) -> None:
    is_named_workbook = PurePath(name).suffix.lower() in _WORKBOOK_ENDINGS
    if is_named_workbook and b"\0" in content[:4096]:
        raise UnreadableFile("The workbook is broken; please open it in a spreadsheet and save it again.")


def _read_text(content: bytes, name: str) -> _Source:
    decoded = decode(content)
    declared, text = split_declared(decoded.text)
    delimiter = declared or _delimiter_of(text, name)
    try:
        return _Source(build_table(strict_rows(text, delimiter)), decoded.notes)
    except csv.Error:
        return _read_on(text, delimiter, decoded.notes)


def _read_on(text: str, delimiter: str, notes: tuple[str, ...]) -> _Source:
    """Read a text whose quotation marks do not pair; in a list of one column they are signs like others."""
    if delimiter == NO_DELIMITER:
        return _Source(build_table(line_rows(text, delimiter)), notes)
    rows = MendedRows(text, delimiter)
    return _Source(build_table(rows), (*notes, note_broken_quotes(rows.broken)))


def _delimiter_of(text: str, name: str) -> str:
    is_tabbed = PurePath(name).suffix.lower() in {".tsv", ".tab"} and "\t" in text
    return "\t" if is_tabbed else find_delimiter(text)


def _sheet_of(source: _Source, name: str, sha256: str, *, has_header: bool | None) -> Sheet:
    if source.table.frame.empty:
        raise UnreadableFile(_nothing_in(source))
    table, title = (source.table, ()) if has_header is False else without_title(source.table)
    is_headed = is_header(table.frame) if has_header is None else has_header
    if is_headed and len(table.frame) == 1:
        raise UnreadableFile("The file has a header but no rows below it.")
    given = [str(cell) for cell in table.frame.iloc[0]] if is_headed else [""] * table.frame.shape[1]
    names = name_columns(given)
    notes = (
        *source.notes,
        *note_skipped(source.table),
        *note_title(title, table.skipped - source.table.skipped),
        *(_notes_on_header(table, given, names, is_workbook=bool(source.sheet_names)) if is_headed else ()),
    )
    frame = table.frame.iloc[1:].reset_index(drop=True) if is_headed else table.frame
    frame = frame.set_axis(names, axis="columns")
    if not (is_headed or source.sheet_name or len(names) > 1):
        whole, frame = frame, part_lines(frame)
        notes = (*notes, *note_parted(len(whole), len(frame)))
    return Sheet(name, frame, is_headed, sha256, source.sheet_names, source.sheet_name, table.skipped, notes)


def _nothing_in(source: _Source) -> str:
    others = [name for name in source.sheet_names if name != source.sheet_name]
    if not others:
        return "The file has no rows."
    listed = ", ".join(f"“{name}”" for name in others[:20])
    return f"The sheet “{source.sheet_name}” has no rows; the workbook's other sheets are {listed}."


def _notes_on_header(table: Table, given: list[str], names: list[str], *, is_workbook: bool) -> Iterator[str]:
    """Tell of rows that do not match the header; how wide a workbook's row is meant to be nobody knows."""
    width = max((place for place, cell in enumerate(given, start=1) if cell.strip()), default=0)
    yield from note_wide_rows(table, width, names)
    if not is_workbook:
        yield from note_short_rows(table, width)
