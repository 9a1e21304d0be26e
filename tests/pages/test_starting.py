"""The buttons that start a list."""

import pytest

from engine.sampling import WORTH_SAMPLING
from pages.parts.starting import SAMPLE_FIRST, WHY_SAMPLE, say_sample
from storage.summaries import standings


def hand_in(page, number):
    content = ("email\n" + "\n".join(f"plum{each}@orchard.sandbox" for each in range(number))).encode()
    return page.file_uploader[0].set_value(("fruits.csv", content, "text/csv")).run()


def button(page, label):
    return next(each for each in page.button if each.label == label)


def test_a_sample_is_named_by_what_it_is_drawn_from():
    assert say_sample(200, 12_345) == "sample of 200 of 12,345 addresses"


def test_why_a_sample_pays_is_said_where_it_does(runtime, show):
    assert WHY_SAMPLE not in [each.value for each in hand_in(show("NEW_LIST"), 3).caption]
    page = hand_in(show("NEW_LIST"), WORTH_SAMPLING + 1)
    assert WHY_SAMPLE in [each.value for each in page.caption]


@pytest.mark.parametrize(("label", "is_sample"), [(SAMPLE_FIRST, True), ("Check 1,001 addresses", False)])
def test_either_button_starts_the_list_its_own_way(runtime, show, label, is_sample):
    page = hand_in(show("NEW_LIST"), WORTH_SAMPLING + 1)
    button(page, label).click().run()
    assert not page.exception
    (standing,) = standings(runtime.database)
    assert standing.started_at is not None
    assert (standing.sample_size > 0) is is_sample


def test_without_a_nod_to_the_note_nothing_can_be_started(new_runtime, show):
    page = hand_in(show("NEW_LIST"), WORTH_SAMPLING + 1)
    assert [button(page, label).disabled for label in (SAMPLE_FIRST, "Check 1,001 addresses")] == [True, True]
