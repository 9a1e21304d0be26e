"""CSV, TSV, TXT and pasted text to a Sheet."""

import codecs
import csv
import hashlib
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake.decode import LEGACY
from engine.intake.read import read_sheet
from engine.intake.sheet import UnreadableFile


def rows_of(sheet) -> list[list[str]]:
    return sheet.frame.to_numpy().tolist()


def test_a_csv_with_a_header_gives_its_columns_and_rows():
    content = b"name,email\npear,pear@orchard.com\nplum,plum@orchard.com\n"
    sheet = read_sheet(content, "list.csv")
    assert list(sheet.frame.columns) == ["name", "email"]
    assert rows_of(sheet) == [["pear", "pear@orchard.com"], ["plum", "plum@orchard.com"]]
    assert sheet.has_header
    assert sheet.sha256 == hashlib.sha256(content).hexdigest()
    assert sheet.notes == ()
    assert [str(kind) for kind in sheet.frame.dtypes] == ["str", "str"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found_and_quotes_are_respected(delimiter):
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    expected = [["pear", "a,b;c\td|e", "pear@orchard.com"], ["plum", "x\ny", "plum@orchard.com"]]
    writer.writerows([["name", "note", "email"], *expected])
    sheet = read_sheet(target.getvalue().encode(), "list.csv")
    assert rows_of(sheet) == expected


def test_decimal_commas_do_not_outvote_semicolons():
    content = b"name;price;email\npear;1,50;pear@orchard.com\nplum;2,50;plum@orchard.com\n"
    assert read_sheet(content, "list.csv").frame.shape == (2, 3)


@pytest.mark.parametrize("name", ["list.txt", "list.csv"])
def test_a_one_column_list_without_header_loses_no_row(name):
    sheet = read_sheet(b"pear@orchard.com\nplum@orchard.com\nfig@orchard.com", name)
    assert rows_of(sheet) == [["pear@orchard.com"], ["plum@orchard.com"], ["fig@orchard.com"]]
    assert not sheet.has_header
    assert list(sheet.frame.columns) == ["Column 1"]


def test_a_one_column_list_with_a_header_knows_it():
    sheet = read_sheet(b"E-Mail\npear@orchard.com\n", "list.csv")
    assert sheet.has_header
    assert rows_of(sheet) == [["pear@orchard.com"]]


@pytest.mark.parametrize(
    "first",
    ["pear.orchard.com", "pear@", "pear(at)orchard.com", "12345", "plainpear", "not-an-email", "hotmail.com"],
)
def test_a_broken_first_address_is_a_row_and_no_header(first):
    sheet = read_sheet(f"{first}\nplum@orchard.com\nfig@orchard.com\n".encode(), "list.txt")
    assert rows_of(sheet)[0] == [first]


@pytest.mark.parametrize(
    "word", ["email", "E-Mail-Adresse", "Customer email", "work_email", "Courriel", "Contact"]
)
def test_a_word_for_contacts_heads_a_one_column_list(word):
    assert read_sheet(f"{word}\npear@orchard.com\n".encode(), "list.txt").has_header


def test_a_line_that_names_the_delimiter_is_obeyed_and_is_no_row():
    sheet = read_sheet(b"sep=;\r\nfruit;email\r\npear, red;a@x.com\r\n", "list.csv")
    assert rows_of(sheet) == [["pear, red", "a@x.com"]]


def test_names_with_commas_in_a_one_column_list_lose_nothing():
    sheet = read_sheet(b'"Pear, Ripe" <pear@orchard.com>\nplum@orchard.com\n', "list.txt")
    assert rows_of(sheet) == [['"Pear, Ripe" <pear@orchard.com>'], ["plum@orchard.com"]]
    assert sheet.notes == ()


def test_the_user_may_overrule_the_header():
    content = b"name,email\npear,pear@orchard.com\n"
    assert len(read_sheet(content, "list.csv", has_header=False).frame) == 2
    assert list(read_sheet(b"a,b@x.com\nc,d@x.com", "list.csv", has_header=True).frame.columns) == [
        "a",
        "b@x.com",
    ]


def test_blank_and_repeated_headers_get_names_of_their_own():
    sheet = read_sheet(b"email,,email,Column 2,\na@x.com,1,2,3,4\n", "list.csv")
    assert list(sheet.frame.columns) == ["email", "Column 2 (2)", "email (2)", "Column 2", "Column 5"]


def test_leading_zeros_and_words_for_nothing_stay_text():
    sheet = read_sheet(b"name,zip,email\nNA,00123,a@x.com\nNone,007,b@x.com\nnull,1.0,c@x.com\n", "l.csv")
    assert rows_of(sheet) == [
        ["NA", "00123", "a@x.com"],
        ["None", "007", "b@x.com"],
        ["null", "1.0", "c@x.com"],
    ]


def test_a_row_with_too_many_fields_widens_the_table_and_is_noted():
    sheet = read_sheet(b"name,email\npear,a@x.com,extra,more\nplum,b@x.com\n", "list.csv")
    assert rows_of(sheet) == [["pear", "a@x.com", "extra", "more"], ["plum", "b@x.com", "", ""]]
    assert sheet.notes == (
        "1 row has more cells than the header; the extra ones are kept in “Column 3”, “Column 4”.",
    )


def test_a_row_with_too_few_fields_is_filled_with_nothing():
    sheet = read_sheet(b"name,email,city\npear,a@x.com,Lyon\nplum,b@x.com\n", "list.csv")
    assert rows_of(sheet)[1] == ["plum", "b@x.com", ""]
    assert sheet.notes == ("1 of 2 rows has fewer cells than the header; the missing ones are empty.",)


def test_rows_that_end_early_are_told_of_once_with_their_number():
    rows = b"pear,a@x.com,Lyon,soon\n" * 5 + b"plum,b@x.com\n" * 2 + b"fig\n"
    sheet = read_sheet(b"name,email,city,call\n" + rows, "list.csv")
    assert sheet.notes == ("3 of 8 rows have fewer cells than the header; the missing ones are empty.",)


def test_what_most_rows_leave_empty_anyway_is_no_news_where_it_is_missing():
    full, short = b"pear,a@x.com,,\n" * 5, b"plum,b@x.com\n" * 4
    sheet = read_sheet(b"name,email,city,note\n" + full + short + b"fig,c@x.com,Lyon,\n", "list.csv")
    assert sheet.notes == ()
    assert len(sheet.frame) == 10


def test_empty_rows_are_kept_in_the_middle_and_dropped_at_the_end():
    sheet = read_sheet(b"name,email\npear,a@x.com\n\n,\nplum,b@x.com\n\n,\n  \n", "list.csv")
    assert rows_of(sheet) == [["pear", "a@x.com"], ["", ""], ["", ""], ["plum", "b@x.com"]]


def test_empty_rows_at_the_top_are_left_out_and_counted():
    sheet = read_sheet(b"\n\nname,email\npear,a@x.com\n", "list.csv")
    assert list(sheet.frame.columns) == ["name", "email"]
    assert sheet.row_number(0) == 4
    assert sheet.notes == ("2 rows above the first filled one were left out.",)


def test_thousands_of_empty_rows_in_the_middle_are_kept():
    sheet = read_sheet(b"email\na@x.com\n" + b"\n" * 45_000 + b"b@x.com\n", "list.csv")
    assert len(sheet.frame) == 45_002
    assert sheet.frame.iloc[-1, 0] == "b@x.com"


def test_a_hundred_columns_work():
    header = ",".join(f"c{place}" for place in range(99)) + ",email"
    row = ",".join(str(place) for place in range(99)) + ",a@x.com"
    sheet = read_sheet(f"{header}\n{row}\n{row}\n".encode(), "wide.csv")
    assert sheet.frame.shape == (2, 100)
    assert sheet.frame["email"].tolist() == ["a@x.com", "a@x.com"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-8"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1252"),
    ],
)
def test_encodings_are_recognised(mark, encoding):
    text = "fruit,email\nPêche mûre,peche@verger.fr\nGroseille à maquereau,groseille@verger.fr\n"
    sheet = read_sheet(mark + text.encode(encoding), "list.csv")
    assert list(sheet.frame.columns) == ["fruit", "email"]
    assert sheet.frame["fruit"].tolist() == ["Pêche mûre", "Groseille à maquereau"]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp932", "gb18030", "latin-1"])
