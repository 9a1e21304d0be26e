"""What a host's replies mean for one of its provider's mailboxes."""

from functools import lru_cache

from engine.name_lists import Lists, lists_in_use
from engine.reply import Reading, Reply, Stage, classify
from engine.verdict import Evidence

LASTING = 500
"""From this reply code on a refusal is for good (RFC 5321, 4.2.1)."""


def read_rcpt(evidence: Evidence) -> Reading | None:
    """Classify what the host answered about the recipient, if it answered."""
    return read_reply(evidence.rcpt, evidence.provider) if isinstance(evidence.rcpt, Reply) else None


def read_reply(reply: Reply, provider: str) -> Reading:
    """Classify a reply of one of this provider's hosts; a judgement reads the same one several times."""
    return _read_by(lists_in_use(), reply.code, reply.text, reply.stage, provider)


@lru_cache(maxsize=4096)
def _read_by(_: Lists, code: int, text: str, stage: Stage, provider: str) -> Reading:
    return classify(code, text, stage=stage, provider=provider)
