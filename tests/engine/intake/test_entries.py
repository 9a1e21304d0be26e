"""Rows to entries."""

from engine.address import Address, Malformed
from engine.intake.entries import EntryDraft, read_entries
from engine.intake.read import read_sheet
from engine.reason import Reason


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


def test_an_emoji_and_a_long_local_part_are_entries_like_any_other():
    long = "p" * 70 + "@x.com"
    sheet = read_sheet(f"🍐@x.com\n{long}\n".encode(), "Pasted text")
    first, second = read_entries(sheet, ["Column 1"])
    assert first.result == Address("🍐", "x.com")
    assert isinstance(second.result, Malformed)
    assert second.result.why is Reason.MALFORMED
