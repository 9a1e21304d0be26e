"""One address's verdict as the terminal says it: in words, or as JSON."""

import json
from datetime import datetime

from engine.single import Single
from engine.verdict import TraceLine
from pages.parts.words import NOTICES, REASONS, STATUSES

_SPEAKERS = {"dns": "DNS ", "us": "  > ", "host": "  < ", "note": "  . "}


def say_text(single: Single, asked: str) -> str:
    """Say a verdict in lines for a person: the sentence, the ledger, the trace."""
    parts = [_headline(single, asked), *_ledger(single), *_trace(single.trace)]
    return "\n".join(parts)


def _headline(single: Single, asked: str) -> str:
    verdict = single.verdict
    if verdict is None:
        return f"{asked}: no verdict yet. {_waiting(single)}"
    reason = REASONS[verdict.reason]
    said = f"{asked}: {verdict.status.value}, {verdict.reason.value} (confidence {verdict.confidence})"
    sentences = [said, f"  {STATUSES[verdict.status].advice} {reason.name}: {reason.advice}"]
    if single.mx_host:
        sentences.append(f"  mail host {single.mx_host}, provider {single.provider or 'unknown'}")
    if verdict.flags:
        sentences.append(f"  flags: {', '.join(verdict.flags.names)}")
    if verdict.suggestion:
        sentences.append(f"  did you mean {verdict.suggestion}?")
    return "\n".join(sentences)


def _waiting(single: Single) -> str:
    if single.waits_for is None or single.waits_until is None:
        return NOTICES[single.notice] or "It was not asked about in time."
    until = datetime.fromtimestamp(single.waits_until).astimezone().strftime("%H:%M:%S")
    reason = REASONS[single.waits_for]
    return f"{reason.name}: {reason.advice} Next try after {until}; see --max-wait."


def _ledger(single: Single) -> list[str]:
    if single.verdict is None:
        return []
    lines = [f"  {line.points:+4d}  {line.cause}" for line in single.verdict.ledger]
    return ["", "ledger", *lines, f"  {single.verdict.confidence:4d}  confidence"]


def _trace(trace: tuple[TraceLine, ...]) -> list[str]:
    if not trace:
        return []
    return ["", "trace", *(line for each in trace for line in _speech(each))]


def _speech(line: TraceLine) -> list[str]:
    first, *more = line.text.split("\n")
    return [f"  {_SPEAKERS[line.speaker]}{first}", *(f"      {text}" for text in more)]


def say_json(single: Single, asked: str) -> str:
    """Say a verdict as one JSON object."""
    verdict = single.verdict
    found = {
        "email": asked,
        "status": verdict.status if verdict else "unknown",
        "reason": verdict.reason if verdict else single.waits_for or "not_checked",
        "confidence": verdict.confidence if verdict else None,
        "flags": verdict.flags.names if verdict else (),
        "suggestion": verdict.suggestion if verdict else "",
        "mx_host": single.mx_host,
        "provider": single.provider,
        "attempts": single.attempts,
        "due_at": single.waits_until,
        "ledger": [[line.points, line.cause] for line in verdict.ledger] if verdict else [],
        "trace": [[line.speaker, line.text, line.at_ms] for line in single.trace],
    }
    return json.dumps(found, ensure_ascii=False)
