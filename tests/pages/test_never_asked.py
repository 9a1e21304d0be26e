"""The page Never asked: added to in three ways, looked through, taken off with a way back, downloaded."""

import io

import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest

from engine.never_probed import Listed, ListedAs, parse_listed, written
from pages.parts import listed_table as table_of_list
from pages.parts.listed_words import (
    EMPTY_STATE,
    NO_SOURCE,
    counted_kinds,
    endings_sentence,
    kind_figures,
    listed_table,
    unread_sentence,
)
from pages.parts.listing import FILE, PASTE
from pages.parts.reaching import NOBODY
from pages.parts.tickets import NeverAsked, tickets
from storage.never_probed import Origin, find_lines, write_lines
from storage.summaries import summarise
from tests.pages.handed import FULL


@pytest.fixture
def names(runtime):
    """Give what stands on the list."""
    return lambda: [written(line.listed) for line in find_lines(runtime.database)]


@pytest.fixture
def never(runtime):
    """Put names on the list."""

    def put(*texts, source="", why=""):
        write_lines(runtime.database, [parse_listed(each) for each in texts], Origin(why, source))

    return put


def _way(page, way):
    return page.segmented_control(key="listing way").set_value(way).run()


def _button(page, label):
    (found,) = (each for each in page.button if each.label == label)
    return found


def _type(page, text, note=""):
    page.text_input[0].set_value(text)
    page.text_input[1].set_value(note)
    return _button(page, "Add").click().run()


def test_an_empty_list_says_what_it_is_for_and_takes_the_first_name(runtime, show, names):
    page = show("NEVER_ASKED")
    assert not page.exception
    assert EMPTY_STATE in [each.value for each in page.markdown]
    page = _type(page, " Orchard.com ", "our own")
    assert not page.exception
    assert names() == ["orchard.com"]
    assert find_lines(runtime.database)[0].why == "our own"
    assert {each.label: each.value for each in page.metric} == {"Domains": "1"}
    assert [each.value for each in page.toast] == ["Added `orchard.com`"]
    assert [each.value for each in page.success] == [f"**Added `orchard.com`.** {NOBODY}"]


def test_it_is_said_whom_a_line_holds_back_and_who_can_be_asked_once_it_is_gone(runtime, save, show):
    save("fig@mill.com", "plum@mill.com", "pear@quay.com", name="spring.csv", is_started=True)
    page = _type(show("NEVER_ASKED"), "mill.com")
    assert "2 addresses of it stand in your lists: 2 in “spring\\.csv”." in page.success[0].value
    (line,) = find_lines(runtime.database)
    page.session_state[table_of_list.OPENED.slot] = line
    page.run()
    assert any(
        "2 addresses that this line alone holds back were never asked" in m.value for m in page.markdown
    )
    _button(page, "Take it off the list").click().run()
    assert any("2 addresses were held back by it: they can be asked" in m.value for m in page.markdown)


class Unreadable:
    """A database that cannot be read just now."""

    def reading(self):
        """Fail."""
        raise FULL


def _telling(database):
    from pages.parts.listing import tell_of_added

    tell_of_added(database)


def test_what_was_added_is_said_once_even_where_whom_it_holds_back_cannot_be_read():
    page = AppTest.from_function(_telling, args=(Unreadable(),))
    page.session_state["listing added"] = [parse_listed("mill.com")]
    page.run()
    assert not page.exception
    assert [each.value for each in page.success] == ["**Added `mill.com`.**"]
    assert not page.run().success


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write an address"),
        ("com", "write"),
        ("two words", "is not the name of a domain"),
        ("a@@b", "not an"),
    ],
)
def test_what_cannot_be_listed_is_refused_in_words_and_nothing_is_added(runtime, show, names, typed, said):
    page = _type(show("NEVER_ASKED"), typed)
    (error,) = page.error
    assert said in error.value
    assert names() == []


