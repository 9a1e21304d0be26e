"""The never-asked list in words: its kinds, what it is for, and what a line of it says."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from engine.never_probed import Listed, ListedAs, written
from engine.shown_domain import readable
from pages.parts.clock import day_and_time
from pages.parts.counting import count, in_a_row, several
from storage.never_probed import ListedLine

NO_SOURCE = "Added singly"
"""What lines are said to be of that no list of the user's own came with."""

EMPTY_STATE = (
    "People who asked not to be written to, partners, your own domain: put them here. Winnow never asks "
    "about them, and leaves them out of exports unless you switch that off on Export. The list is "
    "kept for all lists to come."
)
HELD_TO = (
    "Winnow never asks about these. Addresses and domains are left out of exports, of lists checked before "
    "too, unless you switch that off on Export; who is at a mail host stays in them. Answers that were found "
    "before stay on Results."
)

MOST_NAMED = 5
"""Endings that are named; the others are counted."""

KINDS = {ListedAs.ADDRESS: "Address", ListedAs.DOMAIN: "Domain", ListedAs.MX: "Mail host"}
_COUNTED = {
    ListedAs.ADDRESS: ("address", "addresses"),
    ListedAs.DOMAIN: ("domain", "domains"),
    ListedAs.MX: ("mail host", "mail hosts"),
}


def kind_figures(counted: Mapping[ListedAs, int]) -> dict[str, int]:
    """Name how many of each kind are on the list, but for kinds that are not."""
    names = {ListedAs.ADDRESS: "Addresses", ListedAs.DOMAIN: "Domains", ListedAs.MX: "Mail hosts"}
    return {name: counted[kind] for kind, name in names.items() if counted[kind]}


def counted_kinds(kinds: Sequence[ListedAs]) -> str:
    """Count lines by kind in words: "12,000 addresses and 3 domains"."""
    found = {kind: sum(each is kind for each in kinds) for kind in _COUNTED}
    said = [several(number, *_COUNTED[kind]) for kind, number in found.items() if number]
    return in_a_row(said)


def unread_sentence(unread: int) -> str:
    """Say how many texts name nobody."""
    were = "text was" if unread == 1 else "texts were"
    return f"{count(unread)} {were} left out: neither an address nor a domain."


def endings_sentence(lines: Iterable[Listed]) -> str:
    """Name the endings of domains that are on the list as a whole, for each holds a great many; else `""`."""
    is_domain = ((each.name, each.kind is ListedAs.DOMAIN) for each in lines)
    endings = sorted(f"*.{readable(name)}" for name, is_one in is_domain if is_one and "." not in name)
    if not endings:
        return ""
    named = in_a_row([*endings[:MOST_NAMED], *_more(len(endings) - MOST_NAMED)])
    takes = "takes" if len(endings) == 1 else "take"
    return f"{named} {takes} in every domain that ends so, and everybody there."


def _more(endings: int) -> list[str]:
    return [f"{count(endings)} more"] if endings > 0 else []


def shown(listed: Listed) -> str:
    """Write whom a line is about as people read it."""
    return written(Listed(listed.kind, readable(listed.name)))


def listed_table(lines: Sequence[ListedLine]) -> pd.DataFrame:
    """Write lines as rows in words."""
    return pd.DataFrame(
        {
            "Name": [shown(line.listed) for line in lines],
            "Kind": [KINDS[line.listed.kind] for line in lines],
            "List": [line.origin.source or NO_SOURCE for line in lines],
            "Note": [line.origin.why for line in lines],
            "Added": [day_and_time(line.added_at) for line in lines],
        }
    )
