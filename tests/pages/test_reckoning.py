"""Why rows kept and addresses counted differ, in a sentence."""

from dataclasses import replace

import pytest

from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.reckoning import say_reckoning
from storage.removals import outcomes_of
from storage.selection import Outcome, Selection
from storage.summaries import Cell, Standing, Summary
from storage.uploads import UploadState

SAFE = Selection(
    exclude=frozenset({"duplicate"}), statuses=frozenset(status for status in Status if status != "valid")
)

COUNTED_9 = "Results counts 9 addresses of the statuses you keep:"


def cell(status: Status, reason: Reason, flags: Flag, count: int, *, is_first: bool = True) -> Cell:
    return Cell(is_first, status, reason, 50, flags, count)


def summary(first: int, repeated: int, behind: int) -> Summary:
    cells = (
        cell(Status.VALID, Reason.ACCEPTED, NO_FLAGS, first),
        cell(Status.VALID, Reason.ACCEPTED, Flag.DUPLICATE, repeated),
        cell(Status.VALID, Reason.ACCEPTED, Flag.SEVERAL, behind, is_first=False),
        cell(Status.INVALID, Reason.EMPTY, NO_FLAGS, 4),
    )
    counts = dict.fromkeys(Status, 0) | {Status.VALID: first + repeated + behind, Status.INVALID: 4}
    standing = Standing(1, "f.csv", "", UploadState.DONE, 9, 9, 9, 0.0, 0.0, 1.0, counts, empty=4)
    return Summary(standing, (), (), (), cells)


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ((221, 2, 0), "Results counts 223 addresses of the statuses you keep: 2 repeat an earlier row."),
        (
            (1, 0, 1),
            "Results counts 2 addresses of the statuses you keep: 1 stands behind another in its row.",
        ),
        (
            (5, 1, 3),
            f"{COUNTED_9} 1 repeats an earlier row and 3 stand behind another in its row.",
        ),
        ((5, 0, 0), ""),
    ],
)
def test_it_is_said_why_rows_kept_are_fewer_than_addresses_counted(counted, said):
    list_ = summary(*counted)
    assert say_reckoning(list_, outcomes_of(list_), SAFE) == said


def test_where_duplicates_are_kept_too_there_is_nothing_to_say():
    list_ = summary(221, 2, 0)
    assert say_reckoning(list_, outcomes_of(list_), Selection(statuses=SAFE.statuses)) == ""


def test_rows_on_the_never_asked_list_are_told_beside_those_that_repeat():
    list_ = summary(8, 2, 0)
    outcomes = (
        (Outcome(Status.VALID, NO_FLAGS, Reason.ACCEPTED, 50, is_listed=True), 3),
        *outcomes_of(list_),
    )
    assert "3 rows are on your never-asked list and 2 repeat" in say_reckoning(list_, outcomes, SAFE)
    keeping = replace(SAFE, keeps_listed=True)
    assert "never-asked" not in say_reckoning(list_, outcomes, keeping)
