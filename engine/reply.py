"""What a mail host answered, and what that means."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Any

from engine.name_lists import Lists, lists_in_use
from engine.reason import Reason
from engine.reply_text import (
    LONGEST,
    TEXTS_REMEMBERED,
    EnhancedStatusCode,
    find_enhanced,
    pattern_of,
    plain_words,
)
from engine.value import value

CLOSING = 421
"""A host closes the session (RFC 5321, 3.8)."""


class Stage(StrEnum):
    """How far a check came, in the order it goes."""

    ADDRESS = "address"
    DNS = "dns"
    CONNECT = "connect"
    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    MAIL = "mail"
    RCPT = "rcpt"


@value
class Reply:
    """A host's reply: its code, its text (cleaned, at most 512 characters) and the stage it came at."""

    code: int
    text: str
    stage: Stage

    @property
    def enhanced(self) -> EnhancedStatusCode | None:
        """The reply's enhanced status code, where its text has one."""
        return find_enhanced(self.text)


@value
class Unreached:
    """No answer at all, which is not an answer: how far we came, and what went wrong."""

    stage: Stage
    failure: Reason
    detail: str = ""


Answer = Reply | Unreached


def is_yes(answer: Answer) -> bool:
    """Tell whether an answer is a reply of the 2xx kind (RFC 5321, 4.2.1)."""
    return isinstance(answer, Reply) and 200 <= answer.code < 300  # noqa: PLR2004 - the range of RFC 5321


class Meaning(StrEnum):
    """What a reply means for the recipient it was asked about, or for us who asked."""

    EXISTS = "exists"
    MISSING = "missing"
    DISABLED = "disabled"
    FULL = "full"
    MOVED = "moved"
    DOMAIN_NOT_HERE = "domain_not_here"
    BLOCKED = "blocked"
    GREYLISTED = "greylisted"
    RATE_LIMITED = "rate_limited"
    TEMPORARY = "temporary"
    FULL_FOR_NOW = "full_for_now"
    SESSION_LIMIT = "session_limit"
    TLS_REQUIRED = "tls_required"
    SMTPUTF8_NEEDED = "smtputf8_needed"
    SYNTAX = "syntax"
    CANNOT_VERIFY = "cannot_verify"
    UNCLEAR = "unclear"


_MEANT: dict[Meaning, tuple[str, Reason]] = {
    Meaning.EXISTS: ("mailbox_exists", Reason.ACCEPTED),
    Meaning.MISSING: ("mailbox_missing", Reason.MAILBOX_MISSING),
    Meaning.DISABLED: ("mailbox_disabled", Reason.MAILBOX_DISABLED),
    Meaning.FULL: ("mailbox_full", Reason.MAILBOX_FULL),
    Meaning.MOVED: ("mailbox_missing", Reason.MAILBOX_MOVED),
    Meaning.DOMAIN_NOT_HERE: ("domain_missing", Reason.RELAY_DENIED),
    Meaning.BLOCKED: ("sender_blocked", Reason.BLOCKED),
    Meaning.GREYLISTED: ("temporary", Reason.GREYLISTED),
    Meaning.RATE_LIMITED: ("temporary", Reason.RATE_LIMITED),
    Meaning.TEMPORARY: ("temporary", Reason.TEMPORARY),
    Meaning.FULL_FOR_NOW: ("mailbox_full", Reason.MAILBOX_FULL),
    Meaning.SESSION_LIMIT: ("temporary", Reason.RATE_LIMITED),
    Meaning.TLS_REQUIRED: ("sender_blocked", Reason.TLS_REQUIRED),
    Meaning.SMTPUTF8_NEEDED: ("syntax_rejected", Reason.SMTPUTF8_NEEDED),
    Meaning.SYNTAX: ("syntax_rejected", Reason.SYNTAX_REFUSED),
    Meaning.CANNOT_VERIFY: ("unclear", Reason.UNCLEAR),
    Meaning.UNCLEAR: ("unclear", Reason.UNCLEAR),
}

_LASTING = {Meaning.MISSING, Meaning.DISABLED, Meaning.FULL, Meaning.MOVED, Meaning.DOMAIN_NOT_HERE}
_OF_RECIPIENT = {*_LASTING, Meaning.EXISTS, Meaning.FULL_FOR_NOW, Meaning.CANNOT_VERIFY}


