"""One file for each status, in a zip."""

import csv
import io
import zipfile

from engine.verdict import Status
from storage.by_status import write_by_status
from storage.exports import Export
from storage.order import NO_ADDRESS, Kind, Order
from storage.selection import Selection

FILES = tuple((part, f"fruits - {part}.csv") for part in (*Status, NO_ADDRESS))


def test_every_row_stands_in_the_file_of_its_status_and_no_file_is_empty(desk, replies, tmp_path):
    upload = desk.begin("email,=n", "pear@orchard.com,=1+1", "no address,7", "plum@orchard.com,8", "nor,@9")
    (batch,) = desk.claim()
    desk.settle(
        desk.answer(batch, {"pear@orchard.com": replies["accepted"], "plum@orchard.com": replies["full"]})
    )
    export = Export(upload, columns=("status",))
    shares = []

    write_by_status(
        desk.database, Order(Kind.BY_STATUS, export, 4, files=FILES), tmp_path / "z", shares.append
    )

    archive = zipfile.ZipFile(tmp_path / "z")
    found = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert list(found) == ["fruits - valid.csv", "fruits - invalid.csv", "fruits - risky.csv"]
    assert all(text.startswith("\ufeff") for text in found.values())
    rows = {name: list(csv.reader(io.StringIO(text[1:]))) for name, text in found.items()}
    assert rows["fruits - valid.csv"] == [["email", "'=n", "status"], ["pear@orchard.com", "'=1+1", "valid"]]
    assert rows["fruits - invalid.csv"][1:] == [["no address", "7", "invalid"], ["nor", "'@9", "invalid"]]
    assert shares == [0.0]
    assert [each.name for each in tmp_path.glob("tmp*")] == []


def test_rows_that_hold_no_address_stand_in_a_file_of_their_own(desk, tmp_path):
    upload = desk.begin("email,n", "nor@,1", ",2", "-,3")
    export = Export(upload, columns=("status", "reason"))
    write_by_status(
        desk.database, Order(Kind.BY_STATUS, export, 3, files=FILES), tmp_path / "z", lambda _: None
    )
    archive = zipfile.ZipFile(tmp_path / "z")
    assert archive.namelist() == ["fruits - invalid.csv", "fruits - no_address.csv"]
    rows = list(csv.reader(io.StringIO(archive.read("fruits - no_address.csv").decode("utf-8-sig"))))
    assert [row[1:] for row in rows[1:]] == [["2", "invalid", "empty"], ["3", "invalid", "empty"]]


def test_what_the_selection_removes_stands_in_no_file(desk, tmp_path):
    upload = desk.begin("email", "nor@", "nor this")
    nothing = Export(upload, Selection(statuses=frozenset(Status)))
    write_by_status(
        desk.database, Order(Kind.BY_STATUS, nothing, 2, files=FILES), tmp_path / "z", lambda _: None
    )
    assert zipfile.ZipFile(tmp_path / "z").namelist() == []