def test_a_wrong_encoding_never_loses_a_row_or_an_address(encoding):
    word = {"cp1251": "груша", "koi8_r": "груша", "cp932": "りんご", "gb18030": "苹果"}.get(
        encoding, "Süßkirsche"
    )
    content = f"fruit,email\n{word},a@x.com\n{word},b@x.com\n".encode(encoding)
    sheet = read_sheet(content, "list.csv")
    assert sheet.frame["email"].tolist() == ["a@x.com", "b@x.com"]
    assert sheet.notes[0].startswith("The file was read as ")
    assert encoding not in sheet.notes[0]


def test_an_encoding_is_told_in_the_words_of_a_spreadsheet():
    sheet = read_sheet("fruit,email\nSüßkirsche,a@x.com\nPêche mûre,b@x.com\n".encode("cp1252"), "l.csv")
    assert sheet.frame["fruit"].tolist() == ["Süßkirsche", "Pêche mûre"]
    (note,) = sheet.notes
    assert note.startswith("The file was read as Windows (Western European) text; if letters look wrong, ")


@pytest.mark.parametrize("encoding", LEGACY)
def test_no_encoding_is_told_by_the_name_programs_have_for_it(encoding):
    assert re.fullmatch(r"(Windows|Unix) \([A-Za-z ]+\)", LEGACY[encoding])
    assert "a@x.com".encode(encoding) == b"a@x.com"


