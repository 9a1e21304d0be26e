"""What `winnow lists` says: how large and how old each list is, and what the lists say of a name."""

from collections.abc import Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.address import Address, Malformed, parse_address
from engine.disposable import Listing, listing_of, with_parents
from engine.mailbox_rules import canonical
from engine.name_lists import Lists, list_names, package_words, source_of
from engine.spelling import as_role
from engine.traits import traits_of
from engine.typo import suggestion_for


def say_lists(lists: Lists, today: date) -> Iterator[str]:
    """Say of each list its size, what the user changes, its age and its source, one line each."""
    yield f"{'list':24}{'entries':>9}  {'yours':10}{'gone through':24}source"
    for name in list_names():
        source = source_of(name)
        aged = f"{source['date']} ({_age(source['date'], today)})"
        yield f"{name:24}{size_of(name, lists):>9,}  {_yours(name, lists):10}{aged:24}{_said_source(source)}"
    yield from _own_files(lists)


def size_of(name: str, lists: Lists) -> int:
    """Count a list's entries: words, or the rows of its table."""
    if name.endswith(".txt"):
        return len(lists.words(name))
    return sum(_rows(value) for value in lists.table(name).values())


def _rows(value: Any) -> int:
    """Count the rows of a table: those of the tables in it, where it holds nothing else."""
    if isinstance(value, dict) and value and all(isinstance(part, dict) for part in value.values()):
        return sum(_rows(part) for part in value.values())
    return len(value) if isinstance(value, list | dict) else 1


def _age(day: date, today: date) -> str:
    days = max((today - day).days, 0)
    return "today" if days == 0 else f"{days:,} day{'s' * (days != 1)}"


def _yours(name: str, lists: Lists) -> str:
    own = lists.own(name)
    changes = [f"+{len(own.added)}"] * bool(own.added) + [f"-{len(own.removed)}"] * bool(own.removed)
    return " ".join(changes) or ("changed" if name in lists.own_tables else "")


def _said_source(source: dict[str, Any]) -> str:
    package = source.get("package")
    return f"{source['source']} {_version(package)}" if package else str(source["source"])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def _own_files(lists: Lists) -> Iterator[str]:
    if lists.folder is None:
        return
    yield ""
    yield f"Your own lists: {lists.folder}"
    yield "A file there, named as a list, changes it: in a .txt a line adds, or with - before it takes away."
    yield "A .toml is laid over the table."
    for name in lists.strangers:
        yield f"{name} there is not the name of a list and is not read."


def look_up(text: str, lists: Lists) -> Iterator[str]:
    """Say in which lists an address or a domain is, and what follows from that."""
    parsed = parse_address(text if "@" in text else f"somebody@{text}")
    if isinstance(parsed, Malformed):
        meant = suggestion_for(text, lists)
        yield f"{text} is neither an address nor a domain{f'; probably {meant} is meant' if meant else ''}."
        return
    yield from _mentions(parsed, lists, is_whole="@" in text)
    yield from _consequences(parsed, lists, is_whole="@" in text)


def _mentions(address: Address, lists: Lists, *, is_whole: bool) -> Iterator[str]:
    """Name the lists that hold the domain, one it is part of, or the local part."""
    role = as_role(address.local_part.partition("+")[0])
    if is_whole and role in lists.words("roles.txt"):
        yield f"{role} is in roles.txt ({_origin(role, 'roles.txt', lists)})."
    for part in with_parents(address.domain):
        for name in _lists_of("domains", "hosts"):
            if part in lists.words(name):
                yield f"{part} is in {name} ({_origin(part, name, lists)})."


def _lists_of(*kinds: str) -> list[str]:
    return [name for name in list_names() if source_of(name).get("words") in kinds]


def _origin(word: str, name: str, lists: Lists) -> str:
    if word in lists.own(name).added:
        return "yours"
    return str(source_of(name)["package"]) if word in package_words(name) else "Winnow's"


_SUSPECTED = "disposable, unless its mail hosts are a company's: this list also names what only sent spam"
_FOLLOWS = {
    "is_disposable": "disposable: the default policy calls it risky, and nobody is asked about there",
    "is_free": "at a free provider",
    "is_role": "a role account: the default policy calls it risky",
    "is_random": "typed at random, as it looks; a hint only",
    "is_impossible": "of a form that its provider gives out no more; a hint only",
}


def _consequences(address: Address, lists: Lists, *, is_whole: bool) -> Iterator[str]:
    traits = traits_of(address, lists=lists)
    name = str(address) if is_whole else address.domain
    said = _FOLLOWS | ({"is_disposable": _SUSPECTED} if _is_suspected(address, lists) else {})
    true = [words for trait, words in said.items() if getattr(traits, trait)]
    yield from (f"{name} is {words}." for words in true)
    if traits.suggestion:
        meant = traits.suggestion if is_whole else traits.suggestion.rpartition("@")[2]
        where = "" if traits.is_disposable else "; said only where the domain has no MX record"
        yield f"{name} is probably a typing error for {meant}{where}."
    same = canonical(address, lists)
    if is_whole and same != address:
        yield f"{name} is the same mailbox as {same}."
    if not true and not traits.suggestion:
        yield f"{name} is nothing out of the ordinary."


def _is_suspected(address: Address, lists: Lists) -> bool:
    return listing_of(address.domain, lists) is Listing.SUSPECTED
