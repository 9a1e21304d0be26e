"""What the hosts of domains said when they did not let us in, gathered where their words are alike."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.reason import Reason
from engine.reply import Meaning, classify
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


def sayings_at(database: Database, upload: int, name: str) -> list[HostSaying]:
    """Give what the host of one domain said at last when it did not let us in.

    None where it said nothing, and where it answered for all of a list's addresses at last: that some of them
    do not exist is an answer.
    """
    names = {"upload": upload, "name": name}
    with database.reading() as connection:
        at = connection.execute(_OPEN_AT, names).one_or_none()
        turned_away = connection.execute(_TURNED_AWAY, names).scalar() if at and at.unanswered else None
    if at is None or not (turned_away or at.waiting):
        return []
    return [each for each in sayings_of(database, [at.id], [turned_away or 0]) if each.text]


_OPEN_AT = text(
    "SELECT domain.id, listed.entries - listed.valid - listed.invalid - listed.accept_all - listed.risky"
    " AS unanswered, listed.entries - listed.valid - listed.invalid - listed.accept_all - listed.risky"
    " - listed.unknown AS waiting FROM domain CROSS JOIN upload_domain AS listed"
    " ON listed.upload_id = :upload AND listed.domain_id = domain.id WHERE domain.name = :name"
)
_NO_ANSWERS = ", ".join(
    f"'{each}'"
    for each in (
        Reason.GREYLISTED,
        Reason.RATE_LIMITED,
        Reason.TEMPORARY,
        Reason.BLOCKED,
        Reason.BLANKET_REFUSAL,
        Reason.RELAY_DENIED,
        Reason.TLS_REQUIRED,
        Reason.SMTPUTF8_NEEDED,
        Reason.SYNTAX_REFUSED,
        Reason.UNCLEAR,
        Reason.UNREACHABLE,
        Reason.TIMEOUT,
        Reason.DROPPED,
        Reason.BUDGET,
    )
)
_TURNED_AWAY = text(
    "SELECT mailbox.id FROM domain CROSS JOIN mailbox ON mailbox.domain_id = domain.id"  # noqa: S608 - constants
    " CROSS JOIN entry INDEXED BY ix_entry_mailbox ON entry.mailbox_id = mailbox.id"
    " WHERE domain.name = :name AND +entry.upload_id = :upload AND mailbox.trace IS NOT NULL"
    f" AND (entry.reason IN ({_NO_ANSWERS}) OR entry.status IS NULL AND mailbox.why IS NOT NULL) LIMIT 1"
)


_SAMPLES = text(
    "SELECT domain.id AS domain_id, domain.name, domain.provider, domain.mx_host, mailbox.local_part,"
    " mailbox.trace"
    " FROM json_each(:wanted) AS wanted CROSS JOIN domain ON domain.id = json_extract(wanted.value, '$[0]')"
    " LEFT JOIN mailbox ON mailbox.id = json_extract(wanted.value, '$[1]')"
)


def _said_to_another(connection: Connection, domain: int) -> str:
    """Give a refusal that another mailbox of a domain heard: some are put off without being asked about."""
    rows = connection.execute(_OTHERS, {"domain": domain, "most": _OTHERS_READ})
    return next(filter(None, map(_said, rows)), "")


_OTHERS_READ = 20
_OTHERS = text(
    "SELECT domain.name, domain.provider, mailbox.local_part, mailbox.trace FROM mailbox"
    " CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE mailbox.domain_id = :domain AND mailbox.trace IS NOT NULL LIMIT :most"
)


def _said(row: Row[Any]) -> str:
    """Give the last refusal that a mailbox's host spoke, without the address and what names the session."""
    if row.trace is None:
        return ""
    address = f"{row.local_part}@{row.name}"
    spoken = next(_refusals(reversed(load_trace(row.trace)), row.provider), "")
    return without_session(" ".join(spoken.split()).replace(address, "the address"))


def _refusals(lines: Iterable[TraceLine], provider: str) -> Iterator[str]:
    spoken = (each.text for each in lines if each.speaker == "host" and each.text.startswith(_REFUSALS))
    return (said for said in spoken if not _is_of_one_mailbox(said, provider))


def _is_of_one_mailbox(said: str, provider: str) -> bool:
    """Tell whether a refusal answers the question, as by saying that there is no such mailbox."""
    code = said[:3]
    return code.isdigit() and classify(int(code), said[3:].strip(), provider=provider).meaning in _ANSWERS


_ANSWERS = {Meaning.MISSING, Meaning.DISABLED, Meaning.FULL, Meaning.MOVED, Meaning.FULL_FOR_NOW}