def test_bytes_no_encoding_has_are_shown_and_noted():
    sheet = read_sheet(b"fruit,email\n\x81\x8d\xff,a@x.com\n\xe9,b@x.com\n", "list.csv")
    assert sheet.frame["email"].tolist() == ["a@x.com", "b@x.com"]
    assert sheet.notes


def test_letters_that_cannot_be_read_are_shown_as_such_and_noted():
    content = codecs.BOM_UTF16_LE + "fruit,email\npear,a@x.com\nplum".encode("utf-16-le") + b"\x00\xd8"
    sheet = read_sheet(content + ",b@x.com\n".encode("utf-16-le"), "list.csv")
    assert sheet.frame["fruit"].tolist() == ["pear", "plum\ufffd"]
    assert "could not be read and are shown as “\ufffd”" in sheet.notes[0]


def test_nul_characters_are_taken_out_and_noted():
    sheet = read_sheet(b"fruit,email\npe\0ar,a@x.com\nplum,b@x.com\n", "list.csv")
    assert rows_of(sheet) == [["pear", "a@x.com"], ["plum", "b@x.com"]]
    assert sheet.notes == ("Invisible signs that mean nothing were taken out.",)


@pytest.mark.parametrize("place", [1, 2, 500, 999])
def test_a_quotation_mark_never_closed_loses_no_row_and_its_row_is_named(place):
    lines = [f"fruit {number},a{number}@x.com" for number in range(1000)]
    lines[place] = f'"fruit {place},a{place}@x.com'
    sheet = read_sheet("\n".join(["fruit,email", *lines]).encode(), "list.csv")
    assert sheet.frame["email"].tolist() == [f"a{number}@x.com" for number in range(1000)]
    (note,) = sheet.notes
    assert note.startswith(
        f"Row {place + 2:,} has a quotation mark that is out of place or never closed; it was"
    )
    assert note.endswith("mend the file and hand it in again.")
    assert sheet.row_number(place) == place + 2


def test_rows_around_a_broken_quotation_mark_keep_their_quotes_line_breaks_and_numbers():
    content = (
        b'\nfruit,email\n"red\npear",a@x.com\n"5"" plum",b@x.com\n'
        b'"fig" tree,c@x.com\n"dry\n\ndate","d@x.com"\n'
    )
    sheet = read_sheet(content, "list.csv")
    assert sheet.frame["fruit"].tolist()[:2] == ["red\npear", '5" plum']
    assert sheet.frame["fruit"].tolist()[3] == "dry\n\ndate"
    assert sheet.frame["email"].tolist() == ["a@x.com", "b@x.com", "c@x.com", "d@x.com"]
    assert sheet.row_number(2) == 5
    assert sheet.notes[0].startswith("Row 5 has a quotation mark")


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ([3], "Row 3 has a quotation mark that is"),
        ([2, 9], "Rows 2 and 9 have quotation marks that are"),
        ([2, 4, 6], "Rows 2, 4 and 6 have"),
        ([2, 3, 4, 5, 6], "Rows 2, 3, 4, 5 and 6 have"),
        ([2, 3, 4, 5, 6, 7, 9], "Rows 2, 3, 4, 5, 6 and 2 more have"),
    ],
)
def test_the_first_rows_with_broken_quotation_marks_are_named_and_the_others_counted(broken, named):
    lines = [f'"fruit" x,{n}@x.com' if n in broken else f"fruit,{n}@x.com" for n in range(2, 11)]
    sheet = read_sheet("\n".join(["fruit,email", *lines]).encode(), "list.csv")
    assert sheet.frame["email"].tolist() == [f"{n}@x.com" for n in range(2, 11)]
    assert sheet.notes[0].startswith(named)


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between():
    sheet = read_sheet(b'fruit,email\n"pear,a@x.com\nplum,b@x.com\n"fig,c@x.com\n', "list.csv")
    assert sheet.frame["email"].tolist() == ["a@x.com", "b@x.com", "c@x.com"]


