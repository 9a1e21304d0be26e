"""Writes what the engine found: mailboxes, the entries that name them, and every list's counters together."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from engine.batch import Deferral, Outcome, Recipient
from engine.judge import judge
from engine.policy import DEFAULT_POLICY, Policy
from engine.value import value
from engine.verdict import NO_FLAGS, Evidence, Finding, Flag, Verdict
from storage.bulk import read_set, rows_of, write_each, write_set
from storage.codec import dump_evidence, dump_recipient, dump_trace, load_policy
from storage.counters import count_changes
from storage.due import refresh_due_by_name
from storage.routes import keep_facts

OWN_FLAGS = Flag.DUPLICATE | Flag.SEVERAL | Flag.ALIAS | Flag.CORRECTED
"""Flags that speak of the entry in its list, and not of its mailbox."""


@value
class Settled:
    """What settles the entries that name a mailbox, at a time in Unix seconds.

    That is evidence, to be judged by each list's own policy, or a verdict that rests on none. `usual` is
    the usual policy's verdict, where that is known.
    """

    mailbox: int
    ground: Evidence | Verdict
    settled_at: float
    usual: Verdict | None = None

    def verdict(self, policy: Policy) -> Verdict:
        """Say what is said of the mailbox under a policy."""
        if isinstance(self.ground, Verdict):
            return self.ground
        if self.usual is not None and policy == DEFAULT_POLICY:
            return self.usual
        return judge(self.ground, policy)


def write_outcomes(connection: Connection, outcomes: Sequence[Outcome], now: float) -> None:
    """Write a set of outcomes: facts, findings, deferrals and what is given back.

    Of two findings for one mailbox, as where a lease ran out, the later one is written.
    """
    keep_facts(connection, outcomes)
    findings = list({each.mailbox: each for outcome in outcomes for each in outcome.findings}.values())
    _settle_mailboxes(connection, findings)
    _defer(connection, [deferral for outcome in outcomes for deferral in outcome.deferrals])
    _give_back(connection, [recipient for outcome in outcomes for recipient in outcome.released], now)
    _note_checks(connection, findings)
    settle_entries(connection, [Settled(f.mailbox, f.evidence, f.checked_at, f.verdict) for f in findings])
    refresh_due_by_name(connection, [outcome.domain.name for outcome in outcomes])


def _settle_mailboxes(connection: Connection, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    write_set(
        connection,
        "UPDATE mailbox SET state = 'settled', due_at = NULL, why = NULL, recipient = NULL,"
        " attempts = new.attempts, evidence = new.evidence, trace = new.trace, checks = checks + 1,"
        " checked_at = new.checked_at, expires_at = new.expires_at FROM new WHERE id = new.mailbox",
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
    """Write one settled event for each check, by the usual policy.

    A second one for the same check breaks the primary key.
    """
    write_set(
        connection,
        "INSERT INTO settled_check (mailbox_id, number, settled_at, status, reason, attempts)"
        " SELECT id, checks, new.settled_at, new.status, new.reason, new.attempts"
        " FROM new CROSS JOIN mailbox ON id = new.mailbox",
        [
            {
                "mailbox": finding.mailbox,
                "settled_at": finding.checked_at,
                "status": finding.verdict.status,
                "reason": finding.verdict.reason,
                "attempts": finding.attempts,
            }
            for finding in findings
        ],
    )


def settle_entries(
    connection: Connection, settled: Sequence[Settled], *, upload: int | None = None, extra: Flag = NO_FLAGS
) -> None:
    """Write verdicts to the entries that name these mailboxes, each by its list's policy, and count them.

    Of one upload, those without an outcome; of all of them, those with one too, but for lists checked by
    DNS alone: what hosts say later is no answer of theirs.
    """
    if not settled:
        return
    by_mailbox = {each.mailbox: each for each in settled}
    names = json.dumps(list(by_mailbox))
    wanted = (_ASKED, names) if upload is None else (_OPEN, names, upload)
    entries = [_Entry(*row) for row in read_set(connection, ", ".join(_Entry._fields), *wanted)]
    if entries:
        policies = _policies_of(connection, {entry.upload_id for entry in entries})
        _write_entries(connection, _judged(entries, by_mailbox, policies), extra)


def _policies_of(connection: Connection, uploads: set[int]) -> dict[int, Policy]:
    """Give the policies that lists are judged by, by list."""
    rows = rows_of(connection, _POLICIES, json.dumps(list(uploads)))
    return {upload: load_policy(stored) for upload, stored in rows}


_POLICIES = "SELECT id, policy FROM upload WHERE id IN (SELECT value FROM json_each(?))"


class _Entry(NamedTuple):
    """An entry to be settled, as it is."""

    id: int
    upload_id: int
    ordinal: int
    flags: int
    status: str | None
    reason: str | None
    confidence: int | None
    mailbox_id: int
    domain_id: int


_ENTRIES = (
    "SELECT entry.id, entry.upload_id, entry.ordinal, entry.flags, entry.status, entry.reason,"
    " entry.confidence, entry.mailbox_id, mailbox.domain_id"
    " FROM json_each(?) AS wanted CROSS JOIN entry ON entry.mailbox_id = wanted.value"
    " CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id"
    " CROSS JOIN upload ON upload.id = entry.upload_id"
)
_ASKED = f"{_ENTRIES} WHERE upload.is_dns_only = 0"
_OPEN = f"{_ENTRIES} WHERE +entry.upload_id = ? AND +entry.status IS NULL"


_Judged = tuple[_Entry, Verdict, float]
"""An entry, its verdict, and when its mailbox was settled."""


def _judged(
    entries: Sequence[_Entry], by_mailbox: dict[int, Settled], policies: dict[int, Policy]
) -> list[_Judged]:
    """Judge for each entry by its list's policy, once for each mailbox and list."""
    verdicts: dict[tuple[int, int], Verdict] = {}
    pairs = []
    for entry in entries:
        settled = by_mailbox[entry.mailbox_id]
        key = (entry.mailbox_id, entry.upload_id)
        verdict = verdicts.get(key) or verdicts.setdefault(key, settled.verdict(policies[entry.upload_id]))
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
    write_set(
        connection,
        "UPDATE entry SET status = new.status, reason = new.reason, confidence = new.confidence,"
        " flags = new.flags, suggestion = new.suggestion, settled_at = new.settled_at"
        " FROM new WHERE entry.id = new.id",
        rows,
    )
    count_changes(connection, [(entry, row) for (entry, *_), row in zip(judged, rows, strict=True)])
