"""The tour: a step on each of its screens, ways on and back, dismissed for good, begun again from Help."""

import pytest

from pages.parts.tour import STEPS, TOUR
from storage.dismissed import bring_back, is_dismissed

SCREENS = ["LISTS", "NEW_LIST", "RESULTS", "EXPORT"]


@pytest.fixture
def fresh(runtime):
    """A house in which nobody has dismissed the tour yet."""
    bring_back(runtime.database, TOUR)
    return runtime


def steps(page) -> list[str]:
    return [each.value for each in page.markdown if each.value.startswith(":small[Tour")]


def button(page, label):
    return next(each for each in page.button if each.label == label)


@pytest.mark.parametrize(("place", "screen"), list(enumerate(SCREENS)))
def test_each_screen_of_the_tour_shows_its_own_step(fresh, show, place, screen):
    (step,) = steps(show(screen))
    assert step.startswith(f":small[Tour · {place + 1} of 4]  \n**{STEPS[place].name}.**")


@pytest.mark.parametrize("screen", ["DOMAINS", "PREFLIGHT", "HELP"])
def test_other_screens_show_none(fresh, show, screen):
    assert not steps(show(screen))


def test_the_tour_goes_on_and_back_and_only_its_end_is_without_a_next_step(fresh, show):
    labels = [[each.label for each in show(screen).button] for screen in SCREENS]
    assert ["Next step" in each for each in labels] == [True, True, True, False]
    assert ["Step back" in each for each in labels] == [False, True, True, True]
    page = button(show("LISTS"), "Next step").click().run()
    assert page.title[0].value == "New list"
    page = button(page, "Step back").click().run()
    assert page.title[0].value == "Lists"


@pytest.mark.parametrize(("screen", "label"), [("LISTS", "Dismiss the tour"), ("EXPORT", "Finish the tour")])
def test_once_dismissed_it_is_shown_nowhere_any_more(fresh, save, show, screen, label):
    save("quince@orchard.sandbox")
    page = button(show(screen), label).click().run()
    assert not steps(page)
    assert is_dismissed(fresh.database, TOUR)
    assert not [step for each in SCREENS for step in steps(show(each))]


def test_without_any_list_it_ends_where_the_first_one_is_handed_in(fresh, show):
    page = button(show("EXPORT"), "Finish, and hand in your first list").click().run()
    assert page.title[0].value == "New list"
    assert is_dismissed(fresh.database, TOUR)


def test_in_a_demo_it_ends_with_the_sample_list(demo_runtime, show):
    bring_back(demo_runtime.database, TOUR)
    page = button(show("EXPORT"), "Finish, and try a sample list").click().run()
    assert page.title[0].value == "New list"
    assert any(each.label.startswith("Check 2 addresses") for each in page.button)


def test_help_begins_it_again(runtime, show):
    page = button(show("HELP"), "Take the tour").click().run()
    assert page.title[0].value == "Lists"
    assert len(steps(page)) == 1
