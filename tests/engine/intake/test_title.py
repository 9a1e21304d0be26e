"""Lines above a list's header: cut off where they are a title, kept where they may be the list."""

import pytest

from engine.intake.entries import read_entries
from engine.intake.read import read_sheet

TITLED = "Contacts Q4\n\nNr,E-Mail address,Phone\n1,fig@orchard.com,030\n2,plum@orchard.com,040\n"


def test_a_title_and_an_empty_line_above_the_header_are_left_out_and_told_of():
    sheet = read_sheet(TITLED.encode(), "contacts.csv")
    assert list(sheet.frame.columns) == ["Nr", "E-Mail address", "Phone"]
    assert sheet.frame["E-Mail address"].tolist() == ["fig@orchard.com", "plum@orchard.com"]
    assert sheet.notes == ("The 2 lines above the header are left out: “Contacts Q4”.",)


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    sheet = read_sheet(TITLED.encode(), "contacts.csv")
    assert [sheet.row_number(row) for row in range(2)] == [4, 5]
    assert len(list(read_entries(sheet, ("E-Mail address",)))) == 2


def test_empty_rows_above_a_title_count_too():
    sheet = read_sheet(("\n\n" + TITLED).encode(), "contacts.csv")
    assert sheet.row_number(0) == 6
    assert len(sheet.notes) == 2


def test_who_says_that_there_is_no_header_gets_every_line():
    sheet = read_sheet(TITLED.encode(), "contacts.csv", has_header=False)
    assert len(sheet.frame) == 5
    assert sheet.row_number(0) == 1


@pytest.mark.parametrize(
    "text",
    [
        "fig@orchard.com\nplum@orchard.com\nno,e-mail\n",
        "fig@orchard.com,\nNr,E-Mail\n1,plum@orchard.com\n",
        "Contacts\n1,fig@orchard.com\n2,plum@orchard.com\n",
        "Contacts\nred,blue\nfig@orchard.com,1\n",
        "\n".join(["line,"] * 12) + "\nNr,E-Mail\n1,plum@orchard.com\n",
    ],
)
def test_what_may_be_the_list_itself_is_kept(text):
    sheet = read_sheet(text.encode(), "contacts.csv", has_header=None)
    rows = len(sheet.frame) + sheet.has_header
    assert rows == len(text.strip().split("\n"))


def test_a_padded_title_is_no_short_row():
    padded = "Contacts Q4,,\nNr,E-Mail,Phone\n1,fig@orchard.com,030\n2,plum@orchard.com,040\n"
    sheet = read_sheet(padded.encode(), "contacts.csv")
    assert sheet.notes == ("The line above the header is left out: “Contacts Q4”.",)
