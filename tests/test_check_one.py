"""A single address in the whole house: asked before a long list, and not lost by a kill."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.intake.cell import addresses_in
from engine.verdict import Status
from sandbox import Domain, Sandbox, world_of
from sandbox.behaviour import User
from sandbox.domain import OwnHost
from sandbox.host import Open
from storage.database import open_database
from storage.policies import NamedPolicy
from storage.singles import Phase, ask_single, read_single

HOUSE = Path(__file__).parents[1]
SLOW_S = 0.3
VERY_SLOW_S = 2.0
LONG = 120
HOLD_OPEN = """
import runtime, time
from engine.settings import read_settings
runtime.open_runtime(read_settings())
time.sleep(300)
"""
"""Opens the house in a process of its own, for as long as it is let."""


def slow(name: str, after_s: float) -> Domain:
    users = {"fig": User.EXISTING, "pear": User.EXISTING}
    return Domain(name, users=users, delivery=OwnHost(Open(after_s=after_s)))


def test_a_single_address_has_its_answer_while_a_long_list_runs(house, eventually):
    domains = [slow(f"plum{n}.sandbox", SLOW_S) for n in range(LONG)]
    with (
        Sandbox(world_of([*domains, slow("orchard.sandbox", 0.0)])) as sandbox,
        house(sandbox, global_concurrency=2) as opened,
    ):
        listed = opened.start(f"pear@{each.name}" for each in domains)
        eventually(lambda: opened.look(listed).standing.settled > 0)
        runtime = opened.runtime
        upload = runtime.ask_single(addresses_in("fig@orchard.sandbox")[0], NamedPolicy())
        eventually(lambda: read_single(runtime.database, upload).is_over)
        waiting = opened.look(listed).standing.waiting
        assert read_single(runtime.database, upload).detail.line.status is Status.VALID
        assert waiting > LONG // 2
        assert sandbox.counters().data_commands == 0


@pytest.fixture
def hold_open(environment_for):
    """Open the house over a sandbox in a process of its own; what still runs when the test ends is killed."""
    running = []

    def start(sandbox):
        environment = os.environ | environment_for(sandbox)
        running.append(subprocess.Popen([sys.executable, "-c", HOLD_OPEN], cwd=HOUSE, env=environment))
        return running[-1]

    yield start
    for each in running:
        each.kill()
        each.wait()


def test_a_check_is_seen_from_another_process_and_goes_on_after_a_kill(hold_open, settings_for, eventually):
    with Sandbox(world_of([slow("orchard.sandbox", VERY_SLOW_S)])) as sandbox:
        settings = settings_for(sandbox)
        database = open_database(settings.database_url)
        upload = ask_single(database, addresses_in("fig@orchard.sandbox")[0], settings)

        def said() -> list[str]:
            return [line.text for line in read_single(database, upload).detail.trace]

        first = hold_open(sandbox)
        eventually(lambda: any(text.startswith("connecting to ") for text in said()))
        assert read_single(database, upload).phase is Phase.ASKS
        first.kill()
        first.wait()
        assert not read_single(database, upload).is_over
        hold_open(sandbox)
        eventually(lambda: read_single(database, upload).is_over)
        assert read_single(database, upload).detail.line.status is Status.VALID
        assert len(read_single(database, upload).detail.past) == 1
        database.close()
