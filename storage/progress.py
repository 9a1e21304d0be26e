"""Tells how far the writing of a file is, while its rows stream by."""

from collections.abc import Callable, Iterator
from typing import TypeVar

Tell = Callable[[float], None]
"""Is told what share of the work is done, 0-1."""

EVERY_ROWS = 2_000
_T = TypeVar("_T")


def told(rows: Iterator[_T], whole: int, tell: Tell, *, after: int = 0, of: int = 1) -> Iterator[_T]:
    """Pass rows on, `whole` of them in the pass that comes `after` so many `of` all, and tell the share."""
    for number, row in enumerate(rows):
        if number % EVERY_ROWS == 0:
            tell(min(1.0, (after + number / max(1, whole)) / of))
        yield row


def tell_nobody(_share: float) -> None:
    """Keep the progress to oneself."""
