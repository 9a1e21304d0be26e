"""The terminal door, as a program runs it: a real `winnow verify` in a process of its own."""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from sandbox import sample_rows, write_csv, write_xlsx

HOUSE = Path(__file__).parents[1]
OUTCOMES = [
    "email", "status", "reason", "confidence", "flags", "suggestion", "mx_host", "provider", "attempts",
    "checked_at",
]  # fmt: skip


@pytest.fixture
def winnow(tmp_path):
    """Run the terminal's program in an empty folder and give what became of it."""

    def run(*arguments, environment=None, timeout=90):
        command = [sys.executable, "-m", "cli", *map(str, arguments)]
        everything = {**os.environ, "PYTHONPATH": str(HOUSE), **(environment or {})}
        everything.setdefault("DATABASE_URL", f"sqlite:///{tmp_path}/unused.db")
        return subprocess.run(
            command,
            env=everything,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


def _read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _is_true(world, row, header):
    """Tell whether a row of one address says what is true of it."""
    told = dict(zip(header, row, strict=True))
    truth = world.truth(told["email"])
    return told["status"] == truth.status and told["reason"] in truth.reasons


def test_verify_writes_every_row_in_order_with_own_columns_and_the_truth_and_asks_nobody_twice(
    winnow, serve_world, environment_for, tmp_path
):
    sandbox = serve_world(3, 120)
    header, rows = sample_rows(sandbox.world, seed=3)
    write_csv(tmp_path / "in.csv", header, rows)
    environment = environment_for(sandbox)
    done = winnow("verify", "in.csv", "--output", "out.csv", "--json", environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    written = _read(tmp_path / "out.csv")
    assert written[0] == [*header, *OUTCOMES, "other_results"]
    assert [row[: len(header)] for row in written[1:]] == [list(row) for row in rows]
    assert [row for row in written[1:] if not _is_true(sandbox.world, row, written[0])] == []
    figures = json.loads(done.stdout)
    assert figures["entries"] == len(rows) + 1
    assert figures["waiting"] == 0
    assert (
        sum(figures[name] for name in ("valid", "invalid", "accept_all", "risky", "unknown")) == len(rows) + 1
    )
    asked = sandbox.counters()
    assert asked.data_commands == 0
    assert asked.abandoned == 0
    assert max(asked.sessions_at_once.values()) == 1

    again = winnow("verify", "in.csv", "-o", "again.xlsx", environment=environment)
    assert again.returncode == 0
    assert "valid" in again.stderr
    assert sandbox.counters().rcpts == asked.rcpts
    frame = pd.read_excel(tmp_path / "again.xlsx", dtype=str, keep_default_na=False, engine="openpyxl")
    assert [list(frame.columns), *frame.to_numpy().tolist()] == written

    kept = winnow(
        "verify", "in.csv", "-o", "kept.csv", "--exclude", "invalid,duplicate", environment=environment
    )
    assert kept.returncode == 0
    flags, status = written[0].index("flags"), written[0].index("status")
    assert _read(tmp_path / "kept.csv")[1:] == [
        row for row in written[1:] if row[status] != "invalid" and "duplicate" not in row[flags].split()
    ]
    chosen = winnow("verify", "in.csv", "-o", "role.csv", "--include", "role", environment=environment)
    assert chosen.returncode == 0
    assert [row for row in written[1:] if "role" in row[flags].split()] == _read(tmp_path / "role.csv")[1:]
    assert sandbox.counters().rcpts == asked.rcpts


def test_verify_reads_and_writes_workbooks(winnow, serve_world, environment_for, tmp_path):
    sandbox = serve_world(4, 30, "plain", "null_mx")
    header, rows = sample_rows(sandbox.world, seed=4)
    write_xlsx(tmp_path / "in.xlsx", header, rows)
    done = winnow("verify", "in.xlsx", "--output", "out.xlsx", environment=environment_for(sandbox))
    assert done.returncode == 0, done.stderr
    frame = pd.read_excel(tmp_path / "out.xlsx", dtype=str, keep_default_na=False, engine="openpyxl")
    assert frame[list(header)].to_numpy().tolist() == [list(row) for row in rows]
    told = frame.to_numpy().tolist()
    assert [row for row in told if not _is_true(sandbox.world, row, list(frame.columns))] == []


def test_max_wait_stops_at_once_when_only_later_retries_are_left_and_goes_on_when_run_again(
    winnow, serve_world, environment_for, tmp_path
):
    sandbox = serve_world(5, 24, "plain", "greylisting")
    grey = {name for name, each in sandbox.world.domains.items() if each.kind == "greylisting"}
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in sandbox.world.addresses])
    later = {**environment_for(sandbox), "GREYLIST_RETRY_SECONDS": "3600"}
    start = time.monotonic()
    done = winnow("verify", "in.csv", "-o", "out.csv", "--json", "--max-wait", "30", environment=later)
    assert time.monotonic() - start < 25, "it waited for what comes in an hour"
    assert done.returncode == 0, done.stderr
    waiting = json.loads(done.stdout)["waiting"]
    header, *rows = _read(tmp_path / "out.csv")
    told = [dict(zip(header, row, strict=True)) for row in rows]
    deferred = [row for row in told if row["email"].rpartition("@")[2].lower() in grey]
    assert len(deferred) == waiting > 0
    assert {(row["status"], row["reason"]) for row in deferred} == {("unknown", "greylisted")}
    others = [row for row in told if row not in deferred]
    assert len(others) > 0
    assert all(row["status"] != "unknown" for row in others)

    before = sandbox.counters()
    again = winnow("verify", "in.csv", "-o", "again.csv", "--max-wait", "0", environment=later)
    assert again.returncode == 0
    assert "still wait" in again.stderr
    assert sandbox.counters().rcpts == before.rcpts, "nobody is asked before it is time"
    assert _read(tmp_path / "again.csv") == [header, *rows]


