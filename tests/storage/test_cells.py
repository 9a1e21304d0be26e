"""Which cells are numbers and times, and which columns may have them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.cells import Cells, Column, Typed, survey_columns, truth, typed


@pytest.mark.parametrize(
    ("cell", "value", "shown"),
    [
        ("0", 0, "0"),
        ("7", 7, "0"),
        ("-5", -5, "0"),
        ("123456789", 123456789, "0"),
        ("12.5", 12.5, "0.0"),
        ("12.50", 12.5, "0.00"),
        ("-0.25", -0.25, "0.00"),
        ("0.1234", 0.1234, "0.0000"),
    ],
)
def test_a_number_is_read_with_the_format_that_shows_it_as_it_was_given(cell, value, shown):
    assert typed(cell) == Typed(value, shown)


@pytest.mark.parametrize(
    ("cell", "moment", "shown"),
    [
        ("2024-03-01", (2024, 3, 1), "yyyy-mm-dd"),
        ("2024-03-01 04:05:06", (2024, 3, 1, 4, 5, 6), "yyyy-mm-dd hh:mm:ss"),
        ("2024-03-01T04:05:06Z", (2024, 3, 1, 4, 5, 6), 'yyyy-mm-dd hh:mm:ss "UTC"'),
    ],
)
def test_a_time_is_read_where_it_stands_as_we_write_it(cell, moment, shown):
    assert typed(cell) == Typed(datetime(*moment), shown)  # noqa: DTZ001 - a workbook knows no zones


NAMES = [
    "00123", "01", "-07", "00", "-0", "+49", "+49 170 1234567", "0170 1234567", "491701234567", "6505551234",
    "(650) 555-1234", "650-555-1234", "12345678901234567", "1e5", "1E5", "1E-5", "1.5e3", " 5", "5 ", "1,50",
    "1.000", "1,000", "1.000,50", "1.2.3", "10.0.0.1", "12:30", "5/10", "01.03.2024", "2024-3-1",
    "2024-02-30", "1900-02-28", "2024-03-01T04:05:06", "2024-03-01 25:00:00", "1-2", "１２", "٣", "1'000",
    "5.", ".5", "--5",
]  # fmt: skip


@pytest.mark.parametrize("cell", NAMES)
def test_what_merely_resembles_a_number_is_none_and_keeps_its_whole_column_text(cell):
    assert typed(cell) is None
    (column,) = survey_columns(["n"], [["5"], [cell], ["7"]])
    assert column.cells is Cells.TEXT


@pytest.mark.parametrize(
    "cell", ["", "n/a", "pear", "=1+1", "@x", "12a", "NaN", "inf", "Infinity", "TRUE", "5 %"]
)
def test_words_are_text_and_leave_the_numbers_beside_them_numbers(cell):
    assert typed(cell) is None
    (column,) = survey_columns(["n"], [["5"], [cell], ["7"]])
    assert column.cells is Cells.FIGURES


@pytest.mark.parametrize(("cell", "value"), [("TRUE", True), ("FALSE", False)])
def test_true_and_false_are_more_than_words_in_a_column_of_nothing_else(cell, value):
    assert truth(cell) == Typed(value, "General")
    columns = survey_columns(
        ["all", "some", "few"], [[cell, cell, cell], ["", "", "5"], ["TRUE", "true", ""]]
    )
    assert [each.cells for each in columns] == [Cells.TRUTHS, Cells.TEXT, Cells.FIGURES]


def test_columns_are_surveyed_one_by_one():
    header = ["No.", "Name", "Amount", "Since"]
    rows = [["001", "Pear & Plum", "5.5", "2024-03-01"], ["2", "365", "", "soon"]]
    assert survey_columns(header, rows) == [
        Column("No.", 3),
        Column("Name", 11, Cells.FIGURES),
        Column("Amount", 3, Cells.FIGURES),
        Column("Since", 10, Cells.FIGURES),
    ]


def test_a_list_without_rows_has_only_text():
    assert survey_columns(["a", "b"], []) == [Column("a", 0), Column("b", 0)]


@given(st.text(alphabet="0123456789.-", min_size=1, max_size=14))
def test_every_number_is_written_by_its_format_as_it_was_given(cell):
    found = typed(cell)
    if found is not None and isinstance(found.value, float):
        assert f"{found.value:.{len(found.shown.partition('.')[2])}f}" == cell
