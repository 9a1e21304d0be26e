"""Settles what nobody is to be asked about: by the never-probe list, or by the word of a list's client."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from engine.address import Address
from engine.never_probed import evidence_unasked
from engine.policy import DEFAULT_POLICY, Policy
from engine.reason import Reason
from storage.by_host import still_behind
from storage.codec import load_policy
from storage.listed_rows import WITH_LISTED, listed_as_written
from storage.never_probed import addresses_of, held_among
from storage.settle import Settled, settle_entries
from storage.uploads import upload_row


def withhold(connection: Connection, upload: int, mailboxes: Sequence[int], now: float) -> list[int]:
    """Settle an upload's entries that name mailboxes which nobody is to be asked about, before anybody is.

    Give those mailboxes; other lists may have others asked about them.
    """
    return withhold_with(connection, upload, mailboxes, held_among(connection, mailboxes), now)


def withhold_with(
    connection: Connection, upload: int, mailboxes: Sequence[int], listed: Mapping[int, Address], now: float
) -> list[int]:
    """Do as `withhold` does, where it is known who of these mailboxes is on the never-probe list."""
    as_written = listed_as_written(connection, upload, mailboxes)
    held = {**listed, **as_written, **_held_for_client(connection, upload, mailboxes)}
    settled = [Settled(mailbox, evidence_unasked(address), now) for mailbox, address in held.items()]
    settle_entries(connection, settled, upload=upload)
    return list(held)


def let_go(connection: Connection, upload: int) -> list[int]:
    """Give those of a list's mailboxes that were held back before anybody was asked, and are no more."""
    found = connection.execute(_FREE, {"upload": upload}).all()
    behind = still_behind(connection, {row.domain_id for row in found})
    free = [row.id for row in found if row.domain_id not in behind]
    held = _held_for_client(connection, upload, free)
    return [mailbox for mailbox in free if mailbox not in held]


HELD_BACK = (
    "(entry.settled_at IS NOT mailbox.checked_at"
    f" OR json_extract(mailbox.evidence, '$.withheld') = '{Reason.NEVER_PROBED}')"
)
"""Tells of an entry that was not to be asked about whether nobody was.

One that was settled when its mailbox was checked rests on what was found then: an answer, which a policy sets
aside and another gives back; or that nobody might connect to its mail host.
"""

# A mailbox is held back as a whole: one listed way in which the list writes it holds the others back, too.
_FREE = text(
    f"{WITH_LISTED} SELECT DISTINCT mailbox.id, mailbox.domain_id FROM entry"  # noqa: S608 - a constant
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " WHERE entry.upload_id = :upload AND entry.status = 'unknown' AND +entry.reason = 'never_probed'"
    f" AND {HELD_BACK} AND entry.mailbox_id NOT IN (SELECT named.mailbox_id"
    " FROM listed_entry CROSS JOIN entry AS named ON named.id = listed_entry.id"
    " WHERE named.mailbox_id IS NOT NULL)"
)


def _held_for_client(connection: Connection, upload: int, mailboxes: Sequence[int]) -> dict[int, Address]:
    """Find those of these mailboxes that are never asked about for a list's client, by the list's policy."""
    policy = _policy_of(connection, upload)
    if not policy.never_probed_domains:
        return {}
    named = addresses_of(connection, mailboxes).items()
    return {mailbox: address for mailbox, address in named if policy.never_probes(address.domain)}


def _policy_of(connection: Connection, upload: int) -> Policy:
    row = upload_row(connection, upload)
    return load_policy(row.policy) if row else DEFAULT_POLICY


def open_for_client(connection: Connection, upload: int) -> list[int]:
    """Give those of a list's mailboxes without an outcome that its policy lets nobody be asked about."""
    policy = _policy_of(connection, upload)
    if not policy.never_probed_domains:
        return []
    rows = connection.execute(_DOMAINS, {"upload": upload})
    domains = [row.id for row in rows if policy.never_probes(row.name)]
    names = {"upload": upload, "domains": json.dumps(domains)}
    return list(connection.execute(_OPEN_AT, names).scalars())


_DOMAINS = text(
    "SELECT domain.id, domain.name FROM upload_domain AS listed"
    " CROSS JOIN domain ON domain.id = listed.domain_id WHERE listed.upload_id = :upload"
)
_OPEN_AT = text(
    "SELECT DISTINCT mailbox.id FROM json_each(:domains) AS named"
    " CROSS JOIN mailbox ON mailbox.domain_id = named.value"
    " CROSS JOIN entry ON entry.mailbox_id = mailbox.id"
    " WHERE +entry.upload_id = :upload AND +entry.status IS NULL"
)
