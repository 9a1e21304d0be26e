"""When a domain has something to ask: worked out again from its mailboxes and its hold."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from storage.bulk import rows_of


def refresh_due(connection: Connection, domains: Sequence[int]) -> None:
    """Work out again when these domains' first wanted mailbox is due, and may be asked about."""
    if domains:
        rows_of(connection, _REFRESHED.format("id"), json.dumps(list(domains)))


def refresh_due_by_name(connection: Connection, names: Sequence[str]) -> None:
    """Work out again when the first wanted mailbox of the domains of these names is due."""
    if names:
        rows_of(connection, _REFRESHED.format("name"), json.dumps(list(names)))


_REFRESHED = (
    "UPDATE domain SET due_at = max((SELECT min(due_at) FROM mailbox WHERE domain_id = domain.id"
    " AND is_wanted = 1 AND due_at IS NOT NULL), coalesce((SELECT until FROM hold"
    " WHERE domain_id = domain.id AND domain.needs_probe = 1), 0))"
    " WHERE {} IN (SELECT value FROM json_each(?))"
)
