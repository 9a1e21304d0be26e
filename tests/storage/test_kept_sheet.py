"""A list's sheet as it was handed in, read back."""

import pandas as pd
import pytest

from engine.intake.read import read_sheet
from storage import kept_sheet
from storage.intake import save_upload
from storage.kept_sheet import bare_sheet, with_rows
from storage.uploads import Choice, upload_row

LIST = b"n,email\n1,plum@orchard.com\n2,\nNA,fig@orchard.com\n1e5,pear@mill.com\n005,quince@mill.com\n"


@pytest.mark.parametrize("size", [2, 5, 100])
@pytest.mark.parametrize("has_header", [True, False])
def test_a_sheet_is_read_back_as_it_was_handed_in_chunk_by_chunk(desk, monkeypatch, size, has_header):
    monkeypatch.setattr(kept_sheet, "CHUNK_ROWS", size)
    sheet = read_sheet(LIST, "fruits.csv", has_header=has_header)
    upload = save_upload(desk.database, sheet, Choice((sheet.frame.columns[1],)))
    with desk.database.reading() as connection:
        row = upload_row(connection, upload)
    heard = []
    again = with_rows(desk.database, row, bare_sheet(row), heard.append)
    pd.testing.assert_frame_equal(again.frame, sheet.frame)
    assert set(again.frame.dtypes) == {pd.Series([""], dtype="str").dtype}
    assert (again.has_header, again.row_number(0)) == (has_header, sheet.row_number(0))
    assert len(heard) == -(-len(sheet.frame) // size)
