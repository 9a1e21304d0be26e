"""The block lists that mail hosts go by: which one a refusal names, and where each is asked."""

from functools import lru_cache
from typing import Any

from engine.name_lists import Lists, lists_in_use
from engine.value import value

_REMEMBERED = 8  # sets of lists; there is one in use


@value
class BlockList:
    """A row of lists/block_lists.toml; see there. `""` where no page or no zone to be asked is known."""

    name: str
    words: tuple[str, ...] = ()
    page: str = ""
    zone: str = ""
    is_heavy: bool = False


def named_in(text: str) -> BlockList | None:
    """Tell which block list a reply's text speaks of; None where it names none we know."""
    said = text.lower()
    lists = read_block_lists(lists_in_use())
    return next((each for each in lists if any(word in said for word in each.words)), None)


def askable_block_lists() -> tuple[BlockList, ...]:
    """Give the block lists that may be asked whether they name an address (RFC 5782)."""
    return tuple(each for each in read_block_lists(lists_in_use()) if each.zone)


@lru_cache(_REMEMBERED)
def read_block_lists(lists: Lists) -> tuple[BlockList, ...]:
    """Read the list of block lists, with what the user changes in it."""
    return tuple(_block_list(row) for row in lists.table("block_lists.toml")["block_list"])


def _block_list(row: dict[str, Any]) -> BlockList:
    words = tuple(word.lower() for word in row.get("words", ()))
    return BlockList(**row | {"words": words})
