"""How a session with a mail host went: how it ended, and of what class its replies were. Pure."""

from collections.abc import Iterator
from enum import StrEnum

from engine.probing import Probing
from engine.reason import Reason
from engine.reply import CLOSING, Answer, Unreached
from engine.value import value


class SessionEnd(StrEnum):
    """How a session ended: `clean` with our QUIT after all that we asked, else by what kept us from it.

    `turned_away`: no room for us just now, `closed`: 421 in its midst, `refused`: for good, `unreached`: no
    connection, `dropped`: the host hung up, `silent`: it stayed silent, `unclear`: what it said was no reply.
    """

    CLEAN = "clean"
    TURNED_AWAY = "turned_away"
    CLOSED = "closed"
    REFUSED = "refused"
    UNREACHED = "unreached"
    DROPPED = "dropped"
    SILENT = "silent"
    UNCLEAR = "unclear"


class ReplyClass(StrEnum):
    """The first digit of a reply to RCPT TO (RFC 5321, 4.2.1); none where no answer came."""

    YES = "2yz"
    LATER = "4yz"
    NO = "5yz"
    NONE = "none"


@value
class Course:
    """How a session ended, and how many replies to RCPT TO of each class there were."""

    end: SessionEnd
    replies: tuple[tuple[ReplyClass, int], ...] = ()


def course_of(probing: Probing, *, is_turned_away: bool) -> Course:
    """Say how a session went; `is_turned_away` where the host had no room for it just now."""
    replies: dict[ReplyClass, int] = {}
    for answer in _answers(probing):
        reply = _class_of(answer)
        replies[reply] = replies.get(reply, 0) + 1
    end = SessionEnd.TURNED_AWAY if is_turned_away else _end_of(probing)
    return Course(end, tuple(replies.items()))


def _end_of(probing: Probing) -> SessionEnd:
    stopped = probing.stopped
    if stopped is None:
        return SessionEnd.CLEAN
    if isinstance(stopped, Unreached):
        return _ends_unreached(stopped, has_connected=bool(probing.has_connected))
    return SessionEnd.CLOSED if stopped.code == CLOSING else SessionEnd.REFUSED


def _ends_unreached(stopped: Unreached, *, has_connected: bool) -> SessionEnd:
    return _ENDS.get(stopped.failure, SessionEnd.UNCLEAR) if has_connected else SessionEnd.UNREACHED


_ENDS = {
    Reason.DROPPED: SessionEnd.DROPPED,
    Reason.TIMEOUT: SessionEnd.SILENT,
    Reason.BUDGET: SessionEnd.SILENT,
}


def _answers(probing: Probing) -> Iterator[Answer]:
    yield from (each.answer for each in probing.heard)
    made_up = (probing.decoy, probing.second_decoy, probing.control)
    yield from (answer for answer in made_up if answer is not None)


def _class_of(answer: Answer) -> ReplyClass:
    if isinstance(answer, Unreached):
        return ReplyClass.NONE
    return _CLASSES.get(answer.code // 100, ReplyClass.NONE)


_CLASSES = {2: ReplyClass.YES, 4: ReplyClass.LATER, 5: ReplyClass.NO}
