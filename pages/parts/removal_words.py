"""Why rows are removed, said to a person: in a table, and in one sentence for the file."""

from collections.abc import Sequence
from functools import cache

import pandas as pd

from engine.reason import Reason
from engine.verdict import Flag, Status
from pages.parts.reasons import REASONS
from pages.parts.words import FLAGS, NO_ADDRESS, STATUSES, Saying
from storage.exports import InWords
from storage.selection import CONFIDENCE, FLAG_WORDS, LISTED, LISTED_BESIDE, PROVIDER, Removal

REMOVAL_ORDER = ("Rows", "Removed as", "Because")
"""The columns of the table below as they are shown: the numbers first, for narrow screens."""

_CHOSEN = {
    CONFIDENCE: Saying("Confidence", "It lies outside the range you chose."),
    PROVIDER: Saying("Provider", "You left its provider out."),
    LISTED: Saying("Never-asked list", "Its address is on it."),
    LISTED_BESIDE: Saying("Never-asked list", "Another address of its row is on it."),
}


def removal_table(removed: Sequence[tuple[Removal, int]]) -> pd.DataFrame:
    """Set out in words why rows are removed, most first."""
    said = [(said_of(removal), number) for removal, number in removed]
    rows = [(saying.name, saying.advice, number) for saying, number in said]
    return pd.DataFrame(rows, columns=["Removed as", "Because", "Rows"])


def said_of(removal: Removal) -> Saying:
    """Say as what a row is removed, and because of what."""
    if removal.reason is None:
        return _CHOSEN.get(removal.word) or FLAGS[FLAG_WORDS[removal.word]]
    if removal.reason is Reason.EMPTY:
        return Saying(NO_ADDRESS.name, REASONS[removal.reason].name)
    return Saying(STATUSES[Status(removal.word)].name, REASONS[removal.reason].name)


def sentence_of(removal: Removal) -> str:
    """Say in a sentence why a row is removed, for its cell in a file."""
    saying = said_of(removal)
    more = f". {REASONS[removal.reason].advice}" if removal.reason else ""
    return f"{saying.name}: {saying.advice}{more}"


def why_removed() -> InWords:
    """Say of each removed row in a sentence why it is removed."""
    return InWords("why removed", all_sentences())


def what_was_found() -> InWords:
    """Say of each row in a sentence what was found of it."""
    return InWords("reason in words", all_sentences())


@cache
def all_sentences() -> tuple[tuple[Removal, str], ...]:
    """Say of everything that can remove a row why it does."""
    by_status = [Removal(status.value, reason) for status in Status for reason in Reason]
    by_word = [Removal(word) for word in (*(name for flag in Flag for name in flag.names), *_CHOSEN)]
    return tuple((removal, sentence_of(removal)) for removal in (*by_status, *by_word))
