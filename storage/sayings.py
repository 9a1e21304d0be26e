"""What the hosts of domains said when they did not let us in, gathered where their words are alike."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.value import value
from engine.verdict import TraceLine
from storage.codec import load_trace, without_session
from storage.database import Database

MOST_SAYINGS = 6
_REFUSALS = ("4", "5")


@value
class HostSaying:
    """What hosts said in the same words (`""`: nothing), which hosts, and how many domains that was for."""

    text: str
    hosts: tuple[str, ...]
    domains: int


def sayings_of(database: Database, domains: Sequence[int], samples: Sequence[int]) -> list[HostSaying]:
    """Give what was said for these domains, by a mailbox of each (0: any of its own), the commonest first."""
    wanted = json.dumps([list(pair) for pair in zip(domains, samples, strict=False)])
    gathered: dict[str, list[str]] = {}
    with database.reading() as connection:
        for row in connection.execute(_SAMPLES, {"wanted": wanted}).all():
            said = _said(row) or _said_to_another(connection, row.domain_id)
            gathered.setdefault(said, []).append(row.mx_host or row.name)
    found = [HostSaying(said, tuple(dict.fromkeys(hosts)), len(hosts)) for said, hosts in gathered.items()]
    return sorted(found, key=lambda each: (not each.text, -each.domains))[:MOST_SAYINGS]


def sayings_at(database: Database, name: str) -> list[HostSaying]:
    """Give what the host of one domain said at last when it did not let us in; none where it said nothing."""
    with database.reading() as connection:
        found = connection.execute(text("SELECT id FROM domain WHERE name = :name"), {"name": name}).scalar()
    said = [] if found is None else sayings_of(database, [found], [0])
    return [each for each in said if each.text]


_SAMPLES = text(
    "SELECT domain.id AS domain_id, domain.name, domain.mx_host, mailbox.local_part, mailbox.trace"
    " FROM json_each(:wanted) AS wanted CROSS JOIN domain ON domain.id = json_extract(wanted.value, '$[0]')"
    " LEFT JOIN mailbox ON mailbox.id = json_extract(wanted.value, '$[1]')"
)


def _said_to_another(connection: Connection, domain: int) -> str:
    """Give a refusal that another mailbox of a domain heard: some are put off without being asked about."""
    rows = connection.execute(_OTHERS, {"domain": domain, "most": _OTHERS_READ})
    return next(filter(None, map(_said, rows)), "")


_OTHERS_READ = 20
_OTHERS = text(
    "SELECT domain.name, mailbox.local_part, mailbox.trace FROM mailbox"
    " CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE mailbox.domain_id = :domain AND mailbox.trace IS NOT NULL LIMIT :most"
)


def _said(row: Row[Any]) -> str:
    """Give the last refusal that a mailbox's host spoke, without the address and what names the session."""
    if row.trace is None:
        return ""
    address = f"{row.local_part}@{row.name}"
    spoken = next(_refusals(reversed(load_trace(row.trace))), "")
    return without_session(" ".join(spoken.split()).replace(address, "the address"))


def _refusals(lines: Iterable[TraceLine]) -> Iterator[str]:
    return (each.text for each in lines if each.speaker == "host" and each.text.startswith(_REFUSALS))
