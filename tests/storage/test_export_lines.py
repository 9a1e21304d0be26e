"""What each outcome column says of a row."""

import pytest

from engine.verdict import Flag
from storage.export_lines import CORRECTED, OTHER_RESULTS, SEND_TO, TELLERS, Line, tellers
from storage.exports import OUTCOME_COLUMNS

FIRST = Line(
    number=0,
    cells="[]",
    email=" Fig <fig@gmial.com>",
    corrected="fig@gmail.com",
    status="valid",
    reason="accepted",
    confidence=95,
    flags=int(Flag.FREE | Flag.CORRECTED),
    suggestion="",
    mx_host="mx.gmail.com",
    provider="google",
    attempts=1,
    checked_at=0.0,
    listed=0,
)
WAITING = FIRST._replace(
    email="pear@orchard.com", corrected="", status=None, reason=None, confidence=None, flags=None, attempts=0
)
NOBODY = Line(3, "[]", *[None] * 7, "", "", 0, None, 0)


def told(*lines):
    return {column: tell(lines) for column, tell in TELLERS.items()}


def test_there_is_a_teller_for_every_outcome_column():
    assert set(TELLERS) == {*OUTCOME_COLUMNS, CORRECTED, SEND_TO, OTHER_RESULTS}


def test_a_settled_address_is_told_whole():
    said = told(FIRST)
    assert set(said.pop("flags").split()) == {"free", "corrected"}
    assert said == {
        "email": "fig@gmial.com",
        CORRECTED: "fig@gmail.com",
        SEND_TO: "fig@gmail.com",
        "status": "valid",
        "reason": "accepted",
        "confidence": "95",
        "suggestion": "",
        "mx_host": "mx.gmail.com",
        "provider": "google",
        "attempts": "1",
        "checked_at": "1970-01-01T00:00:00Z",
        OTHER_RESULTS: "",
    }


@pytest.mark.parametrize("line", [WAITING, NOBODY])
def test_what_waits_is_unknown_and_was_not_checked_yet(line):
    said = told(line)
    assert (said["status"], said["reason"], said["confidence"], said["checked_at"]) == (
        "unknown",
        "not_checked",
        "",
        "",
    )


def test_what_waits_after_it_was_put_off_says_why():
    assert told(WAITING._replace(reason="greylisted"))["reason"] == "greylisted"


def test_further_addresses_of_a_row_stand_in_one_column_with_what_was_asked_instead():
    assert told(WAITING, FIRST, WAITING)[OTHER_RESULTS] == (
        "fig@gmial.com -> fig@gmail.com: valid (accepted); pear@orchard.com: unknown (not_checked)"
    )


@pytest.mark.parametrize(("reason", "status"), [("empty", ""), ("malformed", "invalid")])
def test_to_people_a_row_without_an_address_has_no_status(reason, status):
    line = FIRST._replace(email="-", status="invalid", reason=reason)
    assert tellers("")["status"]([line]) == status
    assert tellers("")["reason"]([line]) == reason
    assert TELLERS["status"]([line]) == "invalid"
    assert tellers("")["status"]([WAITING]) == "unknown"
