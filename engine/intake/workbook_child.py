"""The child process that reads a workbook: it binds itself to limits, then turns one sheet into a CSV file.

The request comes as JSON on standard input (source, target, sheet_name), the answer goes as JSON to standard
output: the sheet names and the name of the sheet read, or a fault.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

_MEMORY = 1536 << 20  # bytes of address space
_SECONDS = 100  # of processor time
_FILE_SIZE = 2 << 30  # bytes of CSV
_EXACT = 1e15  # whole numbers below it are shown without exponent


def main() -> None:
    """Answer the one request on standard input."""
    limit_self()
    json.dump(_answer(**json.load(sys.stdin)), sys.stdout)


def limit_self() -> None:
    """Bind this process to its memory, time and file size; a limit met ends it. Windows has none."""
    if sys.platform == "win32":
        return
    import resource  # there is none on Windows

    limits = (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, _FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, most in limits:
        hard = resource.getrlimit(limit)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))


def _answer(source: str, target: str, sheet_name: str | None) -> dict[str, Any]:
    import python_calamine as calamine  # only now, under the limits

    try:
        workbook = calamine.CalamineWorkbook.from_path(source)
        names = workbook.sheet_names
        if not names:
            return {"fault": "broken"}
        chosen = names[0] if sheet_name is None else sheet_name
        if chosen not in names:
            return {"fault": "no_such_sheet", "sheet_names": names}
        rows = workbook.get_sheet_by_name(chosen).iter_rows()
        _write_rows(rows, Path(target))
    except calamine.PasswordError:
        return {"fault": "locked"}
    except (calamine.ZipError, calamine.XmlError):
        return {"fault": "broken"}
    except calamine.CalamineError as error:
        return {"fault": "no_workbook" if "detect" in str(error).lower() else "broken"}
    return {"sheet_names": names, "sheet_name": chosen}


def _write_rows(rows: Iterator[list[Any]], target: Path) -> None:
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        _write(rows, file)


def _write(rows: Iterator[list[Any]], file: TextIO) -> None:
    writer = csv.writer(file)
    for row in rows:
        cells = [cell if type(cell) is str else shown(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        writer.writerow(cells)


def shown(cell: Any) -> str:
    """Write a cell as the spreadsheet shows it: 123.0 as 123, dates in ISO 8601, booleans in capitals."""
    return _SHOWN.get(type(cell), str)(cell)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _boolean(value: bool) -> str:  # noqa: FBT001 (it is the value shown)
    return "TRUE" if value else "FALSE"


def _moment(value: datetime) -> str:
    return value.isoformat(sep=" ")


def _span(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_SHOWN: dict[type, Callable[[Any], str]] = {
    float: _number,
    bool: _boolean,
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _span,
}

if __name__ == "__main__":
    main()
