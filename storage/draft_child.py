"""The process that writes one ordered file: told where all is, it says its progress on standard output.

The request stands in a JSON file: the database, the order, and the path of the file. Each line of the answer
is the share that is done, 0-1. It ends by itself where who ordered the file is gone.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter

from engine.value import value
from storage.book import write_book
from storage.by_status import write_by_status
from storage.database import Database, open_for_reading
from storage.order import Kind, Order
from storage.progress import Tell

_NICE = 10

_WRITERS: dict[Kind, Callable[[Database, Order, Path, Tell], None]] = {
    Kind.BOOK: write_book,
    Kind.BY_STATUS: write_by_status,
}


@value
class Request:
    """What the process is handed."""

    database_url: str
    order: Order
    target: Path


def dump_request(request: Request) -> bytes:
    """Write a request as JSON."""
    return TypeAdapter(Request).dump_json(request)


def main(request_file: str) -> None:
    """Write the ordered file beside its place, then put it there: so it is there whole, or not at all."""
    if os.name == "posix":
        os.nice(_NICE)
    request = TypeAdapter(Request).validate_json(Path(request_file).read_bytes())
    half = request.target.with_name(f"half-{request.target.name}")
    database = open_for_reading(request.database_url)
    try:
        _WRITERS[request.order.kind](database, request.order, half, _teller(os.getppid()))
    finally:
        database.close()
    half.replace(request.target)


def _teller(parent: int) -> Tell:
    def tell(share: float) -> None:
        if os.getppid() != parent:
            sys.exit("who ordered the file is gone")
        sys.stdout.write(f"{share:.4f}\n")
        sys.stdout.flush()

    return tell


if __name__ == "__main__":
    main(sys.argv[1])
