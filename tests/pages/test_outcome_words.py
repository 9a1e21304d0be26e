"""What is said of one address."""

import pytest

from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.outcome_words import flag_sayings, verdict_name, verdict_tip
from pages.parts.reasons import REASONS
from storage.entries import EntryLine

FIG = "fig@gmial.com"


def line(reason: Reason | None, flags: Flag = NO_FLAGS, status: Status | None = Status.RISKY) -> EntryLine:
    return EntryLine(1, 0, 1, 0, FIG, status, reason, 5, flags, "", "", "gmial.com", "other", 0, None, None)


@pytest.mark.parametrize("flags", [Flag.DISPOSABLE, Flag.DISPOSABLE | Flag.TYPO])
def test_a_verdict_is_named_by_its_reason_as_tables_and_charts_name_it_though_it_be_mistyped(flags):
    assert verdict_name(line(Reason.DISPOSABLE, flags)) == "Risky: disposable address"
    assert REASONS[Reason.DISPOSABLE].name in verdict_tip(line(Reason.DISPOSABLE, flags))


def test_another_reason_is_said_as_it_is_though_the_domain_looks_mistyped():
    found = line(Reason.NO_SUCH_DOMAIN, Flag.TYPO | Flag.DISPOSABLE, Status.INVALID)
    assert verdict_name(found) == "Invalid: domain does not exist"
    assert verdict_name(line(None, status=None)) == "No answer yet"


def test_a_mistyped_domain_is_no_throw_away_one_but_listed_with_them():
    names = [each.name for each in flag_sayings(Flag.FREE | Flag.DISPOSABLE | Flag.TYPO)]
    assert names == ["Likely typing error", "Free provider", "Listed as throw-away too"]
    assert [each.name for each in flag_sayings(Flag.DISPOSABLE)] == ["Disposable"]
