"""How far lines of the never-probe list reach: whom of which lists they hold back, and whom they alone do."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.address import Address
from engine.never_probed import Listed, ListedAs, NeverProbed, lines_over, names_over, never_probed_of
from engine.value import value
from storage.as_written import addresses_written
from storage.bulk import rows_of
from storage.by_host import domains_behind, still_behind
from storage.codec import load_policy
from storage.database import Database
from storage.listed_rows import HAS_CORRECTED
from storage.never_probed import ListedLine
from storage.unasked import HELD_BACK

_FEW = 50
"""So many names are looked for at the ends of others at once."""

Reached = dict[int, int]
"""How many addresses of each list, each as often as it stands there."""


@value
class Reach:
    """Whom lines name: `named` are left unasked and out of exports, those at `hosts` unasked alone."""

    named: Reached
    hosts: Reached


def reach_of(database: Database, lines: Sequence[Listed]) -> Reach:
    """Count whom lines name in the lists there are, by index; deleted ones and single checks are left out."""
    listed = never_probed_of(lines)
    with database.reading() as connection:
        under = set(_domains_under(connection, listed))
        behind = set(domains_behind(connection, listed.mx)) - under
        named = Counter(_at_domains(connection, under)) + Counter(_at_addresses(connection, listed, under))
        return Reach(dict(named + _as_written(connection, listed)), _at_domains(connection, behind))


def held_by(database: Database, line: ListedLine) -> Reached:
    """Count whom a line alone holds back of who was never asked: taken off, they may be asked about again.

    It reads the names of all domains: ask once.
    """
    with database.reading() as connection:
        if _stands_twice(connection, line):
            return {}
        found = _held(connection, never_probed_of([line.listed]), line.listed.kind)
        held = _held_by_others(connection, {domain: name for _, domain, name, *_ in found}, line.listed)
        reached = Counter(_held_corrected(connection, line.listed))
    for upload, domain, name, policy, count in found:
        if domain not in held and not load_policy(policy).never_probes(name):
            reached[upload] += count
    return dict(reached)


def _domains_under(connection: Connection, listed: NeverProbed) -> list[int]:
    """Find the domains that lines name, with those under them; without a line of a domain none is read."""
    if not listed.domains:
        return []
    ends = tuple(listed.domains) if len(listed.domains) <= _FEW else ("",)
    rows = rows_of(connection, "SELECT id, name FROM domain")
    return [domain for domain, name in rows if name.endswith(ends) and listed.holds_domain(name)]


_WHOLE = "upload.deleted_at IS NULL AND upload.is_single = 0"


def _at_domains(connection: Connection, domains: Collection[int]) -> Reached:
    """Count a list's addresses at domains, from its counters."""
    return dict(rows_of(connection, _AT_DOMAINS, json.dumps(list(domains))).fetchall()) if domains else {}


_AT_DOMAINS = (
    "SELECT listed.upload_id, sum(listed.entries) FROM json_each(?) AS named"  # noqa: S608 - a constant
    " CROSS JOIN upload_domain AS listed ON listed.domain_id = named.value"
    f" CROSS JOIN upload ON upload.id = listed.upload_id AND {_WHOLE} GROUP BY listed.upload_id"
)


def _at_addresses(connection: Connection, listed: NeverProbed, but: set[int]) -> Reached:
    """Count how often single addresses stand in lists, but for those at these domains."""
    if not listed.addresses:
        return {}
    pairs = json.dumps([name.rpartition("@")[::2] for name in listed.addresses])
    return dict(rows_of(connection, _AT_ADDRESSES, pairs, json.dumps(list(but))).fetchall())


_MAILBOXES = (
    " FROM json_each(?) AS named CROSS JOIN domain ON domain.name = json_extract(named.value, '$[1]')"
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " AND mailbox.folded = json_extract(named.value, '$[0]')"
)
_AT_ADDRESSES = (
    f"SELECT entry.upload_id, count(*){_MAILBOXES} CROSS JOIN entry ON entry.mailbox_id = mailbox.id"  # noqa: S608
    f" CROSS JOIN upload ON upload.id = entry.upload_id AND {_WHOLE}"
    " WHERE domain.id NOT IN (SELECT value FROM json_each(?)) GROUP BY entry.upload_id"
)


def _as_written(connection: Connection, listed: NeverProbed) -> Counter[int]:
    """Count whom lines name only as they were written, before a correction: their rows are left out, too.

    Only lists with corrected entries are gone through.
    """
    reached: Counter[int] = Counter()
    if not listed.domains and not listed.addresses:
        return reached
    for upload, written, local_part, domain in rows_of(connection, _CORRECTED):
        is_counted = listed.holds(Address(local_part, domain))
        if not is_counted and any(listed.holds(address) for address in addresses_written(written)):
            reached[upload] += 1
    return reached


_CORRECTED = (
    "SELECT entry.upload_id, entry.text, mailbox.local_part, domain.name FROM upload"  # noqa: S608
    " CROSS JOIN entry ON entry.upload_id = upload.id AND entry.corrected <> ''"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id CROSS JOIN domain ON domain.id = mailbox.domain_id"
    f" WHERE {_WHOLE} AND {HAS_CORRECTED.format('upload.id')}"
)


def _stands_twice(connection: Connection, line: ListedLine) -> bool:
    """Tell whether another of the user's lists names the same."""
    given = (line.listed.kind.value, line.listed.name, line.origin.source)
    sql = "SELECT 1 FROM never_probed WHERE kind = ? AND name = ? AND source <> ?"
    return rows_of(connection, sql, *given).fetchone() is not None


