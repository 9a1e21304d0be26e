"""The workbook of a whole list: what stays, what goes and why, and the summary with its charts."""

import zipfile

import openpyxl
import pytest

from engine.reason import Reason
from storage.book import write_book
from storage.exports import Export, InWords, export_rows
from storage.order import Chart, Kind, Order, Overview, Slice
from storage.selection import Removal, Selection

LINES = (
    "email,=note",
    "pear@orchard.com,=1+1",
    "no address,+1",
    "PEAR@orchard.com,@x",
    "fig@farm.com,=HYPERLINK(1)",
    "nor this,-1+1",
)
SAFE = Selection(exclude=frozenset({"invalid", "duplicate"}))
WHY = {
    Removal("invalid", Reason.MALFORMED): "Invalid: no address is written so",
    Removal("duplicate"): "=Twice",
}
OVERVIEW = Overview(
    "=Fruits",
    ("Checked.", "=1+1"),
    (
        Chart("2 of 5 are safe", (Slice("Valid", 2, "#0072B2"), Slice("Invalid", 3, "#D55E00"))),
        Chart("3 rows are removed", (Slice("=Malformed", 3, "#8C8C8C"),)),
    ),
)


@pytest.fixture
def upload(desk):
    return desk.save(*LINES)


@pytest.fixture
def order(upload):
    told = Export(upload, SAFE, in_words=InWords("why removed", tuple(WHY.items())))
    return Order(Kind.BOOK, told, len(LINES) - 1, overview=OVERVIEW)


@pytest.fixture
def written(desk, order, tmp_path):
    """Write the workbook; give its path, and the shares that were told."""

    def write(**options):
        shares = []
        write_book(desk.database, order, tmp_path / "book.xlsx", shares.append, **options)
        return tmp_path / "book.xlsx", shares

    return write


def _rows(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_kept_and_removed_rows_share_the_list_between_them_in_its_order(desk, order, written):
    path, _ = written()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Kept", "Removed", "Summary"]
    kept, removed = _rows(book["Kept"])[1:], _rows(book["Removed"])[1:]
    assert [row[:2] for row in kept] == [["pear@orchard.com", "=1+1"], ["fig@farm.com", "=HYPERLINK(1)"]]
    assert [row[0] for row in removed] == ["no address", "PEAR@orchard.com", "nor this"]
    exported = [row[0] for row in export_rows(desk.database, order.export)]
    assert exported == [row[0] for row in kept]


def test_each_removed_row_says_in_words_why(written):
    sheet = openpyxl.load_workbook(written()[0])["Removed"]
    header, *rows = _rows(sheet)
    assert header[-1] == "why removed"
    malformed, twice = WHY.values()
    assert [row[-1] for row in rows] == [malformed, twice, malformed]
    assert "why removed" not in _rows(openpyxl.load_workbook(written()[0])["Kept"])[0]


def test_the_summary_has_its_figures_and_a_chart_of_the_spreadsheet_s_own_for_each_table(written):
    sheet = openpyxl.load_workbook(written()[0])["Summary"]
    shown = [row[:2] for row in _rows(sheet)]
    assert shown[0][0] == "=Fruits"
    assert ["Valid", 2] in shown
    assert ["=Malformed", 3] in shown
    assert len(sheet._charts) == 2
    values = [chart.series[0].val.numRef.f for chart in sheet._charts]
    first = shown.index(["Valid", 2]) + 1
    assert values[0] == f"Summary!$B${first}:$B${first + 1}"


def test_nothing_in_the_workbook_is_a_formula(written):
    archive = zipfile.ZipFile(written()[0])
    for name in archive.namelist():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in archive.read(name), name


def test_the_share_that_is_done_grows_to_the_end(written):
    _, shares = written()
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] >= 0.5


def test_a_list_longer_than_a_sheet_goes_on_in_a_further_one(written):
    book = openpyxl.load_workbook(written(sheet_rows=1)[0])
    assert sorted(book.sheetnames) == ["Kept", "Kept (2)", "Removed", "Removed (2)", "Removed (3)", "Summary"]
    assert [book[name].max_row for name in ("Kept", "Kept (2)", "Removed (3)")] == [2, 2, 2]


def test_a_choice_that_keeps_nothing_leaves_a_header(desk, upload, tmp_path):
    nothing = Selection(include=frozenset({"valid"}))
    write_book(
        desk.database, Order(Kind.BOOK, Export(upload, nothing), 5), tmp_path / "b.xlsx", lambda _: None
    )
    assert openpyxl.load_workbook(tmp_path / "b.xlsx")["Kept"].max_row == 1
