from dataclasses import replace

import pytest

from engine.ahead import Later
from engine.estimate import Estimate
from engine.reason import Reason
from engine.verdict import Status
from pages.parts.progress import (
    WINDOW_S,
    Sample,
    headline,
    left_out,
    pace,
    progress_line,
    put_off_line,
    waiting_headline,
    waiting_lines,
    with_sample,
)
from storage.deferred import Deferred
from storage.summaries import Standing, Summary
from storage.uploads import UploadState

STATUSES = dict.fromkeys(Status, 0) | {Status.VALID: 1204, Status.INVALID: 796}
RUNNING = Standing(
    upload=1,
    name="fruits.csv",
    sheet_name="",
    state=UploadState.RUNNING,
    rows=5000,
    entries=5000,
    settled=2000,
    created_at=0.0,
    started_at=0.0,
    finished_at=None,
    statuses=STATUSES,
)
SAID = Estimate(700.0, 1200.0)
GREYLISTED = Deferred(Reason.GREYLISTED, 3000, 1000.0, 1240.0)


def _summary(standing: Standing, *deferred: Deferred) -> Summary:
    return Summary(standing, (), (), (), (), deferred)


def test_a_list_that_is_done_says_how_many_are_safe_to_send():
    done = replace(RUNNING, state=UploadState.DONE, entries=2000)
    assert headline(done) == "1,204 of 2,000 addresses are safe to send"
    one = replace(done, statuses=STATUSES | {Status.VALID: 1})
    assert headline(one) == "1 of 2,000 addresses is safe to send"


def test_a_running_list_speaks_only_of_what_is_checked():
    assert headline(RUNNING) == "1,204 of 2,000 addresses checked so far are safe to send"


def test_where_no_host_was_asked_it_is_said_how_many_cannot_arrive():
    unasked = replace(RUNNING, is_dns_only=True, statuses=STATUSES | {Status.VALID: 0, Status.UNKNOWN: 1204})
    assert headline(unasked) == "796 of 2,000 addresses checked so far cannot arrive"
    assert headline(replace(RUNNING, is_dns_only=True)) == headline(RUNNING), "some had been asked before"


def test_rows_without_an_address_make_no_figure_worse():
    with_empty = replace(RUNNING, entries=5012, settled=2012, empty=12)
    assert headline(with_empty) == headline(RUNNING)
    assert progress_line(_summary(with_empty), ()) == progress_line(_summary(RUNNING), ())
    only_empty = replace(RUNNING, state=UploadState.DONE, entries=12, settled=12, empty=12)
    assert headline(only_empty) == "This list holds no addresses"


def test_a_list_that_was_not_started_makes_no_claim():
    assert headline(replace(RUNNING, state=UploadState.READY)) == "5,000 addresses, not asked about yet"


@pytest.mark.parametrize("state", list(UploadState))
def test_every_state_has_a_headline_even_without_addresses(state: UploadState):
    assert headline(replace(RUNNING, state=state, entries=0, settled=0))


def test_samples_reach_back_half_a_minute_and_one_sample_further():
    samples: tuple[Sample, ...] = ()
    for second in range(100):
        samples = with_sample(samples, Sample(float(second), second * 10))
    assert samples[-1].at == 99.0
    assert samples[0].at == 99.0 - WINDOW_S
    assert pace(samples) == pytest.approx(10)


def test_one_sample_tells_no_pace():
    assert pace(with_sample((), Sample(0.0, 10))) is None


def test_the_pace_and_the_estimate_are_said_together():
    samples = (Sample(0.0, 1000), Sample(20.0, 2000))
    assert progress_line(_summary(RUNNING), samples, SAID) == (
        "2,000 of 5,000 addresses checked · 50 a second · 12 to 20 minutes left"
    )
    assert progress_line(_summary(RUNNING), (), SAID) == (
        "2,000 of 5,000 addresses checked · 12 to 20 minutes left"
    )
    assert progress_line(_summary(RUNNING, GREYLISTED), samples) == (
        "2,000 of 5,000 addresses checked · the others come back later"
    )


def test_who_is_left_out_of_an_estimate_is_said_with_the_times():
    assert left_out(SAID) == ""
    waiting = replace(SAID, later=Later(34, 600.0, 1800.0))
    assert left_out(waiting, now=1000.0) == (
        "Not counted in: 34 addresses put off for long, asked again"
        " the first in about 10 minutes, the last in about 30 minutes."
    )


def test_a_standstill_is_said_as_one():
    samples = (Sample(0.0, 2000), Sample(20.0, 2000))
    assert "no answers" in progress_line(_summary(RUNNING), samples)


def test_a_paused_list_has_no_pace():
    line = progress_line(_summary(replace(RUNNING, state=UploadState.PAUSED)), ())
    assert line == "2,000 of 5,000 addresses checked · paused"


def test_what_waits_is_said_with_reason_and_time():
    assert waiting_headline(RUNNING, [GREYLISTED], now=700.0) == (
        "3,000 addresses will be asked again, the first in about 5 minutes"
    )
    (line,) = waiting_lines(RUNNING, [GREYLISTED], now=700.0)
    assert line.startswith(
        "**Asked us to come back**: 3,000 addresses, the first in about 5 minutes, the last"
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (UploadState.PAUSED, "Put off: 3,000 addresses. Nothing is asked until you resume the list"),
        (UploadState.READY, "Put off: 3,000 addresses. Nothing is asked until you start the list"),
    ],
)
def test_a_list_that_stands_still_promises_nothing(state: UploadState, said: str):
    still = replace(RUNNING, state=state)
    assert waiting_headline(still, [GREYLISTED], now=700.0) == said
    (line,) = waiting_lines(still, [GREYLISTED], now=700.0)
    assert line == (
        "**Asked us to come back**: 3,000 addresses. "
        "The host delays strangers; it wants to be asked once more."
    )


def test_what_is_due_already_comes_any_moment():
    (line,) = waiting_lines(RUNNING, [replace(GREYLISTED, count=1)], now=2000.0)
    assert "1 address, any moment." in line


def test_nothing_is_said_where_nothing_waits():
    assert waiting_headline(RUNNING, []) == ""
    assert waiting_lines(RUNNING, []) == []


def test_what_is_put_off_is_said_with_why_and_when():
    each = Deferred(Reason.GREYLISTED, 3000, 1000.0, 1240.0)
    assert put_off_line(each, now=1100.0) == (
        "**Asked us to come back**: 3,000 addresses, the first any moment, the last in about 2 minutes. "
        "The host delays strangers; it wants to be asked once more."
    )
