"""What a line of the never-asked list changes, in words: whom of which lists, and whom it alone holds."""

from collections.abc import Sequence

from engine.never_probed import Listed
from pages.parts.choice import list_name
from pages.parts.counting import count, in_a_row, several
from pages.parts.frame import plain
from storage.database import Database
from storage.reach import Reached, reach_of
from storage.summaries import standings_of

MOST_LISTS = 3
"""Lists that are named; the others are counted."""

TAKEN_OFF = "Taken off this list again, they can be asked as before."
NOBODY = "Nobody in your lists so far; it holds for all lists to come."


def say_reach(database: Database, lines: Sequence[Listed]) -> str:
    """Say whom lines of the list keep from being asked, and where they stand."""
    reach = reach_of(database, lines)
    said = [_say_named(database, reach.named), _say_hosts(database, reach.hosts)]
    told = [each for each in said if each]
    return " ".join([*told, TAKEN_OFF]) if told else NOBODY


def _say_named(database: Database, reached: Reached) -> str:
    if not (whole := sum(reached.values())):
        return ""
    stands, are = ("stands", "it is") if whole == 1 else ("stand", "they are")
    return (
        f"{several(whole, 'address', 'addresses')} of it {stands} in your lists: "
        f"{in_lists(database, reached)}. From now on {are} not asked, and left out of exports unless you "
        "switch that off on Export; answers found before stay on Results."
    )


def _say_hosts(database: Database, reached: Reached) -> str:
    if not (whole := sum(reached.values())):
        return ""
    have, are, them = ("has its", "it is", "it") if whole == 1 else ("have their", "they are", "them")
    return (
        f"{several(whole, 'address', 'addresses')} in your lists {have} mail at such a host: "
        f"{in_lists(database, reached)}. From now on {are} not asked; exports keep {them}."
    )


def say_held(database: Database, reached: Reached) -> str:
    """Say whom a line alone holds back of who was never asked, and what taking it off means for them."""
    if not (whole := sum(reached.values())):
        return ""
    was, they = ("was", "it") if whole == 1 else ("were", "they")
    which = "that list" if len(reached) == 1 else "those lists"
    return (
        f"{several(whole, 'address', 'addresses')} that this line alone holds back {was} never asked: "
        f"{in_lists(database, reached)}. Taken off, {they} can be asked from Results of {which}."
    )


def say_free(number: int) -> str:
    """Say of a line that was taken off how many addresses can be asked now; `""` for none."""
    if not number:
        return ""
    was, they = ("was", "it") if number == 1 else ("were", "they")
    return (
        f"{several(number, 'address', 'addresses')} {was} held back by it: {they} can be asked from Results."
    )


def in_lists(database: Database, reached: Reached) -> str:
    """Say in which lists addresses stand: "9 in “spring.csv” and 3 in “summer.csv”"."""
    most = sorted(reached, key=lambda upload: -reached[upload])
    named, others = most[:MOST_LISTS], most[MOST_LISTS:]
    parts = [
        f"{count(reached[each.upload])} in “{plain(list_name(each))}”"
        for each in standings_of(database, named)
    ]
    if others:
        number = sum(reached[upload] for upload in others)
        parts.append(f"{count(number)} in {several(len(others), 'other list')}")
    return in_a_row(parts)