@value
class Reading:
    """What a reply means, and whether it says itself that there is no such mailbox."""

    meaning: Meaning
    has_recipient_sense: bool = False

    @property
    def label(self) -> str:
        """The meaning's coarse class, such as `mailbox_missing`; `unclear` where none fits."""
        return _MEANT[self.meaning][0]


def reason_of(meaning: Meaning) -> Reason:
    """Give the main reason of a verdict that rests on a reply of this meaning."""
    return _MEANT[meaning][1]


_REMEMBERED = 8  # sets of lists; there is one in use


def classify(
    code: int,
    text: str,
    enhanced: str | None = None,
    *,
    stage: Stage | str = Stage.RCPT,
    provider: str | None = None,
) -> Reading:
    """Tell what a reply means, by the first row of lists/replies.toml that fits.

    `enhanced` goes before a code found in the text; `provider` is a name from lists/providers.toml.
    Before RCPT, or by a 421, nothing is said about a recipient; only a 5xx says that it is missing for good.
    """
    said = text[:LONGEST]
    status = (find_enhanced(enhanced) if enhanced else None) or find_enhanced(said)
    return _reading(lists_in_use(), code, status, plain_words(said), Stage(stage), provider)


@lru_cache(TEXTS_REMEMBERED)
def _reading(
    lists: Lists, code: int, status: EnhancedStatusCode | None, words: str, stage: Stage, provider: str | None
) -> Reading:
    for row in rows_in(lists):
        if _can_mean(row.meaning, code, stage) and row.fits(code, status, words, provider):
            return Reading(row.meaning, row.has_recipient_sense)
    return Reading(Meaning.UNCLEAR)


def _can_mean(meaning: Meaning, code: int, stage: Stage) -> bool:
    if (stage is not Stage.RCPT or code == CLOSING) and meaning in _OF_RECIPIENT:
        return False
    return meaning not in _LASTING or 500 <= code <= 599  # noqa: PLR2004 - RFC 5321, 4.2.1: 5yz


@value
class _Row:
    """One row of the table; what it leaves open (`None`, or nothing named) fits anything."""

    meaning: Meaning
    has_recipient_sense: bool
    codes: tuple[range, ...]
    enhanced: tuple[tuple[range, ...], ...]
    words: tuple[re.Pattern[str], ...]
    providers: frozenset[str]

    def fits(self, code: int, status: EnhancedStatusCode | None, words: str, provider: str | None) -> bool:
        """Whether everything the row names is so; the words, which take longest, come last."""
        return (
            (not self.codes or any(code in span for span in self.codes))
            and (not self.enhanced or self._has_status(status))
            and (not self.providers or provider in self.providers)
            and (not self.words or any(pattern.search(words) for pattern in self.words))
        )

    def _has_status(self, status: EnhancedStatusCode | None) -> bool:
        pairs = (zip(status or (), spans, strict=False) for spans in self.enhanced)
        return status is not None and any(all(part in span for part, span in pair) for pair in pairs)


@lru_cache(_REMEMBERED)
def rows_in(lists: Lists) -> tuple[_Row, ...]:
    """Read the table. Raises KeyError, ValueError or re.error where it is not as it says of itself."""
    table = lists.table("replies.toml")
    patterns = {name: pattern_of(phrases, table["classes"]) for name, phrases in table["phrases"].items()}
    return tuple(_row_of(row, patterns) for row in table["row"])


def _row_of(row: dict[str, Any], patterns: dict[str, re.Pattern[str]]) -> _Row:
    return _Row(
        meaning=Meaning(row["meaning"]),
        has_recipient_sense=row.get("recipient_sense", False),
        codes=tuple(_span(code.replace("xx", "00-99")) for code in row.get("codes", [])),
        enhanced=tuple(tuple(map(_span, one.split("."))) for one in row.get("enhanced", [])),
        words=tuple(patterns[name] for name in row.get("words", [])),
        providers=frozenset(row.get("providers", [])),
    )


def _span(text: str) -> range:
    """Read "550", "606-649" or "*"; a shorter end replaces the start's last digits ("400-99")."""
    if text == "*":
        return range(1000)
    first, _, end = text.partition("-")
    last = first[: -len(end)] + end if end else first
    return range(int(first), int(last) + 1)
