"""How addresses counted become rows kept, in a sentence whose sum is right."""

import pytest

from engine.reason import Reason
from engine.value import replace
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.reckoning import SAFE_ROWS, Reckoning, reckon, say_reckoning
from storage.removals import outcomes_of, split
from storage.selection import Listed, Outcome, Selection
from storage.summaries import Cell, Standing, Summary
from storage.uploads import UploadState

VALID = frozenset({Status.VALID})


def cell(status: Status, reason: Reason, flags: Flag, count: int, *, is_first: bool = True) -> Cell:
    return Cell(is_first, status, reason, 50, flags, count)


SUMMARY = Summary(
    Standing(1, "f.csv", "", UploadState.RUNNING, 40, 50, 45, 0.0, 0.0, 1.0, dict.fromkeys(Status, 0), 4),
    (),
    (),
    (),
    (
        cell(Status.VALID, Reason.ACCEPTED, NO_FLAGS, 20),
        cell(Status.VALID, Reason.ACCEPTED, Flag.DUPLICATE, 3),
        cell(Status.VALID, Reason.ACCEPTED, Flag.FREE, 2),
        cell(Status.VALID, Reason.ACCEPTED, Flag.SEVERAL, 7, is_first=False),
        cell(Status.RISKY, Reason.ROLE, Flag.ROLE | Flag.DUPLICATE, 6),
        cell(Status.INVALID, Reason.EMPTY, NO_FLAGS, 4),
        cell(Status.INVALID, Reason.MALFORMED, NO_FLAGS, 3),
    ),
    waiting_rows={NO_FLAGS: 2, Flag.DUPLICATE: 1},
)
OUTCOMES = (
    *outcomes_of(SUMMARY),
    (Outcome(Status.VALID, NO_FLAGS, Reason.ACCEPTED, 50, listed=Listed.ITSELF), 1),
    (Outcome(Status.VALID, NO_FLAGS, Reason.ACCEPTED, 50, listed=Listed.BESIDE), 2),
)
"""What was found of the rows; three more of the 20 plain ones are on the never-asked list."""
PLAIN = OUTCOMES.index((Outcome(Status.VALID, NO_FLAGS, Reason.ACCEPTED, 50), 20))
MARKED = (*OUTCOMES[:PLAIN], (OUTCOMES[PLAIN][0], 17), *OUTCOMES[PLAIN + 1 :])


@pytest.mark.parametrize(
    "selection",
    [
        SAFE_ROWS,
        replace(SAFE_ROWS, keeps_listed=True),
        replace(SAFE_ROWS, exclude=frozenset({"free", "duplicate"})),
        replace(SAFE_ROWS, least=60),
        Selection(),
        Selection(exclude=frozenset({"duplicate"}), keeps_listed=True),
        Selection(statuses=frozenset({Status.UNKNOWN, Status.VALID})),
        Selection(statuses=frozenset(Status)),
    ],
)
def test_the_sum_of_a_reckoning_is_what_a_choice_keeps(selection):
    assert reckon(SUMMARY, MARKED, selection).rows == split(MARKED, selection).kept


def test_each_part_of_a_reckoning_is_told():
    told = reckon(SUMMARY, MARKED, replace(SAFE_ROWS, exclude=frozenset({"free", "duplicate"})))
    assert say_reckoning(told) == (
        "32 addresses are safe to send. Of these, 7 are not the first in their rows, 3 repeat an earlier "
        "row, 1 is on your never-asked list, 2 share their rows with addresses on your never-asked list and "
        "2 go by your further choices. That leaves 17 rows for the file."
    )


def test_rows_that_hold_no_address_are_told_where_they_are_kept():
    said = say_reckoning(reckon(SUMMARY, MARKED, Selection(statuses=frozenset(Status) - {Status.INVALID})))
    assert said == (
        "3 addresses are of the statuses you keep, each in a row of its own. 4 rows without an address are "
        "kept too: 7 rows in all."
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Reckoning(VALID, 0), ""),
        (Reckoning(VALID, 1), "1 address is safe to send, in a row of its own."),
        (Reckoning(VALID, 2), "2 addresses are safe to send, each in a row of its own."),
        (
            Reckoning(VALID, 1, listed=1),
            "1 address is safe to send. It is on your never-asked list. That leaves no row for the file.",
        ),
    ],
)
def test_where_nothing_differs_little_is_said(told, said):
    assert say_reckoning(told) == said
