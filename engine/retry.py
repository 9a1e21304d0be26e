"""When an answer means "come back later": which answers do, when that is, and what is waited for.

A greylisting host lets in who comes back from the same address with the same sender (RFC 6647). The sender
is always MAIL FROM's `verify@` or VALIDATOR_MAIL_FROM, and the made-up address is kept; the address we come
from is SOURCE_ADDRESS, which a machine with several addresses should set, since otherwise the system may
choose another one each time.
"""

from dataclasses import field

from engine.batch import Pause
from engine.hint import hint_of
from engine.reading import LASTING, read_reply
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Unreached, reason_of
from engine.settings import Settings
from engine.value import value
from engine.verdict import Vantage

LONGEST_HINT_S = 4 * 3600.0
HINTS_ALONE = 2
"""How many attempts go by the host's hint alone; later ones wait as long as is set, if that is longer."""

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


@value
class Terms:
    """What a disposition goes by besides the answers: the settings, and the time (Unix seconds).

    `vantage` is how we stand with the hosts asked, `pause` one that their refusals have brought about.
    """

    settings: Settings
    now: float
    vantage: Vantage = field(default_factory=Vantage)
    pause: Pause | None = None


def comes_later(answer: Answer, provider: str) -> bool:
    """Tell whether an answer is to be asked for again later: a 4yz, or none that a retry cannot mend."""
    if isinstance(answer, Unreached):
        return answer.failure not in _FINAL_FAILURES
    meaning = read_reply(answer, provider).meaning
    return meaning in _LATER or (answer.code < LASTING and meaning not in _SAID)


def is_yes(answer: Answer, provider: str) -> bool:
    """Tell whether the host takes mail for the recipient."""
    return isinstance(answer, Reply) and read_reply(answer, provider).meaning is Meaning.EXISTS


def wait_s(answer: Answer, attempts: int, settings: Settings) -> float | None:
    """Say how many seconds to wait after so many earlier attempts; None when there have been enough.

    The host's own hint is honoured between the first delay that is set and four hours.
    """
    delays = settings.greylist_retry_seconds if isinstance(answer, Reply) else settings.outage_retry_seconds
    if attempts >= len(delays):
        return None
    hint_s = hint_of(answer.text) if isinstance(answer, Reply) else None
    if hint_s is None:
        return delays[attempts]
    least_s = delays[0] if attempts < HINTS_ALONE else delays[attempts]
    return max(min(hint_s, LONGEST_HINT_S), least_s)


def why_of(answer: Answer, provider: str) -> Reason:
    """Say what an attempt failed for."""
    if isinstance(answer, Unreached):
        return answer.failure
    return reason_of(read_reply(answer, provider).meaning)
