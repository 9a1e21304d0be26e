"""The sheet of a list that is kept: as it was handed in, with all its cells."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Row, text

from engine.intake.sheet import Sheet
from storage.database import Database
from storage.progress import Tell

CHUNK_ROWS = 20_000


def bare_sheet(upload: Row[Any]) -> Sheet:
    """Give a list's sheet as yet without its rows; a list of old days is told by what it was told by."""
    return Sheet(
        upload.name,
        pd.DataFrame(columns=json.loads(upload.header), dtype="str"),
        has_header=bool(upload.has_header),
        sha256=upload.sha256 or upload.continuation,
        sheet_name=upload.sheet_name,
        skipped=upload.first_number - 1 - bool(upload.has_header),
        notes=tuple(json.loads(upload.notes)),
    )


def with_rows(database: Database, upload: Row[Any], sheet: Sheet, tell: Tell) -> Sheet:
    """Give a list's sheet with its rows, read in chunks; `tell` hears the share (0-1) that is read."""
    chunks = []
    for start in range(0, upload.row_count, CHUNK_ROWS):
        tell(start / upload.row_count)
        chunks.append(_frame(_rows(database, upload.id, start), list(sheet.frame.columns)))
    return replace(sheet, frame=pd.concat([sheet.frame, *chunks], ignore_index=True))


def _frame(rows: Sequence[list[str]], header: list[str]) -> pd.DataFrame:
    columns = zip(header, zip(*rows, strict=True), strict=True)
    return pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns})


def _rows(database: Database, upload: int, start: int) -> list[list[str]]:
    names = {"upload": upload, "start": start, "end": start + CHUNK_ROWS}
    with database.reading() as connection:
        return [json.loads(cells) for cells in connection.execute(_CELLS, names).scalars()]


_CELLS = text(
    "SELECT cells FROM sheet_row WHERE upload_id = :upload AND number >= :start AND number < :end"
    " ORDER BY number"
)