def test_many_are_pasted_under_a_name_and_what_names_nobody_is_shown(runtime, show, names):
    page = _way(show("NEVER_ASKED"), PASTE)
    page.text_area[0].set_value("fig@mill.com, orchard.com\nnobody at all").run()
    assert [each.label for each in page.expander] == [unread_sentence(1)]
    assert page.dataframe[0].value.to_numpy().tolist() == [[2, "nobody at all"]]
    page.text_input[0].set_value("Unsubscribed 2026").run()
    page = _button(page, "Add 2 lines").click().run()
    assert names() == ["fig@mill.com", "orchard.com"]
    assert {line.origin.source for line in find_lines(runtime.database)} == {"Unsubscribed 2026"}


def test_a_file_is_added_by_the_column_that_holds_addresses(runtime, show, names):
    page = _way(show("NEVER_ASKED"), FILE)
    content = b"Firm,Reached at\nThe Mill,fig@mill.com\nThe Quay,plum@quay.com\n"
    page.file_uploader[0].upload("Partners 2026.csv", content, "text/csv").run()
    assert page.selectbox[0].value == "Reached at"
    assert page.text_input[0].value == "Partners 2026"
    page = _button(page, "Add 2 lines").click().run()
    assert not page.exception
    assert names() == ["fig@mill.com", "plum@quay.com"]


def test_behind_an_empty_first_sheet_the_one_with_addresses_is_read(runtime, show, names):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Cover")
        sheet = book.add_worksheet("Gone")
        for row, cell in enumerate(["email", "fig@mill.com"]):
            sheet.write(row, 0, cell)
    page = _way(show("NEVER_ASKED"), FILE)
    page.file_uploader[0].upload("gone.xlsx", content.getvalue(), "").run()
    assert not page.error
    assert page.selectbox[0].value == "Gone"
    _button(page, "Add 1 line").click().run()
    assert names() == ["fig@mill.com"]


@pytest.mark.parametrize("is_empty", [True, False])
def test_the_page_leads_to_what_help_says_of_it(runtime, show, never, is_empty):
    if not is_empty:
        never("fig@mill.com")
    assert "about=listed" in [each.proto.query_string for each in show("NEVER_ASKED").page_link]


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"name,age\nFig,3\n", "No column")])
def test_a_file_that_says_nothing_is_refused_in_words(runtime, show, content, said):
    page = _way(show("NEVER_ASKED"), FILE)
    page.file_uploader[0].upload("names.csv", content, "text/csv").run()
    assert not page.exception
    assert any(said in each.value for each in [*page.error, *page.warning])


def test_the_list_is_looked_through_by_name_and_by_list(runtime, show, never):
    never("fig@mill.com", source="Unsubscribed 2026", why="asked us")
    never("orchard.com")
    page = show("NEVER_ASKED")
    rows = page.dataframe[0].value[["Name", "Kind", "List", "Note"]].to_numpy().tolist()
    assert rows == [
        ["fig@mill.com", "Address", "Unsubscribed 2026", "asked us"],
        ["orchard.com", "Domain", NO_SOURCE, ""],
    ]
    page.text_input(key="find listed").set_value("UNSUB").run()
    assert page.dataframe[0].value["Name"].tolist() == ["fig@mill.com"]
    page.text_input(key="find listed").set_value("nobody").run()
    assert "Nobody on the list is called that." in [each.value for each in page.info]


@pytest.mark.parametrize("words", ["büch", "BU\u0308CH", "xn--bcher", ""])
def test_an_international_domain_is_shown_as_people_read_it_and_found_in_either_form(
    runtime, show, never, words
):
    never("bücher.example", "fig@bücher.example")
    page = show("NEVER_ASKED")
    page.text_input(key="find listed").set_value(words).run()
    assert page.dataframe[0].value["Name"].tolist() == ["fig@bücher.example", "bücher.example"]


def test_a_long_list_is_shown_page_by_page(runtime, show, never):
    never(*(f"orchard{number:02}.com" for number in range(60)))
    page = show("NEVER_ASKED")
    assert len(page.dataframe[0].value) == 50
    page = _button(page, "Next").click().run()
    assert page.dataframe[0].value["Name"].tolist() == [f"orchard{number}.com" for number in range(50, 60)]


