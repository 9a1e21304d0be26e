"""Writes what the engine found: mailboxes, the entries that name them, and every list's counters together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.batch import Deferral, DomainFacts, Outcome, Recipient
from engine.disposition import is_settled_by_domain
from engine.exchange import MailHosts, NoMail, Route
from engine.judge import judge
from engine.policy import DEFAULT_POLICY, Policy
from engine.survey import is_worth_surveying
from engine.verdict import NO_FLAGS, Evidence, Finding, Flag, Verdict
from storage.bulk import write_each
from storage.codec import dump_evidence, dump_facts, dump_recipient, dump_trace, load_policy
from storage.counters import count_changes
from storage.surveys import refresh_health

OWN_FLAGS = Flag.DUPLICATE | Flag.SEVERAL | Flag.ALIAS
"""Flags that speak of the entry's place in its list, and not of its mailbox."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What settles the entries that name a mailbox, at a time in Unix seconds.

    That is evidence, to be judged by each list's own policy, or a verdict that rests on none.
    """

    mailbox: int
    ground: Evidence | Verdict
    settled_at: float

    def verdict(self, policy: Policy) -> Verdict:
        """Say what is said of the mailbox under a policy."""
        return self.ground if isinstance(self.ground, Verdict) else judge(self.ground, policy)


def write_outcomes(connection: Connection, outcomes: Sequence[Outcome], now: float) -> None:
    """Write a set of outcomes: facts, findings, deferrals and what is given back."""
    _keep_facts(connection, outcomes)
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    _settle_mailboxes(connection, findings)
    _defer(connection, [deferral for outcome in outcomes for deferral in outcome.deferrals])
    _give_back(connection, [recipient for outcome in outcomes for recipient in outcome.released], now)
    _note_checks(connection, findings)
    settle_entries(connection, [Settled(f.mailbox, f.evidence, f.checked_at) for f in findings])
    refresh_due_by_name(connection, [outcome.domain.name for outcome in outcomes])


def keep_routes(connection: Connection, facts: Sequence[DomainFacts]) -> None:
    """Keep what a look-up found of domains, which need no look-up then."""
    write_each(
        connection,
        f"UPDATE domain SET {_FACTS}, resolve_at = NULL,"  # noqa: S608 - a constant
        " survey_at = coalesce(:survey_at, survey_at) WHERE name = :name",
        [_facts_row(each) for each in facts],
    )


def _keep_facts(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Keep what batches learned of their domains, unless somebody knows better by now.

    That is a later look-up, or of the same one whether the domain accepts all; but a batch that knew it, and
    doubts it now, is believed.
    """
    write_each(
        connection,
        f"UPDATE domain SET {_FACTS}, survey_at = CASE"  # noqa: S608 - a constant
        " WHEN resolved_at < :resolved_at THEN coalesce(:survey_at, survey_at) ELSE survey_at END"
        " WHERE name = :name"
        " AND coalesce(resolved_at, 0) <= :resolved_at"
        " AND (resolved_at < :resolved_at OR accept_all IS NULL OR :accept_all IS NOT NULL OR :is_doubted)",
        [_facts_row(each.domain) | {"is_doubted": _is_doubted(each)} for each in outcomes],
    )
    refresh_health(connection, [each.domain.name for each in outcomes if each.domain.offers_tls is not None])


def _is_doubted(outcome: Outcome) -> bool:
    """Tell whether a batch no longer believes what was known of its domain when it went out."""
    return outcome.batch.domain.accept_all is not None and outcome.domain.accept_all is None


_FACTS = (
    "facts = :facts, route_kind = :route_kind, route_key = :route_key, provider = :provider,"
    " mx_host = :mx_host, accept_all = :accept_all, needs_probe = :needs_probe, portion = :portion,"
    " resolved_at = :resolved_at, mx_count = :mx_count, offers_tls = :offers_tls"
)


def _facts_row(facts: DomainFacts) -> dict[str, Any]:
    route = facts.route
    hosts = route.hosts if isinstance(route, MailHosts) else ()
    return {
        "name": facts.name,
        "facts": dump_facts(facts),
        "route_kind": _route_kind(facts),
        "route_key": facts.route_key,
        "provider": facts.provider,
        "mx_host": hosts[0].name if hosts else "",
        "accept_all": facts.accept_all,
        "needs_probe": not is_settled_by_domain(facts),
        "portion": facts.portion,
        "resolved_at": facts.resolved_at,
        "mx_count": _mx_count(route),
        "offers_tls": facts.offers_tls,
        "survey_at": facts.resolved_at if is_worth_surveying(route) else None,
    }


