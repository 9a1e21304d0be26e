"""The engine's pace in words."""

import pytest

from engine.pace_report import PaceReport
from engine.snapshot import Snapshot
from pages.parts.pace_words import MEANINGS, headline, say_domains, say_lag, say_paused, say_silence
from storage.pace import Backlog, Heard


def heard(sessions: int = 0, *, is_stale: bool = False) -> Heard:
    return Heard(Snapshot(PaceReport(0.0, sessions, 96)), 0.0, is_stale)


@pytest.mark.parametrize(
    ("said_last", "waiting", "said"),
    [
        (None, 5, "No engine is at work"),
        (heard(3, is_stale=True), 5, "The engine has fallen silent"),
        (heard(1), 5, "Asking in 1 session at once"),
        (heard(1200), 5, "Asking in 1,200 sessions at once"),
        (heard(), 1, "1 address waits, and no session is open"),
        (heard(), 4980, "4,980 addresses wait, and no session is open"),
        (Heard(None, 0.0, is_stale=False), 0, "Nothing is being asked"),
        (heard(), 0, "Nothing is being asked"),
    ],
)
def test_the_headline_says_what_is_going_on(said_last, waiting, said):
    assert headline(said_last, Backlog(waiting)) == said


def test_an_engine_that_is_not_heard_of_is_said_to_be_silent_and_since_when():
    assert say_silence(heard(is_stale=True)).startswith("The engine was last heard of 1 January 1970, ")
    assert say_silence(heard()) == say_silence(None) == ""


def test_lists_that_are_paused_are_counted():
    assert say_paused(1).startswith("1 list is paused: nobody of it ")
    assert say_paused(3).startswith("3 lists are paused: nobody of them ")


def test_only_an_engine_that_falls_behind_says_so():
    assert say_lag(Snapshot(worst_lag_s=0.25)) == ""
    assert "fell behind by up to 2.3 seconds" in say_lag(Snapshot(worst_lag_s=2.26))


def test_domains_that_wait_are_counted_by_what_they_wait_for():
    pace = PaceReport(domains_held=14, domains_open=0, domains_half_open=1)
    assert [line.partition(":")[0] for line in say_domains(pace)] == ["**14 domains**", "**1 domain**"]
    assert say_domains(PaceReport()) == []


def test_each_word_has_a_whole_sentence():
    assert len({each.name for each in MEANINGS}) == len(MEANINGS)
    assert all(each.advice[0].isupper() and each.advice.endswith(".") for each in MEANINGS)
