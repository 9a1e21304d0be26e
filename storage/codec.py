"""Engine values to text and back, for the JSON columns."""

import json
from collections.abc import Sequence
from functools import cache

from pydantic import TypeAdapter

from engine.batch import DomainFacts, Recipient
from engine.verdict import Evidence, TraceLine

TRACE_LINES = 40


@cache
def _evidence() -> TypeAdapter[Evidence]:
    return TypeAdapter(Evidence)


@cache
def _facts() -> TypeAdapter[DomainFacts]:
    return TypeAdapter(DomainFacts)


@cache
def _recipient() -> TypeAdapter[Recipient]:
    return TypeAdapter(Recipient)


def dump_evidence(evidence: Evidence) -> str:
    """Write an Evidence as JSON, its defaults left out."""
    return _evidence().dump_json(evidence, exclude_defaults=True).decode()


def dump_facts(facts: DomainFacts) -> str:
    """Write a DomainFacts as JSON, its defaults left out."""
    return _facts().dump_json(facts, exclude_defaults=True).decode()


def dump_recipient(recipient: Recipient) -> str:
    """Write a Recipient as JSON, with what it has answered so far."""
    return _recipient().dump_json(recipient, exclude_defaults=True).decode()


def load_evidence(text: str) -> Evidence:
    """Read an Evidence back."""
    return _evidence().validate_json(text)


def load_facts(text: str) -> DomainFacts:
    """Read a DomainFacts back."""
    return _facts().validate_json(text)


def load_recipient(text: str) -> Recipient:
    """Read a Recipient back, with what it has answered so far."""
    return _recipient().validate_json(text)


def dump_trace(lines: Sequence[TraceLine]) -> str:
    """Write a trace as JSON, at most its first 20 and last 20 lines."""
    kept = lines if len(lines) <= TRACE_LINES else (*lines[: TRACE_LINES // 2], *lines[-TRACE_LINES // 2 :])
    return json.dumps([[line.speaker, line.text, line.at_ms] for line in kept], ensure_ascii=False)


def load_trace(text: str | None) -> tuple[TraceLine, ...]:
    """Read a trace back; none for no text."""
    return tuple(TraceLine(*line) for line in json.loads(text)) if text else ()
