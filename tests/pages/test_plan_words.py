"""What a card says of a planned send."""

from datetime import UTC, datetime

import pytest

from pages.parts.plan_words import SCOPES, say_plan
from storage.plans import Plan, Scope
from storage.uploads import UploadState

DAY_S = 86_400.0
SATURDAY = datetime(2031, 6, 14, 12, tzinfo=UTC).timestamp()
THURSDAY = datetime(2031, 6, 12, 6, tzinfo=UTC).timestamp()
TUESDAY = SATURDAY - 4 * DAY_S
PLAN = Plan(1, SATURDAY, THURSDAY)
ASKED = Plan(1, SATURDAY, THURSDAY, begun_at=THURSDAY + 60, asked_at=THURSDAY + 90, reopened=1204)


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch):
    monkeypatch.setattr("pages.parts.clock._visitors_zone", lambda: UTC)


@pytest.mark.parametrize(
    ("plan", "state", "now", "said"),
    [
        (PLAN, UploadState.DONE, TUESDAY, "Asked again on Thursday, before your send on Saturday."),
        (
            PLAN,
            UploadState.RUNNING,
            THURSDAY + 1,
            "Asked again before your send on Saturday as soon as this check has ended.",
        ),
        (PLAN, UploadState.DONE, THURSDAY + 1, "About to be asked again, before your send on Saturday."),
        (
            Plan(1, SATURDAY, THURSDAY, begun_at=THURSDAY + 1),
            UploadState.RUNNING,
            THURSDAY + 9,
            "Being asked again now, before your send on Saturday.",
        ),
        (
            ASKED,
            UploadState.RUNNING,
            THURSDAY + DAY_S,
            "Asked again yesterday 06:01, before your send tomorrow: 1,204 addresses.",
        ),
        (
            Plan(1, SATURDAY, THURSDAY, begun_at=THURSDAY, asked_at=THURSDAY),
            UploadState.DONE,
            THURSDAY + 9,
            "Nobody had to be asked again before your send on Saturday: all answers hold.",
        ),
        (ASKED, UploadState.DONE, SATURDAY + DAY_S, ""),
        (PLAN, UploadState.DONE, SATURDAY + 8 * DAY_S, ""),
    ],
)
def test_a_plan_is_said_by_how_it_stands(plan, state, now, said):
    assert say_plan(plan, state, now) == said


def test_what_was_asked_later_than_planned_says_so_and_why():
    late = Plan(1, SATURDAY, THURSDAY, begun_at=THURSDAY + DAY_S, asked_at=THURSDAY + DAY_S, reopened=1)
    said = say_plan(late, UploadState.DONE, SATURDAY)
    assert "1 address. That was later than planned" in said
    assert "Winnow was closed at that time" in said


def test_a_send_that_went_by_unasked_is_told_of_for_a_week():
    said = say_plan(PLAN, UploadState.DONE, SATURDAY + 2 * DAY_S)
    assert said.startswith("Not asked again before your send on Saturday 14 June: Winnow was closed")


def test_each_scope_has_its_words():
    assert set(SCOPES) == set(Scope)
