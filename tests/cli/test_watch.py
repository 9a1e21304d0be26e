"""How long `winnow verify` watches a list."""

import json

from cli.watch import _Words
from sandbox import write_csv


def test_max_wait_ends_the_run_when_only_later_retries_are_left_and_the_same_command_goes_on(
    winnow, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(5, 24, "plain", "greylisting")
    grey = {name for name, each in sandbox.world.domains.items() if each.kind == "greylisting"}
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in sandbox.world.addresses])
    later = {**environment_for(sandbox), "GREYLIST_RETRY_SECONDS": "36000"}
    done = winnow("verify", "in.csv", "-o", "out.csv", "--json", "--max-wait", "3000", environment=later)
    assert done.returncode == 0, done.stderr
    waiting = json.loads(done.stdout)["waiting"]
    header, *rows = rows_of(tmp_path / "out.csv")
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
    unknown = sum(row["status"] == "unknown" for row in told)
    assert f"{unknown:,} unknown" in again.stderr
    assert f"Of the unknown, {waiting:,} still wait" in again.stderr
    assert "Due again: the first " in again.stderr
    assert sandbox.counters().rcpts == before.rcpts, "nobody is asked before it is time"
    assert rows_of(tmp_path / "again.csv") == [header, *rows]


def test_where_there_is_no_terminal_a_sentence_is_said_now_and_then(capsys):
    words = _Words(write_at=0.0)
    words.write("checking: 5 of 20")
    words.write("checking: 6 of 20")
    assert capsys.readouterr().err == "checking: 5 of 20\n"
