"""The terminal's program, run in a process of its own."""

import csv
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import run_afresh, run_forked

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def winnow(tmp_path, tmp_path_factory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `winnow` in an empty folder, forked unless it is to load all `afresh`; give what became of it."""
    said = tmp_path_factory.mktemp("said")

    def run(*arguments, environment=None, afresh=False):
        everything = {**os.environ, "PYTHONPATH": str(HOUSE), **(environment or {})}
        everything.setdefault("DATABASE_URL", f"sqlite:///{tmp_path}/unused.db")
        words = [*map(str, arguments)]
        if afresh:
            return run_afresh(words, everything, tmp_path)
        return run_forked(words, everything, tmp_path, said)

    return run


@pytest.fixture
def rows_of() -> Callable[[Path], list[list[str]]]:
    """Read a CSV file, its header first."""

    def read(path):
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return read
