"""Engine values to text and back, for the JSON columns."""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pydantic import TypeAdapter
from pydantic_core import to_json

from engine.batch import DomainFacts, Recipient
from engine.policy import DEFAULT_POLICY, Policy
from engine.snapshot import Snapshot
from engine.survey import Survey
from engine.verdict import Evidence, TraceLine

TRACE_LINES = 40
FACTS_REMEMBERED = 4096

_facts_by_text: dict[str, DomainFacts] = {}


@cache
def _evidence() -> TypeAdapter[Evidence]:
    return TypeAdapter(Evidence)


@cache
def _facts() -> TypeAdapter[DomainFacts]:
    return TypeAdapter(DomainFacts)


@cache
def _recipient() -> TypeAdapter[Recipient]:
    return TypeAdapter(Recipient)


@cache
def _policy() -> TypeAdapter[Policy]:
    return TypeAdapter(Policy)


@cache
def _survey() -> TypeAdapter[Survey]:
    return TypeAdapter(Survey)


@cache
def _snapshot() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


def dump_evidence(evidence: Evidence) -> str:
    """Write an Evidence as JSON, its defaults left out."""
    return _evidence().dump_json(evidence, exclude_defaults=True).decode()


def dump_facts(facts: DomainFacts) -> str:
    """Write a DomainFacts as JSON, its defaults left out."""
    return _remember(_facts().dump_json(facts, exclude_defaults=True).decode(), facts)[0]


def dump_recipient(recipient: Recipient) -> str:
    """Write a Recipient as JSON, with what it has answered so far."""
    return _recipient().dump_json(recipient, exclude_defaults=True).decode()


def load_evidence(text: str) -> Evidence:
    """Read an Evidence back."""
    return _evidence().validate_json(text)


_ANYBODY = {"local_part": "a", "domain": "b"}
# What a host writes to find the session again in its own log: long runs of letters and digits, and times.
_SESSION = re.compile(
    r"(?<![\w.-])(?:(?=[a-z-]*\d)(?=[\d-]*[a-z])(?=(?:[a-z-]*\d){4})[a-z\d-]{14,}(?:\.\d+)*"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z?)(?![\w.-])",
    re.IGNORECASE,
)


def without_session(said: str) -> str:
    """Blank out of a host's words what only names one session in its log: so that equal words are equal."""
    return _SESSION.sub("", said)


def shape_of(evidence: str, policy: Policy = DEFAULT_POLICY) -> str:
    """Blank out of an Evidence's JSON what no verdict depends on: whose it is, and which host answered when.

    What is left is the JSON of an Evidence that is judged alike by the policy, and is shared by many
    addresses; their domain stays where the policy has a word of its own on it.
    """
    known = json.loads(evidence)
    domain = known["address"]["domain"]
    address = f"{known['address']['local_part']}@{domain}"
    known["address"] = _ANYBODY | ({"domain": domain} if policy.names(domain) else {})
    known["mx_host"] = ""
    for name in ("decoy", "vantage"):
        known.pop(name, None)
    if "hosts" in (known.get("route") or ()):
        known["route"]["hosts"] = ()
    if "suggestion" in known["traits"]:
        known["traits"]["suggestion"] = "a@b"
    for answer in ("rcpt", "control"):
        if "text" in (known.get(answer) or ()):
            said = known[answer]["text"].replace(address, "a@b")
            known[answer]["text"] = without_session(said)
    return json.dumps(known)


def load_facts(text: str) -> DomainFacts:
    """Read a DomainFacts back; what was just written, and what a claim reads, is read again and again."""
    return _facts_by_text.get(text) or _remember(text, _facts().validate_json(text))[1]


def _remember(text: str, facts: DomainFacts) -> tuple[str, DomainFacts]:
    """Keep what a text says, among a few thousand texts; several threads read them."""
    if len(_facts_by_text) >= FACTS_REMEMBERED:
        _facts_by_text.clear()
    _facts_by_text[text] = facts
    return text, facts


def load_recipient(text: str) -> Recipient:
    """Read a Recipient back, with what it has answered so far."""
    return _recipient().validate_json(text)


def dump_policy(policy: Policy) -> str:
    """Write a Policy as JSON, its defaults left out: equal policies are equal texts."""
    return _policy().dump_json(policy, exclude_defaults=True).decode()


@lru_cache(maxsize=256)
def load_policy(text: str) -> Policy:
    """Read a Policy back; the same few are read for every batch."""
    return _policy().validate_json(text)


def dump_survey(survey: Survey) -> str:
    """Write a Survey as JSON, its defaults left out."""
    return _survey().dump_json(survey, exclude_defaults=True).decode()


def load_survey(text: str) -> Survey:
    """Read a Survey back."""
    return _survey().validate_json(text)


def dump_snapshot(snapshot: Snapshot) -> str:
    """Write a Snapshot as JSON, its defaults left out."""
    return _snapshot().dump_json(snapshot, exclude_defaults=True).decode()


def load_snapshot(text: str) -> Snapshot:
    """Read a Snapshot back."""
    return _snapshot().validate_json(text)


def dump_trace(lines: Sequence[TraceLine]) -> str:
    """Write a trace as JSON, at most its first 20 and last 20 lines."""
    kept = lines if len(lines) <= TRACE_LINES else (*lines[: TRACE_LINES // 2], *lines[-TRACE_LINES // 2 :])
    return to_json([[line.speaker, line.text, line.at_ms] for line in kept]).decode()


def load_trace(text: str | None) -> tuple[TraceLine, ...]:
    """Read a trace back; none for no text."""
    return tuple(TraceLine(*line) for line in json.loads(text)) if text else ()
