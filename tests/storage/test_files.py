"""The exported files themselves: exact CSV, CSV for spreadsheets, and workbooks with numbers and times."""

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from engine.intake.read import read_sheet
from storage.exports import Export, export_header, export_rows
from storage.files import FOR_SPREADSHEETS, Dialect, csv_lines, write_csv, write_file, write_xlsx
from storage.intake import save_upload
from storage.uploads import Choice

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=HYPERLINK(1)",
    "{=1+1}",
    "http://orchard.com",
    "\t=1",
    "'=1",
]


@pytest.fixture
def checked(desk):
    """A list with all sorts of cells, one row of which still waits."""
    upload = desk.begin(
        "No.,E-mail,Amount,Since,Call,Note",
        '00123,pear@orchard.com,12.50,2024-03-01,+49 170 1234567,"two\nlines"',
        "1,info@orchard.com,7,2024-03-02,0170 55,=1+1",
        "2,no address,,soon,,-5",
        "3,fig@farm.com,n/a,2024-12-31,6505551234,Grüße",
        columns=("E-mail",),
    )
    for batch in desk.claim():
        if batch.domain.name != "farm.com":
            desk.settle(desk.answer(batch))
    return upload


@pytest.fixture
def sheet_of(desk, tmp_path):
    """Write an export as a workbook and give its one sheet, read back."""

    def give(export):
        write_xlsx(desk.database, export, tmp_path / "out.xlsx")
        return openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]

    return give


def _column(sheet, name):
    place = next(cell.column for cell in sheet[1] if cell.value == name)
    return [sheet.cell(row, place) for row in range(2, sheet.max_row + 1)]


def _values(sheet, name):
    return [cell.value for cell in _column(sheet, name)]


def test_plain_csv_is_exact(desk, checked):
    file = io.StringIO()
    write_csv(desk.database, Export(checked), file)
    header, *rows = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert header == export_header(desk.database, Export(checked))
    assert rows == list(export_rows(desk.database, Export(checked)))
    assert not file.getvalue().startswith("\ufeff")


def test_csv_for_spreadsheets_runs_no_formula(desk, checked):
    text = "".join(csv_lines(desk.database, Export(checked), FOR_SPREADSHEETS))
    assert text.startswith("\ufeff")
    _, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert [each[5] for each in rows] == ["two\nlines", "'=1+1", "'-5", "Grüße"]
    assert [each[4] for each in rows] == ["'+49 170 1234567", "0170 55", "", "6505551234"]
    assert rows[0][0] == "00123"


def test_semicolons_part_the_cells_where_they_are_wanted(desk, checked):
    text = "".join(csv_lines(desk.database, Export(checked, columns=("status",)), Dialect(";")))
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert header == ["No.", "E-mail", "Amount", "Since", "Call", "Note", "status"]
    assert rows == list(export_rows(desk.database, Export(checked, columns=("status",))))


@pytest.mark.parametrize("dialect", [FOR_SPREADSHEETS, Dialect(is_exact=False), Dialect(";", is_exact=False)])
def test_no_cell_and_no_name_of_a_csv_begins_as_a_formula_does_unless_it_is_exact(desk, dialect):
    lines = [f'pear{n}@orchard.com,"{cell}"' for n, cell in enumerate(DANGEROUS)]
    upload = desk.save("email,=note", *lines)
    text = "".join(csv_lines(desk.database, Export(upload), dialect)).removeprefix("\ufeff")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.separator)
    assert header[1] == "'=note"
    assert [row[1] for row in rows] == [f"'{cell}" if cell[0] in "=+-@\t" else cell for cell in DANGEROUS]


def test_confidence_and_attempts_are_numbers_and_the_time_is_one_in_a_workbook(desk, checked, sheet_of):
    sheet = sheet_of(Export(checked))
    found = list(export_rows(desk.database, Export(checked)))
    header = export_header(desk.database, Export(checked))
    confidences = [row[header.index("confidence")] for row in found]
    assert confidences[3] == ""
    assert _values(sheet, "confidence") == [int(each) if each else None for each in confidences]
    assert _values(sheet, "attempts") == [1, 1, 0, 0]
    at, *_, never = _column(sheet, "checked_at")
    assert isinstance(at.value, datetime)
    assert at.value.strftime("%Y-%m-%dT%H:%M:%SZ") == found[0][header.index("checked_at")]
    assert at.number_format == 'yyyy-mm-dd hh:mm:ss "UTC"'
    assert at.is_date
    assert never.value is None


