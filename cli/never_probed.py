"""The never-probe list: added to, taken from, and printed."""

import sys
from collections.abc import Sequence
from pathlib import Path

from cli.house import open_rows, refusing
from cli.screen import refuse, say
from engine.never_probed import Listed, parse_listed, written
from storage.never_probed import ListedLine, Origin, find_lines, remove_lines
from storage.withholding import never_probe

PAGE = 1_000


def add_names(names: Sequence[str], file: Path | None, why: str, source: str = "") -> None:
    """Put names on the list, all or none; lists that run are held to it when this returns."""
    with refusing():
        lines = _lines(names, file)
        with open_rows() as database:
            never_probe(database, lines, Origin(why, source))
    say(f"{len(lines):,} on the never-probe list; lists that run leave them out from now on.")


def remove_names(names: Sequence[str], file: Path | None) -> None:
    """Take names off the list, and say how many stood there."""
    with refusing():
        lines = _lines(names, file)
        with open_rows() as database:
            removed = remove_lines(database, lines)
    say(f"{removed:,} taken off; they are asked about when their list is asked again.")


def _lines(names: Sequence[str], file: Path | None) -> list[Listed]:
    """Read all names given, on the command line and in the file. Raises Unlistable."""
    lines = [parse_listed(name) for name in (*names, *(_names_in(file) if file else ()))]
    return lines or refuse("name an address, a domain or mx:HOST, or a --file of them")


def _names_in(file: Path) -> list[str]:
    """Read names from a file: one a line; blank lines and lines with # are left out."""
    try:
        lines = [line.strip() for line in file.read_text("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}")
    return [line for line in lines if line and not line.startswith("#")]


def print_names(words: str) -> None:
    """Print each name with these words in it, as it was given, and why it stands there."""
    with refusing(), open_rows() as database:
        page = find_lines(database, words=words, limit=PAGE)
        while page:
            sys.stdout.writelines(f"{_line(line)}\n" for line in page)
            page = find_lines(database, words=words, after=page[-1], limit=PAGE)


def _line(line: ListedLine) -> str:
    return "\t".join(filter(None, (written(line.listed), line.why, line.origin.source)))
