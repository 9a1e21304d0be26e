"""When an answer means "come back later": which answers do, when that is, and what is waited for."""

from dataclasses import dataclass

from engine.judge import read_reply
from engine.prober import LASTING
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Unreached, reason_of
from engine.settings import Settings

_LATER = frozenset(
    {
        Meaning.GREYLISTED,
        Meaning.RATE_LIMITED,
        Meaning.TEMPORARY,
        Meaning.FULL_FOR_NOW,
        Meaning.SESSION_LIMIT,
    }
)
_SAID = frozenset({Meaning.EXISTS, Meaning.CANNOT_VERIFY})
_FINAL_FAILURES = frozenset({Reason.SMTPUTF8_NEEDED, Reason.UNROUTABLE_MX, Reason.BUDGET})


@dataclass(frozen=True, slots=True)
class Terms:
    """What a disposition goes by besides the answers: the settings, and the time (Unix seconds)."""

    settings: Settings
    now: float


def comes_later(answer: Answer, provider: str) -> bool:
    """Tell whether an answer is to be asked for again later: a 4yz, or none that a retry cannot mend."""
    if isinstance(answer, Unreached):
        return answer.failure not in _FINAL_FAILURES
    meaning = read_reply(answer, provider).meaning
    return meaning in _LATER or (answer.code < LASTING and meaning not in _SAID)


def is_yes(answer: Answer, provider: str) -> bool:
    """Tell whether the host takes mail for the recipient."""
    return isinstance(answer, Reply) and read_reply(answer, provider).meaning is Meaning.EXISTS


def delays_of(answer: Answer, settings: Settings) -> tuple[float, ...]:
    """Give the seconds to wait before each further attempt, by the kind of answer."""
    if isinstance(answer, Unreached):
        return settings.outage_retry_seconds
    return settings.greylist_retry_seconds


def why_of(answer: Answer, provider: str) -> Reason:
    """Say what an attempt failed for."""
    if isinstance(answer, Unreached):
        return answer.failure
    return reason_of(read_reply(answer, provider).meaning)
