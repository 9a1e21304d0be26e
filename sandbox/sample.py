"""A marketer's spreadsheet made of a world's addresses, with all that such lists have in them."""

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from sandbox.words import COUNTRIES, FRUITS, GRAINS, SEGMENTS, TRADES
from sandbox.world import World

HEADER = ("Customer no.", "Company", "Segment", "E-mail", "Country", "Notes")
MALFORMED_TEXTS = (
    "quince.at.orchard.sandbox",
    "plum@",
    "@millet-mill.sandbox",
    "pear pear@oat-mill.sandbox",
    "fig@@rye-bakery.sandbox",
    "melon@orchard",
    ".lime@barley-mill.sandbox",
    "sloe..berry@maize-dairy.sandbox",
    "none",
)
EMPTY_CELLS = 3
NOTES = (
    "",
    "",
    "prefers letters, not calls",
    'asked for the "large" basket',
    "Grüße vom Messestand, Köln",
    "00123",
    "NA",
    "None",
    "=1+1",
    "two\nlines",
)
Row = tuple[str, ...]


def sample_rows(world: World, *, duplicates: int = 10, seed: int = 0) -> tuple[Row, list[Row]]:
    """Make a list's header and rows, in random order.

    Each address of the world once, `duplicates` of them again in other case, the malformed texts, a few empty
    cells, and one cell with two addresses (which have no row of their own besides).
    """
    rng = random.Random(seed)
    cells = [*world.addresses[:-2], " ; ".join(world.addresses[-2:])]
    again = rng.sample(cells[:-1], min(duplicates, len(cells) - 1))
    cells += [_in_other_case(cell) for cell in again]
    cells += [*MALFORMED_TEXTS, *[""] * EMPTY_CELLS]
    rng.shuffle(cells)
    return HEADER, [_row(number, cell, rng) for number, cell in enumerate(cells, 1)]


def _in_other_case(address: str) -> str:
    return address.upper() if address != address.upper() else address.lower()


def _row(number: int, cell: str, rng: random.Random) -> Row:
    company = f"{rng.choice(GRAINS).title()} & {rng.choice(FRUITS).title()} {rng.choice(TRADES).title()}"
    return (
        f"{number:05}",
        company,
        rng.choice(SEGMENTS),
        cell,
        rng.choice(COUNTRIES),
        rng.choice(NOTES),
    )


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a list as CSV: UTF-8, commas, quotes where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a list as XLSX, every cell a text as it stands."""
    import xlsxwriter  # here, since only those who ask for a spreadsheet need it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet("Customers")
        for ordinal, row in enumerate((header, *rows)):
            sheet.write_row(ordinal, 0, row)


def write_truth(path: Path, world: World) -> None:
    """Write what is true of each address as CSV: address, status, reasons parted by blanks."""
    truths = ((address, world.truth(address)) for address in world.addresses)
    rows = ((address, truth.status, " ".join(sorted(truth.reasons))) for address, truth in truths)
    write_csv(path, ("address", "status", "reasons"), rows)
