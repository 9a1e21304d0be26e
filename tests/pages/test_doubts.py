"""Which topic of Help an outcome leads to."""

import pytest

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.doubts import topic_for
from pages.parts.topics import About


@pytest.mark.parametrize(
    ("status", "reason", "about"),
    [
        (None, Reason.GREYLISTED, About.WAITING),
        (None, None, About.WAITING),
        (Status.ACCEPT_ALL, Reason.ACCEPT_ALL, About.YES),
        (Status.ACCEPT_ALL, Reason.PROVIDER_ACCEPTS_ANY, About.YES),
        (Status.UNKNOWN, Reason.WEAK_YES, About.YES),
        (Status.UNKNOWN, Reason.TIMEOUT, About.UNKNOWN),
        (Status.VALID, Reason.ACCEPTED, None),
        (Status.INVALID, Reason.MAILBOX_MISSING, None),
    ],
)
def test_an_outcome_that_leaves_a_doubt_leads_to_what_help_says_of_it(status, reason, about):
    assert topic_for(status, reason) is about
