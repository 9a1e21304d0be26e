"""The measure of the whole: 1,000 rows of every kind of host, over three worlds, through `winnow verify`."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from engine.address import Address, parse_address
from sandbox import Sandbox, build_world, sample_rows, write_csv

ROOT = Path(__file__).parents[1]
PATIENCE = {
    "VALIDATOR_HELO": "winnow.sandbox",
    "SESSION_BACKOFF_MS": "0",
    "DOMAIN_SESSIONS_PER_MINUTE": "0",
    "GREYLIST_RETRY_SECONDS": "2.2,2.2,2.2",
    "OUTAGE_RETRY_SECONDS": "1",
    "DNS_TIMEOUT_MS": "700",
    "SMTP_OP_TIMEOUT_MS": "4000",
    "TOTAL_BUDGET_MS": "6000",
}


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_every_row_of_a_thousand_comes_back_in_order_and_true(tmp_path, seed):
    world = build_world(seed, 1000, greylist_delay_s=2.0)
    header, rows = sample_rows(world, seed=seed)
    write_csv(tmp_path / "in.csv", header, rows)
    with Sandbox(world) as sandbox:
        environment = os.environ | sandbox.environment() | PATIENCE
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'winnow.db'}"
        command = [sys.executable, "-m", "cli", "verify", str(tmp_path / "in.csv")]
        done = subprocess.run(
            [*command, "--output", str(tmp_path / "out.csv")],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        counted = sandbox.counters()
    assert done.returncode == 0, done.stderr

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [[row[name] for name in header] for row in written] == [list(row) for row in rows]
    assert all(row["status"] for row in written), "every row has its outcome"
    assert_true(world, written)
    assert counted.data_commands == 0
    assert counted.abandoned == 0
    assert max(counted.sessions_at_once.values()) == 1


def assert_true(world, written) -> None:
    """Hold the rows against the truth, and the list itself against what makes it a measure."""
    addresses = [row for row in written if isinstance(parse_address(row["email"]), Address)]
    truths = [world.truth(row["email"]) for row in addresses]
    right = sum(
        row["status"] == truth.status and row["reason"] in truth.reasons
        for row, truth in zip(addresses, truths, strict=True)
    )
    assert right >= 0.99 * len(addresses)
    plain = sum(truth.reasons in ({"accepted"}, {"mailbox_missing"}) for truth in truths)
    assert plain <= 0.6 * len(truths)
    kinds = Counter(world.domains[domain_of(row["email"])].kind for row in addresses)
    assert min(kinds.values()) >= 10


def domain_of(text: str) -> str:
    address = parse_address(text)
    assert isinstance(address, Address)
    return address.domain
