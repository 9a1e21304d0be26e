"""The tour: offered in one line, a step on each of its screens, dismissed for good, begun again from Help."""

import pytest

from pages.parts.tour import BEGUN, STEPS, TOUR
from storage.dismissed import bring_back, is_dismissed

SCREENS = ["LISTS", "NEW_LIST", "RESULTS", "EXPORT"]


@pytest.fixture
def fresh(runtime):
    """A house in which nobody has dismissed the tour yet."""
    bring_back(runtime.database, TOUR)
    return runtime


@pytest.fixture
def begun(fresh, show):
    """Show a screen to a visitor who has begun the tour."""

    def run(screen):
        page = show(screen)
        page.session_state[BEGUN] = True
        return page.run()

    return run


def steps(page) -> list[str]:
    return [each.value for each in page.markdown if f" of {len(STEPS)} · " in each.value]


def button(page, label):
    return next(each for each in page.button if each.label == label)


@pytest.mark.parametrize("screen", SCREENS)
def test_until_it_is_begun_a_screen_offers_it_in_one_line_and_shows_no_step(fresh, show, screen):
    page = show(screen)
    assert not steps(page)
    assert {"Show me round", "Dismiss"} <= {each.label for each in page.button}


def test_who_wants_to_be_shown_round_begins_at_the_first_step(fresh, show):
    page = button(show("EXPORT"), "Show me round").click().run()
    assert page.title[0].value == "Lists"
    assert len(steps(page)) == 1


@pytest.mark.parametrize(("place", "screen"), list(enumerate(SCREENS)))
def test_each_screen_of_the_tour_shows_its_own_step(begun, place, screen):
    (step,) = steps(begun(screen))
    assert step.startswith(f":small[**{place + 1} of 4 · {STEPS[place].name}.**")


@pytest.mark.parametrize("screen", ["DOMAINS", "PREFLIGHT", "HELP"])
def test_other_screens_show_none(begun, screen):
    page = begun(screen)
    assert not steps(page)
    assert not [each for each in page.button if each.label == "Show me round"]


def test_the_tour_goes_on_and_back_and_only_its_end_is_without_a_next_step(begun):
    labels = [[each.label for each in begun(screen).button] for screen in SCREENS]
    assert ["Next step" in each for each in labels] == [True, True, True, False]
    assert ["Step back" in each for each in labels] == [False, True, True, True]
    page = button(begun("LISTS"), "Next step").click().run()
    assert page.title[0].value == "New list"
    page = button(page, "Step back").click().run()
    assert page.title[0].value == "Lists"


def test_once_dismissed_it_is_offered_nowhere_any_more(fresh, save, show):
    save("quince@orchard.sandbox")
    button(show("LISTS"), "Dismiss").click().run()
    assert is_dismissed(fresh.database, TOUR)
    labels = [each.label for screen in SCREENS for each in show(screen).button]
    assert "Show me round" not in labels


@pytest.mark.parametrize(("screen", "label"), [("LISTS", "Dismiss"), ("EXPORT", "Finish")])
def test_once_ended_it_is_shown_nowhere_any_more(fresh, begun, save, screen, label):
    save("quince@orchard.sandbox")
    page = button(begun(screen), label).click().run()
    assert not steps(page)
    assert is_dismissed(fresh.database, TOUR)
    assert not [step for each in SCREENS for step in steps(begun(each))]


def test_without_any_list_it_ends_where_the_first_one_is_handed_in(fresh, begun):
    page = button(begun("EXPORT"), "Check your first list").click().run()
    assert page.title[0].value == "New list"
    assert is_dismissed(fresh.database, TOUR)


def test_in_a_demo_it_ends_with_the_sample_list(demo_runtime, show):
    bring_back(demo_runtime.database, TOUR)
    page = show("EXPORT")
    page.session_state[BEGUN] = True
    page = button(page.run(), "Try a sample list").click().run()
    assert page.title[0].value == "New list"
    assert any(each.label.startswith("Check 2 addresses") for each in page.button)


def test_help_begins_it_again(runtime, show):
    page = button(show("HELP"), "Take the tour").click().run()
    assert page.title[0].value == "Lists"
    assert len(steps(page)) == 1
