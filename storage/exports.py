"""The list given back: the user's rows and columns in order, then what was found, streamed row by row."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from pathlib import PurePath

from sqlalchemy import Connection, text

from engine.value import value
from engine.verdict import Status
from storage.bulk import driver_of
from storage.database import Database
from storage.export_lines import CORRECTED, OTHER_RESULTS, ROWS, SEND_TO, Line, tellers
from storage.listed_rows import HAS_CORRECTED
from storage.selection import Decides, Grounds, Removal, Selection, outcome_of
from storage.speaking import Speaker, speaker_of
from storage.together import shared_speakers
from storage.uploads import upload_row

OUTCOME_COLUMNS = (
    "email",
    "status",
    "reason",
    "confidence",
    "flags",
    "suggestion",
    "mx_host",
    "provider",
    "attempts",
    "checked_at",
)
FETCH_ROWS = 2_000


@value
class InWords:
    """A last column that says in words why a row is removed; of one that is kept, what was found of it.

    `cells` has what it says, by what removes a row; a status with its reason stands for what was found.
    """

    column: str
    cells: tuple[tuple[Removal, str], ...]


@value
class Export:
    """A list's rows to write: which upload, which rows, and whether those or the removed ones.

    `names` calls outcome columns otherwise: pairs of the column and its name in the file. `empty_status` is
    said of a row that holds no address: programs find it invalid; to people who count, it is none.
    """

    upload: int
    selection: Selection = Selection()
    columns: tuple[str, ...] = OUTCOME_COLUMNS
    is_removed_wanted: bool = False
    names: tuple[tuple[str, str], ...] = ()
    in_words: InWords | None = None
    empty_status: str = Status.INVALID.value


@value
class Given:
    """A row to give back: its cells, the outcome's among them; its status; what removes it (None: kept).

    A row that holds no address is invalid too, but `is_empty`.
    """

    cells: list[str]
    status: Status
    removal: Removal | None
    is_empty: bool = False


def export_header(database: Database, export: Export) -> list[str]:
    """Give the exported file's column names: the list's own, then what was found.

    An outcome column whose name the list already uses is prefixed `winnow_`; `email` is left out where the
    address column itself is called so. Where addresses of the list were corrected, `corrected_email` stands
    behind it and says what was asked; `email` stays as it was read.
    """
    with database.reading() as connection:
        return _header(connection, export)[0]


def export_title(database: Database, export: Export) -> str:
    """Name what is exported: the workbook's sheet as it was handed in, else the file without its ending."""
    with database.reading() as connection:
        upload = upload_row(connection, export.upload)
    assert upload is not None, "an export names a list that exists"
    return str(upload.sheet_name or PurePath(upload.name).stem)


def _header(connection: Connection, export: Export) -> tuple[list[str], list[str]]:
    """Give the whole header, and which outcome columns stand in it."""
    upload = upload_row(connection, export.upload)
    assert upload is not None, "an export names a list that exists"
    own = json.loads(upload.header)
    taken = {name.casefold() for name in own}
    address_columns = {name.casefold() for name in json.loads(upload.address_columns)}
    outcome = [name for name in export.columns if not (name == "email" and address_columns == {"email"})]
    if _has_corrected(connection, export.upload):
        outcome.insert(outcome[:1] == ["email"], CORRECTED)
    if _has_several(connection, export.upload):
        outcome.append(OTHER_RESULTS)
    wished = dict(export.names)
    named = [_free_name(wished.get(name) or name, taken) for name in outcome]
    last = [_free_name(export.in_words.column, taken)] if export.in_words else []
    return [*own, *named, *last], outcome


def _free_name(name: str, taken: set[str]) -> str:
    """Prefix `winnow_` to a name that is taken already, again where that is too; it is taken from now on."""
    while name.casefold() in taken:
        name = f"winnow_{name}"
    taken.add(name.casefold())
    return name


def _has_several(connection: Connection, upload: int) -> bool:
    found = connection.execute(
        text("SELECT 1 FROM entry WHERE upload_id = :upload AND ordinal > 0 LIMIT 1"), {"upload": upload}
    )
    return found.first() is not None


def _has_corrected(connection: Connection, upload: int) -> bool:
    found = connection.execute(text(f"SELECT {HAS_CORRECTED.format(':upload')}"), {"upload": upload})
    return bool(found.scalar())


def _of_any_fate(_removal: Removal | None) -> bool:
    return True


def export_rows(database: Database, export: Export) -> Iterator[list[str]]:
    """Stream the exported rows in the list's order, without the header, as `given_rows` reads them."""

    def is_wanted(removal: Removal | None) -> bool:
        return (removal is not None) is export.is_removed_wanted

    return (row.cells for row in given_rows(database, export, is_wanted))


def given_rows(
    database: Database, export: Export, is_wanted: Callable[[Removal | None], bool] = _of_any_fate
) -> Iterator[Given]:
    """Stream a list's rows in their order, kept and removed ones if both are wanted.

    In constant memory, but where any address decides and none is written to twice: rows that share addresses
    with rows of several are held then, which may be all.

    A row that is removed is written to at no address.
    """
    decide = cache(partial(_decide, export))
    with database.reading() as connection:
        told = tellers(export.empty_status)
        columns = [(told[name], name) for name in _header(connection, export)[1]]
        turn = _turner(export.selection, shared_speakers(connection, export.upload, export.selection))
        with closing(driver_of(connection).execute(ROWS, {"upload": export.upload})) as rows:
            for _, group in groupby(map(Line._make, rows), key=_NUMBER):
                lines = turn(tuple(group))
                status, removal, in_words = decide(_GROUNDS(lines[0]))
                if is_wanted(removal):
                    said = ["" if removal and name == SEND_TO else tell(lines) for tell, name in columns]
                    cells = json.loads(lines[0].cells) + said + in_words
                    yield Given(cells, status, removal, is_empty=lines[0].is_empty)


_NUMBER = attrgetter("number")
_GROUNDS = attrgetter("status", "flags", "reason", "confidence", "provider", "listed")
"""What decides about a row, as `_decide` takes it."""


_Lines = tuple[Line, ...]


def _turner(selection: Selection, shared: Mapping[int, Speaker]) -> Callable[[_Lines], _Lines]:
    """Give what puts the line of the address first that speaks for its row.

    Of rows in `shared` that is settled already, and whether they are duplicates.
    """
    if selection.decides is Decides.FIRST:
        return _as_they_are
    found_of = cache(outcome_of)
    fits = cache(lambda found: selection.removes(found) is None)

    def turn(lines: _Lines) -> _Lines:
        speaker = shared.get(lines[0].number)
        if speaker is None and len(lines) == 1:
            return lines
        if speaker is None:
            speaker = speaker_of([found_of(_GROUNDS(each)) for each in lines], selection.decides, fits)
        place = speaker.place
        first = lines[place]._replace(flags=int(speaker.found.flags))
        return (first, *lines[:place], *lines[place + 1 :])

    return turn


def _as_they_are(lines: _Lines) -> _Lines:
    return lines


def _decide(export: Export, grounds: Grounds) -> tuple[Status, Removal | None, list[str]]:
    """Say a row's status, what removes it, and that in words where this is wanted."""
    found = outcome_of(grounds)
    removal = export.selection.removes(found)
    ground = removal or Removal(found.status.value, found.reason)
    return found.status, removal, _in_words(export.in_words, ground)


def _in_words(wanted: InWords | None, ground: Removal) -> list[str]:
    return [dict(wanted.cells).get(ground, "")] if wanted else []