def _held(connection: Connection, listed: NeverProbed, kind: ListedAs) -> Sequence[tuple[Any, ...]]:
    """Count whom a line names of who was held back: of which list, at which domain, and by which policy."""
    if kind is ListedAs.ADDRESS:
        pairs = json.dumps([name.rpartition("@")[::2] for name in listed.addresses])
        return rows_of(connection, _HELD_THEMSELVES, pairs).fetchall()
    domains = _domains_under(connection, listed) or domains_behind(connection, listed.mx)
    return rows_of(connection, _HELD_AT_DOMAINS, json.dumps(domains)).fetchall()


_ENTRIES = (
    " CROSS JOIN entry ON entry.mailbox_id = mailbox.id"  # noqa: S608 - constants
    f" CROSS JOIN upload ON upload.id = entry.upload_id AND {_WHOLE}"
    f" WHERE +entry.status = 'unknown' AND +entry.reason = 'never_probed' AND {HELD_BACK}"
    " AND NOT EXISTS (SELECT 1 FROM entry AS other WHERE other.mailbox_id = entry.mailbox_id"
    " AND +other.upload_id = entry.upload_id AND other.corrected <> '')"
)
_COUNTED = "SELECT upload.id, domain.id, domain.name, upload.policy, count(*)"
_HELD_THEMSELVES = f"{_COUNTED}{_MAILBOXES}{_ENTRIES} GROUP BY upload.id, domain.id"
_HELD_AT_DOMAINS = (
    f"{_COUNTED} FROM json_each(?) AS named CROSS JOIN domain ON domain.id = named.value"  # noqa: S608
    " CROSS JOIN mailbox ON mailbox.domain_id = domain.id AND EXISTS (SELECT 1 FROM upload_domain AS listed"
    " CROSS JOIN tally ON tally.upload_id = listed.upload_id AND tally.reason = 'never_probed'"
    " WHERE listed.domain_id = domain.id AND listed.unknown > 0 AND tally.count > 0)"
    f"{_ENTRIES} AND NOT EXISTS (SELECT 1 FROM never_probed AS own WHERE own.kind = 'address'"
    " AND own.name = mailbox.folded || '@' || domain.name) GROUP BY upload.id, domain.id"
)


def _held_by_others(connection: Connection, domains: Mapping[int, str], line: Listed) -> set[int]:
    """Give those of these domains that another line than this one keeps from being asked."""
    names = {name for domain in domains.values() for name in names_over(domain)}
    rows = rows_of(connection, _LINES, json.dumps(list(names)))
    lines = {Listed(ListedAs.DOMAIN, name) for (name,) in rows} - {line}
    others = never_probed_of(lines)
    held = {domain for domain, name in domains.items() if others.holds_domain(name)}
    return held | still_behind(connection, domains, but=line.name if line.kind is ListedAs.MX else "")


_LINES = "SELECT name FROM never_probed WHERE kind = 'domain' AND name IN (SELECT value FROM json_each(?))"


def _held_corrected(connection: Connection, line: Listed) -> Reached:
    """Count whom a line alone holds back of those that a list corrected, as written or as asked.

    A mailbox is held back as a whole, by any of the ways in which a list writes it.
    """
    behind = set(domains_behind(connection, [line.name])) if line.kind is ListedAs.MX else set()
    over: dict[tuple[int, int], set[Listed]] = {}
    held: dict[tuple[int, int], tuple[int, int]] = {}
    for upload, mailbox, domain, written, local_part, name, policy, count in rows_of(
        connection, _CORRECTED_HELD
    ):
        if load_policy(policy).never_probes(name):
            continue
        readings = [Address(local_part, name), *addresses_written(written)]
        over.setdefault((upload, mailbox), set()).update(*map(lines_over, readings))
        held[upload, mailbox] = (domain, count)
    mine = {each for each in over if line in over[each] or held[each][0] in behind}
    lines = _lines_among(connection, {each for one in mine for each in over[one]}) - {line}
    but = line.name if line.kind is ListedAs.MX else ""
    elsewhere = still_behind(connection, {held[each][0] for each in mine}, but)
    reached: Counter[int] = Counter()
    for each in mine:
        domain, count = held[each]
        if over[each].isdisjoint(lines) and domain not in elsewhere:
            reached[each[0]] += count
    return dict(reached)


_CORRECTED_HELD = (
    "SELECT upload.id, mailbox.id, domain.id, entry.text, mailbox.local_part, domain.name, upload.policy,"  # noqa: S608
    " (SELECT count(*) FROM entry AS other WHERE other.mailbox_id = mailbox.id"
    " AND +other.upload_id = upload.id AND other.reason = 'never_probed') FROM upload"
    " CROSS JOIN entry ON entry.upload_id = upload.id AND entry.status = 'unknown'"
    " AND entry.reason = 'never_probed' AND entry.corrected <> ''"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id CROSS JOIN domain ON domain.id = mailbox.domain_id"
    f" WHERE {_WHOLE} AND {HAS_CORRECTED.format('upload.id')} AND {HELD_BACK}"
)


def _lines_among(connection: Connection, lines: Collection[Listed]) -> set[Listed]:
    """Give those of these lines that are on the list."""
    pairs = json.dumps([(each.kind.value, each.name) for each in lines])
    return {Listed(ListedAs(kind), name) for kind, name in rows_of(connection, _AMONG, pairs)}


_AMONG = (
    "SELECT kind, name FROM json_each(?) AS line CROSS JOIN never_probed"
    " ON kind = json_extract(line.value, '$[0]') AND name = json_extract(line.value, '$[1]')"
)