def test_own_numbers_and_days_are_given_back_as_such_and_names_made_of_digits_as_text(checked, sheet_of):
    sheet = sheet_of(Export(checked))
    assert _values(sheet, "No.") == ["00123", "1", "2", "3"]
    assert _values(sheet, "Amount") == [12.5, 7, None, "n/a"]
    assert [cell.number_format for cell in _column(sheet, "Amount")][:2] == ["0.00", "0"]
    days = [datetime(2024, 3, 1), datetime(2024, 3, 2), "soon", datetime(2024, 12, 31)]  # noqa: DTZ001
    assert _values(sheet, "Since") == days
    assert _values(sheet, "Call") == ["+49 170 1234567", "0170 55", None, "6505551234"]
    assert _values(sheet, "Note") == ["two\nlines", "=1+1", -5, "Grüße"]


def test_numbers_and_days_of_a_workbook_come_back_as_they_were_on_the_sheet_of_their_name(desk, sheet_of):
    header = ["E-mail", "Amount", "Orders", "Since", "Seen", "Postal code", "Phone", "Card"]
    day, moment = datetime(2024, 3, 1), datetime(2024, 3, 1, 4, 5, 6)  # noqa: DTZ001
    rows = [
        ["pear@orchard.com", 12.5, 3, day, moment, "01234", "+49 1", 4e15],
        ["plum@orchard.com", -7, 0, day, day, 91234, 491701234567, 5e15],
    ]
    book = openpyxl.Workbook()
    book.active.title = "Customers"
    for row in [header, *rows]:
        book.active.append(row)
    book.save(handed_in := io.BytesIO())
    upload = save_upload(desk.database, read_sheet(handed_in.getvalue(), "in.xlsx"), Choice(("E-mail",)))

    sheet = sheet_of(Export(upload))

    assert sheet.title == "Customers"
    for name, given in list(zip(header, zip(*rows, strict=True), strict=True))[:5]:
        assert _values(sheet, name) == list(given), name
    assert _values(sheet, "Postal code") == ["01234", "91234"]
    assert _values(sheet, "Phone") == ["+49 1", "491701234567"]
    assert {type(value) for value in _values(sheet, "Card")} == {str}


def test_a_workbook_read_again_says_what_the_csv_says(desk, checked, tmp_path):
    write_xlsx(desk.database, Export(checked), tmp_path / "out.xlsx")
    again = read_sheet((tmp_path / "out.xlsx").read_bytes(), "out.xlsx")
    rows = list(export_rows(desk.database, Export(checked)))
    header = export_header(desk.database, Export(checked))
    assert list(again.frame.columns) == header
    ours = again.frame.to_numpy().tolist()
    for row in rows:
        at = header.index("checked_at")
        row[at] = row[at].replace("T", " ").removesuffix("Z")
        row[2] = "12.5" if row[2] == "12.50" else row[2]
    assert ours == rows


def test_no_cell_of_a_workbook_is_ever_a_formula_or_a_link(desk, tmp_path):
    lines = [f'pear{n}@orchard.com,"{cell}"' for n, cell in enumerate(DANGEROUS)]
    upload = desk.save("email,=note", *lines)
    write_xlsx(desk.database, Export(upload), tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert _values(sheet, "=note") == DANGEROUS
    assert {cell.data_type for cell in _column(sheet, "=note")} == {"s"}
    written = zipfile.ZipFile(tmp_path / "out.xlsx")
    assert b"<f>" not in written.read("xl/worksheets/sheet1.xml")
    assert not [name for name in written.namelist() if "rels" in name and "sheet" in name]


def test_the_sheet_keeps_its_name(desk, checked, sheet_of):
    assert sheet_of(Export(checked)).title == "fruits"


def test_a_cell_too_long_for_a_workbook_is_cut_and_not_lost(desk, sheet_of):
    upload = desk.save("email,note", f"pear@orchard.com,{'y' * 40_000}")
    assert _values(sheet_of(Export(upload)), "note") == ["y" * 32_767]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no folder that not even root can write")
def test_a_workbook_that_cannot_be_written_is_an_error_of_the_system(desk):
    upload = desk.save("pear@orchard.com")
    with pytest.raises(OSError, match="No such file"):
        write_xlsx(desk.database, Export(upload), Path("/proc/out.xlsx"))


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "OUT.XLSX"])
def test_the_ending_says_what_is_written_and_no_draft_is_left(desk, tmp_path, name):
    upload = desk.save("pear@orchard.com")
    write_file(desk.database, Export(upload), tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(b"PK") == name.lower().endswith("xlsx")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.lower().startswith(("out", "."))) == [
        name
    ]