def test_a_line_is_taken_off_and_put_back_as_it_was(runtime, show, never, names):
    never("fig@mill.com", source="Unsubscribed 2026", why="asked us")
    (line,) = find_lines(runtime.database)
    page = show("NEVER_ASKED")
    page.session_state[table_of_list.OPENED.slot] = line
    page = _button(page.run(), "Take it off the list").click().run()
    assert names() == []
    assert EMPTY_STATE in [each.value for each in page.markdown]
    page = _button(page, "Undo").click().run()
    (back,) = find_lines(runtime.database)
    assert (back.listed, back.origin) == (line.listed, line.origin)
    assert "Undo" not in [each.label for each in page.button]


def test_a_whole_list_goes_only_when_it_was_asked_again(runtime, show, never, names):
    never("fig@mill.com", "plum@mill.com", source="Unsubscribed 2026")
    never("orchard.com")
    page = show("NEVER_ASKED")
    page = page.button(key="source Unsubscribed 2026").click().run()
    page = _button(page, "Keep it").click().run()
    assert len(names()) == 3
    page = page.button(key="source Unsubscribed 2026").click().run()
    _button(page, "Take it off").click().run()
    assert names() == ["orchard.com"]


def test_the_list_is_downloaded_by_a_ticket_of_no_list(runtime, show, never):
    never("orchard.com")
    (link,) = show("NEVER_ASKED").link_button
    ticket = tickets.take_back(link.proto.url.removeprefix("/download/"))
    assert ticket.upload is None
    assert isinstance(ticket.content, NeverAsked)
    assert ticket.file_name.startswith("never-asked ")


def test_a_list_that_runs_is_held_to_what_is_added_here(runtime, save, show):
    upload = save("fig@mill.com", is_started=True)
    _type(show("NEVER_ASKED"), "mill.com")
    (cell,) = summarise(runtime.database, upload).cells
    assert cell.reason == "never_probed"


def test_kinds_are_counted_in_words():
    assert counted_kinds([ListedAs.ADDRESS] * 2) == "2 addresses"
    assert counted_kinds([ListedAs.ADDRESS, ListedAs.DOMAIN]) == "1 address and 1 domain"
    assert counted_kinds([*ListedAs]) == "1 address, 1 domain and 1 mail host"
    assert kind_figures({ListedAs.ADDRESS: 2, ListedAs.DOMAIN: 0, ListedAs.MX: 1}) == {
        "Addresses": 2,
        "Mail hosts": 1,
    }
    assert listed_table([]).empty


def test_endings_that_take_in_whole_countries_are_named_before_they_are_added(runtime, show, names):
    page = _way(show("NEVER_ASKED"), PASTE)
    told = r"\*\.gov and \*\.рф take in every domain that ends so, and everybody there\."
    page.text_area[0].set_value("*@orchard.com").run()
    assert not any("take in" in each.value for each in page.warning)
    page.text_area[0].set_value("*.gov, *@orchard.com, *.xn--p1ai").run()
    assert told in [each.value for each in page.warning]
    _button(page, "Add 3 lines").click().run()
    assert names() == ["gov", "orchard.com", "xn--p1ai"]


def test_many_endings_are_counted():
    many = [Listed(ListedAs.DOMAIN, name) for name in ("a1", "b1", "c1", "d1", "e1", "f1", "plum.example")]
    assert endings_sentence(many) == (
        "*.a1, *.b1, *.c1, *.d1, *.e1 and 1 more take in every domain that ends so, and everybody there."
    )


def test_a_list_of_one_line_asks_about_that_line_which_can_be_put_back(runtime, show):
    write_lines(runtime.database, [parse_listed("mill.sandbox")], Origin("", "Partners"))
    page = show("NEVER_ASKED")
    page = page.button(key="source Partners").click().run()
    said = " ".join(each.value for each in page.markdown)
    assert "`mill.sandbox`" in said
    assert "cannot be taken back" not in said
    next(each for each in page.button if each.label == "Take it off the list").click().run()
    assert not find_lines(runtime.database)
    next(each for each in page.button if each.label == "Undo").click().run()
    (line,) = find_lines(runtime.database)
    assert (line.listed, line.origin.source) == (parse_listed("mill.sandbox"), "Partners")
