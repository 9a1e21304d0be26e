"""The lines that end `winnow verify`."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from cli.report import not_before, report
from engine.estimate import Estimate
from engine.readiness import SAFE_ONLY, WHOLE_LIST, Concern, Doubt, Readiness
from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from sandbox import write_csv
from storage.deferred import Deferred
from storage.selection import Selection
from storage.summaries import Cell, Standing, Summary
from storage.uploads import UploadState

ESTIMATED = Summary(
    Standing(1, "fruits.csv", "", UploadState.RUNNING, 2, 2, 1, 0.0, 0.0, None, dict.fromkeys(Status, 0)),
    (),
    (),
    (),
    (),
)


def test_rows_without_an_address_are_told_apart_and_reused_answers_are_counted(
    winnow, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(6, 5, "null_mx")
    addresses = sandbox.world.addresses
    cells = [*addresses, "plum@", "", "n/a"]
    write_csv(tmp_path / "in.csv", ["no", "email"], enumerate(cells))
    environment = environment_for(sandbox)
    first = winnow("verify", "in.csv", "-o", "out.csv", environment=environment)
    count = len(addresses) + 1
    assert f"out.csv: {count} addresses: 0 valid, {count} invalid," in first.stderr
    assert "Besides, 2 rows hold no address (reason: empty)." in first.stderr
    assert "earlier check" not in first.stderr
    reasons = [row[3] for row in rows_of(tmp_path / "out.csv")[1:]]
    assert reasons.count("empty") == 2

    write_csv(tmp_path / "further.csv", ["email"], [[each] for each in addresses])
    further = winnow("verify", "further.csv", "-o", "out.csv", environment=environment)
    assert f"{len(addresses)} addresses were answered by an earlier check" in further.stderr


@pytest.mark.parametrize(("left", "told"), [(Estimate(60.04, 110.0), [60.0, 110.0]), (None, None)])
def test_json_says_how_long_a_list_would_still_take(capsys, left, told):
    report(ESTIMATED, Path("out.csv"), Selection(), is_json=True, left=left)
    assert json.loads(capsys.readouterr().out)["estimate_s"] == told


def test_json_says_what_is_ready_to_send_and_what_speaks_against_the_rest(capsys):
    ready = {
        "whole_list": Readiness(WHOLE_LIST, 9, None, (Concern(Doubt.FEW_VALID, 94.96, 95),), 2),
        "safe": Readiness(SAFE_ONLY, 4, None, ()),
    }
    report(ESTIMATED, Path("out.csv"), Selection(), is_json=True, ready=ready)
    assert json.loads(capsys.readouterr().out)["ready"] == {
        "whole_list": {
            "is_ready": False,
            "addresses": 9,
            "never_asked": 2,
            "doubts": [
                {
                    "doubt": "few_valid",
                    "found": 94.96,
                    "limit": 95,
                    "said": "Only 94.96 % are valid; the policy asks for at least 95 %.",
                }
            ],
        },
        "safe": {"is_ready": True, "addresses": 4, "never_asked": 0, "doubts": []},
    }


@pytest.mark.parametrize(
    ("first_s", "last_s", "said"),
    [
        (60, 60, "the first at 12:01."),
        (600, 7200, "the first at 12:10, the last at 14:00."),
        (600, 86_400, "the first at 12:10, the last on 21 November at 12:00."),
    ],
)
def test_it_is_said_when_those_that_were_put_off_are_asked_again(first_s, last_s, said):
    noon = datetime(2026, 11, 20, 12).timestamp()  # noqa: DTZ001 (by this machine's clock)
    deferred = (Deferred(Reason.GREYLISTED, 2, noon + first_s, noon + last_s),)
    assert list(not_before(deferred, noon)) == [f"Due again: {said}"]


def test_what_is_due_needs_no_time():
    assert list(not_before((Deferred(Reason.GREYLISTED, 2, 900.0, 2000.0),), 1000.0)) == []
    assert list(not_before((), 1000.0)) == []


@pytest.mark.parametrize("is_dns_only", [True, False])
def test_a_list_by_dns_alone_is_told_of_as_such(capsys, is_dns_only):
    standing = replace(ESTIMATED.standing, is_dns_only=is_dns_only)
    report(replace(ESTIMATED, standing=standing), Path("out.csv"), Selection(), is_json=False)
    assert ("Checked by DNS alone" in capsys.readouterr().err) is is_dns_only


def cell(status: Status, reason: Reason, flags: Flag, count: int, *, is_first: bool = True) -> Cell:
    return Cell(is_first, status, reason, 50, flags, count)


def test_it_is_said_why_addresses_are_unknown_the_commonest_reason_first(capsys):
    cells = (
        cell(Status.UNKNOWN, Reason.TIMEOUT, NO_FLAGS, 2),
        cell(Status.UNKNOWN, Reason.GREYLISTED, NO_FLAGS, 1_200),
        cell(Status.VALID, Reason.ACCEPTED, NO_FLAGS, 7),
    )
    report(replace(ESTIMATED, cells=cells), Path("out.csv"), Selection(), is_json=False)
    assert "Why unknown: 1,200 greylisted, 2 timeout." in capsys.readouterr().err
    report(ESTIMATED, Path("out.csv"), Selection(), is_json=False)
    assert "Why unknown" not in capsys.readouterr().err
