"""Writes a zip with one CSV for each status, and one for rows without an address.

Every row of a list that may be exported stands in one of them.
"""

import csv
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from storage.database import Database
from storage.exports import Given, export_header, given_rows
from storage.files import BYTE_ORDER_MARK, harmless
from storage.order import NO_ADDRESS, Order
from storage.progress import Tell, told


def write_by_status(database: Database, order: Order, path: Path, tell: Tell) -> None:
    """Write the zip row by row, telling what share is done; a status without rows has no file.

    What the selection removes is left out.
    """
    header = export_header(database, order.export)
    rows = told(given_rows(database, order.export), order.rows, tell)
    with TemporaryDirectory(dir=path.parent) as folder:
        _write_parts(rows, header, Path(folder))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, name in order.files:
                if (written := Path(folder, part)).exists():
                    archive.write(written, name)


def _write_parts(rows: Iterator[Given], header: list[str], folder: Path) -> None:
    writers: dict[str, Any] = {}
    with ExitStack() as files:
        for row in (each for each in rows if each.removal is None):
            part = NO_ADDRESS if row.is_empty else row.status
            if part not in writers:
                writers[part] = _begin(files.enter_context(_open(folder / part)), header)
            writers[part].writerow(harmless(row.cells))


def _open(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="replace", newline="")


def _begin(file: TextIO, header: list[str]) -> Any:
    """Begin a CSV for spreadsheets: its mark and its header."""
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(harmless(header))
    return writer
