"""Takes back what mailboxes were told while their hosts turned against us, so that they are asked again."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, text

from engine.accept_all import without_doubted
from engine.batch import Pause
from engine.circle_window import WINDOW_S
from engine.reason import Reason
from engine.vantage import MOST_NOTED, Noted, may_be_doubted
from storage.as_written import HELD_AS_WRITTEN
from storage.bulk import write_each
from storage.codec import dump_facts, load_evidence, load_facts
from storage.due import refresh_due
from storage.never_probed import held_among
from storage.reopening import REOPENED, leave_open
from storage.sampled import IS_MEANT
from storage.unasked import withhold_with


def told_since(connection: Connection, at: float) -> list[Noted]:
    """Give what mailboxes were told since then (Unix seconds), but for a yes: the latest, oldest first.

    This reads the whole history of checks, which is short rows: an engine does it once, as it begins.
    """
    rows = connection.execute(_TOLD_SINCE, {"at": at, "most": MOST_NOTED})
    doubtful = (row for row in rows if may_be_doubted(load_evidence(row.evidence)))
    noted = [Noted(row.settled_at, (row.name, row.route_key, row.provider), row.id) for row in doubtful]
    return noted[::-1]


_TOLD_SINCE = text(
    "SELECT mailbox.id, mailbox.evidence, told.settled_at, domain.name, domain.route_key, domain.provider"
    " FROM settled_check AS told CROSS JOIN mailbox ON mailbox.id = told.mailbox_id"
    " CROSS JOIN domain ON domain.id = mailbox.domain_id"
    " WHERE told.settled_at >= :at AND told.status <> 'valid' AND told.number = mailbox.checks"
    " AND mailbox.state = 'settled' AND mailbox.evidence IS NOT NULL"
    " ORDER BY told.settled_at DESC LIMIT :most"
)


def take_back(connection: Connection, mailboxes: Sequence[int], pause: Pause) -> None:
    """Defer settled mailboxes again, and leave their entries without an outcome.

    Lists that are done keep theirs until there is a new one, unless they ended in the same minutes: those run
    again. So do lists that are checked by DNS alone, since they have nobody asked. What was learned of the
    domains meanwhile is forgotten where it may be as wrong.
    """
    reopened = _reopen(connection, mailboxes, pause)
    if not reopened:
        return
    since = pause.since - WINDOW_S
    _run_again(connection, reopened, since)
    held = held_among(connection, reopened)
    for upload in _clear_entries(connection, reopened):
        withhold_with(connection, upload, reopened, held, pause.since)
    _want(connection, reopened, held)
    domains = _domains_of(connection, reopened)
    _doubt_domains(connection, domains, since)
    refresh_due(connection, domains)


def _reopen(connection: Connection, mailboxes: Sequence[int], pause: Pause) -> list[int]:
    """Put settled mailboxes back to wait; the share of refusals stays with their old evidence."""
    rows = connection.execute(
        text(
            "UPDATE mailbox SET state = 'deferred', due_at = :due_at, why = :why, attempts = 0,"
            " recipient = NULL, expires_at = 0,"
            " evidence = json_set(evidence, '$.vantage', json_object('refused_share', :share))"
            " WHERE state = 'settled' AND id IN (SELECT value FROM json_each(:mailboxes)) RETURNING id"
        ),
        {
            "due_at": pause.asks_again_at,
            "why": Reason.BLOCKED,
            "share": pause.share,
            "mailboxes": json.dumps(list(mailboxes)),
        },
    )
    return list(rows.scalars())


def _run_again(connection: Connection, mailboxes: Sequence[int], since: float) -> None:
    connection.execute(
        text(
            "UPDATE upload SET state = 'running', applied = 'running', finished_at = NULL"
            " WHERE state = 'done' AND is_dns_only = 0 AND finished_at >= :since AND deleted_at IS NULL"
            " AND id IN (SELECT upload_id FROM entry"
            " WHERE mailbox_id IN (SELECT value FROM json_each(:mailboxes)))"
        ),
        {"since": since, "mailboxes": json.dumps(list(mailboxes))},
    )


def _clear_entries(connection: Connection, mailboxes: Sequence[int]) -> set[int]:
    """Leave the entries of lists that run or are paused without an outcome. Give those lists."""
    entries = connection.execute(_OF_OPEN_LISTS, {"mailboxes": json.dumps(list(mailboxes))}).all()
    leave_open(connection, entries)
    return {entry.upload_id for entry in entries}


_OF_OPEN_LISTS = text(f"{REOPENED} AND upload.state IN ('running', 'paused') AND upload.is_dns_only = 0")


def _want(connection: Connection, mailboxes: Sequence[int], held: Collection[int]) -> None:
    """Ask again only for lists that run or are done, and nobody of the never-probe list (`held`).

    For lists that were paused it is asked when they go on; for those that let nobody ask there, or whose own
    spelling of it is listed, never.
    """
    connection.execute(
        text(
            "UPDATE mailbox SET is_wanted = id NOT IN (SELECT value FROM json_each(:held))"  # noqa: S608
            " AND EXISTS (SELECT 1 FROM entry CROSS JOIN upload ON upload.id = entry.upload_id"
            " WHERE entry.mailbox_id = mailbox.id AND upload.state IN ('running', 'done')"
            " AND upload.deleted_at IS NULL AND entry.reason IS NOT 'never_probed'"
            f" AND upload.is_dns_only = 0 AND {IS_MEANT} AND NOT ({HELD_AS_WRITTEN}))"
            " WHERE id IN (SELECT value FROM json_each(:mailboxes))"
        ),
        {"mailboxes": json.dumps(list(mailboxes)), "held": json.dumps(list(held))},
    )


def _domains_of(connection: Connection, mailboxes: Sequence[int]) -> list[int]:
    return list(
        connection.execute(
            text(
                "SELECT DISTINCT domain_id FROM mailbox WHERE id IN (SELECT value FROM json_each(:mailboxes))"
            ),
            {"mailboxes": json.dumps(list(mailboxes))},
        ).scalars()
    )


def _doubt_domains(connection: Connection, domains: Sequence[int], since: float) -> None:
    rows = connection.execute(
        text(
            "SELECT id, facts FROM domain WHERE accept_all = 'no'"
            " AND id IN (SELECT value FROM json_each(:domains))"
        ),
        {"domains": json.dumps(list(domains))},
    )
    doubted = ((row.id, without_doubted(load_facts(row.facts), since)) for row in rows)
    undecided = [{"id": id_, "facts": dump_facts(facts)} for id_, facts in doubted if not facts.accept_all]
    if undecided:
        sql = "UPDATE domain SET accept_all = NULL, facts = :facts WHERE id = :id"
        write_each(connection, sql, undecided)
