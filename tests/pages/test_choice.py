"""The list picker."""

import pytest

from engine.intake.read import read_sheet
from storage.intake import save_upload
from storage.uploads import Choice
from tests.pages.conftest import SAMPLE

NO_SUCH_LIST = "There is no such list. Choose one of yours."


@pytest.mark.parametrize("screen", ["RESULTS", "DOMAINS", "EXPORT"])
def test_without_a_list_a_screen_shows_the_way_to_a_new_one(runtime, show, screen):
    page = show(screen)
    assert not page.exception
    assert "New list" in [each.value for each in page.page_link]


def test_the_address_chooses_the_list(runtime, save, show):
    first, second = save("quince@orchard.sandbox", name="a.csv"), save("plum@orchard.sandbox", name="b.csv")
    assert show("EXPORT", list=str(first)).selectbox(key="list picker").value == first
    assert show("EXPORT", list=str(second)).selectbox(key="list picker").value == second


def test_without_a_choice_the_newest_list_is_shown_and_stands_in_the_address(runtime, save, show):
    save("quince@orchard.sandbox", name="a.csv")
    newest = save("plum@orchard.sandbox", name="b.csv")
    page = show("EXPORT")
    assert page.selectbox(key="list picker").value == newest
    assert page.query_params["list"] == str(newest)


def test_picking_another_list_changes_the_address(runtime, save, show):
    first = save("quince@orchard.sandbox", name="a.csv")
    save("plum@orchard.sandbox", name="b.csv")
    page = show("EXPORT")
    page.selectbox(key="list picker").set_value(first).run()
    assert page.query_params["list"] == str(first)
    assert page.selectbox(key="list picker").value == first


@pytest.mark.parametrize("screen", ["RESULTS", "DOMAINS", "EXPORT"])
def test_the_demos_own_list_is_called_a_sample_and_no_other_is(demo_runtime, show, screen):
    sheets = (read_sheet(SAMPLE[1], name) for name in (SAMPLE[0], "mine.csv"))
    sample, own = (save_upload(demo_runtime.database, sheet, Choice(("email",))) for sheet in sheets)
    told = [
        "sample list" in str([each.value for each in show(screen, list=str(one)).caption])
        for one in (sample, own)
    ]
    assert told == [True, False]


@pytest.mark.parametrize("screen", ["RESULTS", "DOMAINS", "EXPORT"])
@pytest.mark.parametrize("asked", ["999", "-1", "x"])
def test_an_address_of_no_list_shows_none_and_offers_those_there_are(runtime, save, show, screen, asked):
    only = save("quince@orchard.sandbox")
    page = show(screen, list=asked)
    assert not page.exception
    assert NO_SUCH_LIST in [each.value for each in page.warning]
    assert not page.header
    assert not page.subheader
    assert page.query_params["list"] == asked
    assert "All lists" in [each.value for each in page.page_link]
    picker = page.selectbox(key="list picker")
    assert picker.value is None
    picker.set_value(only).run()
    assert page.query_params["list"] == str(only)
    assert NO_SUCH_LIST not in [each.value for each in page.warning]
    assert page.selectbox(key="list picker").value == only


def test_the_picker_tells_two_checks_of_the_same_list_apart(runtime, save, show):
    save("quince@orchard.sandbox")
    save("quince@orchard.sandbox")
    second, first = show("EXPORT").selectbox(key="list picker").options
    assert second.startswith("customers.csv, second check, today ")
    assert first.startswith("customers.csv, today ")
