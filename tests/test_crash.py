"""Crash safety: `winnow verify` killed at random moments loses nothing and asks little twice."""

import csv
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from sandbox import write_csv

HOUSE = Path(__file__).parents[1]
DEADLINE_S = 60.0
ASKED = {"greylisting": 2, "no_such_domain": 0, "null_mx": 0}
"""How often an address of a kind is asked when nothing goes wrong, where that is not once."""


class Run:
    """A `winnow verify` in a process of its own, on a database that the test may look into."""

    def __init__(self, folder, source, environment):
        self.output = folder / f"{source.stem}.out.csv"
        self._command = [sys.executable, "-m", "cli", "verify", str(source), "--output", str(self.output)]
        self._environment = {**os.environ, **environment}
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            self._command, env=self._environment, cwd=HOUSE, stderr=subprocess.PIPE, text=True
        )

    def kill(self):
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)

    def finish(self):
        _, said = self.process.communicate(timeout=DEADLINE_S)
        assert self.process.returncode == 0, said


@pytest.fixture
def begin(tmp_path):
    """Start `winnow verify` on a file; what still runs when the test ends is killed."""
    runs = []

    def start(source, environment):
        runs.append(Run(tmp_path, source, environment))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.kill()


def _look(file, sql):
    """Ask the database; nothing where it is not there yet."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        has_tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'engine_lease'").fetchall()
        return connection.execute(sql).fetchall() if has_tables else []


def _active(file):
    """Name the addresses that are being asked about."""
    sql = "SELECT local_part, name FROM mailbox JOIN domain ON domain.id = domain_id WHERE state = 'active'"
    return [f"{local_part}@{domain}".lower() for local_part, domain in _look(file, sql)]


def _wait_for_settled(file, least, runs):
    """Wait until so many mailboxes are settled while one of these runs is asking about others."""
    sql = "SELECT pid FROM engine_lease WHERE (SELECT count(*) FROM mailbox WHERE state = 'settled')"
    own = {(run.process.pid,) for run in runs}
    deadline = time.monotonic() + DEADLINE_S
    while not own & set(_look(file, f"{sql} >= {least}")) or not _active(file):
        assert time.monotonic() < deadline, "it never came so far"
        assert any(run.process.poll() is None for run in runs), "it was done before it could be killed"
        time.sleep(0.002)


def _moments(seed, kills, mailboxes):
    rng = random.Random(seed)
    return sorted(rng.randint(1, mailboxes // 2) for _ in range(kills))


def _assert_true(world, output, addresses):
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["email"] for row in rows] == addresses, "none lost, all in order"
    for row in rows:
        truth = world.truth(row["email"])
        assert (row["status"], row["reason"] in truth.reasons) == (truth.status, True), row


def _assert_settled_once(file):
    """Each mailbox was checked once and has one event to show for it; no entry is without outcome."""
    checks = _look(file, "SELECT checks FROM mailbox")
    assert checks
    assert set(checks) == {(1,)}
    events = _look(file, "SELECT mailbox_id, count(*) FROM settled_check GROUP BY mailbox_id")
    assert [count for _, count in events] == [1] * len(checks)
    assert _look(file, "SELECT count(*) FROM entry WHERE status IS NULL OR settled_at IS NULL") == [(0,)]
    assert set(_look(file, "SELECT state FROM upload WHERE state <> 'interrupted'")) == {("done",)}


def _assert_asked_little_twice(sandbox, in_hand):
    """An address is asked once more at most for each kill that it was in hand at."""
    world, counters = sandbox.world, sandbox.counters()
    listed = {address.lower() for address in world.addresses}
    assert counters.data_commands == 0
    assert max(counters.sessions_at_once.values()) == 1
    asked = {address: count for address, count in counters.rcpts_by_address.items() if address in listed}
    assert asked
    for address, count in asked.items():
        _, domain = world.find(address)
        assert count <= ASKED.get(domain.kind, 1) + in_hand[address], address
    extra = sum(count - ASKED.get(world.find(address)[1].kind, 1) for address, count in asked.items())
    assert extra <= in_hand.total()
    decoys = {address for address in counters.rcpts_by_address if address not in listed}
    assert len(decoys) <= 2 * len(world.domains), "a decoy and a control for each domain at most"


@pytest.fixture
def slow_world(serve_world, environment_for):
    """A mail world in which a list takes a second or two, and its environment."""
    sandbox = serve_world(11, 150, round_trip_ms=15)
    return sandbox, {**environment_for(sandbox), "GLOBAL_CONCURRENCY": "3", "RCPTS_PER_SESSION": "5"}


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_three_times_and_started_again_it_writes_the_same_file_and_loses_nothing(
    begin, slow_world, database_file, tmp_path, seed
):
    sandbox, environment = slow_world
    addresses = list(sandbox.world.addresses)
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in addresses])
    run = begin(tmp_path / "in.csv", environment)
    in_hand = Counter()
    for moment in _moments(seed, 3, len(addresses)):
        _wait_for_settled(database_file, moment, [run])
        run.kill()
        in_hand.update(_active(database_file))
        run.start()
    run.finish()
    assert in_hand, "nothing was in hand at any kill"
    _assert_true(sandbox.world, run.output, addresses)
    _assert_settled_once(database_file)
    _assert_asked_little_twice(sandbox, in_hand)


@pytest.mark.parametrize("kills", [0, 2])
def test_two_at_once_on_one_database_are_one_engine_also_when_the_working_one_is_killed(
    begin, slow_world, database_file, tmp_path, kills
):
    sandbox, environment = slow_world
    addresses = list(sandbox.world.addresses)
    lists = {tmp_path / "first.csv": addresses[:100], tmp_path / "second.csv": addresses[50:]}
    runs = []
    for file, listed in lists.items():
        write_csv(file, ["email"], [[address] for address in listed])
        runs.append(begin(file, environment))
    in_hand = Counter()
    for moment in _moments(kills, kills, len(addresses)):
        _wait_for_settled(database_file, moment, runs)
        _kill_the_holder(database_file, runs, in_hand)
    for run in runs:
        run.finish()
    for run, listed in zip(runs, lists.values(), strict=True):
        _assert_true(sandbox.world, run.output, listed)
    assert bool(in_hand) == bool(kills)
    _assert_settled_once(database_file)
    _assert_asked_little_twice(sandbox, in_hand)


def _kill_the_holder(file, runs, in_hand):
    """Kill the process whose engine works, note what it had in hand, and start it again."""
    ((pid,),) = _look(file, "SELECT pid FROM engine_lease")
    (holder,) = (run for run in runs if run.process.pid == pid)
    holder.process.send_signal(signal.SIGSTOP)  # so that the other one cannot take over before we look
    in_hand.update(_active(file))
    holder.kill()
    holder.start()


@pytest.fixture
def app(database_file, slow_world):
    """The web app on the same database, its engine at work; killed when the test ends, if it still runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    _, environment = slow_world
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        env={**os.environ, **environment},
        cwd=HOUSE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + DEADLINE_S
    while not (database_file.exists() and _look(database_file, "SELECT pid FROM engine_lease")):
        assert time.monotonic() < deadline
        assert server.poll() is None, "the app did not start"
        time.sleep(0.05)
    yield server
    server.kill()
    server.wait(timeout=DEADLINE_S)


def test_the_terminal_beside_the_app_is_one_engine_also_when_the_one_of_the_app_is_killed(
    app, begin, slow_world, database_file, tmp_path
):
    sandbox, environment = slow_world
    addresses = list(sandbox.world.addresses)
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in addresses])
    ((engine,),) = _look(database_file, "SELECT pid FROM engine_lease")
    run = begin(tmp_path / "in.csv", environment)
    deadline = time.monotonic() + DEADLINE_S
    while not _active(database_file):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    assert engine not in {app.pid, run.process.pid}
    os.kill(engine, signal.SIGSTOP)
    in_hand = Counter(_active(database_file))
    os.kill(engine, signal.SIGKILL)
    run.finish()
    assert in_hand
    _assert_true(sandbox.world, run.output, addresses)
    _assert_settled_once(database_file)
    _assert_asked_little_twice(sandbox, in_hand)
