"""One address's verdict as the terminal says it: in words, or as JSON."""

import json
from datetime import datetime
from textwrap import fill

from engine.address import Malformed, parse_address
from engine.provider import Kind, provider_named
from engine.sentence import Sentences, sentences, sentences_of_malformed
from engine.single import Single
from engine.verdict import TraceLine, Verdict
from pages.parts.reasons import REASONS, advice_for
from pages.parts.words import FLAGS, NOTICES

WIDTH = 100
_SPEAKERS = {"dns": "DNS ", "us": "  > ", "host": "  < ", "note": "  . "}


def say_text(single: Single, asked: str) -> str:
    """Say a verdict in lines for a person: the sentences, the ledger, the trace."""
    parts = [_headline(single, asked), *_ledger(single), *_trace(single.trace)]
    return "\n".join(parts)


def _headline(single: Single, asked: str) -> str:
    verdict = single.verdict
    if verdict is None:
        return _indented(f"{asked}: no verdict yet. {_waiting(single)}", "")
    said = _in_words(single, verdict, asked)
    advice = advice_for(verdict.status, verdict.reason)
    lines = [
        f"{asked}: {verdict.status.value}, {verdict.reason.value} (confidence {verdict.confidence} of 100)",
        _indented(f"{said.marketer} {advice}"),
        _indented(said.engineer),
        *_facts(single, verdict),
    ]
    return "\n".join(lines)


def _indented(text: str, indent: str = "  ") -> str:
    return fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _in_words(single: Single, verdict: Verdict, asked: str) -> Sentences:
    if single.evidence is not None:
        return sentences(single.evidence, verdict, single.attempts)
    parsed = parse_address(asked)
    malformed = parsed if isinstance(parsed, Malformed) else Malformed(asked, verdict.reason)
    return sentences_of_malformed(malformed)


def _facts(single: Single, verdict: Verdict) -> list[str]:
    """Say what the sentences leave out: whose the mail host is, and what else is true of the address."""
    provider = provider_named(single.provider)
    others = [flag for flag in verdict.flags if flag.names != (verdict.reason.value,)]
    facts = {
        "provider": "" if provider.kind is Kind.OWN_HOST else provider.display,
        "also": ", ".join(FLAGS[flag].name.lower() for flag in others),
    }
    return [f"  {name:<10}{fact}" for name, fact in facts.items() if fact]


def _waiting(single: Single) -> str:
    if single.waits_for is None or single.waits_until is None:
        return NOTICES[single.notice] or "It was not asked about in time."
    until = datetime.fromtimestamp(single.waits_until).astimezone().strftime("%H:%M:%S")
    return f"{REASONS[single.waits_for].name}: the next try is at {until}; see --max-wait."


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
    said = _in_words(single, verdict, asked) if verdict else None
    found = {
        "email": asked,
        "status": verdict.status if verdict else "unknown",
        "reason": verdict.reason if verdict else single.waits_for or "not_checked",
        "confidence": verdict.confidence if verdict else None,
        "marketer": said.marketer if said else "",
        "engineer": said.engineer if said else "",
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
