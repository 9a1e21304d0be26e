"""Who runs a domain's mail hosts, and how far the answers given there can be trusted."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from engine.name_lists import Lists, lists_in_use
from engine.value import value

_REMEMBERED = 8  # sets of lists; there is one in use


class Kind(StrEnum):
    """What a provider does with the mail it takes."""

    MAILBOX_HOST = "mailbox_host"
    GATEWAY = "gateway"
    FORWARDER = "forwarder"
    SENDING_PLATFORM = "sending_platform"
    OWN_HOST = "own_host"


class Worth(StrEnum):
    """How far an answer can be trusted. Worthless: the host gives it to any address."""

    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"
    WORTHLESS = "worthless"


@value
class Provider:
    """One row of lists/providers.toml. `None` means that nothing particular is known; times are seconds.

    `yes` is the worth of a 250 at RCPT, `no` that of a "no such user". One session may ask about mailboxes of
    `domains_per_session` domains that have the same MX hosts, each in a transaction of its own.
    """

    name: str
    display: str
    kind: Kind = Kind.MAILBOX_HOST
    yes: Worth = Worth.FAIR
    no: Worth = Worth.GOOD
    is_decoy_allowed: bool = True
    rcpts_per_session: int | None = None
    sessions_at_once: int | None = None
    domains_per_session: int = 8
    rcpt_timeout_s: float | None = None
    banner_timeout_s: float | None = None
    budget_s: float | None = None

    @property
    def bears_decoys(self) -> bool:
        """Whether a made-up address may be asked there, and would tell anything."""
        return self.is_decoy_allowed and self.yes is not Worth.WORTHLESS


_DEFAULT = "other"


def provider_named(name: str) -> Provider:
    """Give the provider of this name; for "" and names nobody knows, the row for all others."""
    providers = _table().by_name
    return providers.get(name, providers[_DEFAULT])


def limited_providers() -> tuple[Provider, ...]:
    """Give the providers at whose hosts only so many sessions may be open at once."""
    return tuple(each for each in all_providers() if each.sessions_at_once is not None)


def all_providers() -> tuple[Provider, ...]:
    """Give every provider there is a row for."""
    return tuple(_table().by_name.values())


def provider_of(hosts: Sequence[str]) -> Provider:
    """Tell who runs these mail hosts (names, lowest preference first): the first known one decides."""
    for host in hosts:
        name = _name_at(host.lower().rstrip(".")) or _DEFAULT
        if name != _DEFAULT:
            return provider_named(name)
    return provider_named(_DEFAULT)


def _name_at(host: str) -> str | None:
    """Find the provider with the longest end of a host name, gateways before all others."""
    labels = host.split(".")
    ends = [".".join(labels[start:]) for start in range(len(labels))]
    table = _table()
    for suffixes in (table.gateways, table.others):
        found = next((suffixes[end] for end in ends if end in suffixes), None)
        if found:
            return found
    return None


@value
class _Table:
    """The file as read: providers by name, and their names by the ends of host names."""

    by_name: dict[str, Provider]
    gateways: dict[str, str]
    others: dict[str, str]


def _table() -> _Table:
    return read_providers(lists_in_use())


@lru_cache(_REMEMBERED)
def read_providers(lists: Lists) -> _Table:
    """Read the list of providers, with what the user changes in it."""
    rows = lists.table("providers.toml")["provider"]
    table = _Table({row["name"]: _provider(row) for row in rows}, {}, {})
    for row in rows:
        is_gateway = table.by_name[row["name"]].kind is Kind.GATEWAY
        suffixes = table.gateways if is_gateway else table.others
        suffixes.update(dict.fromkeys(row.get("mx", ()), row["name"]))
    return table


def _provider(row: dict[str, Any]) -> Provider:
    enums = {"kind": Kind, "yes": Worth, "no": Worth}
    read: dict[str, Any] = {key: enums[key](row[key]) for key in enums.keys() & row.keys()}
    return Provider(**{key: value for key, value in row.items() if key != "mx"} | read)
