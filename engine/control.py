"""Whether a refusal means the recipient or us: what postmaster@ is told beside it (RFC 5321, 4.5.1). Pure.

A refusal is in doubt where it does not say in so many words that there is no such mailbox, or where its
code is of those that speak of policy (5.7.x). Somebody who is let in after it, in the same session, shows
that the host does not refuse us; only where there is nobody, postmaster@ is asked, which every host must
take.
"""

from collections.abc import Sequence

from engine.decoy import REFUSED
from engine.reading import read_reply
from engine.reply import Answer, Reply
from engine.retry import is_yes

_POLICY = 7
HOLDS_S = 900.0
"""How long a refusal of a control holds; a yes holds for its session only, as hosts can turn against us."""


def is_in_doubt(answer: Answer, provider: str) -> bool:
    """Tell whether a refusal of a recipient may mean us."""
    if not isinstance(answer, Reply):
        return False
    reading = read_reply(answer, provider)
    return reading.meaning in REFUSED and (not reading.has_recipient_sense or _is_policy(answer))


def _is_policy(reply: Reply) -> bool:
    return reply.enhanced is not None and reply.enhanced.subject == _POLICY


def needs_control(answers: Sequence[Answer], provider: str) -> bool:
    """Tell whether a refusal in doubt is among a session's answers (in order) with nobody let in after it."""
    has_doubt = any(is_in_doubt(answer, provider) for answer in answers)
    return has_doubt and let_in_after(answers, provider) is None


def let_in_after(answers: Sequence[Answer], provider: str) -> Reply | None:
    """Give a yes that came after the last refusal in doubt; None where none did, or none was in doubt."""
    doubts = (place for place in reversed(range(len(answers))) if is_in_doubt(answers[place], provider))
    last = next(doubts, len(answers))
    later = (each for each in answers[last + 1 :] if isinstance(each, Reply) and is_yes(each, provider))
    return next(later, None)
