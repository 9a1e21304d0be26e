"""`winnow verify`: a whole list, from the file handed in to the file handed back."""

import json
from datetime import datetime

import openpyxl
import pandas as pd

from sandbox import sample_rows, write_csv, write_xlsx

OUTCOMES = [
    "email", "status", "reason", "confidence", "flags", "suggestion", "mx_host", "provider", "attempts",
    "checked_at",
]  # fmt: skip


def _is_true(world, row, header):
    """Tell whether a row of one address says what is true of it."""
    told = dict(zip(header, row, strict=True))
    truth = world.truth(told["email"])
    return told["status"] == truth.status and told["reason"] in truth.reasons


def _as_csv(path):
    """Read a workbook as the CSV would have it: times with their zone."""
    frame = pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
    at = frame["checked_at"]
    frame["checked_at"] = at.where(at == "", at.str.replace(" ", "T") + "Z")
    return [list(frame.columns), *frame.to_numpy().tolist()]


def test_verify_writes_every_row_in_order_with_own_columns_and_the_truth_and_asks_nobody_twice(
    winnow, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(3, 120)
    header, rows = sample_rows(sandbox.world, seed=3)
    write_csv(tmp_path / "in.csv", header, rows)
    environment = environment_for(sandbox) | {"METRICS_LOG_EVERY": "1"}
    done = winnow("verify", "in.csv", "--output", "out.csv", "--json", environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    written = rows_of(tmp_path / "out.csv")
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
    assert _as_csv(tmp_path / "again.xlsx") == written

    kept = winnow(
        "verify", "in.csv", "-o", "kept.csv", "--exclude", "invalid,duplicate", environment=environment
    )
    assert kept.returncode == 0
    flags, status = written[0].index("flags"), written[0].index("status")
    assert rows_of(tmp_path / "kept.csv")[1:] == [
        row for row in written[1:] if row[status] != "invalid" and "duplicate" not in row[flags].split()
    ]
    chosen = winnow("verify", "in.csv", "-o", "role.csv", "--include", "role", environment=environment)
    assert chosen.returncode == 0
    assert [row for row in written[1:] if "role" in row[flags].split()] == rows_of(tmp_path / "role.csv")[1:]
    assert sandbox.counters().rcpts == asked.rcpts


def test_verify_reads_and_writes_workbooks(winnow, serve_world, environment_for, tmp_path):
    sandbox = serve_world(4, 30, "plain", "null_mx")
    header, rows = sample_rows(sandbox.world, seed=4)
    write_xlsx(tmp_path / "in.xlsx", header, rows)
    done = winnow("verify", "in.xlsx", "--output", "out.xlsx", environment=environment_for(sandbox))
    assert done.returncode == 0, done.stderr
    written, *told = _as_csv(tmp_path / "out.xlsx")
    assert [row[: len(header)] for row in told] == [list(row) for row in rows]
    assert [row for row in told if not _is_true(sandbox.world, row, written)] == []

    (sheet,) = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets
    assert sheet.title == "Customers"
    first = dict(zip(written, [cell.value for cell in sheet[2]], strict=True))
    assert isinstance(first["confidence"], int)
    assert isinstance(first["attempts"], int)
    assert isinstance(first["checked_at"], datetime | None)
    assert {type(cell.value) for cell in sheet["A"]} == {str}, "numbers with leading zeros are names"


def test_by_dns_alone_no_host_is_asked_and_dead_domains_are_found(
    winnow, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(3, 120)
    header, rows = sample_rows(sandbox.world, seed=3)
    write_csv(tmp_path / "in.csv", header, rows)
    done = winnow(
        "verify", "in.csv", "-o", "out.csv", "--dns-only", "--json", environment=environment_for(sandbox)
    )
    assert (done.returncode, done.stderr) == (0, "")
    names, *cells = rows_of(tmp_path / "out.csv")
    written = [dict(zip(names, each, strict=True)) for each in cells]
    assert sandbox.counters().sessions == 0
    assert {row["reason"] for row in written} >= {"dns_only", "no_such_domain", "null_mx"}
    assert not {row["status"] for row in written} & {"valid", "accept_all"}
    for row in written:
        truth = sandbox.world.truth(row["email"])
        assert row["status"] in {"unknown", "risky"} or row["status"] == truth.status, row


def test_typing_errors_are_fixed_where_that_is_asked_for(
    winnow, serve_world, environment_for, tmp_path, rows_of
):
    environment = environment_for(serve_world(3, 30, "google", "typo"))
    (tmp_path / "in.csv").write_text("name,mail\nfig,fig@gmial.com\nplum,plum@gmail.com\n")
    verify = ("verify", "in.csv", "--dns-only", "-o")
    assert winnow(*verify, "plain.csv", environment=environment).returncode == 0
    fixed = winnow(*verify, "fixed.csv", "--fix-typos", environment=environment)
    assert fixed.returncode == 0
    assert "Addresses at gmial.com are asked at gmail.com." in fixed.stderr
    plain = _told(rows_of(tmp_path / "plain.csv"))
    assert [each["reason"] for each in plain] == ["no_such_domain", "dns_only"]
    assert "corrected_email" not in plain[0]
    told = _told(rows_of(tmp_path / "fixed.csv"))
    assert [(each["email"], each["corrected_email"], each["reason"]) for each in told] == [
        ("fig@gmial.com", "fig@gmail.com", "dns_only"),
        ("plum@gmail.com", "", "dns_only"),
    ]


def test_no_typing_error_is_fixed_of_whom_the_policy_named_lets_nobody_ask_about(
    winnow, serve_world, environment_for, tmp_path
):
    environment = environment_for(serve_world(3, 30, "google", "typo"))
    winnow("policy", "set", "Orchard", "never-probed-domains=gmial.com", environment=environment)
    (tmp_path / "in.csv").write_text("mail\nfig@gmial.com\nplum@gmail.com\n")
    verify = ("verify", "in.csv", "--dns-only", "-o", "out.csv", "--fix-typos", "--policy", "Orchard")
    done = winnow(*verify, environment=environment)
    assert done.returncode == 0
    assert "are asked at" not in done.stderr


def _told(rows):
    names, *cells = rows
    return [dict(zip(names, each, strict=True)) for each in cells]
