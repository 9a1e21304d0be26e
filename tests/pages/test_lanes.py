"""Groups of mail hosts that share a limit, said to a person."""

from dataclasses import replace

import pytest

from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.snapshot import Snapshot
from pages.parts.lanes import BADGES, RECENT_S, Mood, lane_rows, mood_of, more_lanes, of, say_lane

NOW = 10_000.0
GOOGLE = LaneReport("google", 5, 3, 42, 60)
ALONE = replace(GOOGLE, breaker=BreakerState.OPEN, until=NOW + 1500)
TOO_OFTEN = "Turned us away or stayed silent too often"


@pytest.mark.parametrize(
    ("lane", "mood", "said"),
    [
        (GOOGLE, Mood.ASKED, ""),
        (replace(GOOGLE, sessions=5), Mood.FULL, ""),
        (replace(GOOGLE, sessions=0), Mood.RESTING, ""),
        (
            replace(GOOGLE, limit=2, warned_at=NOW - 60),
            Mood.SLOWED,
            "Wanted fewer questions, so we ask less, and more again when it stays content.",
        ),
        (
            ALONE,
            Mood.LET_ALONE,
            f"{TOO_OFTEN}, so nobody there is asked; we try again in about 25 minutes.",
        ),
        (
            replace(ALONE, breaker=BreakerState.HALF_OPEN),
            Mood.ON_TRIAL,
            "One session finds out whether it takes us again; all others wait for that.",
        ),
    ],
)
def test_each_group_is_said_as_it_stands(lane, mood, said):
    assert mood_of(lane, NOW) is mood
    assert say_lane(lane, NOW) == said


@pytest.mark.parametrize(("until", "said"), [(None, "soon."), (NOW - 1, "any moment.")])
def test_hosts_that_are_let_alone_are_tried_again_at_some_time(until, said):
    assert say_lane(replace(ALONE, until=until), NOW).endswith(f"we try again {said}")


def test_a_wish_of_long_ago_is_spoken_of_no_more():
    assert mood_of(replace(GOOGLE, warned_at=NOW - RECENT_S), NOW) is Mood.ASKED


def test_no_mood_is_told_by_its_colour_alone():
    assert set(BADGES) == set(Mood)
    assert (
        len({badge.word for badge in BADGES.values()}) == len({b.icon for b in BADGES.values()}) == len(Mood)
    )


def test_a_group_is_named_by_its_provider_or_by_its_first_host():
    lanes = (GOOGLE, LaneReport("a1b2", 2, 1, 3), LaneReport("c3d4", 96, 2))
    snapshot = Snapshot(PaceReport(NOW, 6, 96, lanes), {"a1b2": "mx_1.plum.sandbox"})
    rows = lane_rows(snapshot, NOW)
    heads = [row["Mail hosts"].partition(" :")[0] for row in rows]
    assert heads == ["**Google**", r"**mx\_1\.plum\.sandbox**", "**Hosts of one organisation**"]
    assert [row["Sessions"] for row in rows] == ["3 of 5", "1 of 2", "2"]
    assert [row["Asked in the last minute"] for row in rows] == ["42 of 60", "3", "0"]
    assert "Has set us no limit so far." in rows[2]["Mail hosts"]


def test_no_row_says_twice_how_many_sessions_there_may_be():
    lanes = (
        GOOGLE,
        replace(GOOGLE, lane="zoho", sessions=5),
        replace(GOOGLE, lane="gmx", warned_at=NOW - 60),
    )
    rows = lane_rows(Snapshot(PaceReport(NOW, 6, 96, lanes)), NOW)
    assert [row["Sessions"] for row in rows] == ["3 of 5", "5 of 5", "3 of 5"]
    assert not any("session" in row["Mail hosts"] or "5" in row["Mail hosts"] for row in rows)


def test_what_is_not_shown_is_said():
    assert more_lanes(0, 0) == ""
    assert more_lanes(4, 0) == "More mail hosts (4)"
    assert more_lanes(52, 1204) == "More mail hosts (52; 1,204 others are not shown)"


def test_a_limit_is_said_where_there_is_one():
    assert (of(3, 5), of(1200, None)) == ("3 of 5", "1,200")
