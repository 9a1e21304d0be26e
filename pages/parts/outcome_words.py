"""What is said of one address: its verdict, what to do, what it waits for, and all of it to be copied."""

import time

from engine.address import Malformed
from engine.for_engineers import NOTABLE_SHARE
from engine.provider import Kind, provider_named
from engine.reason import Reason
from engine.sentence import Sentences, sentences, sentences_of_malformed
from engine.verdict import Evidence, Flag, Status
from pages.parts.charts import provider_name
from pages.parts.clock import due, when
from pages.parts.corrections import correction_line, read_with_more
from pages.parts.counting import count
from pages.parts.frame import plain
from pages.parts.history import say_before
from pages.parts.reasons import REASONS, advice_for
from pages.parts.report import Said, report
from pages.parts.tips import tip_of
from pages.parts.words import FLAGS, NO_ADDRESS, STATUSES, WAITING, Saying
from storage.entries import EntryLine
from storage.entry_detail import EntryDetail


def verdict_name(line: EntryLine) -> str:
    """Say a verdict in a few words: "Invalid: mailbox does not exist"."""
    if line.status is None:
        return "No answer yet"
    if line.reason is Reason.EMPTY:
        return NO_ADDRESS.name
    reason = REASONS[line.reason or Reason.NOT_CHECKED].name
    return f"{STATUSES[line.status].name}: {reason[:1].lower()}{reason[1:]}"


def flag_sayings(flags: Flag) -> list[Saying]:
    """Name what else is true of an address, a typing error first."""
    return [FLAGS[flag] for flag in sorted(flags, key=lambda flag: flag is not Flag.TYPO)]


def impossible_sentence(line: EntryLine) -> str:
    """Explain the flag of a name that its provider does not give out, beside what was found; else `""`."""
    if Flag.IMPOSSIBLE not in line.flags:
        return ""
    found = "It may be mistyped."
    if line.reason is Reason.ACCEPTED:
        found = (
            "Its mail host takes mail for it all the same, and that counts more: the address may be older "
            "than these rules."
        )
    return f"Its provider gives out no such name today, by its length or its signs. {found}"


def verdict_tip(line: EntryLine) -> str:
    """Say what the words of a verdict mean."""
    if line.status is None:
        return tip_of([WAITING])
    if line.reason is None or line.reason is Reason.EMPTY:
        return tip_of([NO_ADDRESS])
    return tip_of([STATUSES[line.status], REASONS[line.reason]])


def said_of(detail: EntryDetail) -> Sentences:
    """Say an entry's outcome in two sentences, or by its reason alone where there is no evidence of it."""
    line, verdict = detail.line, detail.verdict
    reason = line.reason or Reason.NOT_CHECKED
    if reason is Reason.EMPTY:
        return Sentences(NO_ADDRESS.advice, "")
    if reason is Reason.MALFORMED:
        return sentences_of_malformed(Malformed(line.text, reason, detail.detail))
    is_of_evidence = verdict is not None and (verdict.status, verdict.reason) == (line.status, reason)
    if detail.evidence is not None and verdict is not None and is_of_evidence:
        return sentences(detail.evidence, verdict, line.attempts)
    return Sentences(REASONS[reason].advice, "")


def what_to_do(detail: EntryDetail) -> str:
    """Say what to do about an entry that has an outcome."""
    line = detail.line
    advice = advice_for(line.status or Status.UNKNOWN, line.reason or Reason.NOT_CHECKED)
    if not line.suggestion:
        return advice
    meant = f"If {line.suggestion} was meant, check that one instead."
    if line.reason in _OF_A_DOMAIN:
        return f"{meant} Else remove it, or ask the person."
    return f"{meant} Else {advice[:1].lower()}{advice[1:]}"


_OF_A_DOMAIN = (Reason.NO_SUCH_DOMAIN, Reason.NO_MAIL_HOST, Reason.UNROUTABLE_MX)
"""Reasons whose advice is to look for the typing error that has been found here."""


def vantage_line(detail: EntryDetail) -> str:
    """Say how we stood with the hosts when they were asked; `""` where nothing was amiss."""
    evidence = detail.evidence
    if evidence is None:
        return ""
    unsound = "" if evidence.vantage.is_identity_sound else "Our HELO name or sender was not in order then."
    return " ".join(said for said in (_refusals(evidence, detail.line.checked_at), unsound) if said)


def _refusals(evidence: Evidence, asked_at: float | None) -> str:
    share = evidence.vantage.refused_share
    if share < NOTABLE_SHARE:
        return ""
    provider = provider_named(evidence.provider)
    who = "Its hosts were" if provider.kind is Kind.OWN_HOST else f"{provider.display} was"
    at = f" ({when(asked_at)})" if asked_at else ""
    return f"{who} refusing us when we asked{at}: {share:.0%} of the last answers there spoke of us."


def waiting_sentence(detail: EntryDetail, now: float) -> str:
    """Say what an entry without an outcome waits for, and when it is asked about again."""
    line = detail.line
    if line.reason is None or line.due_at is None:
        return say_before(detail.past)
    reason = REASONS[line.reason]
    return f"{reason.name}. {reason.advice} It is asked again {_back(detail, line.due_at, now)}."


def _back(detail: EntryDetail, due_at: float, now: float) -> str:
    """Say when an address is asked about again: nobody asks while its list stands still."""
    if not detail.is_running:
        return "when its list runs"
    return due(due_at, now)


def facts_line(detail: EntryDetail) -> str:
    """Say where an entry stands, who has its mail, and when it was asked about."""
    line = detail.line
    column = f", column {plain(detail.column)}" if detail.column else ""
    host = detail.evidence.mx_host if detail.evidence else ""
    parts = [
        f"Row {count(line.number)}{column}",
        f"mail host {plain(host)}" if host else "",
        provider_name(line.provider) if host else "",
        f"checked {when(line.checked_at)}" if line.checked_at and line.status else "",
        f"asked {line.attempts} times" if line.attempts > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def _as_written(line: EntryLine) -> tuple[str, str]:
    """Say how an address stands in the list, where that is not how it was asked."""
    read = read_with_more(line)
    return f"In your list: {read}" if read else "", correction_line(line)


def report_of(detail: EntryDetail) -> str:
    """Write all that is known of an entry as plain text, to be handed on."""
    line = detail.line
    if line.status is None:
        waits = waiting_sentence(detail, time.time())
        return "\n".join(filter(None, (line.asked, *_as_written(line), verdict_name(line), waits)))
    told = said_of(detail)
    is_judged = detail.verdict is not None and detail.verdict.confidence == line.confidence
    said = Said(
        line.asked,
        (
            *_as_written(line),
            verdict_name(line),
            told.marketer,
            what_to_do(detail),
            told.engineer,
            vantage_line(detail),
        ),
        line.checked_at,
        detail.verdict.ledger if detail.verdict and is_judged else (),
        detail.trace,
    )
    return report(said)
