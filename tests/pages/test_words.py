"""What there is to say: something for each member of each enum, and no more."""

import pytest

from engine.dmarc import DmarcState
from engine.preflight.line import Check
from engine.reason import Reason
from engine.reply import Meaning, reason_of
from engine.spf import SpfState
from engine.verdict import Flag, Status
from engine.work_queue import Notice
from pages.parts.words import (
    ABOUT_US,
    ADVICE,
    CHECKS,
    DEPTHS,
    DMARC_STATES,
    FLAGS,
    NOTICES,
    REASONS,
    SPF_STATES,
    STATES,
    STATUSES,
    Saying,
    advice_for,
)
from storage.uploads import UploadState


@pytest.mark.parametrize(
    ("said", "enum"),
    [
        (STATUSES, Status),
        (REASONS, Reason),
        (ADVICE, Reason),
        (FLAGS, Flag),
        (STATES, UploadState),
        (NOTICES, Notice),
        (SPF_STATES, SpfState),
        (DMARC_STATES, DmarcState),
        (CHECKS, Check),
    ],
)
def test_each_member_has_its_words(said, enum):
    assert set(said) == set(enum)


def test_each_thing_has_a_name_and_a_whole_sentence():
    tables = (STATUSES, REASONS, FLAGS, SPF_STATES, DMARC_STATES, CHECKS, DEPTHS)
    sayings: list[Saying] = [saying for table in tables for saying in table.values()]
    for saying in sayings:
        assert saying.name
        assert saying.advice[0].isupper()
        assert saying.advice.endswith(".")


@pytest.mark.parametrize("table", [REASONS, FLAGS, SPF_STATES, DMARC_STATES, CHECKS])
def test_no_two_of_a_kind_share_a_name(table):
    names = [saying.name for saying in table.values()]
    assert len(set(names)) == len(names)


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
