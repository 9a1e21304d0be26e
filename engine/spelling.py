"""How the words of a list are spelt, by what they are: domains, role names, or as they stand."""

from collections.abc import Callable


def as_domain(word: str) -> str:
    """Spell a domain as addresses have it: A-labels, nothing before the @ and no dot around it."""
    name = word.rpartition("@")[2].strip(".")
    return name if name.isascii() else _as_labels(name)


def _as_labels(name: str) -> str:
    import idna  # most lists hold nothing but ASCII

    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return name


_WITHOUT_SEPARATORS = str.maketrans("", "", "._-")


def as_role(word: str) -> str:
    """Spell a local part as role names are listed: in lower case, without dots, hyphens and underscores."""
    return word.lower().translate(_WITHOUT_SEPARATORS)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "domains": as_domain,
    "hosts": as_domain,
    "roles": as_role,
    "names": str,
}

"""How a list's words are spelt, by the name that sources.toml has for its kind."""
