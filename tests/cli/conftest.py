"""The terminal's program, run in a process of its own."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def winnow(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `python -m cli` in an empty folder and give what became of it."""

    def run(*arguments, environment=None):
        command = [sys.executable, "-m", "cli", *map(str, arguments)]
        everything = {**os.environ, "PYTHONPATH": str(HOUSE), **(environment or {})}
        everything.setdefault("DATABASE_URL", f"sqlite:///{tmp_path}/unused.db")
        return subprocess.run(
            command, env=everything, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def rows_of() -> Callable[[Path], list[list[str]]]:
    """Read a CSV file, its header first."""

    def read(path):
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return read