def test_an_enormous_quoted_cell_loses_no_row():
    content = b'fruit,email\n"' + b"pear " * 50_000 + b'",a@x.com\nplum,b@x.com\n'
    sheet = read_sheet(content, "list.csv")
    assert "b@x.com" in sheet.frame["email"].tolist()
    assert "a@x.com" in rows_of(sheet)[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n  \n", "The file is empty."),
        (codecs.BOM_UTF8, "The file has no rows."),
        (b",,\n,,\n", "The file has no rows."),
        (b"name,email\n", "The file has a header but no rows below it."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is a picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF document"),
        (b"\x1f\x8b\x08" + bytes(100), "This is a compressed archive"),
        (bytes(range(1, 32)) * 50, "This file is not text and not a workbook"),
        (b"<html><table><tr><td>a@x.com</td></tr></table>", "This is a web page"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(UnreadableFile) as refused:
        read_sheet(content, "list.csv")
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_a_file_without_addresses_still_gives_its_rows():
    sheet = read_sheet(b"fruit,colour\npear,green\nplum,blue\n", "list.csv")
    assert rows_of(sheet) == [["pear", "green"], ["plum", "blue"]]


def test_a_file_named_tsv_is_parted_by_tabs():
    sheet = read_sheet(b"a, b, c\temail\n1, 2, 3\ta@x.com\n", "list.tsv")
    assert list(sheet.frame.columns) == ["a, b, c", "email"]


def test_a_text_file_named_xlsx_is_read_as_text():
    assert read_sheet(b"email\na@x.com\n", "list.xlsx").frame["email"].tolist() == ["a@x.com"]


def test_old_macintosh_line_ends_part_rows():
    assert len(read_sheet(b"email\ra@x.com\rb@x.com\r", "list.csv").frame) == 2


@pytest.mark.parametrize("sign", [", ", "; ", ",", ";", "|"])
def test_addresses_pasted_on_one_line_are_one_column(sign):
    sheet = read_sheet(sign.join(["a@x.com", "b@x.com", "c@x.com"]).encode(), "Pasted text")
    assert rows_of(sheet) == [["a@x.com"], ["b@x.com"], ["c@x.com"]]
    assert not sheet.has_header


def test_cells_pasted_from_a_spreadsheet_keep_their_columns():
    sheet = read_sheet(b"fruit\temail\npear\ta@x.com\nplum\tb@x.com\n", "Pasted text")
    assert list(sheet.frame.columns) == ["fruit", "email"]
    assert sheet.frame["email"].tolist() == ["a@x.com", "b@x.com"]


def test_pasting_nothing_is_refused():
    with pytest.raises(UnreadableFile):
        read_sheet(b"  \n ", "Pasted text")


cells = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(cells, cells, st.integers(0, 99)), min_size=1, max_size=20))
def test_what_a_csv_writer_wrote_is_read_back_whole(rows):
    expected = [[first, second, f"fruit{number}@x.com"] for first, second, number in rows]
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows([["fruit", "note", "email"], *expected])
    sheet = read_sheet(b"\xef\xbb\xbf" + target.getvalue().encode(), "list.csv", has_header=True)
    assert rows_of(sheet) == expected


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["list.csv", "list.txt", "list.xlsx"]))
def test_any_bytes_at_all_give_rows_or_one_sentence(content, name):
    try:
        sheet = read_sheet(content, name)
    except UnreadableFile:
        return
    assert len(sheet.frame) > 0
    assert sheet.frame.columns.is_unique
    assert not sheet.frame.isna().to_numpy().any()


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet='"",;\n\rabc@ ', min_size=1, max_size=60))
def test_no_letter_is_lost_wherever_quotation_marks_stand(text):
    sheet = read_sheet(f"plum{text}".encode(), "list.csv", has_header=False)
    kept = "".join(cell for row in rows_of(sheet) for cell in row)
    assert [sign for sign in kept if sign.isalpha()] == [sign for sign in f"plum{text}" if sign.isalpha()]
