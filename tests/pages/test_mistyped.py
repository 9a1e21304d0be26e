"""What Results offers where addresses look mistyped."""

from dataclasses import replace
from threading import Event

import pytest

from engine.intake.correction import Correction, Slip
from engine.never_probed import parse_listed
from engine.value import replace as with_other
from pages.parts.fixing import (
    NOT_SURE,
    Corrected,
    Looked,
    say_fixed,
    say_left,
    say_new_list,
    slip_lines,
)
from pages.parts.keeping import Keeping
from pages.parts.looking_on import GOES_ON
from pages.parts.mistyped import BY_HAND
from storage.fixing import Fixing, plan_fixing
from storage.never_probed import Origin, write_lines
from storage.summaries import standings
from tests.pages.handed import FULL, LONG_S, Failing, over

FIX, FIX_ONE = "Fix them in a new list …", "Fix it in a new list …"


def test_mistyped_addresses_are_counted_shown_and_fixed_in_a_new_list(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "fig@gmial.com", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS", list=str(upload))
    assert any(
        "2 addresses look mistyped: 1 by its domain, 1 malformed." in each.value for each in page.markdown
    )
    next(each for each in page.button if each.label == "Show them").click().run()
    assert list(page.dataframe[0].value["Address"]) == ["fig@gmial.com", "pear@@gmail.com"]
    _press(page, FIX)
    said = " ".join(each.value for each in page.markdown)
    assert "1 of the 2 addresses that look mistyped is put right:" in said
    assert "1 at gmial\\.com, asked at gmail\\.com" in said
    assert "it is no address at all" in said
    assert len(standings(runtime.database)) == 1, "nothing is made before that is agreed to"
    _make(page)
    fixed, _ = standings(runtime.database)
    assert fixed.title == "customers, corrected"
    assert [each.value for each in page.header] == ["3 addresses, not asked about yet"]


def test_where_nothing_looks_mistyped_nothing_is_offered(save, settle, show):
    save("plum@orchard.sandbox", is_started=True)
    settle()
    assert not any(each.label.startswith("Show ") for each in show("RESULTS").button)


def _press(page, label):
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception


def _make(page):
    """Agree to the new list, and look at the page once that is there."""
    _press(page, "Make the new list")
    for keeping in list(page.session_state["lists fixed"].values()):
        assert keeping.is_over(LONG_S)
        page.run()
    assert not page.exception


def test_a_list_that_is_left_alone_makes_none(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "fig@gmial.com", is_started=True)
    settle()
    page = show("RESULTS", list=str(upload))
    _press(page, FIX_ONE)
    assert any("The address that looks mistyped is put right:" in each.value for each in page.markdown)
    _press(page, "Not now")
    assert FIX_ONE in [each.label for each in page.button]
    assert len(standings(runtime.database)) == 1


@pytest.fixture
def saving(runtime, save, settle, show):
    """A page on which a list's typing errors are being fixed, held up until the event is set."""
    upload = save("plum@orchard.sandbox", "fig@gmial.com", is_started=True)
    settle()
    gate, plan = Event(), plan_fixing(runtime.database, upload)

    class Held(Corrected):
        def save(self, database, tell):
            gate.wait(LONG_S)
            return super().save(database, tell)

    keeping = Keeping(runtime.database, [Held(plan)], None)
    page = show("RESULTS", list=str(upload))
    page.session_state["lists fixed"] = {upload: keeping}
    keeping.begin()
    yield page, keeping, gate
    gate.set()
    assert keeping.is_over(LONG_S)


def test_while_it_is_saved_that_is_shown_and_no_second_one_can_be_made(runtime, saving):
    page, keeping, gate = saving
    page.run()
    assert GOES_ON in [each.value for each in page.caption]
    assert FIX_ONE not in [each.label for each in page.button]
    gate.set()
    assert keeping.is_over(LONG_S)
    page.run()
    assert not page.exception
    fixed, _ = standings(runtime.database)
    assert page.query_params["list"] == str(fixed.upload)


def _see(page, upload):
    """Choose another list on the page."""
    page.selectbox[0].select(upload).run()
    assert not page.exception
    assert page.query_params["list"] == str(upload)


@pytest.fixture
def gate(monkeypatch):
    """Hold up new lists that are being saved until this is set."""
    gate, save = Event(), Corrected.save

    def held(self, database, tell):
        assert gate.wait(LONG_S)
        return save(self, database, tell)

    monkeypatch.setattr(Corrected, "save", held)
    yield gate
    gate.set()


def test_who_fixes_another_list_meanwhile_keeps_sight_of_the_first(runtime, save, settle, show, gate):
    one = save("fig@gmial.com", name="one.csv", is_started=True)
    two = save("plum@gmial.com", name="two.csv", is_started=True)
    settle()
    page = show("RESULTS", list=str(one))
    for upload in (one, two):
        _see(page, upload)
        _press(page, FIX_ONE)
        _press(page, "Make the new list")
    for upload in (one, two):
        _see(page, upload)
        assert GOES_ON in [each.value for each in page.caption]
        assert FIX_ONE not in [each.label for each in page.button]
    kept = dict(page.session_state["lists fixed"])
    gate.set()
    for upload, name in ((one, "one.csv"), (two, "two.csv")):
        assert kept[upload].is_over(LONG_S)
        kept[upload]._gone_s = 0.0  # as if somebody had looked away for so long
        _see(page, upload)
        assert f"{name.removesuffix('.csv')}, corrected is saved" in page.success[0].value.replace("\\", "")
    assert len(standings(runtime.database)) == 4


def test_who_fixes_a_list_that_another_visitor_just_has_fixed_is_led_to_that_one(
    runtime, save, settle, show, gate
):
    upload = save("fig@gmial.com", is_started=True)
    settle()
    first, second = show("RESULTS", list=str(upload)), show("RESULTS", list=str(upload))
    for page in (first, second):
        _press(page, FIX_ONE)
        _press(page, "Make the new list")
    gate.set()
    for page in (first, second):
        assert page.session_state["lists fixed"][upload].is_over(LONG_S)
        page.run()
    fixed, _ = standings(runtime.database)
    assert [page.query_params["list"] for page in (first, second)] == [str(fixed.upload)] * 2


def test_who_looked_away_is_told_of_the_new_list_and_led_there(runtime, saving):
    page, keeping, gate = saving
    gate.set()
    assert keeping.is_over(LONG_S)
    keeping._gone_s = 0.0  # as if somebody had looked away for so long
    page.run()
    assert "is saved" in page.success[0].value
    assert "Open the new list" in [each.label for each in page.get("page_link")]
    next(each for each in page.button if each.label == "Dismiss").click().run()
    assert not page.success


def test_a_new_list_that_cannot_be_saved_is_said_to_be_so_and_can_be_made_again(runtime, save, settle, show):
    upload = save("fig@gmial.com", is_started=True)
    settle()
    database = Failing(runtime.database, FULL)
    database.fail(0, None)
    keeping = over(Keeping(database, [Corrected(plan_fixing(runtime.database, upload))], None))
    page = show("RESULTS", list=str(upload))
    page.session_state["lists fixed"] = {upload: keeping}
    page.run()
    assert "could not be saved" in page.error[0].value
    assert FIX_ONE in [each.label for each in page.button]


LOOKS = Looked(Fixing(1, "figs, corrected", 20, (Slip(Correction("gmial.com", "gmail.com"), 13),), 1), 17, 2)


def test_it_is_said_how_many_stay_as_they_are_and_why():
    assert say_fixed(LOOKS) == "**13 of the 17 addresses that look mistyped are put right:**"
    assert say_left(LOOKS) == (
        "The 4 others stay as they are: 2 are no addresses at all, of 1 it is not sure enough what was meant "
        "and 1 is held back by your never-asked list or policy. Correct them in your own file."
    )
    assert "“figs, corrected”, has the same 20 rows" in say_new_list(LOOKS.fixing)


def test_where_all_are_put_right_nothing_is_said_of_others():
    all_of_them = replace(LOOKS, mistyped=13, malformed=0)
    assert say_fixed(all_of_them) == "**All 13 addresses that look mistyped are put right:**"
    assert say_left(all_of_them) == ""


def test_of_many_mistyped_domains_the_most_frequent_are_named():
    slips = tuple(Slip(Correction(f"gmial{n}.com", "gmail.com"), 20 - n) for n in range(10))
    lines = slip_lines(with_other(LOOKS.fixing, slips=slips))
    assert lines[0] == "20 at gmial0\\.com, asked at gmail\\.com"
    assert lines[-1] == "23 at 2 other domains"


def test_who_is_never_asked_is_neither_counted_nor_shown_nor_fixed(runtime, save, settle, show):
    write_lines(runtime.database, [parse_listed("gmial.com")], Origin())
    upload = save("plum@orchard.sandbox", "fig@gmial.com", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS", list=str(upload))
    assert any("1 address looks mistyped and is malformed." in each.value for each in page.markdown)
    assert FIX_ONE not in [each.label for each in page.button]
    _press(page, "Show it")
    assert list(page.dataframe[0].value["Address"]) == ["pear@@gmail.com"]


def test_where_only_who_is_never_asked_looks_mistyped_nothing_is_offered(runtime, save, show):
    write_lines(runtime.database, [parse_listed("gmial.com")], Origin())
    save("fig@gmial.com", is_started=True)
    assert not any(each.label.startswith("Show ") for each in show("RESULTS").button)


def test_a_list_that_was_made_before_is_opened_instead_of_another_copy(runtime, save, settle, show):
    upload = save("pear@@gmail.com", "fig@gmial.com", is_started=True)
    settle()
    first = show("RESULTS", list=str(upload))
    _press(first, FIX)
    _make(first)
    page = show("RESULTS", list=str(upload))
    _press(page, FIX)
    assert len(standings(runtime.database)) == 2
    assert [each.value for each in page.header] == ["2 addresses, not asked about yet"]


def test_where_nobody_can_be_fixed_that_is_said_and_no_list_is_made(runtime, save, settle, show):
    upload = save("pear@@gmail.com", "fig@gmial.com", is_started=True)
    settle()
    write_lines(runtime.database, [parse_listed("gmial.com")], Origin())
    page = show("RESULTS", list=str(upload))
    _press(page, FIX)
    assert NOT_SURE in [each.value for each in page.info]
    assert len(standings(runtime.database)) == 1


def test_where_what_looks_mistyped_is_no_address_no_new_list_is_offered(save, settle, show):
    save("plum@orchard.sandbox", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS")
    assert any("1 address looks mistyped and is malformed." in each.value for each in page.markdown)
    assert BY_HAND in [each.value for each in page.caption]
    assert FIX_ONE not in [each.label for each in page.button]
