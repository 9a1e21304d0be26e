"""Crash safety of a sample: an engine killed while it checks 200 addresses first loses and adds nobody."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.intake.read import read_sheet
from engine.sampling import SAMPLE_SIZE
from storage.database import open_database
from storage.intake import save_upload
from storage.runs import check_whole, start_upload
from storage.sampling import draw_sample, sample_standing
from storage.summaries import summarise
from storage.uploads import Choice, UploadState

HOUSE = Path(__file__).parents[1]
ENGINE = (
    "import signal; from engine.settings import read_settings; from runtime import open_runtime;"
    " open_runtime(read_settings()); signal.pause()"
)
"""A process that opens the house, and waits to be killed."""
ASKED_TWICE = ("greylisting",)
"""Kinds of domain that put everybody off once."""
SETTLED = "SELECT count(*) FROM mailbox WHERE state = 'settled'"
ADDRESSES = "SELECT lower(local_part || '@' || name) FROM mailbox JOIN domain ON domain.id = domain_id"
ACTIVE = f"{ADDRESSES} WHERE state = 'active'"
DRAWN = f"{ADDRESSES} JOIN sampled ON mailbox_id = mailbox.id"


class Bench:
    """A list in a slow mail world, the database that it stands in, and engines that are killed over it."""

    def __init__(self, sandbox, environment, database, settings):
        self.world, self.counters = sandbox.world, sandbox.counters
        self.database, self.settings = database, settings
        self._environment = {**os.environ, **environment}
        self.in_hand = Counter()
        lines = "\n".join(["email", *self.world.addresses])
        sheet = read_sheet(lines.encode(), "fruits.csv", has_header=True)
        self.upload = save_upload(database, sheet, Choice(("email",)))

    @property
    def state(self):
        return summarise(self.database, self.upload).standing.state

    def look(self, sql):
        with self.database.reading() as connection:
            return list(connection.execute(text(sql)).scalars())

    @contextmanager
    def engine(self):
        """Keep an engine at work in a process of its own; in the end it is killed with SIGKILL."""
        process = subprocess.Popen([sys.executable, "-c", ENGINE], env=self._environment, cwd=HOUSE)
        try:
            yield process
        finally:
            process.kill()
            process.wait(timeout=60)

    def kill_one(self, eventually, settled):
        """Kill an engine that has settled so many in all while it asks about others; note about whom."""
        with self.engine() as process:
            eventually(lambda: self.look(SETTLED)[0] >= settled)
            eventually(lambda: self._holds_still_in_hand(process))
            assert self.state is UploadState.RUNNING, "it was done before it could be killed"
        self.in_hand.update(self.look(ACTIVE))

    def _holds_still_in_hand(self, process):
        process.send_signal(signal.SIGSTOP)
        has_some = bool(self.look(ACTIVE))
        if not has_some:
            process.send_signal(signal.SIGCONT)
        return has_some


@pytest.fixture
def bench(serve_world, environment_for, settings_for, database_file):
    sandbox = serve_world(11, 2 * SAMPLE_SIZE, round_trip_ms=15)
    environment = environment_for(sandbox) | {"GLOBAL_CONCURRENCY": "3", "RCPTS_PER_SESSION": "5"}
    database = open_database(f"sqlite:///{database_file}")
    yield Bench(sandbox, environment, database, settings_for(sandbox))
    database.close()


def test_an_engine_that_is_killed_goes_on_with_the_sample_and_then_with_the_rest(bench, eventually):
    draw_sample(bench.database, bench.upload)
    start_upload(bench.database, bench.upload, bench.settings)
    bench.kill_one(eventually, SAMPLE_SIZE // 4)
    assert bench.in_hand
    listed = {address.lower() for address in bench.world.addresses}
    with bench.engine():
        eventually(lambda: bench.state is UploadState.PAUSED)
        drawn = set(bench.look(DRAWN))
        assert sample_standing(bench.database, bench.upload).is_through
        assert len(drawn) == SAMPLE_SIZE
        _assert_settled_once(bench, drawn)
        assert listed & set(bench.counters().rcpts_by_address) <= drawn, "nobody else of the list was asked"

        check_whole(bench.database, bench.upload, bench.settings)
        eventually(lambda: bench.state is UploadState.DONE)
    _assert_settled_once(bench, listed)
    _assert_asked_little_twice(bench, listed)


def _assert_settled_once(bench, addresses):
    """Exactly these have their outcome, the true one, each from one check with one event to show for it."""
    assert sorted(bench.look(f"{ADDRESSES} WHERE checks = 1 AND state = 'settled'")) == sorted(addresses)
    assert bench.look("SELECT count(*) FROM settled_check") == [len(addresses)]
    with bench.database.reading() as connection:
        rows = connection.execute(text("SELECT text, status, reason FROM entry WHERE status IS NOT NULL"))
        found = {row.text.lower(): row for row in rows}
    assert found.keys() == set(addresses)
    for row in found.values():
        truth = bench.world.truth(row.text)
        assert (row.status, row.reason in truth.reasons) == (truth.status, True), row


def _assert_asked_little_twice(bench, listed):
    """An address is asked once more at most for each kill that it was in hand at."""
    counters = bench.counters()
    assert counters.data_commands == 0
    for address, count in counters.rcpts_by_address.items():
        if address in listed:
            _, domain = bench.world.find(address)
            usual = 2 if domain.kind in ASKED_TWICE else 1
            assert count <= usual + bench.in_hand[address], address
