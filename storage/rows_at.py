"""A list's rows at some domains, counted by what was found of their first address."""

import json
from collections import Counter
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import text

from engine.value import value
from storage.bulk import driver_of
from storage.database import Database
from storage.listed_rows import HOW_LISTED, WITH_LISTED
from storage.selection import Listed


class At(NamedTuple):
    """So many rows with what was found of their first address, as `outcome_of` reads it, at a provider."""

    provider: str
    status: str | None
    reason: str | None
    confidence: int | None
    flags: int
    listed: int
    rows: int


_Rows = list[At]
_LARGE = 8
"""A provider with one address of a list in so many is found sooner by passing all of its rows by."""


@value
class Shares:
    """Providers by how much of a list is at their domains: much of it at `large` ones."""

    large: frozenset[str]
    small: frozenset[str]


def shares_of(database: Database, upload: int, providers: Collection[str]) -> Shares:
    """Tell providers with much of a list from others.

    Those are large too at whose domains all lists together have more addresses than this one has at all.
    """
    names = {"upload": upload, "providers": json.dumps([*providers])}
    with database.reading() as connection:
        rows = connection.execute(_SHARES, names).all()
    large = {row.provider for row in rows if row.entries * _LARGE > row.whole or row.every > row.whole}
    return Shares(frozenset(large), frozenset(providers) - large)


_SHARES = text(
    "SELECT domain.provider, sum(listed.entries) AS entries,"
    " sum((SELECT sum(every.entries) FROM upload_domain AS every WHERE every.domain_id = domain.id))"
    " AS every, (SELECT entry_count FROM upload WHERE id = :upload) AS whole FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id"
    " AND domain.provider IN (SELECT value FROM json_each(:providers))"
    " WHERE listed.upload_id = :upload GROUP BY domain.provider"
)


def count_at_providers(database: Database, upload: int, providers: Collection[str]) -> _Rows:
    """Count the rows at providers by their domains."""
    if not providers:
        return []
    with database.reading() as connection:
        names = {"upload": upload, "providers": json.dumps([*providers])}
        return [At._make(row) for row in driver_of(connection).execute(_BY_DOMAIN, names)]


def count_at_provider(database: Database, upload: int, provider: str) -> _Rows:
    """Count the rows at a provider, passing all of the list's rows by."""
    return _one_by_one(database, _AT_PROVIDER, {"upload": upload, "provider": provider})


def count_at_small(database: Database, upload: int, addresses: int) -> _Rows:
    """Count the rows at domains that have fewer addresses of the list than that, by their domains."""
    return _one_by_one(database, _AT_SMALL, {"upload": upload, "addresses": addresses})


def _one_by_one(database: Database, sql: str, names: dict[str, Any]) -> _Rows:
    """Count rows one by one: SQLite would sort all of them first to count them in groups."""
    with database.reading() as connection:
        counted = Counter(driver_of(connection).execute(sql, names))
    return [At._make((*found, number)) for found, number in counted.items()]


_OUTCOME = (
    "entry.status, entry.reason, entry.confidence, entry.flags,"  # noqa: S608 - constants
    f" iif(entry.row IN (SELECT row FROM listed), {HOW_LISTED}, {Listed.NO:d})"
)
_BY_DOMAIN = (
    f"{WITH_LISTED} SELECT domain.provider, {_OUTCOME}, count(*)"  # noqa: S608 - constants
    " FROM upload_domain CROSS JOIN domain ON domain.id = upload_domain.domain_id"
    " AND domain.provider IN (SELECT value FROM json_each(:providers))"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id CROSS JOIN entry ON entry.mailbox_id = mailbox.id"
    " WHERE upload_domain.upload_id = :upload"
    " AND +entry.upload_id = :upload AND +entry.ordinal = 0 GROUP BY 1, 2, 3, 4, 5, 6"
)
_AT_PROVIDER = (
    f"{WITH_LISTED} SELECT :provider, {_OUTCOME} FROM entry"  # noqa: S608 - constants
    " WHERE entry.upload_id = :upload AND +entry.ordinal = 0 AND entry.mailbox_id IN ("
    "SELECT mailbox.id FROM upload_domain CROSS JOIN domain ON domain.id = upload_domain.domain_id"
    " AND domain.provider = :provider CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " WHERE upload_domain.upload_id = :upload)"
)
_AT_SMALL = (
    f"{WITH_LISTED} SELECT domain.provider, {_OUTCOME} FROM upload_domain"  # noqa: S608 - constants
    " CROSS JOIN domain ON domain.id = upload_domain.domain_id"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id CROSS JOIN entry ON entry.mailbox_id = mailbox.id"
    " WHERE upload_domain.upload_id = :upload AND upload_domain.entries < :addresses"
    " AND +entry.upload_id = :upload AND +entry.ordinal = 0"
)
