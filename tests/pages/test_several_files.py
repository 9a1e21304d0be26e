"""Several files handed in together."""

import re

import pytest

from engine.never_probed import parse_listed
from engine.policy import Policy
from pages.parts.several_files import LOOK
from pages.parts.unasked import listed_sentence
from storage.entries import Search, find_entries
from storage.never_probed import Origin
from storage.policies import NamedPolicy, save_policy
from storage.summaries import standings, summarise
from storage.withholding import never_probe

FIRST = (b"name,mail\nfig,fig@gmial.com\nplum,plum@orchard.sandbox\n", "first.csv")
SECOND = (b"email,other\npear@mill.sandbox,x@mill.sandbox\npear@mill.sandbox,\nnone,\n", "second.csv")
BROKEN = (b"PK\x03\x04 torn", "torn.xlsx")
BARE = (b"name,town\nquince,mill\nplum,orchard\n", "bare.csv")


@pytest.fixture
def hand_in(runtime, show):
    def give(*files):
        page = show("NEW_LIST")
        given = [(name, content, "application/octet-stream") for content, name in files]
        return page.file_uploader[0].set_value(given).run()

    return give


def start_button(page):
    return next(each for each in page.button if each.label.startswith("Check"))


def captions(page):
    return [each.value for each in page.caption]


def test_each_file_has_a_card_with_its_columns_and_what_it_holds(hand_in):
    page = hand_in(FIRST, SECOND)
    assert not page.exception
    assert [each.value for each in page.multiselect] == [["mail"], ["email"]]
    assert "2 addresses in 2 rows · 1 address has a mistyped domain" in captions(page)
    assert "3 addresses in 3 rows · 1 duplicate · 1 malformed" in captions(page)
    assert start_button(page).label == "Check 3 addresses in 2 lists"


def test_each_file_becomes_a_list_of_its_own(hand_in, runtime):
    page = hand_in(FIRST, SECOND)
    page.multiselect[1].set_value(["email", "other"]).run()
    start_button(page).click().run()
    assert not page.exception
    assert page.title[0].value == "Lists"
    lists = {each.name: each for each in standings(runtime.database)}
    assert set(lists) == {"first.csv", "second.csv"}
    assert all(each.started_at is not None for each in lists.values())
    second = summarise(runtime.database, lists["second.csv"].upload)
    assert second.address_columns == ("email", "other")


def test_a_broken_file_says_so_and_does_not_stop_the_others(hand_in, runtime):
    page = hand_in(FIRST, BROKEN, BARE)
    assert ["broken" in each.value for each in page.error] == [True]
    assert any("left out" in each.value for each in page.warning)
    assert start_button(page).label == "Check 2 addresses"
    start_button(page).click().run()
    assert [each.name for each in standings(runtime.database)] == ["first.csv"]


def test_where_no_file_can_be_checked_nothing_can_be_started(hand_in):
    page = hand_in(BROKEN, BARE)
    assert any("None of these files" in each.value for each in page.warning)
    assert not [each for each in page.button if each.label.startswith("Check")]


def test_all_mistyped_domains_are_fixed_by_one_switch(hand_in, runtime):
    page = hand_in(FIRST, SECOND)
    switch = next(each for each in page.toggle if each.label.startswith("Fix all"))
    assert switch.label == "Fix all mistyped domains (1 address)"
    switch.set_value(True).run()
    start_button(page).click().run()
    lists = {each.name: each.upload for each in standings(runtime.database)}
    lines = find_entries(runtime.database, lists["first.csv"], Search())
    assert [each.corrected for each in lines] == ["fig@gmail.com", ""]


def test_a_card_counts_as_it_is_chosen_to_be_fixed(hand_in):
    page = hand_in((b"email\nfig@gmial.com\nfig@gmail.com\n", "slips.csv"), SECOND)
    assert "2 addresses in 2 rows · 1 address has a mistyped domain" in captions(page)
    next(each for each in page.toggle if each.label.startswith("Fix all")).set_value(True).run()
    assert "2 addresses in 2 rows · 1 duplicate · 1 address has a mistyped domain" in captions(page)
    assert start_button(page).label == "Check 2 addresses in 2 lists"


def test_of_several_files_of_which_nobody_is_asked_only_that_is_said(hand_in, runtime):
    listed = ("mill.sandbox", "orchard.sandbox", "gmial.com")
    never_probe(runtime.database, [parse_listed(each) for each in listed], Origin())
    page = hand_in(FIRST, SECOND)
    assert "Save these 2 lists; nobody is asked" in [each.label for each in page.button]
    assert "Nobody in these files is asked." in captions(page)
    assert not any(":material/schedule:" in each.value for each in page.markdown)


def test_nobody_who_is_never_asked_is_offered_to_be_fixed(hand_in, runtime):
    never_probe(runtime.database, [parse_listed("gmial.com")], Origin())
    page = hand_in(FIRST, SECOND)
    assert not [each for each in page.toggle if each.label.startswith("Fix all")]


