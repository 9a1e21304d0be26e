"""What is remembered while a list is read: the ids of its domains and mailboxes, and first rows."""

import json
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from engine.address import Address
from engine.intake.entries import EntryDraft
from engine.mailbox_rules import canonical, has_aliases
from storage.bulk import write_each


@dataclass(slots=True)
class Reader:
    """What is remembered while a list is read: ids, and in which row each mailbox was first seen.

    `mailboxes` holds those of the rows in hand only: a million of them would take a quarter of a gigabyte.

    `first_aliases` knows that of mailboxes which have several addresses, by the one that stands for all.
    """

    upload: int
    domains: dict[str, int] = field(default_factory=dict)
    mailboxes: dict[tuple[int, str], int] = field(default_factory=dict)
    first_rows: dict[int, int] = field(default_factory=dict)
    first_aliases: dict[Address, int] = field(default_factory=dict)


def know_domains(connection: Connection, reader: Reader, addresses: list[Address]) -> None:
    """Make rows for the domains that have none yet, and learn the ids of all."""
    names = {address.domain for address in addresses} - reader.domains.keys()
    if not names:
        return
    write_each(
        connection,
        "INSERT INTO domain (name, route_key, provider, mx_host, needs_probe, portion)"
        " VALUES (:name, '', '', '', 1, 1) ON CONFLICT DO NOTHING",
        [{"name": name} for name in names],
    )
    found = connection.execute(
        text("SELECT id, name FROM domain WHERE name IN (SELECT value FROM json_each(:names))"),
        {"names": json.dumps(list(names))},
    )
    reader.domains.update({row.name: row.id for row in found})


def know_mailboxes(connection: Connection, reader: Reader, addresses: list[Address]) -> None:
    """Make rows for the mailboxes that have none yet, with the spelling first seen, and learn all ids.

    Those of one domain lie beside each other in the file, in the list's order, since they are written at the
    same time later on.
    """
    reader.mailboxes.clear()
    new: dict[tuple[int, str], str] = {}
    for address in addresses:
        new.setdefault(mailbox_key(reader, address), address.local_part)
    if not new:
        return
    write_each(
        connection,
        "INSERT INTO mailbox (domain_id, folded, local_part, state, due_at, is_wanted, attempts, checks)"
        " VALUES (:domain, :folded, :local_part, 'waiting', NULL, 0, 0, 0) ON CONFLICT DO NOTHING",
        [
            {"domain": domain, "folded": folded, "local_part": local_part}
            for (domain, folded), local_part in sorted(new.items(), key=_domain_of)
        ],
    )
    found = connection.execute(
        text(
            "SELECT mailbox.id, mailbox.domain_id, mailbox.folded FROM json_each(:keys) AS key"
            " CROSS JOIN mailbox ON mailbox.domain_id = json_extract(key.value, '$[0]')"
            " AND mailbox.folded = json_extract(key.value, '$[1]')"
        ),
        {"keys": json.dumps(list(new))},
    )
    reader.mailboxes.update({(row.domain_id, row.folded): row.id for row in found})


def _domain_of(mailbox: tuple[tuple[int, str], str]) -> int:
    (domain, _), _ = mailbox
    return domain


def mailbox_key(reader: Reader, address: Address) -> tuple[int, str]:
    """Say what makes an address one mailbox: its domain, and its local part but for case."""
    return reader.domains[address.domain], address.local_part.casefold()


def first_row_of(reader: Reader, mailbox: int, draft: EntryDraft) -> int:
    """Give the row that a mailbox stands first in, where it is the row's own address: its first one."""
    if draft.ordinal == 0:
        return reader.first_rows.setdefault(mailbox, draft.row)
    return reader.first_rows.get(mailbox, draft.row)


def is_alias(reader: Reader, address: Address, draft: EntryDraft) -> bool:
    """Tell whether an address stands first in this row, but its mailbox under another spelling before."""
    if not has_aliases(address.domain):
        return False
    same = canonical(address)
    if draft.ordinal == 0:
        return reader.first_aliases.setdefault(same, draft.row) != draft.row
    return reader.first_aliases.get(same, draft.row) != draft.row
