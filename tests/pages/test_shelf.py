"""The lists as they are looked through."""

import pytest

from pages.parts import shelf
from storage.catalogue import rename_list


@pytest.fixture
def save_many(save):
    """Save so many lists, each of another content."""
    return lambda number: [
        save(f"plum{n}@orchard.sandbox", *["fig@mill.sandbox"] * n, name=f"List {n}.csv")
        for n in range(number)
    ]


def names(page):
    return [each.value.replace("\\", "") for each in page.subheader]


def test_a_handful_of_lists_needs_no_search(runtime, save_many, show):
    save_many(shelf.HANDFUL)
    assert not show("LISTS").text_input


def test_more_than_a_handful_can_be_searched(runtime, save_many, show):
    save_many(shelf.HANDFUL + 1)
    page = show("LISTS")
    page.text_input[0].set_value("LIST 3").run()
    assert names(page) == ["List 3.csv"]
    page.text_input[0].set_value("durian").run()
    assert not names(page)
    assert [each.value for each in page.info] == ["No list is called that."]


def test_only_some_lists_are_shown_at_once_and_more_by_a_click(runtime, save_many, show, monkeypatch):
    monkeypatch.setattr(shelf, "AT_ONCE", 4)
    save_many(7)
    page = show("LISTS")
    assert names(page) == ["List 6.csv", "List 5.csv", "List 4.csv", "List 3.csv"]
    assert "4 of 7 lists" in [each.value for each in page.caption]
    next(each for each in page.button if each.label == "Show more").click().run()
    assert len(names(page)) == 7
    assert "Show more" not in [each.label for each in page.button]


def test_a_renamed_list_goes_by_its_name_and_says_which_file_it_came_from(runtime, save, show):
    upload = save("quince@orchard.sandbox", name="x.csv")
    rename_list(runtime.database, upload, "Autumn *mailing*")
    page = show("LISTS")
    assert [each.value for each in page.subheader] == [r"Autumn \*mailing\*"]
    assert r"x\.csv" in page.caption[0].value
    assert show("EXPORT").selectbox(key="list picker").options[0].startswith("Autumn *mailing*, today")
