"""What an answer speaks of: us who ask, the recipient, or something else. Pure."""

from enum import Enum

from engine.control import is_in_doubt
from engine.probing import Probing
from engine.reading import LASTING, read_reply
from engine.reply import Answer, Meaning, Reply, Stage
from engine.retry import is_yes

_NOT_OF_US = frozenset(
    {Meaning.TLS_REQUIRED, Meaning.SYNTAX, Meaning.SMTPUTF8_NEEDED, Meaning.DOMAIN_NOT_HERE}
)


class About(Enum):
    """What an answer speaks of: us who ask, a recipient who was accepted, or anything else."""

    US = "us"
    ACCEPTED = "accepted"
    ELSE = "else"


def said_about(probing: Probing, provider: str) -> tuple[About, ...]:
    """Tell of each answer in a session, in order, what it speaks of.

    A refusal in doubt speaks of us where postmaster@ was refused as well. A session that was refused before
    anybody was asked for is one answer.
    """
    if not probing.heard:
        is_refused = probing.stopped is not None and is_about_us(probing.stopped, provider)
        return (About.US,) if is_refused else ()
    is_blanket = probing.control is not None and probing.control.code >= LASTING
    return tuple(_about(each.answer, provider, is_blanket=is_blanket) for each in probing.heard)


def _about(answer: Answer, provider: str, *, is_blanket: bool) -> About:
    if is_yes(answer, provider):
        return About.ACCEPTED
    is_of_us = is_about_us(answer, provider) or (is_blanket and is_in_doubt(answer, provider))
    return About.US if is_of_us else About.ELSE


def is_about_us(answer: Answer, provider: str) -> bool:
    """Tell whether an answer speaks of us: that we are blocked, or a lasting refusal before any recipient."""
    if not isinstance(answer, Reply):
        return False
    meaning = read_reply(answer, provider).meaning
    is_at_the_door = answer.stage is not Stage.RCPT and answer.code >= LASTING
    return meaning is Meaning.BLOCKED or (is_at_the_door and meaning not in _NOT_OF_US)
