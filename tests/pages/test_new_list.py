"""The New list page: from a file or a text to a list that runs."""

import io
import re
import time

import pytest
import xlsxwriter
from sqlalchemy import text

from engine.intake.read import read_sheet
from engine.policy import Policy
from pages.parts.counting import held
from pages.parts.frame import NEW_LIST
from pages.parts.how_long import AT_ONCE, FOR_MOST
from pages.parts.intake import READ
from pages.parts.words import SAMPLE
from storage.entries import Search, find_entries
from storage.intake import save_upload
from storage.policies import NamedPolicy, save_policy
from storage.summaries import standings, summarise
from storage.uploads import Choice

NONE = "None, ask about every address"
FRUITS = (
    b"name,email,second\n"
    b"quince,quince@orchard.sandbox,\n"
    b"quince again,QUINCE@orchard.sandbox,\n"
    b"plum,plum@orchard.sandbox ; pear@mill.sandbox,fig@mill.sandbox\n"
    b"sloe,sloe at mill,\n"
    b"lime,,\n"
)


def hand_in(page, content=FRUITS, name="fruits.csv"):
    return page.file_uploader[0].set_value((name, content, "application/octet-stream")).run()


def figures_of(page):
    return {each.label: each.value for each in page.metric}


def links_to_lists(page):
    links = [(each.value, each.proto.query_string) for each in page.page_link]
    return [(label, query) for label, query in links if query]


def start_button(page):
    return next(each for each in page.button if each.label.startswith("Check"))


def workbook(**sheets):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def test_nothing_is_offered_before_a_list_is_handed_in(runtime, show):
    page = show("NEW_LIST")
    assert not page.button
    assert not page.metric


