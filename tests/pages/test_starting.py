"""The buttons that start a list."""

import pytest

from engine.never_probed import parse_listed
from engine.sampling import WORTH_SAMPLING
from pages.parts.how_long import AT_ONCE
from pages.parts.starting import SAMPLE_FIRST, WHY_SAMPLE, say_sample, start_label
from storage.never_probed import Origin
from storage.summaries import standings
from storage.withholding import never_probe


@pytest.fixture
def settings(settings):
    """Settings under which hosts may be asked."""
    return settings.model_copy(update={"validator_helo": "winnow.sandbox"})


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


@pytest.mark.parametrize(
    ("addresses", "lists", "is_known", "label"),
    [
        (1, 1, False, "Check 1 address"),
        (3_694, 1, False, "Check 3,694 addresses"),
        (3_694, 1, True, "Check 3,694 addresses as a new list"),
        (3_694, 2, False, "Check 3,694 addresses in 2 lists"),
        (0, 1, False, "Save this list; nobody is asked"),
        (0, 1, True, "Save this list; nobody is asked"),
        (0, 2, False, "Save these 2 lists; nobody is asked"),
    ],
)
def test_the_button_says_how_many_are_to_be_checked(addresses, lists, is_known, label):
    assert start_label(addresses, lists, is_known=is_known) == label


def test_who_is_never_asked_is_not_counted_on_the_button_and_told_of_below_it(runtime, show):
    never_probe(runtime.database, [parse_listed("plum1@orchard.sandbox")], Origin())
    page = hand_in(show("NEW_LIST"), 3)
    assert button(page, "Check 2 addresses")
    assert any(each.value.startswith("2 of 3 addresses are to be checked; ") for each in page.caption)
    assert {each.label: each.value for each in page.metric}["Never asked"] == "1"


def test_a_list_of_whom_nobody_is_asked_about_can_be_saved(runtime, show):
    never_probe(runtime.database, [parse_listed("orchard.sandbox")], Origin())
    page = hand_in(show("NEW_LIST"), 2)
    assert not any(AT_ONCE in each.value for each in page.markdown)
    button(page, "Save this list; nobody is asked").click().run()
    (standing,) = standings(runtime.database)
    assert (standing.addresses, standing.checked) == (2, 2)
