"""What is said of one address."""

import pytest

from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.outcome_words import flag_sayings, impossible_sentence, verdict_name, verdict_tip
from pages.parts.reasons import REASONS
from storage.entries import EntryLine

FIG = "fig@gmial.com"


def line(reason: Reason | None, flags: Flag = NO_FLAGS, status: Status | None = Status.RISKY) -> EntryLine:
    return EntryLine(1, 0, 1, 0, FIG, status, reason, 5, flags, "", "", "gmial.com", "other", 0, None, None)


def test_a_verdict_is_named_by_its_reason_as_tables_and_charts_name_it():
    assert verdict_name(line(Reason.DISPOSABLE, Flag.DISPOSABLE)) == "Risky: disposable address"
    assert verdict_name(line(Reason.MISTYPED, Flag.TYPO)) == "Risky: mistyped domain"
    assert REASONS[Reason.DISPOSABLE].name in verdict_tip(line(Reason.DISPOSABLE, Flag.DISPOSABLE))


def test_another_reason_is_said_as_it_is_though_the_domain_looks_mistyped():
    found = line(Reason.NO_SUCH_DOMAIN, Flag.TYPO, Status.INVALID)
    assert verdict_name(found) == "Invalid: domain does not exist"
    assert verdict_name(line(None, status=None)) == "No answer yet"


def test_all_flags_are_named_and_a_typing_error_first():
    names = [each.name for each in flag_sayings(Flag.FREE | Flag.DISPOSABLE | Flag.TYPO)]
    assert names == ["Likely typing error", "Free provider", "Disposable"]


@pytest.mark.parametrize(
    ("reason", "status", "said"),
    [
        (Reason.ACCEPTED, Status.VALID, "takes mail for it all the same, and that counts more"),
        (Reason.MAILBOX_MISSING, Status.INVALID, "It may be mistyped"),
        (Reason.TIMEOUT, Status.UNKNOWN, "It may be mistyped"),
    ],
)
def test_a_name_that_its_provider_does_not_give_out_is_explained_beside_what_was_found(reason, status, said):
    assert said in impossible_sentence(line(reason, Flag.IMPOSSIBLE, status))
    assert impossible_sentence(line(reason, Flag.FREE, status)) == ""
