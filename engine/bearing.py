"""How hosts bear our pace, read from one session: easily, with a warning, or not at all. Pure."""

from enum import Enum

from engine.batch import DomainFacts
from engine.probing import Probing
from engine.reading import LASTING, read_reply
from engine.reason import Reason
from engine.reply import CLOSING, Answer, Meaning, Reply, Stage, Unreached

_AT_THE_DOOR = frozenset({Stage.CONNECT, Stage.BANNER, Stage.EHLO})
_NOBODY_HOME = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.DROPPED, Reason.BUDGET})


class Bearing(Enum):
    """What a session says of our pace.

    Warned: we were turned away. Cut: a 421 ended the asking, for our pace or at a limit of the session.
    Slowed: recipients were put off for our rate. Strained: no connection, or no answer, which may be for it.
    """

    EASY = "easy"
    WARNED = "warned"
    CUT = "cut"
    SLOWED = "slowed"
    STRAINED = "strained"
    ELSE = "else"


TRIED = 2
"""By how much a session may be tried beyond the known limit: each whole one tries one more."""
SIGNS = frozenset({Bearing.WARNED, Bearing.CUT, Bearing.SLOWED})
"""What may be said of our pace in so many words."""


def bearing_of(facts: DomainFacts, probing: Probing) -> Bearing:
    """Tell how the hosts bore a session; `facts` is what was known of the domain before it."""
    if is_turned_away(probing):
        return Bearing.WARNED
    if _is_cut(facts, probing):
        return Bearing.CUT
    if _is_rate_spoken_of(facts, probing):
        return Bearing.SLOWED
    if probing.heard:
        return Bearing.EASY
    if is_unreached(probing) or _is_late(probing.stopped):
        return Bearing.STRAINED
    return Bearing.ELSE


def is_turned_away(probing: Probing) -> bool:
    """Tell whether the host had no room for a session just now (421, or 4yz in its banner)."""
    stopped = probing.stopped
    if probing.heard or not isinstance(stopped, Reply):
        return False
    return stopped.code == CLOSING or (stopped.stage is Stage.BANNER and stopped.code < LASTING)


def is_unreached(probing: Probing) -> bool:
    """Tell whether nobody took our connection, or greeted us: not where the lack is this machine's."""
    stopped = probing.stopped
    if probing.heard or probing.has_connected is None or not isinstance(stopped, Unreached):
        return False
    return stopped.stage in _AT_THE_DOOR and stopped.failure in _NOBODY_HOME


def _is_cut(facts: DomainFacts, probing: Probing) -> bool:
    """Tell whether a 421 ended the asking sooner than the host's known limit of a session does."""
    stopped = probing.stopped
    if not (isinstance(stopped, Reply) and stopped.code == CLOSING):
        return False
    return not facts.session_limit or probing.borne + len(probing.heard) < facts.session_limit - TRIED


def _is_rate_spoken_of(facts: DomainFacts, probing: Probing) -> bool:
    answers = (*(each.answer for each in probing.heard), probing.decoy, probing.stopped)
    return any(
        isinstance(each, Reply) and read_reply(each, facts.provider).meaning is Meaning.RATE_LIMITED
        for each in answers
    )


def _is_late(stopped: Answer | None) -> bool:
    return isinstance(stopped, Unreached) and stopped.failure is Reason.TIMEOUT