def test_nobody_whom_the_chosen_client_lets_nobody_ask_about_is_offered_to_be_fixed(hand_in, runtime):
    save_policy(runtime.database, NamedPolicy("Orchard Ltd", Policy(never_probed_domains=("gmial.com",))))
    page = hand_in(FIRST, SECOND)
    assert [each for each in page.toggle if each.label.startswith("Fix all")]
    page.selectbox(key="client policy").set_value("Orchard Ltd").run()
    assert not page.exception
    assert not [each for each in page.toggle if each.label.startswith("Fix all")]


def test_a_file_that_was_handed_in_before_is_named_on_its_card(hand_in):
    start_button(hand_in(FIRST, SECOND)).click().run()
    page = hand_in(BARE, FIRST, (b"email\nlime@mill.sandbox\n", "third.csv"))
    (card,) = [name for name, info in told_on_cards(page) if "the same file before" in info]
    assert card == ":material/description: **first\\.csv**"
    assert any("“first\\.csv” (" in each.value for each in page.info)


def told_on_cards(page):
    """Give what each card tells, with the card's head."""
    head = ""
    for each in page.main:
        if each.type == "markdown" and each.value.startswith(":material/description:"):
            head = each.value
        if each.type == "info":
            yield head, each.value


def shelves(page):
    """Count the files of which something is remembered."""
    return len(set(re.findall(r"names on shelf (\S+)'", repr(page.session_state))))


def test_what_was_read_of_a_file_that_is_taken_away_is_forgotten(hand_in):
    page = hand_in(FIRST, SECOND)
    assert shelves(page) == 2
    page.file_uploader[0].set_value([]).run()
    assert shelves(page) == 0


def test_of_each_file_it_can_be_said_whether_its_first_row_names_the_columns(hand_in, runtime):
    page = hand_in(FIRST, SECOND)
    headers = [each for each in page.toggle if each.label.startswith("The first row")]
    assert [each.value for each in headers] == [True, True]
    headers[1].set_value(False).run()
    assert any(each.startswith("4 addresses in 4 rows") for each in captions(page))
    start_button(page).click().run()
    assert not page.exception
    assert {each.name: each.rows for each in standings(runtime.database)} == {"first.csv": 2, "second.csv": 4}


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"validator_helo": "winnow.sandbox"})


def many(local):
    return ("email\n" + "\n".join(f"{local}{number}@gmail.com" for number in range(300))).encode()


def test_how_long_all_of_them_take_together_is_said_before_the_start(hand_in):
    page = hand_in((many("plum"), "plums.csv"), (many("fig"), "figs.csv"))
    assert "600 addresses at gmail.com" in " ".join(captions(page)).replace("\\", "")
    assert any(re.search(r"About \d+ to \d+ minutes", each.value) for each in page.markdown)


def test_of_each_file_its_first_rows_and_what_was_cleaned_are_shown_the_first_file_open(hand_in):
    page = hand_in(
        FIRST, (b"email\n pear@mill.sandbox \nnone at mill\n" + b"fig@mill.sandbox\n" * 9, "second.csv")
    )
    assert [each.label for each in page.expander if each.label == LOOK] == [LOOK, LOOK]
    assert [each.proto.expanded for each in page.expander if each.label == LOOK] == [True, False]
    assert [len(each.value) for each in page.dataframe if "email" in each.value or "mail" in each.value] == [
        2,
        5,
    ]
    assert "… and 6 more rows" in captions(page)
    folded = [each.label for each in page.expander]
    assert {"What was cleaned (1 address)", "What is malformed (1)"} <= set(folded)
    assert "Mistyped domains: gmial.com (1)." in [each.replace("\\", "") for each in captions(page)]


def test_a_file_whose_columns_have_to_be_chosen_is_open_for_that(hand_in):
    page = hand_in(FIRST, BARE)
    assert [each.proto.expanded for each in page.expander if each.label == LOOK] == [True, True]


def test_whom_nobody_asks_is_told_of_each_file(hand_in, runtime):
    never_probe(runtime.database, [parse_listed("mill.sandbox")], Origin())
    page = hand_in(FIRST, SECOND)
    assert listed_sentence(1) in [each.value for each in page.info]
    assert any(each.endswith("1 malformed · 1 never asked") for each in captions(page))


def test_how_many_addresses_stand_in_more_than_one_file_is_said(hand_in):
    page = hand_in(FIRST, SECOND)
    assert any("none stands in more than one of these files" in each for each in captions(page))
    page = hand_in(FIRST, SECOND, (b"email\nPLUM@orchard.sandbox\n", "third.csv"))
    said = "3 addresses are to be checked in all: 1 of them stands in more than one of these files"
    assert any(each.startswith(said) for each in captions(page))


def test_the_same_file_twice_is_told_of(hand_in):
    assert not any("same file" in each.value for each in hand_in(FIRST, SECOND).warning)
    page = hand_in(FIRST, SECOND, (FIRST[0], "copy.csv"))
    said = "copy\\.csv is the same file as first\\.csv. Take one of them away above."
    assert [each.value for each in page.warning] == [said]
