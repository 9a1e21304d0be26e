"""The made-up addresses of a domain: how they look, and what is concluded from what they were answered. Pure.

The first one looks like a machine's, letters and digits. It is asked last, and most often its answer is
enough. The second one looks like a person's; it is asked only where the first answer contradicts what the
recipients were told. "Missing" is a refusal of the recipient (for the recipients that count here: in so many
words, 5.1.1 or "no such user"), "other" is any other 5yz.

| the recipients | first    | second   | the domain accepts all, and why                              |
|----------------|----------|----------|--------------------------------------------------------------|
| any            | missing  |          | no: the host knows who is missing                            |
| none missing   | accepted |          | yes                                                          |
| some missing   | accepted | accepted | yes: those refused are exceptions, and stay refused          |
| some missing   | accepted | refused  | unknown, and a yes is doubtful: it was given to nobody once  |
| some accepted  | other    | accepted | yes: only the first one's looks were disliked                |
| some accepted  | other    | missing  | no                                                           |
| some accepted  | other    | other    | unknown: made-up addresses are refused for what they are     |
| none accepted  | other    |          | not decided: the host may have refused us; ask another time  |
| any            | any 4yz  |          | not decided: the same one comes back, as recipients do       |
| any            | 252      |          | unknown: the host tells nobody                               |
"""

import secrets
from collections.abc import Iterable
from enum import Enum

from engine.reading import read_reply
from engine.reply import Answer, Meaning, Reply, Stage
from engine.retry import comes_later, is_yes
from engine.value import value
from engine.verdict import AcceptAll

REFUSED = frozenset({Meaning.MISSING, Meaning.DISABLED, Meaning.MOVED})
_LETTERS = "bcdfghklmnprstw"
_SYLLABLES = tuple(f"{consonant}{vowel}" for consonant in "bdfgklmnprstvz" for vowel in "aeiou")


class Said(Enum):
    """What one answer comes to."""

    ACCEPTED = "accepted"
    MISSING = "missing"
    OTHER = "other"
    UNSURE = "unsure"
    LATER = "later"


class Crowd(Enum):
    """What a domain's recipients were told, taken together."""

    TAKEN = "taken"
    MIXED = "mixed"
    MISSED = "missed"
    SILENT = "silent"


class Next(Enum):
    """What is to be asked where nothing is decided yet: the second decoy, or the first one again."""

    SECOND = "second"
    AGAIN = "again"


@value
class Conclusion:
    """Whether the domain accepts all; `is_yes_doubtful` where a yes there is worth little."""

    accept_all: AcceptAll
    is_yes_doubtful: bool = False


_SAID = {Meaning.EXISTS: Said.ACCEPTED, Meaning.CANNOT_VERIFY: Said.UNSURE}
_YES = Conclusion(AcceptAll.YES)
_NO = Conclusion(AcceptAll.NO)
_UNKNOWN = Conclusion(AcceptAll.UNKNOWN)
_DOUBTFUL = Conclusion(AcceptAll.UNKNOWN, is_yes_doubtful=True)

_BY_FIRST: dict[Said, dict[Crowd, Conclusion | Next]] = {
    Said.MISSING: dict.fromkeys(Crowd, _NO),
    Said.ACCEPTED: {
        Crowd.TAKEN: _YES,
        Crowd.SILENT: _YES,
        Crowd.MIXED: Next.SECOND,
        Crowd.MISSED: Next.SECOND,
    },
    Said.OTHER: {
        Crowd.TAKEN: Next.SECOND,
        Crowd.MIXED: Next.SECOND,
        Crowd.MISSED: Next.AGAIN,
        Crowd.SILENT: Next.AGAIN,
    },
    Said.UNSURE: dict.fromkeys(Crowd, _UNKNOWN),
    Said.LATER: dict.fromkeys(Crowd, Next.AGAIN),
}
_BY_SECOND: dict[tuple[Said, Said], Conclusion | Next] = {
    (Said.ACCEPTED, Said.ACCEPTED): _YES,
    (Said.ACCEPTED, Said.MISSING): _DOUBTFUL,
    (Said.ACCEPTED, Said.OTHER): _DOUBTFUL,
    (Said.ACCEPTED, Said.UNSURE): _DOUBTFUL,
    (Said.ACCEPTED, Said.LATER): Next.SECOND,
    (Said.OTHER, Said.ACCEPTED): _YES,
    (Said.OTHER, Said.MISSING): _NO,
    (Said.OTHER, Said.OTHER): _UNKNOWN,
    (Said.OTHER, Said.UNSURE): _UNKNOWN,
    (Said.OTHER, Said.LATER): Next.SECOND,
}


def make_decoy() -> str:
    """Make up a local part that nobody has, of a letter and twelve hex digits."""
    first, *rest = secrets.token_bytes(7)
    return f"{_LETTERS[first % len(_LETTERS)]}{bytes(rest).hex()}"


def make_second_decoy() -> str:
    """Make up a local part that nobody has, of a first and a last name that could be said."""
    sounds = [_SYLLABLES[each % len(_SYLLABLES)] for each in secrets.token_bytes(7)]
    return f"{''.join(sounds[:3])}.{''.join(sounds[3:])}"


def crowd_of(answers: Iterable[Answer], provider: str, *, has_missing: bool) -> Crowd:
    """Take together what recipients were told; `has_missing` when some were refused as missing before."""
    told = tuple(answers)
    has_missing = has_missing or any(is_missing(answer, provider) for answer in told)
    if any(is_yes(answer, provider) for answer in told):
        return Crowd.MIXED if has_missing else Crowd.TAKEN
    return Crowd.MISSED if has_missing else Crowd.SILENT


def said_of(answer: Answer, provider: str) -> Said:
    """Say what one answer comes to."""
    if comes_later(answer, provider):
        return Said.LATER
    if not isinstance(answer, Reply) or answer.stage is not Stage.RCPT:
        return Said.UNSURE
    meaning = read_reply(answer, provider).meaning
    if meaning in REFUSED:
        return Said.MISSING
    return _SAID.get(meaning, Said.OTHER)


def is_missing(answer: Answer, provider: str) -> bool:
    """Tell whether a recipient was refused as missing in so many words."""
    if not isinstance(answer, Reply):
        return False
    reading = read_reply(answer, provider)
    return reading.meaning in REFUSED and reading.has_recipient_sense


def conclude(crowd: Crowd, first: Said, second: Said | None = None) -> Conclusion | Next:
    """Conclude from the decoys' answers, by the table above."""
    found = _BY_FIRST[first][crowd]
    if found is not Next.SECOND or second is None:
        return found
    return _BY_SECOND[first, second]
