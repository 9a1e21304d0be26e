"""Lists whose lines hold several addresses."""

import pytest

from engine.intake.read import read_sheet


def rows_of(text: str, name: str = "Pasted text") -> list[str]:
    return read_sheet(text.encode(), name).frame["Column 1"].tolist()


@pytest.mark.parametrize("line", ["a@x.com; b@x.com; c@x.com", "a@x.com b@x.com, c@x.com"])
def test_every_address_of_a_line_has_a_row_of_its_own_and_that_is_said(line):
    assert rows_of(line) == ["a@x.com", "b@x.com", "c@x.com"]
    (note,) = read_sheet(line.encode(), "list.txt").notes
    assert "3 rows in all" in note


def test_a_broken_address_has_its_row_too_and_names_stay_with_theirs():
    assert rows_of("a@@x.com; Pear, Red <b@x.com>\nc@x.com\n") == [
        "a@@x.com",
        "Pear, Red <b@x.com>",
        "c@x.com",
    ]


def test_a_line_that_says_more_than_addresses_stays_one_row():
    assert rows_of('"pear; a@x.com; b@x.com"\nc@x.com\n')[0] == "pear; a@x.com; b@x.com"


def test_rows_below_a_header_or_beside_other_columns_stay_as_they_are():
    headed = read_sheet(b"email\na@x.com; b@x.com\n", "list.csv")
    wide = read_sheet(b"pear,a@x.com b@x.com\nplum,c@x.com\n", "list.csv")
    assert headed.frame["email"].tolist() == ["a@x.com; b@x.com"]
    assert wide.frame["Column 2"].tolist() == ["a@x.com b@x.com", "c@x.com"]