def _mx_count(route: Route | None) -> int | None:
    """Count the MX records of a domain, those that lead nowhere too; None where nobody knows."""
    if isinstance(route, MailHosts):
        return 0 if route.is_implicit else len(route.hosts) + len(route.unresolved)
    return 0 if isinstance(route, NoMail) else None


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


def _note_checks(connection: Connection, findings: Sequence[Finding]) -> None:
    """Write one settled event for each check, judged by the usual policy.

    A second one for the same check breaks the primary key.
    """
    judged = [(finding, judge(finding.evidence, DEFAULT_POLICY)) for finding in findings]
    write_each(
        connection,
        "INSERT INTO settled_check (mailbox_id, number, settled_at, status, reason, attempts)"
        " SELECT id, checks, :settled_at, :status, :reason, :attempts FROM mailbox WHERE id = :mailbox",
        [
            {
                "mailbox": finding.mailbox,
                "settled_at": finding.checked_at,
                "status": verdict.status,
                "reason": verdict.reason,
                "attempts": finding.attempts,
            }
            for finding, verdict in judged
        ],
    )


def settle_entries(
    connection: Connection, settled: Sequence[Settled], *, upload: int | None = None, extra: Flag = NO_FLAGS
) -> None:
    """Write verdicts to the entries that name these mailboxes, each by its list's policy, and count them.

    Of one upload, those without an outcome; of all of them, those with one too.
    """
    if not settled:
        return
    by_mailbox = {each.mailbox: each for each in settled}
    only = "" if upload is None else " AND +entry.upload_id = :upload AND +entry.status IS NULL"
    entries = connection.execute(
        text(
            "SELECT entry.id, entry.upload_id, entry.ordinal, entry.flags, entry.status, entry.reason,"  # noqa: S608
            " entry.confidence, entry.mailbox_id, mailbox.domain_id, upload.policy"
            " FROM json_each(:mailboxes) AS wanted CROSS JOIN entry ON entry.mailbox_id = wanted.value"
            " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
            f" CROSS JOIN upload ON upload.id = entry.upload_id WHERE 1{only}"
        ),
        {"mailboxes": json.dumps(list(by_mailbox)), "upload": upload},
    ).all()
    if entries:
        _write_entries(connection, _judged(entries, by_mailbox), extra)


_Judged = tuple[Row[Any], Verdict, float]
"""An entry, its verdict, and when its mailbox was settled."""


def _judged(entries: Sequence[Row[Any]], by_mailbox: dict[int, Settled]) -> list[_Judged]:
    """Judge for each entry by its list's policy, once for each mailbox and policy."""
    verdicts: dict[tuple[int, str], Verdict] = {}
    pairs = []
    for entry in entries:
        settled = by_mailbox[entry.mailbox_id]
        key = (entry.mailbox_id, entry.policy)
        verdict = verdicts.get(key) or verdicts.setdefault(key, settled.verdict(load_policy(entry.policy)))
        pairs.append((entry, verdict, settled.settled_at))
    return pairs


def _write_entries(connection: Connection, judged: list[_Judged], extra: Flag) -> None:
    rows = [
        {
            "id": entry.id,
            "status": verdict.status,
            "reason": verdict.reason,
            "confidence": verdict.confidence,
            "flags": int(Flag(entry.flags) & OWN_FLAGS | verdict.flags | extra),
            "suggestion": verdict.suggestion,
            "settled_at": settled_at,
        }
        for entry, verdict, settled_at in judged
    ]
    write_each(
        connection,
        "UPDATE entry SET status = :status, reason = :reason, confidence = :confidence, flags = :flags,"
        " suggestion = :suggestion, settled_at = :settled_at WHERE id = :id",
        rows,
    )
    count_changes(connection, [(entry, row) for (entry, *_), row in zip(judged, rows, strict=True)])


def refresh_due(connection: Connection, domains: Sequence[int]) -> None:
    """Work out again when these domains' first wanted mailbox is due, and may be asked about."""
    if not domains:
        return
    connection.execute(
        text(
            "UPDATE domain SET due_at = max((SELECT min(due_at) FROM mailbox WHERE domain_id = domain.id"
            " AND is_wanted = 1 AND due_at IS NOT NULL), coalesce((SELECT until FROM hold"
            " WHERE domain_id = domain.id AND domain.needs_probe = 1), 0))"
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
