"""Numbers in words: how many of what, said the same wherever something is counted."""

from collections.abc import Sequence

from storage.summaries import Standing


def count(number: int) -> str:
    """Write a number with thousands separators."""
    return f"{number:,}"


def several(number: int, one: str, many: str = "") -> str:
    """Write a number with the word for what is counted: "1 row", "4,980 addresses"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def holdings(rows: int, addresses: int, empty: int) -> str:
    """Say what a list holds, in the same words wherever it is counted."""
    held = f"{several(addresses, 'address', 'addresses')} in {several(rows, 'row')}"
    return f"{held} ({several(empty, 'row')} without an address)" if empty else held


def held(standing: Standing) -> str:
    """Say what a kept list holds."""
    return holdings(standing.rows, standing.addresses, standing.empty)


def in_a_row(parts: Sequence[str]) -> str:
    """Join parts as people say them: "a, b and c"."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
