"""What the DNS answers to one question: records, or that nobody could tell."""

from collections.abc import Awaitable, Callable

from engine.value import value


@value
class Exchange:
    """One MX record (RFC 5321, 5.1). The host's name is in lower case; `""` is the root, as in a null MX."""

    preference: int
    host: str


@value
class Records:
    """The records of one name and type; empty means that there are none (NODATA), `ttl` is in seconds.

    `exchanges` holds MX records. `values` holds all others: an A or AAAA as its address, a TXT as its whole
    text, a PTR or NS as the name it gives, in lower case.
    """

    values: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    ttl: float = 0.0
    is_name_known: bool = True

    @property
    def is_void(self) -> bool:
        """Whether there is nothing: no such name, or no record of the type (RFC 7208, 4.6.4)."""
        return not (self.values or self.exchanges)


@value
class Failure:
    """The DNS gave no usable answer, in the DNS's own word."""

    word: str


Lookup = Records | Failure

Question = tuple[str, str]
"""A name, and the type of record asked for."""

AskDns = Callable[[str, str], Awaitable[Lookup]]
"""Asks the DNS for a name and a record type, as `Resolver.look_up` does."""
