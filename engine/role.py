"""Whether a local part names a function rather than a person."""

import re
from functools import lru_cache
from string import digits

from engine.name_lists import Lists
from engine.spelling import as_role
from engine.value import value

_REMEMBERED = 8  # sets of lists; there is one in use
_INITIALS = 3
_SHORTEST_WORD = 4
_SEPARATED = re.compile("[._-]")
_INITIAL = re.compile("(?:^|[._-])[a-z](?:[._-]|$)(?<!^e[._-])")  # but "e-mail"


@value
class _Roles:
    """The list of role names: whole ones, and what others start and end with."""

    names: frozenset[str]
    starts: tuple[str, ...]
    ends: tuple[str, ...]


def is_role_name(local_part: str, lists: Lists, *, is_free: bool) -> bool:
    """Whether the local part, up to a "+", names a function; "h.r" and "sale.s" are rather initials.

    At a company a number or a place may stand beside the name (info2, sales.uk); at a free provider people
    call themselves so.
    """
    name = local_part.partition("+")[0].lower()
    joined = as_role(name)
    roles = _roles(lists)
    if joined in roles.names:
        return joined == name or (len(joined) > _INITIALS and not _INITIAL.search(name))
    if joined.startswith(roles.starts) or joined.endswith(roles.ends):
        return True
    return not is_free and _is_numbered_or_placed(name, roles, lists)


def _is_numbered_or_placed(name: str, roles: _Roles, lists: Lists) -> bool:
    """Whether all words are role names, places or numbers, and one of the role names is no initials."""
    words = [word.rstrip(digits) for word in _SEPARATED.split(name)]
    if all(len(word) < _SHORTEST_WORD for word in words if word in roles.names):
        return False
    places = lists.words("role_places.txt")
    return all(not word or word in roles.names or word in places for word in words)


@lru_cache(_REMEMBERED)
def _roles(lists: Lists) -> _Roles:
    words = lists.words("roles.txt")
    return _Roles(
        words,
        tuple(word[:-1] for word in words if word.endswith("*")),
        tuple(word[1:] for word in words if word.startswith("*")),
    )
