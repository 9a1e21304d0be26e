"""Temporary folders of those that were killed."""

import os
import subprocess
import sys

from storage.leftovers import clear_leftovers, folder_prefix

KIND = "winnow-tests-"


def test_what_the_dead_left_is_cleared_away_and_nothing_of_anybody_else(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(60)
    dead, alive, nobodys, others = (
        tmp_path / name
        for name in (f"{KIND}{ended.pid}-x", f"{folder_prefix(KIND)}x", f"{KIND}y-x", f"else-{ended.pid}-x")
    )
    for folder in (dead, alive, nobodys, others):
        folder.mkdir()
        (folder / "file").touch()
    clear_leftovers(KIND)
    assert not dead.exists()
    assert alive.exists()
    assert nobodys.exists()
    assert others.exists()


def test_a_folder_says_whose_it_is():
    assert folder_prefix(KIND) == f"{KIND}{os.getpid()}-"