def test_a_file_is_counted_with_its_address_column_guessed(runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert not page.exception
    assert page.multiselect[0].value == ["email"]
    assert figures_of(page) == {
        "Rows": "5",
        "Without address": "1",
        "Addresses": "5",
        "Duplicates": "1",
        "Malformed": "1",
        "To check": "3",
        "Domains": "2",
    }
    assert any(
        "5 addresses in 5 rows (1 row without an address) · 1 cell with several." in each.value
        for each in page.caption
    )
    assert start_button(page).label == "Check 3 addresses"


def test_other_spellings_of_a_mailbox_are_counted_where_there_are_any(runtime, show):
    page = hand_in(
        show("NEW_LIST"), b"email\nfresh.plum@gmail.com\nfreshplum+news@gmail.com\nfig@gmail.com\n"
    )
    figures = figures_of(page)
    assert (figures["To check"], figures["Duplicates"], figures["Other spellings"]) == ("3", "0", "1")
    assert any("Of those to check, 1 more is another spelling" in each.value for each in page.caption)
    assert "Other spellings" not in figures_of(hand_in(show("NEW_LIST")))


def test_a_list_can_be_checked_by_dns_only(runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert page.segmented_control(key="depth").value is False
    page.segmented_control(key="depth").set_value(True).run()
    assert any("No mail host is asked" in each.value for each in page.caption)
    start_button(page).click().run()
    (standing,) = standings(runtime.database)
    assert standing.is_dns_only


def test_a_link_can_have_chosen_dns_only_already(runtime, show):
    page = hand_in(show("NEW_LIST", dns_only="1"))
    assert page.segmented_control(key="depth").value is True


def test_a_text_that_is_no_address_is_shown_with_its_row_and_fault(runtime, show):
    page = hand_in(show("NEW_LIST"))
    wrong = page.dataframe[1].value
    assert wrong[["Row", "Text"]].to_numpy().tolist() == [[5, "sloe at mill"]]
    assert all(wrong["What is wrong"])


def test_several_columns_can_be_checked_at_once(runtime, show):
    page = hand_in(show("NEW_LIST"))
    page.multiselect[0].set_value(["email", "second"]).run()
    assert figures_of(page)["Addresses"] == "6"


@pytest.mark.parametrize("columns", [["email"], ["second"], ["email", "second"]])
def test_a_list_holds_as_much_before_it_is_kept_as_afterwards(runtime, show, columns):
    page = hand_in(show("NEW_LIST"))
    page.multiselect[0].set_value(columns).run()
    before = next(each.value for each in page.caption if " in 5 rows" in each.value)
    start_button(page).click().run()
    (standing,) = standings(runtime.database)
    assert before.startswith(held(standing))


def test_the_guess_about_the_header_can_be_overruled(runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert page.toggle[0].value is True
    page.toggle[0].set_value(False).run()
    assert not page.exception
    assert figures_of(page)["Rows"] == "6"


def test_a_pasted_text_is_read(runtime, show):
    page = show("NEW_LIST")
    page.segmented_control(key="way").set_value("Paste addresses").run()
    page.text_area[0].set_value("quince@orchard.sandbox\nplum@orchard.sandbox").run()
    assert figures_of(page)["Addresses"] == "2"


def test_the_sheet_of_a_workbook_can_be_chosen(runtime, show):
    content = workbook(
        Spring=[["email"], ["quince@orchard.sandbox"]],
        Autumn=[["email"], ["plum@orchard.sandbox"], ["fig@orchard.sandbox"]],
    )
    page = hand_in(show("NEW_LIST"), content, "fruits.xlsx")
    assert figures_of(page)["Addresses"] == "1"
    assert any(each.value.startswith("One of 2 sheets is read at a time") for each in page.caption)
    page.selectbox[0].set_value("Autumn").run()
    assert figures_of(page)["Addresses"] == "2"


@pytest.mark.parametrize("cover", [[], [["Notes"], ["Collected in spring"]]])
def test_of_a_workbook_the_first_sheet_with_addresses_is_read_and_another_can_be_chosen(runtime, show, cover):
    content = workbook(Cover=cover, Autumn=[["email"], ["plum@orchard.sandbox"]], Spring=[["email"]])
    page = hand_in(show("NEW_LIST"), content, "fruits.xlsx")
    assert not page.error
    assert page.selectbox[0].value == "Autumn"
    assert figures_of(page)["Addresses"] == "1"
    page.selectbox[0].set_value("Cover").run()
    assert len(page.error) + len(page.warning) == 1


def test_of_a_workbook_without_an_address_the_first_sheet_is_shown(runtime, show):
    content = workbook(Cover=[], Spring=[["email"]])
    page = hand_in(show("NEW_LIST"), content, "fruits.xlsx")
    assert page.selectbox[0].value == "Cover"
    assert len(page.error) == 1


@pytest.mark.parametrize(
    ("content", "name"), [(b"  \n", "empty.csv"), (b"PK\x03\x04 torn", "torn.xlsx"), (b"email\n", "bare.csv")]
)
def test_an_unreadable_file_is_said_in_one_sentence(runtime, show, content, name):
    page = hand_in(show("NEW_LIST"), content, name)
    assert not page.exception
    assert len(page.error) + len(page.warning) >= 1
    assert not [each for each in page.button if each.label.startswith("Check")]


def test_a_file_without_any_address_cannot_be_started(runtime, show):
    page = hand_in(show("NEW_LIST"), b"name,town\nquince,mill\nplum,orchard\n")
    assert page.multiselect[0].value == []
    assert [each.value for each in page.warning][-1] == "No column of this list holds an e-mail address."
    assert not page.button
    page.multiselect[0].set_value(["town"]).run()
    assert [each.value for each in page.warning][-1] == "There is no address in the chosen column."
    assert not page.button


def test_start_saves_the_list_runs_it_and_shows_its_results(runtime, show):
    page = hand_in(show("NEW_LIST"))
    start_button(page).click().run()
    assert not page.exception
    (standing,) = standings(runtime.database)
    assert (standing.name, standing.rows, standing.entries) == ("fruits.csv", 5, 6)
    assert standing.started_at is not None
    assert page.title[0].value == "Results"
    assert page.query_params["list"] == str(standing.upload)


def test_the_form_is_empty_after_a_start(runtime, show):
    page = hand_in(show("NEW_LIST"))
    kept = ("once sheet None", "once names", "once survey")
    assert [name in page.session_state for name in kept] == [True, True, True]
    start_button(page).click().run()
    assert [name in page.session_state for name in kept] == [False, False, False]
    page.switch_page(NEW_LIST).run()
    assert page.title[0].value == "New list"
    assert page.file_uploader[0].value == []


def test_the_same_file_again_offers_the_list_that_is_there(runtime, show):
    start_button(hand_in(show("NEW_LIST"))).click().run()
    (standing,) = standings(runtime.database)
    page = hand_in(show("NEW_LIST"))
    assert any("You handed in the same file before" in each.value for each in page.info)
    assert links_to_lists(page) == [("Open that list", f"list={standing.upload}")]
    next(each for each in page.button if each.label == "Check 3 addresses as a new list").click().run()
    assert len(standings(runtime.database)) == 2


TWO_COLUMNS = b"work,home\nfig@orchard.sandbox,plum@orchard.sandbox\npear@orchard.sandbox,\n"


def test_the_same_file_again_has_its_columns_and_policy_chosen_as_they_were(runtime, save, show):
    save_policy(runtime.database, NamedPolicy("Orchard", Policy(least_confidence=90)))
    sheet = read_sheet(TWO_COLUMNS, "two.csv")
    named = NamedPolicy("Orchard", Policy(least_confidence=90))
    save_upload(runtime.database, sheet, Choice(("home",), policy=named, is_dns_only=True))
    page = hand_in(show("NEW_LIST"), TWO_COLUMNS, "again.csv")
    assert not page.exception
    assert page.multiselect[0].value == ["home"]
    assert page.selectbox(key="client policy").value == "Orchard"
    (said,) = (each.value for each in page.info if "You handed in the same file" in each.value)
    assert said.endswith("Chosen as you did then: the address columns and the policy of Orchard.")
    assert any("Full check" in each.value for each in page.caption), "how thoroughly is a choice of the day"
    page = hand_in(page, FRUITS, "other.csv")
    assert page.selectbox(key="client policy").value == ""


def test_another_choice_about_the_same_file_is_another_list(runtime, show):
    start_button(hand_in(show("NEW_LIST"))).click().run()
    page = hand_in(show("NEW_LIST"))
    page.selectbox(key="reuse").set_value(NONE).run()
    assert start_button(page).label == "Check 3 addresses as a new list"
    start_button(page).click().run()
    assert len(standings(runtime.database)) == 2


def test_a_demo_s_sample_list_is_one_click_away(demo_runtime, show):
    page = show("NEW_LIST")
    next(each for each in page.button if each.label == SAMPLE).click().run()
    assert figures_of(page)["Addresses"] == "2"
    start_button(page).click().run()
    (standing,) = standings(demo_runtime.database)
    assert standing.name == "Sample fruits.csv"
    assert summarise(demo_runtime.database, standing.upload).address_columns == ("email",)


def test_without_a_demo_nothing_offers_a_sample(runtime, show):
    assert not show("NEW_LIST", sample="1").metric


def test_a_second_column_with_addresses_is_named_until_it_is_chosen(runtime, show):
    content = b"work,home\nquince@mill.sandbox,plum@orchard.sandbox\npear@mill.sandbox,fig@orchard.sandbox\n"
    page = hand_in(show("NEW_LIST"), content)
    (chosen,) = page.multiselect[0].value
    (other,) = {"work", "home"} - {chosen}
    assert [each.value for each in page.info if f"addresses in {other} too" in each.value]
    page.multiselect[0].set_value([chosen, other]).run()
    assert not [each.value for each in page.info if "addresses in" in each.value]


LONG = ("email\n" + "\n".join(f"plum{number}@gmail.com" for number in range(600))).encode()


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"validator_helo": "winnow.sandbox"})


def test_it_is_said_before_the_start_how_long_a_list_takes_and_what_makes_it_long(runtime, show):
    page = hand_in(show("NEW_LIST"), LONG)
    assert not page.exception
    shown = [each.value for each in page.markdown]
    assert any(re.search(r"About \d+ to \d+ minutes", each) for each in shown), shown
    captions = " ".join(each.value.replace("\\", "") for each in page.caption)
    assert "600 addresses at gmail.com in 30 sessions, at most 10 a minute." in captions
    assert "come back later may take up to about 10 hours more" in captions
    assert any(each.endswith(FOR_MOST) for each in shown)


def test_of_a_check_that_asks_no_mail_host_the_short_time_is_said_and_nothing_makes_it_long(runtime, show):
    page = hand_in(show("NEW_LIST", dns_only="1"), LONG)
    assert any("Under a minute" in each.value for each in page.markdown)
    captions = " ".join(each.value for each in page.caption)
    assert "What makes it long" not in captions
    assert "come back later" not in captions


def test_where_all_answers_are_known_it_is_said_that_it_is_done_at_once(runtime, show):
    page = hand_in(show("NEW_LIST"))
    start_button(page).click().run()
    runtime.engine.stop()  # it would put them off, as it can look up nothing
    with runtime.database.writing() as connection:
        until = {"until": time.time() + 3600}
        settled = "UPDATE mailbox SET state = 'settled', checked_at = 1, expires_at = :until"
        connection.execute(text(settled), until)
    page = hand_in(show("NEW_LIST"))
    assert any(AT_ONCE in each.value for each in page.markdown)
    page.selectbox(key="reuse").set_value(NONE).run()
    assert not any(AT_ONCE in each.value for each in page.markdown)


SLIPS = (
    b"email,name\n"
    b"fig@gmial.com,a\nmailto:fig@gmail.com,b\nplum@gmial.com,c\n"
    b"pear@hotmial.com,d\n quince@orchard.sandbox ,e\n"
)


def checkboxes(page):
    return {each.label: each.value for each in page.checkbox}


def button(page, label):
    return next(each for each in page.button if each.label == label)


def test_slips_are_offered_for_correction_one_by_one_or_all_with_a_way_back(runtime, show):
    page = hand_in(show("NEW_LIST"), SLIPS)
    assert checkboxes(page) == {
        "2 addresses say gmial.com: ask gmail.com instead": False,
        "1 address says hotmial.com: ask hotmail.com instead": False,
    }
    assert figures_of(page)["Duplicates"] == "0"
    button(page, "Fix all").click().run()
    assert list(checkboxes(page).values()) == [True, True]
    assert (figures_of(page)["Duplicates"], figures_of(page)["Domains"]) == ("1", "3")
    page.checkbox[1].uncheck().run()
    assert figures_of(page)["Domains"] == "3"
    button(page, "Undo all").click().run()
    assert list(checkboxes(page).values()) == [False, False]
    assert figures_of(page)["Duplicates"] == "0"


def test_chosen_corrections_are_asked_and_kept_beside_what_was_read(runtime, show):
    page = hand_in(show("NEW_LIST"), SLIPS)
    page.checkbox[0].check().run()
    start_button(page).click().run()
    (standing,) = standings(runtime.database)
    lines = find_entries(runtime.database, standing.upload, Search())
    assert [(each.text.strip(), each.corrected) for each in lines] == [
        ("fig@gmial.com", "fig@gmail.com"),
        ("mailto:fig@gmail.com", ""),
        ("plum@gmial.com", "plum@gmail.com"),
        ("pear@hotmial.com", ""),
        ("quince@orchard.sandbox", ""),
    ]


def test_what_reading_cleaned_is_told_with_examples(runtime, show):
    page = hand_in(show("NEW_LIST"), SLIPS)
    assert "What was cleaned (2 addresses)" in [each.label for each in page.expander]
    assert page.dataframe[1].value["For example"].tolist() == [
        "mailto:fig@gmail.com → fig@gmail.com",
        "␣quince@orchard.sandbox␣ → quince@orchard.sandbox",
    ]


def test_a_list_without_slips_offers_no_correction(runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert not page.checkbox
    assert not [each for each in page.button if each.label == "Fix all"]


def test_of_a_list_of_one_column_none_is_to_be_chosen_but_its_first_rows_are_shown(runtime, show):
    page = hand_in(show("NEW_LIST"), LONG)
    assert not page.multiselect
    assert page.dataframe[0].value["email"].tolist() == [f"plum{number}@gmail.com" for number in range(5)]
    assert "… and 595 more rows" in [each.value for each in page.caption]


def test_of_a_list_of_one_column_without_any_address_the_column_can_still_be_chosen(runtime, show):
    page = hand_in(show("NEW_LIST"), b"name\nquince\nplum\n")
    assert page.multiselect[0].value == []


def test_a_text_is_read_by_a_button_too(runtime, show):
    page = show("NEW_LIST")
    page.segmented_control(key="way").set_value("Paste addresses").run()
    page.text_area[0].set_value("quince@orchard.sandbox")
    button(page, READ).click().run()
    assert start_button(page).label == "Check 1 address"
    assert READ not in [each.label for each in page.button]
