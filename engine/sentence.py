"""Says a verdict in two sentences: one for who sends the mail, one for who runs mail hosts. Pure."""

from engine.address import Malformed
from engine.for_engineers import said_to_engineers
from engine.for_marketers import said_to_marketers
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.value import value
from engine.verdict import Evidence, Verdict


@value
class Sentences:
    """A verdict in words: one sentence without terms of the trade, and one with all that was seen."""

    marketer: str
    engineer: str


def sentences(evidence: Evidence, verdict: Verdict, attempts: int = 1) -> Sentences:
    """Say a verdict in two sentences, from the evidence it rests on; asked `attempts` times."""
    whose = _by_policy(evidence, verdict)
    return Sentences(
        _sentence(said_to_marketers(evidence, verdict, attempts) + whose),
        _sentence(said_to_engineers(evidence, attempts) + whose),
    )


def sentences_of_malformed(malformed: Malformed) -> Sentences:
    """Say what is wrong with a text that is no address."""
    if malformed.why is Reason.EMPTY:
        return Sentences("There is no address here.", "The text names no address.")
    detail = f": {malformed.detail}" if malformed.detail else ""
    return Sentences(
        f"This is not an e-mail address{detail}.",
        "The text does not fit the syntax of RFC 5321 and RFC 6531, so nothing was looked up.",
    )


def _sentence(said: str) -> str:
    """Begin with a capital, unless a domain or a host is named first, and end with a full stop."""
    is_name_first = "." in said.partition(" ")[0]
    return f"{said}." if is_name_first else f"{said[:1].upper()}{said[1:]}."


def _by_policy(evidence: Evidence, verdict: Verdict) -> str:
    """Say so where it is the list's policy, and not the usual one, that gives the status."""
    if judge(evidence, DEFAULT_POLICY).status is verdict.status:
        return ""
    return f"; your policy calls that {verdict.status.value.replace('_', '-')}"
