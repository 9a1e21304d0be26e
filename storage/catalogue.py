"""Lists by name: found, put in order, and renamed."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text

from engine.value import value
from storage.database import Database

LONGEST_NAME = 120
"""Characters that a list's own name may have."""


class Order(StrEnum):
    """What lists are put in order by."""

    NEWEST = "newest"
    NAME = "name"
    SIZE = "size"


@value
class Found:
    """The lists found, in order and as many as were asked for; how many fit, how many there are."""

    uploads: tuple[int, ...]
    fitting: int
    whole: int


class UnusableName(ValueError):
    """A list cannot be called that; the message says why in the user's words."""


def find_lists(database: Database, words: str = "", order: Order = Order.NEWEST, limit: int = 20) -> Found:
    """Find the lists whose name holds these words as typed, in whatever case; without words, all of them."""
    with database.reading() as connection:
        rows = connection.execute(_NAMED).all()
    wanted = " ".join(words.split()).casefold()
    fitting = sorted((row for row in rows if wanted in _called(row)), key=_KEYS[order])
    return Found(tuple(row.id for row in fitting[:limit]), len(fitting), len(rows))


_NAMED = text(
    "SELECT id, name, title, sheet_name, row_count FROM upload WHERE deleted_at IS NULL AND is_single = 0"
)


def _called(row: Row[Any]) -> str:
    """Say what a list goes by, for comparison: its own name, its file's and its sheet's."""
    return " ".join(f"{row.title} {row.name} {row.sheet_name}".casefold().split())


_KEYS: dict[Order, Callable[[Row[Any]], Any]] = {
    Order.NEWEST: lambda row: -row.id,
    Order.NAME: lambda row: ((row.title or row.name).casefold(), -row.id),
    Order.SIZE: lambda row: (-row.row_count, -row.id),
}


def rename_list(database: Database, upload: int, name: str) -> str:
    """Call a list by another name, trimmed, and give that; its file's name stays. Raises UnusableName."""
    trimmed = " ".join(name.split())
    if not trimmed:
        raise UnusableName("A list needs a name")
    if len(trimmed) > LONGEST_NAME:
        raise UnusableName(f"A name has at most {LONGEST_NAME} characters; this one has {len(trimmed)}")
    with database.writing() as connection:
        connection.execute(
            text("UPDATE upload SET title = :title WHERE id = :upload AND deleted_at IS NULL"),
            {"title": trimmed, "upload": upload},
        )
    return trimmed
