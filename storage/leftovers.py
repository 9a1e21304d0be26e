"""Clears away folders of temporary files whose owners were killed before they could."""

import os
import shutil
from pathlib import Path
from tempfile import gettempdir


def folder_prefix(kind: str) -> str:
    """Begin the name of a temporary folder of ours: it says what it is and whose, by the process id."""
    return f"{kind}{os.getpid()}-"


def clear_leftovers(kind: str) -> None:
    """Remove the folders of this kind whose process, which is in the name, is gone."""
    for folder in Path(gettempdir()).glob(f"{kind}*-*"):
        pid = folder.name.removeprefix(kind).partition("-")[0]
        if pid.isdecimal() and _is_gone(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_gone(pid: int) -> bool:
    """Tell whether no process has this id; never on Windows, where to ask would be to end it."""
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
