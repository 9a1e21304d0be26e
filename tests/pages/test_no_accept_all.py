"""What is said where a policy leaves no address accept-all, and one asks to keep those."""

import pytest

from engine.policy import AcceptAllAs, Policy
from engine.verdict import Status
from pages.parts.no_accept_all import say_no_accept_all
from pages.parts.presets import Preset
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.summaries import summarise

STRICT = NamedPolicy("Obst*hof", Policy(accept_all=AcceptAllAs.RISKY))


@pytest.fixture
def upload(runtime, save, settle):
    listed = save("any.plum@orchard.sandbox", "fig@orchard.sandbox")
    settle()
    apply_policy(runtime.database, listed, STRICT)
    return listed


def test_a_choice_that_keeps_no_more_says_why_and_where_to_change_it(upload, show):
    page = show("EXPORT", list=str(upload))
    assert not [each.value for each in page.info if "accept-all" in each.value]
    page.segmented_control(key="preset").set_value(Preset.SAFE_AND_ACCEPT_ALL).run()
    (said,) = [each.value for each in page.info if "accept-all" in each.value]
    assert said.startswith(r"The policy of Obst\*hof calls accept-all addresses Risky (1 address")
    assert "Change this policy" in [each.label for each in page.get("page_link")]


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ((Status.VALID,), STRICT),
        ((Status.VALID, Status.ACCEPT_ALL, Status.RISKY), STRICT),
        ((Status.VALID, Status.ACCEPT_ALL), NamedPolicy()),
    ],
)
def test_where_they_are_kept_or_not_asked_for_nothing_is_said(runtime, upload, kept, named):
    assert say_no_accept_all(kept, named, summarise(runtime.database, upload)) == ""
