"""Lists that are being saved and started, beside the page."""

from threading import Event

import pytest

from engine.intake.read import read_sheet
from engine.work_queue import StoreFails
from pages.parts.frame import NEW_LIST
from pages.parts.keeping import BROKEN_OFF, Keeping, Wanted
from storage.summaries import standings
from storage.uploads import Choice

FRUITS = b"email\nfig@orchard.sandbox\nplum@orchard.sandbox\n"
WANTED = Wanted(read_sheet(FRUITS, "fruits.csv"), Choice(("email",)))
LONG_S = 30.0


class Unwritable:
    """A database whose disk is full."""

    def writing(self):
        raise StoreFails("The database cannot be used just now: disk full")


def do_nothing(_upload, _tell):
    """Start nobody."""


@pytest.fixture
def held(runtime):
    """A list of this visit that is saved, but whose start is held up until the event is set."""
    gate = Event()
    keeping = Keeping(runtime.database, [WANTED], lambda _upload, _tell: gate.wait(LONG_S))
    keeping.begin()
    yield keeping, gate
    gate.set()
    assert keeping.is_over(LONG_S)


def hand_in(page):
    return page.file_uploader[0].set_value(("fruits.csv", FRUITS, "text/csv")).run()


def start_button(page):
    return next(each for each in page.button if each.label.startswith("Check"))


def let_go_once_looked_at(keeping, gate):
    """Have it end as soon as a page asks how far it is."""
    look = keeping.note_look
    keeping.note_look = lambda: (look(), gate.set())


def test_lists_are_saved_and_started_one_after_the_other(runtime):
    keeping = Keeping(runtime.database, [WANTED, WANTED], runtime.start_upload)
    assert not keeping.uploads
    keeping.begin()
    assert keeping.is_over(LONG_S)
    assert keeping.is_whole
    assert [each.upload for each in standings(runtime.database)] == sorted(keeping.uploads, reverse=True)
    assert all(each.started_at is not None for each in standings(runtime.database))


def test_how_far_it_is_can_be_seen_meanwhile(held, eventually):
    keeping, _ = held
    eventually(lambda: keeping.said == (0.0, "Starting the check of 2 rows of fruits\\.csv …"))
    assert not keeping.is_over()


def test_a_second_click_while_a_list_is_saved_makes_no_second_list(runtime, show, held):
    keeping, gate = held
    page = hand_in(show("NEW_LIST"))
    page.session_state["keeping"] = keeping
    let_go_once_looked_at(keeping, gate)
    start_button(page).click().run()
    assert not page.exception
    assert page.title[0].value == "Results"
    assert page.query_params["list"] == str(keeping.uploads[0])
    assert len(standings(runtime.database)) == 1


def test_who_comes_back_later_is_told_that_the_list_is_saved_once(runtime, show):
    keeping = Keeping(runtime.database, [WANTED], do_nothing, gone_s=0.0)
    keeping.begin()
    assert keeping.is_over(LONG_S)
    page = show("NEW_LIST")
    page.session_state["keeping"] = keeping
    page.run()
    assert [each.value for each in page.success] == ["1 list saved."]
    assert page.file_uploader
    assert not page.run().success


def test_a_list_that_cannot_be_saved_is_told_of_and_the_form_stays(runtime, show):
    keeping = Keeping(Unwritable(), [WANTED], do_nothing)
    keeping.begin()
    assert keeping.is_over(LONG_S)
    page = hand_in(show("NEW_LIST"))
    page.session_state["keeping"] = keeping
    page.run()
    (said,) = [each.value for each in page.error]
    assert said.startswith("fruits\\.csv could not be saved; nothing of it was started.")
    assert start_button(page).label == "Check 2 addresses"
    assert not page.run().error


def test_a_list_that_cannot_be_started_is_saved_and_said_to_be(runtime, show):
    def fail(_upload, _tell):
        raise StoreFails("disk full")

    keeping = Keeping(runtime.database, [WANTED, WANTED], fail)
    keeping.begin()
    assert keeping.is_over(LONG_S)
    assert len(keeping.uploads) == 2
    page = show("NEW_LIST")
    page.session_state["keeping"] = keeping
    page.run()
    assert ["is saved, but could not be started" in each.value for each in page.error] == [True, True]
    assert [each.value for each in page.success] == ["2 lists saved."]


def test_where_saving_broke_off_for_another_reason_that_is_said(show, runtime, monkeypatch):
    monkeypatch.setattr("threading.excepthook", lambda _broken: None)
    keeping = Keeping(runtime.database, [Wanted(WANTED.sheet, Choice(("no such column",)))], do_nothing)
    keeping.begin()
    assert keeping.is_over(LONG_S)
    page = show("NEW_LIST")
    page.session_state["keeping"] = keeping
    page.run()
    assert [each.value for each in page.error] == [BROKEN_OFF]


def test_after_a_start_nothing_is_told_of_it_again(runtime, show):
    page = hand_in(show("NEW_LIST"))
    start_button(page).click().run()
    assert page.title[0].value == "Results"
    page.switch_page(NEW_LIST).run()
    assert not page.success
    assert not page.error
