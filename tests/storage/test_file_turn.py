"""That processes write one after the other, and that none keeps the others out by coming again at once."""

import math
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.file_turn import FileTurn

HOUSE = Path(__file__).parents[2]
AGAIN_AND_AGAIN = """
import sys, time
from pathlib import Path
from storage.file_turn import FileTurn
database, count = map(Path, sys.argv[1:])
turn = FileTurn(database)
while True:
    with turn.passed(), count.open("ab") as counted:
        counted.write(b".")
        counted.flush()
        time.sleep(0.02)
        counted.write(b".")
"""
"""Goes through without pause, with a mark in a file as it comes in and one as it goes out."""


@pytest.fixture
def count(tmp_path, eventually):
    """The file in which another process notes each of its turns, while it takes them without pause."""
    noted = tmp_path / "count"
    command = [sys.executable, "-c", AGAIN_AND_AGAIN, tmp_path / "winnow.db", noted]
    with subprocess.Popen(command, cwd=HOUSE) as child:
        eventually(lambda: noted.exists() and noted.stat().st_size > 0)
        yield noted
        child.kill()


def test_a_process_that_writes_without_pause_lets_another_in_after_its_turn(count, tmp_path):
    turn = FileTurn(tmp_path / "winnow.db")
    for _ in range(20):
        before = count.stat().st_size
        with turn.passed():
            within = count.stat().st_size
            assert within % 2 == 0, "nobody else is within"
            assert within - before <= 4, "at most the turn that it had, and one it had asked for already"
    turn.close()


@pytest.fixture
def within(tmp_path, eventually):
    """Another process that has the turn, and keeps it for minutes."""
    noted = tmp_path / "kept"
    script = AGAIN_AND_AGAIN.replace("0.02", "300")
    with subprocess.Popen([sys.executable, "-c", script, tmp_path / "winnow.db", noted], cwd=HOUSE) as child:
        eventually(lambda: noted.exists() and noted.stat().st_size > 0)
        yield child
        child.kill()


def test_who_dies_within_leaves_the_turn_to_the_others(within, tmp_path):
    within.kill()
    within.wait()
    turn = FileTurn(tmp_path / "winnow.db", patience_s=math.inf)
    with turn.passed():
        pass
    turn.close()


def test_one_that_is_stopped_within_holds_nobody_up_for_ever(within, tmp_path):
    within.send_signal(signal.SIGSTOP)
    turn = FileTurn(tmp_path / "winnow.db", patience_s=0.05)
    with turn.passed():
        assert within.poll() is None
    turn.close()


def test_without_pause_the_same_process_goes_through_again_and_again(tmp_path):
    turn, passed = FileTurn(tmp_path / "winnow.db"), 0
    for _ in range(3):
        with turn.passed():
            passed += 1
    assert passed == 3
    turn.close()
