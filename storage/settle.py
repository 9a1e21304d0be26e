"""Writes what the engine found: mailboxes, the entries that name them, and every list's counters together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.batch import Deferral, DomainFacts, Outcome, Recipient
from engine.disposition import is_settled_by_domain
from engine.exchange import MailHosts
from engine.judge import judge
from engine.verdict import NO_FLAGS, Finding, Flag, Policy, Verdict
from storage.bulk import write_each
from storage.codec import dump_evidence, dump_facts, dump_recipient, dump_trace
from storage.counters import count_changes

OWN_FLAGS = Flag.DUPLICATE | Flag.SEVERAL
"""Flags that speak of the entry's place in its list, and not of its mailbox."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A mailbox's verdict, ready for the entries that name it."""

    mailbox: int
    verdict: Verdict
    settled_at: float


def write_outcomes(connection: Connection, outcomes: Sequence[Outcome], now: float) -> None:
    """Write a set of outcomes: facts, findings, deferrals and what is given back."""
    _keep_facts(connection, [outcome.domain for outcome in outcomes])
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    _settle_mailboxes(connection, findings)
    _defer(connection, [deferral for outcome in outcomes for deferral in outcome.deferrals])
    _give_back(connection, [recipient for outcome in outcomes for recipient in outcome.released], now)
    judged = [Judged(f.mailbox, judge(f.evidence, Policy()), f.checked_at) for f in findings]
    _note_checks(connection, judged, findings)
    settle_entries(connection, judged)
    refresh_due_by_name(connection, [outcome.domain.name for outcome in outcomes])


def keep_routes(connection: Connection, facts: Sequence[DomainFacts]) -> None:
    """Keep what a look-up found of domains, which need no look-up then."""
    write_each(
        connection,
        f"UPDATE domain SET {_FACTS}, resolve_at = NULL WHERE name = :name",  # noqa: S608 - a constant
        [_facts_row(each) for each in facts],
    )


def _keep_facts(connection: Connection, facts: Sequence[DomainFacts]) -> None:
    """Keep what batches learned of their domains, unless somebody knows better by now.

    That is a later look-up, or of the same one whether the domain accepts all.
    """
    write_each(
        connection,
        f"UPDATE domain SET {_FACTS} WHERE name = :name"  # noqa: S608 - a constant
        " AND coalesce(resolved_at, 0) <= :resolved_at"
        " AND (resolved_at < :resolved_at OR accept_all IS NULL OR :accept_all IS NOT NULL)",
        [_facts_row(each) for each in facts],
    )


_FACTS = (
    "facts = :facts, route_kind = :route_kind, route_key = :route_key, provider = :provider,"
    " mx_host = :mx_host, accept_all = :accept_all, spf = :spf, dmarc = :dmarc, needs_probe = :needs_probe,"
    " portion = :portion, resolved_at = :resolved_at"
)


def _facts_row(facts: DomainFacts) -> dict[str, Any]:
    hosts = facts.route.hosts if isinstance(facts.route, MailHosts) else ()
    return {
        "name": facts.name,
        "facts": dump_facts(facts),
        "route_kind": _route_kind(facts),
        "route_key": facts.route_key,
        "provider": facts.provider,
        "mx_host": hosts[0].name if hosts else "",
        "accept_all": facts.accept_all,
        "spf": facts.spf,
        "dmarc": facts.dmarc,
        "needs_probe": not is_settled_by_domain(facts),
        "portion": facts.portion,
        "resolved_at": facts.resolved_at,
    }


def _route_kind(facts: DomainFacts) -> str:
    """Say in one word how a domain takes mail: `mx`, `implicit`, or why not."""
    route = facts.route
    if isinstance(route, MailHosts):
        return "implicit" if route.is_implicit else "mx"
    return str(getattr(route, "refusal", None) or getattr(route, "failure", None) or "")


def _settle_mailboxes(connection: Connection, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    write_each(
        connection,
        "UPDATE mailbox SET state = 'settled', due_at = NULL, why = NULL, recipient = NULL,"
        " attempts = :attempts, evidence = :evidence, trace = :trace, checks = checks + 1,"
        " checked_at = :checked_at, expires_at = :expires_at WHERE id = :mailbox",
        [
            {
                "mailbox": finding.mailbox,
                "attempts": finding.attempts,
                "evidence": dump_evidence(finding.evidence),
                "trace": dump_trace(finding.trace),
                "checked_at": finding.checked_at,
                "expires_at": finding.expires_at,
            }
            for finding in findings
        ],
    )


def _defer(connection: Connection, deferrals: Sequence[Deferral]) -> None:
    if not deferrals:
        return
    write_each(
        connection,
        "UPDATE mailbox SET state = 'deferred', due_at = :due_at, why = :why, attempts = :attempts,"
        " recipient = :recipient, trace = :trace WHERE id = :mailbox",
        [{"due_at": each.due_at, "why": each.why, **_recipient_row(each.recipient)} for each in deferrals],
    )


def _give_back(connection: Connection, recipients: Sequence[Recipient], now: float) -> None:
    if not recipients:
        return
    write_each(
        connection,
        "UPDATE mailbox SET state = 'waiting', due_at = :now, attempts = :attempts,"
        " recipient = :recipient, trace = :trace WHERE id = :mailbox",
        [{"now": now, **_recipient_row(recipient)} for recipient in recipients],
    )


def _recipient_row(recipient: Recipient) -> dict[str, Any]:
    return {
        "mailbox": recipient.mailbox,
        "attempts": recipient.attempts,
        "recipient": dump_recipient(recipient),
        "trace": dump_trace(recipient.trace),
    }


def _note_checks(connection: Connection, judged: Sequence[Judged], findings: Sequence[Finding]) -> None:
    """Write one settled event for each check; a second one for the same check breaks the primary key."""
    if not judged:
        return
    write_each(
        connection,
        "INSERT INTO settled_check (mailbox_id, number, settled_at, status, reason, attempts)"
        " SELECT id, checks, :settled_at, :status, :reason, :attempts FROM mailbox WHERE id = :mailbox",
        [
            {
                "mailbox": each.mailbox,
                "settled_at": each.settled_at,
                "status": each.verdict.status,
                "reason": each.verdict.reason,
                "attempts": finding.attempts,
            }
            for each, finding in zip(judged, findings, strict=True)
        ],
    )


def settle_entries(
    connection: Connection, judged: Sequence[Judged], *, upload: int | None = None, extra: Flag = NO_FLAGS
) -> None:
    """Write verdicts to the entries that name these mailboxes (of one upload, or of all), and count them."""
    if not judged:
        return
    by_mailbox = {each.mailbox: each for each in judged}
    only = "" if upload is None else " AND +entry.upload_id = :upload AND +entry.status IS NULL"
    entries = connection.execute(
        text(
            "SELECT entry.id, entry.upload_id, entry.ordinal, entry.flags, entry.status, entry.reason,"  # noqa: S608
            " entry.confidence, entry.mailbox_id, mailbox.domain_id"
            " FROM json_each(:mailboxes) AS wanted CROSS JOIN entry ON entry.mailbox_id = wanted.value"
            f" CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id WHERE 1{only}"
        ),
        {"mailboxes": json.dumps(list(by_mailbox)), "upload": upload},
    ).all()
    if entries:
        _write_entries(connection, [(entry, by_mailbox[entry.mailbox_id]) for entry in entries], extra)


def _write_entries(connection: Connection, pairs: list[tuple[Row[Any], Judged]], extra: Flag) -> None:
    rows = [
        {
            "id": entry.id,
            "status": judged.verdict.status,
            "reason": judged.verdict.reason,
            "confidence": judged.verdict.confidence,
            "flags": int(Flag(entry.flags) & OWN_FLAGS | judged.verdict.flags | extra),
            "suggestion": judged.verdict.suggestion,
            "settled_at": judged.settled_at,
        }
        for entry, judged in pairs
    ]
    write_each(
        connection,
        "UPDATE entry SET status = :status, reason = :reason, confidence = :confidence, flags = :flags,"
        " suggestion = :suggestion, settled_at = :settled_at WHERE id = :id",
        rows,
    )
    count_changes(connection, [(entry, row) for (entry, _), row in zip(pairs, rows, strict=True)])


def refresh_due(connection: Connection, domains: Sequence[int]) -> None:
    """Work out again when these domains' first wanted mailbox is due."""
    if not domains:
        return
    connection.execute(
        text(
            "UPDATE domain SET due_at = (SELECT min(due_at) FROM mailbox WHERE domain_id = domain.id"
            " AND is_wanted = 1 AND due_at IS NOT NULL)"
            " WHERE id IN (SELECT value FROM json_each(:domains))"
        ),
        {"domains": json.dumps(list(domains))},
    )


def refresh_due_by_name(connection: Connection, names: Sequence[str]) -> None:
    """Work out again when the first wanted mailbox of the domains of these names is due."""
    ids = connection.execute(
        text("SELECT id FROM domain WHERE name IN (SELECT value FROM json_each(:names))"),
        {"names": json.dumps(list(names))},
    ).scalars()
    refresh_due(connection, list(ids))
