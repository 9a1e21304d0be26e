"""What entries' outcomes rest on: stored evidence, read to be judged again without asking anybody."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.dns_only import REASONS_BY_DNS, evidence_by_dns
from engine.judge import judge
from engine.policy import Policy
from engine.reason import Reason
from engine.verdict import Flag
from storage.codec import dump_evidence, load_evidence, load_facts, shape_of
from storage.listed_rows import listed_as_written
from storage.never_probed import held_among
from storage.settle import OWN_FLAGS

Ground = tuple[Row[Any], str]
"""An entry as it was read, and the evidence, as JSON, that it is judged by."""
Found = tuple[str, str, int, int]
"""Status, reason, confidence and flags, as an entry has them."""
_KEPT_FLAGS = int(OWN_FLAGS | Flag.REUSED)

_ENTRY = (
    "SELECT entry.id, entry.upload_id, entry.ordinal, entry.text, entry.status, entry.reason,"
    " entry.confidence, entry.flags, entry.settled_at, mailbox.domain_id,"
)
# An entry whose outcome rests on its mailbox's evidence was settled when that was checked; others, such as
# those of a cancelled list, keep the outcome they have.
_PROBED = (
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id WHERE {} +entry.status IS NOT NULL"
    " AND mailbox.evidence IS NOT NULL AND entry.settled_at = mailbox.checked_at"
)
# A list that is checked by DNS alone rests on its domains' routes, and of a policy on what it says of
# disposable domains (which those are is its word too) and on whom it has nobody ask about: under another one,
# those are told what the route says, where it is known.
_REASONS_BY_DNS = ", ".join(f"'{reason}'" for reason in (*REASONS_BY_DNS, Reason.NEVER_PROBED))
_BY_DNS = (
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id CROSS JOIN domain ON domain.id = mailbox.domain_id"
    f" WHERE {{}} +entry.reason IN ({_REASONS_BY_DNS})"
    " AND entry.settled_at IS NOT mailbox.checked_at AND domain.facts IS NOT NULL"
)
_ROWS = "entry.upload_id = :upload AND entry.row >= :start AND entry.row < :end AND"
_DRAWN = "json_each(:entries) AS drawn CROSS JOIN entry ON entry.id = drawn.value"
_DNS_ONLY = "SELECT 1 FROM upload WHERE id = :upload AND is_dns_only = 1"
_PROBED_ROWS = text(f"{_ENTRY} mailbox.evidence FROM entry {_PROBED.format(_ROWS)}")
_PROBED_DRAWN = text(f"{_ENTRY} mailbox.evidence FROM {_DRAWN} {_PROBED.format('')}")
_OF_DOMAIN = "mailbox.id AS mailbox, mailbox.local_part, domain.name, domain.facts"
_BY_DNS_ROWS = text(f"{_ENTRY} {_OF_DOMAIN} FROM entry {_BY_DNS.format(_ROWS)}")
_BY_DNS_DRAWN = text(f"{_ENTRY} {_OF_DOMAIN} FROM {_DRAWN} {_BY_DNS.format('')}")


def grounds_of_rows(
    connection: Connection, upload: int, rows: tuple[int, int], policy: Policy
) -> list[Ground]:
    """Read the entries from one row up to another that rest on evidence, each with its own."""
    names = {"upload": upload, "start": rows[0], "end": rows[1]}
    probed = _probed(connection.execute(_PROBED_ROWS, names).all(), policy)
    if not connection.execute(text(_DNS_ONLY), names).first():
        return probed
    return probed + _by_dns(connection, upload, connection.execute(_BY_DNS_ROWS, names).all())


def grounds_of_entries(
    connection: Connection, upload: int, entries: Sequence[int], policy: Policy
) -> list[Ground]:
    """Read those of some entries of a list that rest on evidence, each with its own."""
    names = {"upload": upload, "entries": json.dumps(list(entries))}
    probed = _probed(connection.execute(_PROBED_DRAWN, names).all(), policy)
    if not connection.execute(text(_DNS_ONLY), names).first():
        return probed
    return probed + _by_dns(connection, upload, connection.execute(_BY_DNS_DRAWN, names).all())


def _probed(rows: Sequence[Row[Any]], policy: Policy) -> list[Ground]:
    return [(row, shape_of(row.evidence, policy)) for row in rows]


def _by_dns(connection: Connection, upload: int, rows: Sequence[Row[Any]]) -> list[Ground]:
    held = _held(connection, upload, [row.mailbox for row in rows if row.reason == Reason.NEVER_PROBED])
    return [(row, _evidence_by_dns(row)) for row in rows if row.mailbox not in held]


def _held(connection: Connection, upload: int, unasked: Sequence[int]) -> set[int]:
    """Find those who are on the never-probe list now: they stay unasked under whatever policy."""
    if not unasked:
        return set()
    return {*held_among(connection, unasked), *listed_as_written(connection, upload, unasked)}


def _evidence_by_dns(entry: Row[Any]) -> str:
    address = Address(entry.local_part, entry.name)
    return dump_evidence(evidence_by_dns(address, load_facts(entry.facts)))


def found_in(entry: Row[Any]) -> Found:
    """Give an entry's outcome as it is."""
    return entry.status, entry.reason, entry.confidence, entry.flags


def found_by(ground: Ground, policy: Policy) -> Found:
    """Give an entry's outcome under a policy; what it is suggested for depends on none."""
    entry, evidence = ground
    status, reason, confidence, flags = _judged(evidence, policy)
    return status, reason, confidence, entry.flags & _KEPT_FLAGS | flags


@lru_cache(maxsize=16_384)
def _judged(evidence: str, policy: Policy) -> Found:
    """Judge evidence: of 300,000 addresses, most were answered like many others."""
    verdict = judge(load_evidence(evidence), policy)
    return verdict.status.value, verdict.reason.value, verdict.confidence, int(verdict.flags)
