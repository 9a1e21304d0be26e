"""XLSX, XLS and ODS: looked over here, read in a child process that may fail without harm to us."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.intake.delimited import Row
from engine.intake.sheet import UnreadableFile
from engine.value import value

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream's name in the OLE directory ([MS-OFFCRYPTO])
_MOST_MEMBERS = 10_000
_MOST_BYTES = 1 << 30  # declared, unpacked
_SUSPECT_BYTES = 50 << 20
_MOST_RATIO = 300  # unpacked to packed, for archives above _SUSPECT_BYTES
_PATIENCE = 120  # seconds
_ROOT = Path(__file__).resolve().parents[2]

_BROKEN = "The workbook is broken; please open it in a spreadsheet and save it again."
_TOO_LARGE = (
    "The workbook is too large or too broken to be read safely; please save the sheet as CSV and send that."
)
_LOCKED = "The workbook is protected with a password; please save it without one and send it again."
_NO_WORKBOOK = "This is not a workbook we can read; please send an XLSX, XLS, ODS or CSV file."
_ARCHIVE = "This is a zip archive, not a workbook; please unpack it and send the list inside."
_NO_SUCH_SHEET = "no_such_sheet"
_FAULTS = {"locked": _LOCKED, "broken": _BROKEN, "no_workbook": _NO_WORKBOOK}
_WORKBOOK_MEMBERS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}


@value
class Workbook:
    """A workbook's sheet names and the rows of one sheet, kept in a file until the workbook is closed."""

    sheet_names: tuple[str, ...]
    sheet_name: str
    file: Path

    def rows(self) -> Iterator[Row]:
        """Yield the sheet's rows, every cell as text. Raises UnreadableFile where a cell is absurdly long."""
        with self.file.open(encoding="utf-8", newline="") as lines:
            try:
                yield from csv.reader(lines, strict=True)
            except csv.Error:
                raise UnreadableFile(_BROKEN) from None


def is_workbook(content: bytes) -> bool:
    """Whether a file is a workbook by its first bytes: a zip archive or an OLE container."""
    return content.startswith((_ZIP_MAGIC, _OLE_MAGIC))


@contextmanager
def open_workbook(content: bytes, sheet_name: str | None = None) -> Iterator[Workbook]:
    """Read one sheet (the first, unless named) in a child process. Raises UnreadableFile."""
    _refuse_unsafe(content)
    with TemporaryDirectory(prefix="workbook-") as folder:
        source, target = Path(folder, "workbook"), Path(folder, "rows.csv")
        source.write_bytes(content)
        found = _run_child(source, target, sheet_name)
        yield Workbook(tuple(found["sheet_names"]), found["sheet_name"], target)


def _refuse_unsafe(content: bytes) -> None:
    if content.startswith(_OLE_MAGIC):
        if _ENCRYPTED in content:
            raise UnreadableFile(_LOCKED)
        return
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableFile(_BROKEN) from None
    _refuse_bomb(members, len(content))
    if not _WORKBOOK_MEMBERS & {member.filename for member in members}:
        raise UnreadableFile(_ARCHIVE)


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    is_dense = unpacked > _SUSPECT_BYTES and unpacked > _MOST_RATIO * packed
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_BYTES or is_dense:
        raise UnreadableFile(_TOO_LARGE)


def _run_child(source: Path, target: Path, sheet_name: str | None) -> dict[str, Any]:
    request = json.dumps({"source": str(source), "target": str(target), "sheet_name": sheet_name})
    command = [sys.executable, "-P", "-m", "engine.intake.workbook_child"]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        child = subprocess.run(  # noqa: S603 (our own module)
            command,
            input=request.encode(),
            cwd=source.parent,
            env=environment,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(_TOO_LARGE) from None
    return _answer_of(child, sheet_name)


def _answer_of(child: subprocess.CompletedProcess[bytes], sheet_name: str | None) -> dict[str, Any]:
    """Take the child's answer; a child that died without one met a limit, or aborted for want of memory."""
    if child.returncode or not child.stdout:
        raise UnreadableFile(_TOO_LARGE)
    answer: dict[str, Any] = json.loads(child.stdout)
    fault = answer.get("fault")
    if fault == _NO_SUCH_SHEET:
        listed = ", ".join(f"“{name}”" for name in answer["sheet_names"][:20])
        raise UnreadableFile(f"The workbook has no sheet called “{sheet_name}”; it has {listed}.")
    if fault:
        raise UnreadableFile(_FAULTS[fault])
    return answer
