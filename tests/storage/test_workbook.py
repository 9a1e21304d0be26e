"""Lists drawn on the sheets of a workbook."""

from datetime import datetime

import openpyxl
import pytest
import xlsxwriter

from storage.cells import survey_columns
from storage.workbook import Drawing, sheet_name

HEADER = ["E-mail", "Amount", "Note"]
ROWS = [[f"pear{number}@orchard.com", f"{number}.50", f"0{number}"] for number in range(7)]


@pytest.fixture
def drawn(tmp_path):
    """Draw rows and read the workbook back."""

    def draw(rows, title="Fruits", **options):
        path = tmp_path / "drawn.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            Drawing(book, title, survey_columns(HEADER, rows), **options).draw(iter(rows))
        return openpyxl.load_workbook(path)

    return draw


def test_a_sheet_has_a_bold_header_in_sight_a_filter_and_columns_as_wide_as_their_cells(drawn):
    (sheet,) = drawn(ROWS).worksheets
    assert [cell.value for cell in sheet[1]] == HEADER
    assert all(cell.font.b for cell in sheet[1])
    assert not sheet["A2"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C8"
    assert 17 < sheet.column_dimensions["A"].width < 25
    assert 8 < sheet.column_dimensions["B"].width < 17


def test_numbers_times_and_truths_stay_such_and_what_only_looks_so_stays_text(drawn):
    rows = [["TRUE", "5.50", "2024-03-01"], ["", "7", ""], ["FALSE", "TRUE", "2024-03-02 04:05:06"]]
    (sheet,) = drawn(rows).worksheets
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        (True, 5.5, datetime(2024, 3, 1)),  # noqa: DTZ001 - a workbook knows no zones
        (None, 7, None),
        (False, "TRUE", datetime(2024, 3, 2, 4, 5, 6)),  # noqa: DTZ001
    ]
    (sheet,) = drawn([["true", "007", "12:30"], ["TRUE", "7", "5"]]).worksheets
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [
        ("true", "007", "12:30"),
        ("TRUE", "7", "5"),
    ]


def test_a_very_long_cell_makes_no_very_wide_column(drawn):
    (sheet,) = drawn([["pear@orchard.com", "5", "x" * 3_000]]).worksheets
    assert sheet.column_dimensions["C"].width < 60


def test_a_list_longer_than_a_sheet_goes_on_in_a_further_one(drawn):
    book = drawn(ROWS, sheet_rows=3)
    assert book.sheetnames == ["Fruits", "Fruits (2)", "Fruits (3)"]
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]
    assert [sheet["A1"].value for sheet in book.worksheets] == ["E-mail"] * 3
    below = [row[0] for sheet in book.worksheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert below == [row[0] for row in ROWS]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:C4", "A1:C4", "A1:C2"]


def test_a_list_that_just_fills_a_sheet_needs_no_second_one(drawn):
    assert drawn(ROWS, sheet_rows=7).sheetnames == ["Fruits"]


def test_a_list_without_rows_is_a_header(drawn):
    (sheet,) = drawn([]).worksheets
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [HEADER]


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Customers", 1, "Customers"),
        ("Customers", 2, "Customers (2)"),
        ("a[b]c:d*e?f/g\\h", 1, "a_b_c_d_e_f_g_h"),
        ("'quoted'", 1, "quoted"),
        ("History", 1, "History (1)"),
        ("", 1, "List"),
        ("' '", 3, "List (3)"),
        ("x" * 40, 1, "x" * 31),
        ("x" * 40, 12, "x" * 26 + " (12)"),
        ("🍐" * 40, 1, "🍐" * 15),
        ("Obst\tund\nMehr", 1, "Obst_und_Mehr"),
    ],
)
def test_a_sheet_gets_a_name_that_spreadsheets_take(drawn, title, number, name):
    assert sheet_name(title, number) == name
    assert drawn(ROWS, name).sheetnames == [name]
