"""The process that writes an ordered file."""

import os

import openpyxl
import pytest

from storage.draft_child import Request, _teller, dump_request, main
from storage.exports import Export
from storage.order import Kind, Order


def test_it_says_what_share_is_done_while_who_ordered_the_file_lives(capsys):
    tell = _teller(os.getppid())
    tell(0.0)
    tell(0.25)
    assert capsys.readouterr().out == "0.0000\n0.2500\n"


def test_it_ends_where_who_ordered_the_file_is_gone():
    with pytest.raises(SystemExit):
        _teller(-1)(0.5)


def test_the_file_is_there_whole_and_no_half_of_it_is_left(desk, database_file, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "nice", lambda _: 0)
    upload = desk.save("pear@orchard.com")
    target = tmp_path / "out.xlsx"
    (folder := tmp_path / "request").mkdir()
    order = Order(Kind.BOOK, Export(upload), 1)
    request = Request(f"sqlite:///{database_file}", order, target)
    (folder / "request.json").write_bytes(dump_request(request))
    main(str(folder / "request.json"))
    assert openpyxl.load_workbook(target)["Kept"].max_row == 2
    assert not list(tmp_path.glob("half-*"))
