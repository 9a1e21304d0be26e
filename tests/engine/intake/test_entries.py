"""Cells to entries, and the survey of a sheet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.address import Address, Malformed
from engine.intake.entries import BadCell, EntryDraft, addresses_in, read_entries, survey
from engine.intake.read import read_sheet
from engine.reason import Reason


def found_in(cell: str) -> list[str]:
    return [str(found.result) if isinstance(found.result, Address) else "?" for found in addresses_in(cell)]


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.com;b@y.com",
        "a@x.com, b@y.com",
        "a@x.com b@y.com",
        "a@x.com\u00a0b@y.com",
        "a@x.com/b@y.com",
        "a@x.com | b@y.com",
        "a@x.com\nb@y.com",
        "a@x.com;;b@y.com;",
        '"a@x.com;b@y.com"',
        "<a@x.com;b@y.com>",
        "<a@x.com> <b@y.com>",
        "<a@x.com>,<b@y.com>",
        "Apple <a@x.com> Banana <b@y.com>",
        "Apple, Red <a@x.com>, Banana, Ripe <b@y.com>",
        '"Apple; Red" <a@x.com>; b@y.com',
        "a@x.com Banana <b@y.com>",
        "a@x.com <b@y.com>",
        "'a@x.com' 'b@y.com'",
        "a@x.com (work), b@y.com (home)",
        "mailto:a@x.com, mailto:b@y.com",
        "a@x.com，b@y.com",
    ],
)
def test_a_cell_with_two_addresses_gives_two_entries(cell):
    assert found_in(cell) == ["a@x.com", "b@y.com"]


@pytest.mark.parametrize(
    "cell",
    [
        "a@x.com",
        " a@x.com. ",
        "Apple <a@x.com>",
        "Apple, Red <a@x.com>",
        '"Apple, Red" <a@x.com>',
        "a@x.com <a@x.com>",
        '"a@x.com" <a@x.com>',
        '"apple@work" <a@x.com>',
        "mailto:a@x.com?cc=b@y.com",
        "a@x.com; -",
    ],
)
def test_a_cell_with_one_address_gives_one_entry_with_the_cell_as_its_text(cell):
    assert found_in(cell) == ["a@x.com"]
    assert addresses_in(cell)[0].text == cell


def test_a_slash_may_belong_to_an_address():
    assert found_in("apple/red@x.com") == ["apple/red@x.com"]
    assert found_in("apple/red@x.com plum@y.com") == ["apple/red@x.com", "plum@y.com"]


def test_a_space_inside_an_address_never_makes_another_address():
    assert found_in("red apple@x.com") == ["?"]
    assert found_in("apple@orchard .com") == ["?"]


def test_a_word_beside_an_address_is_an_entry_of_its_own():
    assert [(found.text, type(found.result)) for found in addresses_in("none; a@x.com")] == [
        ("none", Malformed),
        ("a@x.com", Address),
    ]


@pytest.mark.parametrize("cell", ["", "n/a", "no, thanks", "Apple <none>", ";", "   "])
def test_a_cell_without_address_gives_at_least_one_malformed_entry(cell):
    found = addresses_in(cell)
    assert found
    assert all(isinstance(each.result, Malformed) for each in found)


@pytest.mark.parametrize("cell", ["n/a", " N/A ", "#N/A", "-", "--", "keine", "k.A.", "null", "NA"])
def test_a_word_for_nothing_is_an_empty_cell(cell):
    (found,) = addresses_in(cell)
    assert isinstance(found.result, Malformed)
    assert found.result.why is Reason.EMPTY
    sheet = read_sheet(f"email,fruit\n{cell},pear\n".encode(), "list.csv")
    assert [(each.text, each.result) for each in read_entries(sheet, ["email"])] == [(cell, found.result)]


@pytest.mark.parametrize("cell", ["na@", "n/a.com", "pear", "keinepear"])
def test_a_text_that_only_begins_like_a_word_for_nothing_is_malformed(cell):
    (found,) = addresses_in(cell)
    assert isinstance(found.result, Malformed)
    assert found.result.why is Reason.MALFORMED


PIECES = st.lists(st.sampled_from([*"ab@.,; /|<>\"'\n()", "a@x.com", "b@y.com", "Pear", "é"]), max_size=12)


@settings(max_examples=1000, deadline=None)
@given(PIECES.map("".join))
def test_no_letter_of_a_cell_is_lost(cell):
    found = addresses_in(cell)
    assert found
    kept = "".join(each.text for each in found)
    assert [sign for sign in kept if sign.isalnum() or sign == "@"] == [
        sign for sign in cell if sign.isalnum() or sign == "@"
    ] or len(found) == 1


@pytest.mark.parametrize(
    "cell", ["a" * 32_000, "@" * 32_000, '"' * 32_001, "<" * 32_000, "a@ " * 10_000, "( " * 9999]
)
@pytest.mark.timeout(60)
def test_an_absurd_cell_is_read_and_nothing_hangs(cell):
    assert addresses_in(cell)


def test_entries_are_numbered_within_their_row_over_all_columns():
    sheet = read_sheet(b"work,fruit,home\na@x.com;b@x.com,pear,c@x.com\n,plum,d@x.com\n", "list.csv")
    drafts = list(read_entries(sheet, ["work", "home"]))
    assert [(draft.row, draft.column, draft.ordinal, draft.text) for draft in drafts] == [
        (0, "work", 0, "a@x.com"),
        (0, "work", 1, "b@x.com"),
        (0, "home", 2, "c@x.com"),
        (1, "home", 0, "d@x.com"),
    ]


def test_an_empty_cell_beside_a_filled_one_is_no_entry():
    sheet = read_sheet(b"work,fruit,home\na@x.com,pear,\n,plum,b@x.com\nfig,plum, \n", "list.csv")
    drafts = list(read_entries(sheet, ["work", "home"]))
    assert [(draft.row, draft.column, draft.ordinal, draft.text) for draft in drafts] == [
        (0, "work", 0, "a@x.com"),
        (1, "home", 0, "b@x.com"),
        (2, "work", 0, "fig"),
    ]


def test_a_row_with_nothing_in_any_chosen_column_has_exactly_one_entry():
    sheet = read_sheet(b"work,fruit,home\n,pear, \na@x.com,plum,b@x.com\n", "list.csv")
    first, *others = read_entries(sheet, ["work", "home"])
    assert (first.row, first.column, first.ordinal) == (0, "work", 0)
    assert isinstance(first.result, Malformed)
    assert first.result.why is Reason.EMPTY
    assert [draft.row for draft in others] == [1, 1]


def test_one_column_gives_the_same_entries_as_several():
    sheet = read_sheet(
        b"email,email2\na@x.com; b@x.com,z@x.com\nnone,z@x.com\n,\nPear <c@x.com>,z@x.com", "Pasted text"
    )
    alone = list(read_entries(sheet, ["email"]))
    among = [draft for draft in read_entries(sheet, ["email", "email2"]) if draft.column == "email"]
    assert alone == among
    assert alone[0] == EntryDraft(0, "email", 0, "a@x.com", Address("a", "x.com"))
    assert [draft.row for draft in alone] == [0, 0, 1, 2, 3]


def test_every_row_of_a_long_list_gets_its_entry():
    content = "\n".join(f"pear{number}@orchard{number % 7}.com" for number in range(30_000)).encode()
    sheet = read_sheet(content, "list.txt")
    drafts = list(read_entries(sheet, ["Column 1"]))
    assert [draft.row for draft in drafts] == list(range(30_000))
    assert all(isinstance(draft.result, Address) for draft in drafts)


def test_a_survey_counts_what_the_columns_hold():
    sheet = read_sheet(
        b"fruit,email\npear,Pear@X.com\npear,pear@x.com\nplum,plum@y.com;fig@y.com\nfig,\nlime,lime.com\n",
        "l.csv",
    )
    found = survey(sheet, ["email"])
    assert (found.rows, found.addresses, found.distinct, found.duplicates) == (5, 4, 3, 1)
    assert (found.malformed, found.empty, found.several, found.domains) == (1, 1, 1, 2)
    assert found.examples == (BadCell(6, "lime.com", "there is no @"),)


def test_a_survey_counts_further_spellings_of_the_same_mailbox():
    lines = [
        "Anna.Plum@gmail.com",
        "annaplum+news@googlemail.com",
        "anna.plum@GMAIL.com",
        "a.n.naplum@gmail.com",
    ]
    others = ["bert@gmail.com", "anna+a@orchard.com", "anna@orchard.com"]
    found = survey(read_sheet("\n".join(["email", *lines, *others]).encode(), "l.csv"), ["email"])
    assert (found.addresses, found.distinct, found.duplicates, found.aliases) == (7, 6, 1, 2)


def test_a_survey_shows_no_more_than_a_hundred_examples():
    sheet = read_sheet(b"email\na@x.com\n" + b"pear\n" * 250, "list.csv")
    found = survey(sheet, ["email"])
    assert found.malformed == 250
    assert len(found.examples) == 100


def test_a_survey_of_no_column_counts_rows_only():
    found = survey(read_sheet(b"fruit,city\npear,Lyon\n", "list.csv"), [])
    assert (found.rows, found.addresses, found.malformed) == (1, 0, 0)


def test_an_emoji_and_a_long_local_part_are_entries_like_any_other():
    long = "p" * 70 + "@x.com"
    sheet = read_sheet(f"🍐@x.com\n{long}\n".encode(), "Pasted text")
    first, second = read_entries(sheet, ["Column 1"])
    assert first.result == Address("🍐", "x.com")
    assert isinstance(second.result, Malformed)
    assert second.result.why is Reason.MALFORMED
