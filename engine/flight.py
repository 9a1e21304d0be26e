"""Several commands said at once (RFC 2920): what they are, what comes back, and whether a host can."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.address import Address
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached, classify, is_yes
from engine.verdict import TraceLine

ADDRESSING = 1
_LEAST_REFUSAL, _CODES_END = 400, 600
_YES_CODES = {Stage.BANNER: {220}, Stage.STARTTLS: {220}, Stage.RCPT: {250, 251, 252}}
_USUAL_YES = frozenset({250})
_MISTAKES = frozenset({500, 501, 502, 503})
_OWN_FAULTS = frozenset({501, 503})
_LATE = frozenset({Reason.TIMEOUT, Reason.BUDGET})


class Command(NamedTuple):
    """A command line, and the stage that its reply belongs to."""

    stage: Stage
    line: str


class Spoken(NamedTuple):
    """What a command was answered, and the lines of the trace that belong to the two."""

    answer: Answer
    trace: tuple[TraceLine, ...]


def rcpt(address: Address) -> Command:
    """Ask whether the host takes mail for an address: RCPT TO, in our own validated spelling."""
    return Command(Stage.RCPT, f"RCPT TO:<{address}>")


def falls_silent(answers: Sequence[Answer]) -> bool:
    """Tell whether a host fell silent after some answers to a flight.

    One of them may have been left out then, and those after it taken for those of others.
    """
    last = answers[-1]
    return isinstance(last, Unreached) and last.failure in _LATE and len(answers) > 1


def is_confusing(answers: Sequence[Answer]) -> bool:
    """Tell from the answers to a first flight that the host cannot take several commands at once.

    It falls silent before the last reply, hangs up after the first, or takes what follows for a mistake. A
    sender who is refused explains all that comes after, and a host that is silent from the start is slow.
    """
    refusal = next((each for each in answers if _is_refused_sender(each)), None)
    if refusal is not None:
        return _is_mistake(refusal)
    if falls_silent(answers) or any(map(_is_mistake, answers)):
        return True
    last = answers[-1]
    has_hung_up = isinstance(last, Unreached) and last.failure is Reason.DROPPED
    return has_hung_up and len(answers) <= 2  # noqa: PLR2004 - one reply, and the end


def is_fitting(reply: Reply) -> bool:
    """Tell whether a reply's code is one that its command can be answered with (RFC 5321, 4.3.2)."""
    if _LEAST_REFUSAL <= reply.code < _CODES_END:
        return True
    return reply.code in _YES_CODES.get(reply.stage, _USUAL_YES)


def fault_of_ours(answers: Iterable[Answer]) -> Reply | None:
    """Give the reply by which a host finds fault with what we said, if one does.

    Only the first refusal of a flight can be meant: the others may follow from it.
    """
    reply = next((each for each in answers if not is_yes(each)), None)
    if not isinstance(reply, Reply) or reply.code not in _OWN_FAULTS or _is_of_recipient(reply):
        return None
    meaning = classify(reply.code, reply.text, stage=reply.stage).meaning
    return reply if meaning is Meaning.SYNTAX else None


def _is_of_recipient(reply: Reply) -> bool:
    """Tell whether a refusal names the recipient's address as its cause (RFC 3463, 3.2)."""
    return reply.stage is Stage.RCPT and reply.enhanced is not None and reply.enhanced.subject == ADDRESSING


def _is_refused_sender(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.stage is not Stage.RCPT and answer.code >= _LEAST_REFUSAL


def _is_mistake(answer: Answer) -> bool:
    """Tell whether a host took a command for a mistake of ours, and not for one in an address."""
    return isinstance(answer, Reply) and answer.code in _MISTAKES and not _is_of_recipient(answer)
