"""What there is to say: something for each member of each enum, and no more."""

import pytest

from engine.dmarc import DmarcState
from engine.preflight.line import Check
from engine.reason import Reason
from engine.spf import SpfState
from engine.verdict import Flag, Status
from engine.work_queue import Notice
from pages.parts.reasons import ADVICE, REASONS
from pages.parts.words import (
    CHECKS,
    DEPTHS,
    DMARC_STATES,
    FLAGS,
    NOTICES,
    SPF_STATES,
    STATES,
    STATUSES,
    Saying,
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
