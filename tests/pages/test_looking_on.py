"""New list while lists are being saved, and what it says of them afterwards."""

import re
from threading import Event

import pytest

from pages.parts.frame import LISTS, NEW_LIST
from pages.parts.keeping import Failed, Keeping, OnlySaved, Started
from pages.parts.looking_on import GOES_ON, say_outcome
from storage.summaries import standings
from tests.pages.handed import FRUITS, FULL, LONG_S, Failing, do_nothing, fruits, over

SAVED = re.compile("saved|Saving")


@pytest.fixture
def held(runtime):
    """A list of this visit that is saved, but whose start is held up until the event is set."""
    gate = Event()
    keeping = Keeping(runtime.database, [fruits()], lambda _upload, _tell: gate.wait(LONG_S))
    keeping.begin()
    yield keeping, gate
    gate.set()
    assert keeping.is_over(LONG_S)


def hand_in(page):
    return page.file_uploader[0].set_value(("fruits.csv", FRUITS, "text/csv")).run()


def start_button(page):
    return next(each for each in page.button if each.label.startswith("Check"))


def come_back(page, keeping):
    """Show the page to whom these lists belong."""
    page.session_state["keeping"] = keeping
    return page.run()


def told(page):
    """Give what became of lists, the worst first: warnings of the machine tell nothing of them."""
    kinds = (page.error, page.warning, page.success)
    return [[each.value for each in kind if SAVED.search(each.value)] for kind in kinds]


def test_how_far_it_is_can_be_seen_meanwhile(held, eventually):
    keeping, _ = held
    eventually(lambda: keeping.said == (0.0, "Starting the check of 2 rows of fruits\\.csv …"))
    assert not keeping.is_over()


def test_a_click_while_a_list_is_saved_shows_how_far_that_is_alone_and_saves_no_second_list(
    runtime, show, held
):
    keeping, gate = held
    page = hand_in(show("NEW_LIST"))
    page.session_state["keeping"] = keeping
    start_button(page).click().run()
    assert not page.exception
    assert not page.file_uploader
    assert not page.button
    assert GOES_ON in [each.value for each in page.caption]
    assert page.title[0].value == "New list"
    gate.set()
    assert keeping.is_over(LONG_S)
    page.run()
    assert page.title[0].value == "Results"
    assert page.query_params["list"] == str(keeping.uploads[0])
    assert len(standings(runtime.database)) == 1


def test_who_comes_back_later_is_told_that_the_list_is_saved_until_that_is_dismissed(runtime, show):
    keeping = over(Keeping(runtime.database, [fruits()], do_nothing, gone_s=0.0))
    page = come_back(show("NEW_LIST"), keeping)
    said = [[], [], [say_outcome("fruits.csv", Started(1), is_form_new=True)]]
    assert told(page) == said
    assert page.file_uploader
    assert told(page.run()) == said
    page.button(key="dismiss kept").click().run()
    assert told(page) == [[], [], []]


def test_what_became_of_lists_is_told_until_the_next_one_is_begun(runtime, show):
    keeping = over(Keeping(runtime.database, [fruits()], do_nothing, gone_s=0.0))
    page = hand_in(come_back(show("NEW_LIST"), keeping))
    assert told(page)[2]
    start_button(page).click().run()
    assert page.title[0].value == "Results"
    page.switch_page(NEW_LIST).run()
    assert told(page) == [[], [], []]


def test_a_list_that_cannot_be_saved_is_told_of_and_the_form_stays(runtime, show):
    database = Failing(runtime.database, FULL)
    database.fail(0, None)
    page = come_back(hand_in(show("NEW_LIST")), over(Keeping(database, [fruits()], do_nothing)))
    (said,) = told(page)[0]
    assert said == say_outcome("fruits.csv", Failed(str(FULL)), is_form_new=False)
    assert start_button(page).label == "Check 2 addresses"


def test_of_several_lists_each_is_told_of_by_its_name_and_the_form_is_empty(runtime, show):
    database = Failing(runtime.database, FULL)
    handed = [fruits(each) for each in ("first.csv", "second.csv", "third.csv")]
    keeping = Keeping(database, handed, database.fail)
    page = come_back(hand_in(show("NEW_LIST")), over(keeping))
    assert told(page) == [
        [say_outcome("second.csv", Failed(str(FULL)), is_form_new=True)],
        [],
        ["  \n".join(say_outcome(each, Started(1), is_form_new=True) for each in ("first.csv", "third.csv"))],
    ]
    assert page.file_uploader[0].value == []


def test_a_list_whose_start_failed_does_not_lead_to_its_results_as_if_all_were_well(runtime, show):
    def fail(_upload, _tell):
        raise OSError

    keeping = over(Keeping(runtime.database, [fruits()], fail))
    keeping.note_look()
    page = come_back(show("NEW_LIST"), keeping)
    assert page.title[0].value == "New list"
    assert "saved, but its check could not be started" in told(page)[1][0]


def test_what_is_not_well_is_still_told_after_a_look_at_the_lists(runtime, show):
    database = Failing(runtime.database, FULL)
    keeping = over(Keeping(database, [fruits("first.csv"), fruits("second.csv")], database.fail))
    page = come_back(show("NEW_LIST"), keeping)
    before = told(page)
    assert before[0]
    assert page.switch_page(LISTS).run().title[0].value == "Lists"
    assert told(page.switch_page(NEW_LIST).run()) == before


def test_who_was_kept_from_leaving_by_a_click_leaves_at_the_next_run(runtime, show):
    keeping = over(Keeping(runtime.database, [fruits()], do_nothing))
    keeping.note_form_new()  # so far it had come
    page = come_back(show("NEW_LIST"), keeping)
    assert page.title[0].value == "Results"
    assert "keeping" not in page.session_state, "it is forgotten where it is seen"


def test_of_a_list_of_which_nobody_knows_that_is_said(runtime, show):
    keeping = over(Keeping(runtime.database, [fruits()], do_nothing))
    keeping.outcomes[0] = None
    page = come_back(show("NEW_LIST"), keeping)
    assert told(page)[0] == [say_outcome("fruits.csv", None, is_form_new=False)]


@pytest.mark.parametrize(
    ("outcome", "is_form_new", "said"),
    [
        (Started(1), True, "figs is saved, and its check is started."),
        (OnlySaved(1, "Full"), True, "start it on its Results page. Full"),
        (
            Failed("Full"),
            True,
            "figs could not be saved; nothing of it was started. Hand it in once more. Full",
        ),
        (Failed("Full"), False, "Try it once more. Full"),
        (None, False, "Saving figs broke off."),
    ],
)
def test_what_became_of_a_list_is_said(outcome, is_form_new, said):
    assert said in say_outcome("figs", outcome, is_form_new=is_form_new)


def test_after_a_start_nothing_is_told_of_it_again(runtime, show):
    page = hand_in(show("NEW_LIST"))
    start_button(page).click().run()
    assert page.title[0].value == "Results"
    page.switch_page(NEW_LIST).run()
    assert told(page) == [[], [], []]
