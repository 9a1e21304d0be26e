"""Which rows of a list are kept, and by what the others are removed."""

from enum import IntEnum, StrEnum

from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status

FLAG_WORDS = {flag.name.lower(): flag for flag in Flag if flag.name}
WORDS = (*(status.value for status in Status), *FLAG_WORDS)
TOP = 100
CONFIDENCE, PROVIDER, LISTED, LISTED_BESIDE = "confidence", "provider", "listed", "listed_beside"
"""What stands for a confidence outside the range, for a provider left out, and for the never-probe list: it
holds the row's first address, or another one of it."""


class UnknownWord(ValueError):
    """A selection names something that is neither a status nor a flag; the message says which."""


class Listed(IntEnum):
    """Whether a row is on the never-probe list: by its first address, or by another one beside that."""

    NO = 0
    ITSELF = 1
    BESIDE = 2


class Decides(StrEnum):
    """Which of a row's addresses decides about the row, where it holds several.

    Its first one; or the first that may be kept; or the best one, for files in which every row stands.
    """

    FIRST = "first"
    ANY = "any"
    BEST = "best"


@value
class Outcome:
    """What was found of the address that speaks for a row; the confidence is 0-100, 0 where there is none.

    `listed` says if any address of the row is on the never-probe list, whatever was found.
    """

    status: Status
    flags: Flag
    reason: Reason = Reason.NOT_CHECKED
    confidence: int = 0
    provider: str = ""
    listed: Listed = Listed.NO


Grounds = tuple[str | None, int | None, str | None, int | None, str, int]
"""An entry's columns that decide about its row: status, flags, reason, confidence, provider, if listed."""


def outcome_of(grounds: Grounds) -> Outcome:
    """Read what was found of an address from its entry's columns; one that waits is unknown."""
    status, flags, reason, confidence, provider, listed = grounds
    why = Reason(reason) if status and reason else Reason.NOT_CHECKED
    told = Status(status or Status.UNKNOWN)
    return Outcome(told, Flag(flags or 0), why, confidence or 0, provider, Listed(listed))


@value
class Removal:
    """What removes a row: a status with its reason; or a flag, confidence, provider or list alone."""

    word: str
    reason: Reason | None = None


@value
class Selection:
    """Which rows to keep.

    A row is kept that has one of `include` (words that are statuses or flags; all rows, if it is empty) and
    none of `exclude`, of the `statuses`, `reasons` and `providers` left out, and a confidence from `least` to
    `most` (0-100). The word accept_all is the flag too, which rows of other statuses have; the status alone
    is among `statuses`. Rows on the never-probe list are kept only where `keeps_listed` says so. Where a row
    holds several addresses, `decides` says of which of them all this is asked.
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    reasons: frozenset[Reason] = frozenset()
    providers: frozenset[str] = frozenset()
    least: int = 0
    most: int = TOP
    keeps_listed: bool = False
    decides: Decides = Decides.FIRST

    @property
    def writes_once(self) -> bool:
        """Whether rows are told apart by whom they are written to: no address is to be written to twice."""
        return self.decides is Decides.ANY and bool(self.exclude.intersection(Flag.DUPLICATE.names))

    def keeps(self, status: Status, flags: Flag) -> bool:
        """Tell whether a row with this status and these flags is kept, so far as they decide."""
        if status in self.statuses:
            return False
        words = {status.value, *flags.names}
        return not (words & self.exclude) and (not self.include or bool(words & self.include))

    def removes(self, found: Outcome) -> Removal | None:
        """Say what removes a row; None: kept.

        The never-probe list stands before all; a status before a flag, the first flag before the others.
        """
        if found.listed and not self.keeps_listed:
            return Removal(LISTED if found.listed is Listed.ITSELF else LISTED_BESIDE)
        if not self.keeps(found.status, found.flags):
            return self._by_word(found)
        if found.reason in self.reasons:
            return Removal(found.status.value, found.reason)
        if not self.least <= found.confidence <= self.most:
            return Removal(CONFIDENCE)
        return Removal(PROVIDER) if found.provider in self.providers else None

    def _by_word(self, found: Outcome) -> Removal:
        by_flag = [name for name in found.flags.names if name in self.exclude]
        is_by_status = found.status in self.statuses or found.status.value in self.exclude
        if by_flag and not is_by_status:
            return Removal(by_flag[0])
        return Removal(found.status.value, found.reason)


def parse_selection(include: str = "", exclude: str = "") -> Selection:
    """Read two comma lists of statuses and flags; without any, every row is kept. Raises UnknownWord."""
    included, excluded = _parse_words(include), _parse_words(exclude)
    return Selection(included, excluded, keeps_listed=not (included or excluded))


def _parse_words(text_list: str) -> frozenset[str]:
    words = frozenset(word.strip().lower().replace("-", "_") for word in text_list.split(",") if word.strip())
    if unknown := sorted(words - set(WORDS)):
        raise UnknownWord(f"{', '.join(unknown)}: not a status or flag. There are {', '.join(WORDS)}")
    return words
