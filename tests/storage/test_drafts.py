"""Files that another process writes: how far they are, and what becomes of them."""

import io
import os
import zipfile

import openpyxl
import pytest

from engine.verdict import Status
from storage.drafts import LIFE_S, MOST_AT_ONCE, Draft, Drafts
from storage.exports import Export, InWords
from storage.order import Chart, Kind, Order, Overview, Slice
from storage.selection import Removal, Selection

SELECTION = Selection(exclude=frozenset({"invalid"}))
NOW = [0.0]


@pytest.fixture
def drafts(tmp_path, monkeypatch):
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    NOW[0] = 0.0
    opened = Drafts(clock=lambda: NOW[0])
    yield opened
    opened.close()


@pytest.fixture
def url(database_file):
    return f"sqlite:///{database_file}"


@pytest.fixture
def order(desk):
    upload = desk.save("pear@orchard.com", "no address")
    overview = Overview("Fruits", ("Checked.",), (Chart("Half", (Slice("Valid", 1, "#0072B2"),)),))
    in_words = InWords("why removed", ((Removal("duplicate"), "Twice"),))
    export = Export(upload, SELECTION, names=(("status", "Was"),), in_words=in_words)
    return Order(Kind.BOOK, export, 2, overview=overview)


@pytest.fixture
def left(tmp_path):
    """Give the files that stand in the temporary folder."""
    return lambda: [path for path in (tmp_path / "temp").rglob("*") if path.is_file()]


def test_a_workbook_is_written_by_another_process_and_fetched_once(drafts, url, order, eventually, left):
    name = drafts.begin(url, order)
    eventually(lambda: drafts.look(name).is_whole)
    content = b"".join(drafts.fetch(name))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Kept", "Removed", "Summary"]
    assert book["Kept"]["C1"].value == "reason"
    assert book["Kept"]["B1"].value == "Was"
    assert drafts.look(name) is None
    assert drafts.fetch(name) is None
    assert left() == []


def test_a_zip_is_written_too(drafts, url, order, eventually):
    files = tuple((status, f"{status}.csv") for status in Status)
    name = drafts.begin(url, Order(Kind.BY_STATUS, Export(order.export.upload), 2, files=files))
    eventually(lambda: drafts.look(name).is_whole)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(drafts.fetch(name))))
    assert archive.namelist() == ["invalid.csv", "unknown.csv"]


def test_what_cannot_be_written_has_failed_and_gives_nothing(drafts, tmp_path, order, eventually, capfd):
    name = drafts.begin(f"sqlite:///{tmp_path / 'none' / 'x.db'}", order)
    eventually(lambda: drafts.look(name).has_failed)
    assert drafts.look(name) == Draft(0.0, has_failed=True)
    assert drafts.fetch(name) is None


def test_the_last_share_said_is_the_one_that_is_shown(drafts, url, order, eventually):
    name = drafts.begin(url, order)
    eventually(lambda: drafts.look(name).is_whole)
    work = drafts._works[name]
    work.child = type("Child", (), {"poll": lambda _: None, "kill": lambda _: None, "wait": lambda _: None})()
    (work.folder / "progress").write_text("0.2500\n0.5000\n0.7")
    assert drafts.look(name) == Draft(0.5)
    (work.folder / "progress").write_text("")
    assert drafts.look(name) == Draft(0.0)


def test_after_an_hour_a_file_that_nobody_fetched_is_gone(drafts, url, order, eventually, left):
    name = drafts.begin(url, order)
    eventually(lambda: drafts.look(name).is_whole)
    NOW[0] = LIFE_S - 1
    drafts.clear()
    assert drafts.look(name)
    NOW[0] = LIFE_S
    drafts.clear()
    assert drafts.look(name) is None
    assert left() == []


def test_a_file_that_is_given_up_is_no_longer_written(drafts, url, order, left):
    name = drafts.begin(url, order)
    child = drafts._works[name].child
    drafts.drop(name)
    assert child.poll() is not None
    assert drafts.look(name) is None
    assert left() == []


def test_too_many_at_once_cost_the_oldest_that_is_still_written(drafts, url, order):
    names = [drafts.begin(url, order) for _ in range(MOST_AT_ONCE + 1)]
    assert len(drafts._works) <= MOST_AT_ONCE + 1
    assert drafts.look(names[-1]) is not None


def test_when_the_server_ends_nothing_is_left_behind(drafts, url, order, tmp_path):
    drafts.begin(url, order)
    (folder,) = (tmp_path / "temp").iterdir()
    assert folder.name.startswith(f"winnow-export-{os.getpid()}-")
    drafts.close()
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_database_named_from_where_the_server_runs_is_found(
    drafts, database_file, order, eventually, monkeypatch
):
    monkeypatch.chdir(database_file.parent)
    name = drafts.begin(f"sqlite:///{database_file.name}", order)
    eventually(lambda: drafts.look(name) != Draft(0.0) and drafts.look(name).share == 1.0)
    assert drafts.look(name) == Draft(1.0, is_whole=True)
