"""Parts of addresses, found by an index of their three-letter pieces (SQLite's FTS5, trigram tokenizer).

The index names the entries that hold all pieces of what is looked for; whether they hold it as a whole is
seen by their text. Its rows are the entries', by their ids, which rise with a list's rows: so what is found
comes in row order, and a page of it ends the search. A trigger takes deleted entries out; new ones are put in
chunk by chunk, since a trigger would write the index out for each.

Each text is put in behind a blank, so pieces tell where an address begins, too: behind that, or another sign.
"""

from itertools import product
from typing import Any
from unicodedata import normalize

from sqlalchemy import Connection, text

from storage.as_written import signs_around
from storage.bulk import rows_of
from storage.listed_rows import HAS_CORRECTED
from storage.sought import as_sought, is_plain, written_forms_of

PIECE = 3
"""The letters of a piece. What is shorter is not in the index."""
_MOST_PIECES = 16


def index_entries(connection: Connection, upload: int, start: int, end: int) -> None:
    """Put the entries of a list's rows from `start` to before `end` into the index."""
    rows_of(connection, _INDEXED, upload, start, end)


_INDEXED = (
    "INSERT INTO entry_words (rowid, text) SELECT id, text FROM entry_words_text WHERE id IN"
    " (SELECT id FROM entry WHERE upload_id = ? AND row >= ? AND row < ?)"
)


def is_indexed(words: str, *, is_begin: bool = False) -> bool:
    """Tell whether what is looked for is long enough for the index, however it is written."""
    if is_begin and is_plain(words):
        return len(as_sought(words)) >= PIECE - 1
    return all(_windows(form) for form in written_forms_of(words))


def pieces_of(words: str, *, is_begin: bool = False) -> str:
    """Write what is looked for, in any form, as the index is asked for it.

    Of plain words that an address begins with, a sign and the first two letters are a piece, too.
    """
    if is_begin and is_plain(words):
        small = as_sought(words)
        begins = " OR ".join(_quoted(sign + small[: PIECE - 1]) for sign in signs_around())
        return " AND ".join([f"({begins})", *map(_quoted, list(_windows(small))[:_MOST_PIECES])])
    return " OR ".join(map(_pieces_of, written_forms_of(words)))


def _pieces_of(form: str) -> str:
    """Ask for all of its first pieces; for each with marks, in any of the ways to write it."""
    asked = list(map(_spelled, list(_windows(form))[:_MOST_PIECES]))
    return " ".join(asked) if form.isascii() else f"({' AND '.join(asked)})"


def _windows(form: str) -> dict[str, None]:
    """Give each three letters that stand together; no small İ is in one: the index keeps it a capital."""
    runs = form.split(_SMALL_DOTTED_I)
    return dict.fromkeys(run[start : start + PIECE] for run in runs for start in range(len(run) - PIECE + 1))


_SMALL_DOTTED_I = "i\u0307"


def _spelled(window: str) -> str:
    """Ask for three letters, each composed or not, by the pieces that they are written in."""
    ways = product(*(dict.fromkeys((letter, normalize("NFD", letter))) for letter in window))
    asked = [" AND ".join(map(_quoted, _windows("".join(way)))) for way in ways]
    return asked[0] if len(asked) == 1 else f"({' OR '.join(f'({each})' for each in asked)})"


def _quoted(piece: str) -> str:
    return '"{}"'.format(piece.replace('"', '""'))


def ids_by_words(connection: Connection, where: str, given: dict[str, Any]) -> list[int]:
    """Give the ids of a list's entries that fit `where`, as they are written or as they were asked, in order.

    `given` names the upload, the row and ordinal that they are behind, the pieces, the limit, and what
    `where` asks for.
    """
    found = {*_ids_holding(connection, where, given), *_ids_corrected(connection, where, given)}
    return sorted(found)[: given["limit"]]


def _ids_corrected(connection: Connection, where: str, given: dict[str, Any]) -> list[int]:
    """Look through the corrected entries of a list that has any: the address that was asked has no index."""
    sql = (
        f"SELECT entry.id FROM (SELECT 1 WHERE {HAS_CORRECTED.format(':upload')}) CROSS JOIN entry"  # noqa: S608
        " WHERE entry.upload_id = :upload AND (entry.row, entry.ordinal) > (:row, :ordinal)"
        f" AND entry.corrected <> ''{where} ORDER BY entry.row, entry.ordinal LIMIT :limit"
    )
    return list(connection.execute(text(sql), given).scalars())


def _ids_holding(connection: Connection, where: str, given: dict[str, Any]) -> list[int]:
    """Give the ids of a list's entries with all `pieces` in what is written that fit `where`, in order."""
    sql = (
        "SELECT entry.id FROM entry_words CROSS JOIN entry ON entry.id = entry_words.rowid"  # noqa: S608
        f" WHERE entry_words MATCH :pieces AND entry_words.rowid > coalesce({BEHIND}, {_FIRST} - 1)"
        f" AND entry_words.rowid <= {_LAST} AND entry.upload_id = :upload{where}"
        " ORDER BY entry_words.rowid LIMIT :limit"
    )
    return list(connection.execute(text(sql), given).scalars())


_OF_LIST = "(SELECT id FROM entry AS one WHERE one.upload_id = :upload"
BEHIND = f"{_OF_LIST} AND one.row = :row AND one.ordinal = :ordinal)"
"""The id of the entry at a `:row` and `:ordinal` of an `:upload`; null where there is none."""
_FIRST = f"{_OF_LIST} ORDER BY one.row, one.ordinal LIMIT 1)"
_LAST = f"{_OF_LIST} ORDER BY one.row DESC, one.ordinal DESC LIMIT 1)"
