"""The words of reasons, and the advice: something for each reason."""

import pytest

from engine.reason import Reason
from engine.reply import Meaning, reason_of
from engine.verdict import Status
from pages.parts.reasons import ABOUT_US, ADVICE, REASONS, advice_for


def test_every_meaning_of_a_reply_leads_to_words_and_advice():
    reasons = {reason_of(meaning) for meaning in Meaning}
    assert reasons <= set(REASONS)
    assert reasons <= set(ADVICE)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("status", Status)
def test_each_outcome_has_an_advice_that_says_what_to_do(status, reason):
    advice = advice_for(status, reason)
    assert advice[0].isupper()
    assert advice.endswith(".")


@pytest.mark.parametrize(
    "reason", [Reason.BLOCKED, Reason.BLANKET_REFUSAL, Reason.TIMEOUT, Reason.GREYLISTED, Reason.WEAK_YES]
)
def test_nobody_is_advised_to_throw_away_what_nobody_knows(reason):
    assert not advice_for(Status.UNKNOWN, reason).startswith("Remove")


def test_a_refusal_of_us_leads_to_preflight():
    assert "Preflight" in advice_for(Status.UNKNOWN, Reason.BLOCKED)
    assert {reason for reason in Reason if "Preflight" in ADVICE[reason]} == ABOUT_US


def test_what_only_a_policy_calls_invalid_is_left_out_for_the_policys_sake():
    assert advice_for(Status.INVALID, Reason.ROLE) == "Leave it out, as your policy wants."
    assert advice_for(Status.RISKY, Reason.ROLE) == ADVICE[Reason.ROLE]
    assert advice_for(Status.INVALID, Reason.MAILBOX_MISSING) == "Remove it."