@pytest.fixture
def bad_inputs(tmp_path):
    """Lay out what cannot be checked."""
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "header.csv").write_bytes(b"email,fruit\n")
    (tmp_path / "fruit.csv").write_bytes(b"fruit,city\npear,Lyon\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook at all")
    (tmp_path / "good.csv").write_bytes(b"email\npear@orchard.sandbox\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "no.db").write_text("pear\n" * 1000)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["empty.csv", "-o", "out.csv"], {}, "empty"),
        (["header.csv", "-o", "out.csv"], {}, "no rows"),
        (["fruit.csv", "-o", "out.csv"], {}, "no e-mail address"),
        (["broken.xlsx", "-o", "out.csv"], {}, "workbook"),
        (["missing.csv", "-o", "out.csv"], {}, "No such file"),
        (["folder.csv", "-o", "out.csv"], {}, "directory"),
        (["good.csv", "-o", "out.pdf"], {}, "must end in .csv or .xlsx"),
        (["good.csv", "-o", "nowhere/out.csv"], {}, "no such folder"),
        (["good.csv", "-o", "out.csv", "--column", "fruit"], {}, "no column 'fruit'"),
        (["good.csv", "-o", "out.csv", "--exclude", "vaild"], {}, "vaild: not a status"),
        (["good.csv", "-o", "out.csv"], {"SMTP_PORT": "pear"}, "SMTP_PORT"),
        (["good.csv", "-o", "out.csv"], {"DATABASE_URL": "pear"}, "DATABASE_URL"),
        (["good.csv", "-o", "out.csv"], {"DATABASE_URL": "sqlite:///no.db"}, "not a database"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_2(winnow, bad_inputs, arguments, environment, words):
    done = winnow("verify", *arguments, environment=environment)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert words in line
    assert not (bad_inputs / "out.csv").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_output_that_cannot_be_written_is_one_clear_line(
    winnow, serve_world, environment_for, tmp_path, ending
):
    sandbox = serve_world(6, 5, "null_mx")
    (tmp_path / f"out.{ending}").mkdir()
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in sandbox.world.addresses])
    done = winnow("verify", "in.csv", "-o", f"out.{ending}", environment=environment_for(sandbox))
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert "cannot be written" in line
    assert sorted(path.name for path in tmp_path.glob(".*.part")) == []


def test_check_tells_of_one_address(winnow, serve_world, environment_for):
    sandbox = serve_world(7, 12, "plain")
    address = next(each for each in sandbox.world.addresses if sandbox.world.truth(each).status == "valid")
    done = winnow("check", address, "--json", environment=environment_for(sandbox))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "valid"
    spoken = winnow("check", address, environment=environment_for(sandbox))
    assert "valid" in spoken.stdout
    assert "RCPT TO" in spoken.stdout
