"""The lists: files of engine/lists, what packages add to them, and what the user's own files change.

The user's file has the name of the list it changes. A line of a .txt adds, with a "-" before it takes away; a
.toml is laid over the list's table.
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from engine.spelling import SPELLINGS
from engine.value import value

Table = dict[str, Any]
SOURCES = "sources.toml"


class UnusableList(ValueError):
    """A list of the user's cannot be read; the message says which and why."""


@value
class OwnWords:
    """What a file of the user's changes in a list of words."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


_UNCHANGED = OwnWords()


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """The lists as they are in use: each is composed when it is first asked for, and kept."""

    folder: Path | None = None
    own_words: dict[str, OwnWords] = field(default_factory=dict)
    own_tables: dict[str, Table] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()
    """Names of files in the user's folder that are no list's."""
    _words: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _tables: dict[str, Table] = field(default_factory=dict, repr=False)

    def words(self, name: str) -> frozenset[str]:
        """Give the words of a .txt list."""
        known = self._words.get(name)
        return known if known is not None else self._words.setdefault(name, self._composed(name))

    def own(self, name: str) -> OwnWords:
        """Say what the user changes in a list of words."""
        return self.own_words.get(name, _UNCHANGED)

    def table(self, name: str) -> Table:
        """Give the table of a .toml list; read it, do not change it."""
        known = self._tables.get(name)
        return known if known is not None else self._tables.setdefault(name, self._laid_over(name))

    def _composed(self, name: str) -> frozenset[str]:
        own = self.own(name)
        return (house_words(name) | package_words(name) | own.added) - own.removed

    def _laid_over(self, name: str) -> Table:
        return _merged(_house_table(name), self.own_tables.get(name, {}))


_in_use: list[Lists] = [Lists()]


def lists_in_use() -> Lists:
    """Give the lists in use: those of the house, until `use_lists` was called."""
    return _in_use[0]


def use_lists(folder: Path | None) -> Lists:
    """Use the user's lists in this folder beside those of the house, from now on. Raises UnusableList."""
    _in_use[0] = read_lists(folder)
    return _in_use[0]


def own_folder(database_url: str) -> Path:
    """Say where the user's lists are: the folder `lists` beside the database's file, if it is one."""
    _, is_file, place = database_url.partition("?")[0].partition("sqlite:///")
    return (Path(place).parent if is_file and place else _home()) / "lists"


def _home() -> Path:
    from platformdirs import user_data_dir  # who reads replies alone need not wait for it

    return Path(user_data_dir("winnow", appauthor=False))


def read_lists(folder: Path | None) -> Lists:
    """Read the user's own files, and stand ready to compose all lists. Raises UnusableList."""
    found = sorted(path for path in folder.iterdir() if path.is_file()) if folder and folder.is_dir() else []
    known = [path for path in found if path.name in list_names()]
    return Lists(
        folder,
        {path.name: _own_words(path) for path in known if path.suffix == ".txt"},
        {path.name: _own_table(path) for path in known if path.suffix == ".toml"},
        tuple(path.name for path in found if path not in known),
    )


@cache
def list_names() -> tuple[str, ...]:
    """Name the lists there are, by their files."""
    return tuple(sorted(_house_table(SOURCES)))


def source_of(name: str) -> Table:
    """Say what a list is, where it comes from and when it was gone through: its row of sources.toml."""
    row: Table = _house_table(SOURCES)[name]
    return row


@cache
def house_words(name: str) -> frozenset[str]:
    """Read a list of the house: one word a line, lines that start with # are remarks."""
    return frozenset(_words_in(_house_text(name), name))


def _house_text(name: str) -> str:
    return files("engine").joinpath("lists", name).read_text("utf-8")


@cache
def _house_table(name: str) -> Table:
    return tomllib.loads(_house_text(name))


def _own_words(path: Path) -> OwnWords:
    lines = _remarkless(_own_text(path))
    removed = (line.removeprefix("-") for line in lines if line.startswith("-"))
    added = (line for line in lines if not line.startswith("-"))
    return OwnWords(frozenset(_read(added, path.name)), frozenset(_read(removed, path.name)))


def _own_table(path: Path) -> Table:
    try:
        return tomllib.loads(_own_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UnusableList(f"{path}: {error}") from None


def _own_text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UnusableList(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnusableList(f"{path}: this is not a text in UTF-8") from None


def _words_in(text: str, name: str) -> Iterable[str]:
    return _read(_remarkless(text), name)


def _remarkless(text: str) -> list[str]:
    """Give the lines of a text without remarks and blanks."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def _read(lines: Iterable[str], name: str) -> Iterable[str]:
    spell = SPELLINGS[source_of(name)["words"]]
    return (word for line in lines if (word := spell(line.strip().lower())))


@cache
def package_words(name: str) -> frozenset[str]:
    """Give what a package adds to a list; nothing for most."""
    read = _PACKAGES.get(source_of(name).get("package", ""))
    return read() if read else frozenset()


def _disposable_email_domains() -> frozenset[str]:
    from disposable_email_domains import blocklist  # ten thousand names, loaded when first asked for

    return frozenset(blocklist)


def _mailchecker() -> frozenset[str]:
    from MailChecker import MailChecker  # fifty thousand names, loaded when first asked for

    return frozenset(MailChecker.blacklist)


_PACKAGES: dict[str, Callable[[], frozenset[str]]] = {
    "disposable-email-domains": _disposable_email_domains,
    "mailchecker": _mailchecker,
}


def _merged(table: Table, own: Table) -> Table:
    """Lay the user's table over a list's: tables key by key, rows by their name, all else whole.

    Rows without a name are in order of precedence: the user's go before the list's.
    """
    return table | {key: _merged_value(table.get(key), value) for key, value in own.items()}


def _merged_value(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return _merged(old, new)
    if _is_named(old) and _is_named(new):
        rows = {row["name"]: row for row in old}
        rows |= {row["name"]: _merged(rows.get(row["name"], {}), row) for row in new}
        return list(rows.values())
    return [*new, *old] if _are_rows(old) and _are_rows(new) else new


def _is_named(value: Any) -> bool:
    return _are_rows(value) and all("name" in row for row in value)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)
