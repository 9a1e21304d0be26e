"""Why rows are removed, in words."""

import pytest

from engine.reason import Reason
from engine.verdict import Flag, Status
from pages.parts.removal_words import all_sentences, removal_table, sentence_of
from storage.selection import CONFIDENCE, LISTED, LISTED_BESIDE, PROVIDER, Removal


@pytest.mark.parametrize(
    ("removal", "row"),
    [
        (Removal("duplicate"), ["Duplicate", "The same address stands in an earlier row.", 4]),
        (Removal("invalid", Reason.MAILBOX_MISSING), ["Invalid", "Mailbox does not exist", 4]),
        (Removal("invalid", Reason.EMPTY), ["No address", "Nothing to check", 4]),
        (Removal(CONFIDENCE), ["Confidence", "It lies outside the range you chose.", 4]),
        (Removal(LISTED), ["Never-asked list", "Its address is on it.", 4]),
        (Removal(LISTED_BESIDE), ["Never-asked list", "Another address of its row is on it.", 4]),
        (Removal(PROVIDER), ["Provider", "You left its provider out.", 4]),
    ],
)
def test_a_row_is_said_to_be_removed_for_what_removes_it(removal, row):
    assert removal_table([(removal, 4)]).to_numpy().tolist() == [row]


def test_a_cell_says_in_a_sentence_why():
    assert sentence_of(Removal("invalid", Reason.MAILBOX_MISSING)) == (
        "Invalid: Mailbox does not exist. The mail host says that nobody has this address."
    )


def test_there_is_a_sentence_for_everything_that_can_remove_a_row():
    sentences = dict(all_sentences())
    assert all(Removal(status.value, reason) in sentences for status in Status for reason in Reason)
    assert all(Removal(name) in sentences for flag in Flag for name in flag.names)
    assert {Removal(CONFIDENCE), Removal(PROVIDER), Removal(LISTED)} <= set(sentences)
