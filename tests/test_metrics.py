"""The counters of a whole run: they say what was done, and nothing of whom was asked."""

import logging

import pytest
from sqlalchemy import text
from starlette.requests import Request

import app as door
from engine.intake.read import read_sheet
from runtime import close_runtime, open_runtime
from storage.intake import save_upload
from storage.summaries import standings
from storage.uploads import Choice, UploadState

KINDS = ("plain", "role", "full", "accept_all", "no_such_domain", "null_mx", "greylisting")
LOG_EVERY = 20


def scraped() -> str:
    answer = door.metrics(Request({"type": "http", "headers": []}))
    assert answer.status_code == 200
    return bytes(answer.body).decode()


def verdicts_in(said: str) -> float:
    numbers = [line.rpartition(" ") for line in said.splitlines() if not line.startswith("#")]
    return sum(float(number) for name, _, number in numbers if name.startswith("winnow_verdicts_total"))


@pytest.fixture
def run(serve_world, settings_for, eventually, caplog):
    """Check a world's whole list, and give the world, what was scraped, and the domains' mail hosts."""
    caplog.set_level(logging.INFO, "winnow")
    sandbox = serve_world(3, 120, *KINDS)
    settings = settings_for(sandbox).model_copy(update={"metrics_log_every": LOG_EVERY})
    runtime = open_runtime(settings)
    sheet = read_sheet("\n".join(["email", *sandbox.world.addresses]).encode(), "f.csv", has_header=True)
    runtime.start_upload(save_upload(runtime.database, sheet, Choice(("email",))))
    eventually(lambda: standings(runtime.database)[0].state is UploadState.DONE)
    with runtime.database.reading() as connection:
        hosts = set(connection.execute(text("SELECT mx_host FROM domain WHERE mx_host <> ''")).scalars())
        settled = connection.execute(text("SELECT count(*) FROM settled_check")).scalar_one()
    eventually(lambda: verdicts_in(scraped()) >= settled)  # what is stored is counted a moment later
    said = scraped()
    close_runtime(runtime)
    return sandbox.world, said, hosts, settled


def test_a_whole_run_is_counted_and_nobody_in_it_is_named(run, caplog):
    world, said, hosts, settled = run
    assert verdicts_in(said) == settled > 60
    assert 'winnow_sessions_total{end="clean"}' in said
    assert 'winnow_queue{state="waiting"} 0.0' in said

    lines = [each.getMessage() for each in caplog.get_records("setup") if each.name == "winnow.metrics"]
    assert 0 < len(lines) <= settled // LOG_EVERY
    assert len(hosts) > 5
    for told in (said, *(each.getMessage() for each in caplog.get_records("setup"))):
        assert "@" not in told
        assert not [name for name in (*world.domains, *hosts) if name in told]
