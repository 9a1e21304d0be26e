"""XLSX, XLS and ODS to a Sheet, through the child process."""

import io
import os
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from engine.intake.read import read_sheet
from engine.intake.sheet import UnreadableFile
from engine.intake.workbook_child import shown

ROWS = [["fruit", "email"], ["pear", "pear@orchard.com"], ["plum", "plum@orchard.com"]]
OTHER = [["trade", "email"], ["baker", "baker@village.com"]]


def xlsx_by_openpyxl(**sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xlsx_by_xlsxwriter(**sheets) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return target.getvalue()


def xls_by_xlwt(**sheets) -> bytes:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(place, column, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods_by_odfpy(**sheets) -> bytes:
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        page = Table(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                box = TableCell(valuetype="string")
                box.addElement(P(text=cell))
                line.addElement(box)
            page.addElement(line)
        book.spreadsheet.addElement(page)
    target = io.BytesIO()
    book.write(target)
    return target.getvalue()


WRITERS = [xlsx_by_openpyxl, xlsx_by_xlsxwriter, xls_by_xlwt, ods_by_odfpy]


@pytest.mark.parametrize("write", WRITERS)
def test_the_first_sheet_of_a_workbook_is_read(write):
    sheet = read_sheet(write(Fruits=ROWS, Trades=OTHER), "list.bin")
    assert [list(sheet.frame.columns), *sheet.frame.to_numpy().tolist()] == ROWS
    assert sheet.sheet_names == ("Fruits", "Trades")
    assert sheet.sheet_name == "Fruits"
    assert sheet.has_header


@pytest.mark.parametrize("write", WRITERS)
def test_a_sheet_is_chosen_by_its_name(write):
    sheet = read_sheet(write(Fruits=ROWS, Trades=OTHER), "list.xlsx", sheet_name="Trades")
    assert sheet.frame["trade"].tolist() == ["baker"]
    assert sheet.sheet_name == "Trades"


def test_a_sheet_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(UnreadableFile, match="no sheet called “Tools”; it has “Fruits”, “Trades”"):
        read_sheet(xlsx_by_openpyxl(Fruits=ROWS, Trades=OTHER), "list.xlsx", sheet_name="Tools")


def test_an_empty_first_sheet_points_to_the_others():
    with pytest.raises(UnreadableFile, match="“Cover” has no rows; the workbook's other sheets are “Fruits”"):
        read_sheet(xlsx_by_openpyxl(Cover=[], Fruits=ROWS), "list.xlsx")


def test_cells_are_written_as_a_spreadsheet_shows_them():
    rows = [["email", "a", "b", "c", "d", "e"], ["a@x.com", 123.0, 1.5, True, date(2024, 3, 1), "007"]]
    sheet = read_sheet(xlsx_by_openpyxl(Fruits=rows), "list.xlsx")
    assert sheet.frame.to_numpy().tolist() == [["a@x.com", "123", "1.5", "TRUE", "2024-03-01", "007"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (123.0, "123"),
        (-4.0, "-4"),
        (0.1, "0.1"),
        (1e20, "1e+20"),
        (491701234567.0, "491701234567"),
        (7, "7"),
        (False, "FALSE"),
        (datetime(2024, 3, 1, 4, 5, 6), "2024-03-01 04:05:06"),  # noqa: DTZ001 (a spreadsheet knows no zones)
        (time(4, 5), "04:05:00"),
        (timedelta(hours=30, minutes=2), "30:02:00"),
        ("NA", "NA"),
    ],
)
def test_every_kind_of_cell_becomes_text(cell, text):
    assert shown(cell) == text


def test_an_empty_last_cell_of_a_workbook_s_row_is_no_news():
    rows = [["email", "city"], ["a@x.com", "Lyon"], ["b@x.com", "Bergen"], ["c@x.com", None], ["d@x.com", ""]]
    sheet = read_sheet(xlsx_by_openpyxl(Fruits=rows), "list.xlsx")
    assert sheet.frame["city"].tolist() == ["Lyon", "Bergen", "", ""]
    assert sheet.notes == ()


def test_cells_beside_a_workbook_s_header_are_told_of():
    sheet = read_sheet(xlsx_by_openpyxl(Fruits=[["email"], ["a@x.com", "late"], ["b@x.com"]]), "list.xlsx")
    assert sheet.notes == ("1 row has more cells than the header; the extra ones are kept in “Column 2”.",)


def test_rows_keep_the_numbers_a_spreadsheet_shows():
    rows = [[None, None], *ROWS[:2], [None, None], ROWS[2]]
    sheet = read_sheet(xlsx_by_openpyxl(Fruits=rows), "list.xlsx")
    numbers = [sheet.row_number(row) for row in range(len(sheet.frame))]
    assert dict(zip(numbers, sheet.frame["email"], strict=True)) == {
        3: "pear@orchard.com",
        4: "",
        5: "plum@orchard.com",
    }


def test_line_breaks_and_quotes_in_cells_survive_the_way_from_the_child():
    text = 'a,b;"c"\nd\r\ne\tf'
    sheet = read_sheet(xlsx_by_openpyxl(Fruits=[["note", "email"], ["x", "a@x.com"], [text, "b@x.com"]]), "l")
    assert sheet.frame["email"].tolist() == ["a@x.com", "b@x.com"]
    assert sheet.frame["note"].tolist()[1].startswith('a,b;"c"\nd')


def test_a_workbook_is_read_from_any_current_directory(tmp_path, monkeypatch):
    (tmp_path / "csv.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert len(read_sheet(xlsx_by_openpyxl(Fruits=ROWS), "list.xlsx").frame) == 2


CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook_with_cells(*cells: str) -> bytes:
    rows = "".join(f'<row><c r="{cell}" t="inlineStr"><is><t>pear</t></is></c></row>' for cell in cells)
    members = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Fruits" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return zipped(members)


def zipped(members: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_small_handmade_workbook_is_read():
    assert read_sheet(workbook_with_cells("A1", "B2"), "l.xlsx", has_header=False).frame.shape == (2, 2)


def test_a_workbook_that_spans_every_cell_kills_the_child_and_not_us():
    content = workbook_with_cells("A1", "XFD1048576")
    assert len(content) < 5000
    with pytest.raises(UnreadableFile, match="too large or too broken"):
        read_sheet(content, "bomb.xlsx")


def test_a_zip_that_declares_too_much_is_never_unpacked():
    content = zipped({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(60 << 20)})
    with pytest.raises(UnreadableFile, match="too large or too broken"):
        read_sheet(content, "bomb.xlsx")


def ole_container(stream: str) -> bytes:
    """The first sectors of an OLE container: a header, and a directory that names one stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    return header.ljust(512, b"\0") + stream.encode("utf-16-le").ljust(128, b"\0") + bytes(2048)


def test_a_workbook_with_a_password_is_refused():
    with pytest.raises(UnreadableFile, match="protected with a password"):
        read_sheet(ole_container("EncryptedPackage"), "list.xlsx")


def test_an_old_document_that_is_no_workbook_is_refused():
    with pytest.raises(UnreadableFile, match="broken"):
        read_sheet(ole_container("WordDocument"), "list.xls")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("write", WRITERS)
def test_a_truncated_workbook_is_refused_or_read(write, share):
    content = write(Fruits=ROWS * 200)
    try:
        read_sheet(content[: int(len(content) * share)], "list.xlsx")
    except UnreadableFile as refused:
        said = str(refused)
    else:
        said = ""
    assert said.count("\n") == 0
    if write is not xls_by_xlwt:
        assert "broken" in said


def test_a_workbook_with_broken_xml_is_refused():
    with pytest.raises(UnreadableFile, match="broken"):
        read_sheet(workbook_with_cells("A1", "B2</row>"), "list.xlsx")


def test_a_zip_of_something_else_is_refused():
    with pytest.raises(UnreadableFile, match="zip archive, not a workbook"):
        read_sheet(zipped({"list.csv": b"a@x.com"}), "list.zip")


def test_rubbish_named_xlsx_is_refused():
    with pytest.raises(UnreadableFile):
        read_sheet(os.urandom(5000).replace(b"PK", b"xx"), "list.xlsx")
