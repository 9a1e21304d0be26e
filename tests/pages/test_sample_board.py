"""A sample on the pages: offered for long lists, shown with what it tells, and gone on from."""

import time

import pytest

from engine.expected import Share
from engine.sample_estimate import SampleEstimate
from engine.verdict import Status
from pages.parts.sample_board import (
    progress_of,
    sample_headline,
    say_bounces,
    say_put_off,
    status_table,
)
from pages.parts.starting import SAMPLE_FIRST
from storage.sampling import SampleStanding
from storage.summaries import standings, summarise
from storage.uploads import UploadState

VALID, INVALID = Share(0.861, 0.81, 0.9), Share(0.139, 0.1, 0.19)
NONE = Share(0.0, 0.0, 0.02)
TOLD = SampleEstimate(
    200,
    Share(0.08, 0.05, 0.12),
    dict.fromkeys(Status, NONE) | {Status.VALID: VALID, Status.INVALID: INVALID},
)
THROUGH = SampleStanding(200, 12_345, 0, 0, None, TOLD)
UNDER_WAY = SampleStanding(200, 12_345, 76, 6, 1_000.0, TOLD)
NOW = 100.0


def long_list(number):
    return (
        "email\n" + "\n".join(f"plum{each}@orchard{each % 40}.sandbox" for each in range(number))
    ).encode()


def hand_in(page, content):
    return page.file_uploader[0].set_value(("fruits.csv", content, "text/csv")).run()


def labels(page):
    return [each.label for each in page.button]


def click(page, label):
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception


@pytest.fixture
def running(runtime, save):
    """A standing of a list that runs."""
    return summarise(runtime.database, save("plum@orchard.sandbox", is_started=True)).standing


def test_a_sample_is_offered_for_long_lists_alone(runtime, show):
    assert SAMPLE_FIRST not in labels(hand_in(show("NEW_LIST"), long_list(1_000)))
    assert SAMPLE_FIRST in labels(hand_in(show("NEW_LIST"), long_list(1_001)))
    assert SAMPLE_FIRST not in labels(hand_in(show("NEW_LIST", dns_only="1"), long_list(1_001)))


def test_a_sample_is_checked_first_and_then_the_rest(runtime, show):
    page = hand_in(show("NEW_LIST"), long_list(1_200))
    click(page, SAMPLE_FIRST)
    assert page.title[0].value == "Results"
    assert page.header[0].value == "Checking a sample of 200 of 1,200 addresses"
    (standing,) = standings(runtime.database)
    assert (standing.state, standing.sample_size) == (UploadState.RUNNING, 200)
    click(page, "Check the rest")
    (standing,) = standings(runtime.database)
    assert (standing.state, standing.sample_size) == (UploadState.RUNNING, 0)
    assert "Check the rest" not in labels(page)


def test_a_paused_sample_can_be_resumed_as_a_sample(runtime, show):
    page = hand_in(show("NEW_LIST"), long_list(1_200))
    click(page, SAMPLE_FIRST)
    click(page, "Pause")
    click(page, "Resume")
    (standing,) = standings(runtime.database)
    assert (standing.state, standing.sample_size) == (UploadState.RUNNING, 200)


def test_a_list_says_on_its_card_that_it_is_checked_by_a_sample_first(runtime, show):
    click(hand_in(show("NEW_LIST"), long_list(1_200)), SAMPLE_FIRST)
    page = show("LISTS")
    assert any("a sample of 200 first" in each.value for each in page.caption)
    assert not any("% checked" in each.value for each in page.caption)


def test_the_headline_says_what_to_expect_of_the_whole_list():
    assert sample_headline(UNDER_WAY) == "Checking a sample of 200 of 12,345 addresses"
    assert sample_headline(THROUGH) == "About 10,600 of 12,345 addresses are safe to send"


def test_the_expected_bounces_are_said_with_their_range():
    assert say_bounces(TOLD, THROUGH) == (
        "**If you mailed the whole list as it is, about 8 in 100 messages would bounce (5.0 to 12 %).**"
    )
    assert say_bounces(TOLD, UNDER_WAY).startswith("So far: ")


def test_the_progress_says_of_how_many_the_sample_is(running):
    assert progress_of(running, UNDER_WAY) == "124 checked · sample of 200 of 12,345 addresses"


def test_nobody_has_to_wait_for_those_who_are_put_off(running):
    said = say_put_off(running, UNDER_WAY, NOW)
    assert said.startswith("6 addresses wait for hosts that ask us to come back later, the first in about 15")
    assert not say_put_off(running, THROUGH, time.time())


def test_statuses_are_set_out_with_ranges_and_those_that_are_not_there_left_out():
    table = status_table(TOLD, 12_345)
    assert table.to_numpy().tolist() == [
        ["Valid", "86 % (81 to 90 %)", "10,000 to 11,100"],
        ["Invalid", "14 % (10 to 19 %)", "1,230 to 2,300"],
    ]
