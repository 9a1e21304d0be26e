"""The engine in a process of its own: it does what the one in a thread does, and never outlives its app."""

import io
import json
import logging
import math
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.requests import Request

import app as door
from engine.intake.read import read_sheet
from engine.thread import EngineGone
from engine_process import EngineProcess, logged, obey, opened
from runtime import close_runtime, open_runtime
from sandbox import Domain, Sandbox, world_of
from sandbox.behaviour import User
from storage.database import open_database
from storage.intake import save_upload
from storage.lease import engine_holder
from storage.summaries import standings
from storage.uploads import Choice, UploadState

HOUSE = Path(__file__).parents[1]
OPENED = """
import sys, time
from app import engine_beside
from engine.settings import read_settings
from runtime import open_runtime
print(open_runtime(read_settings(), engine_of=engine_beside).engine.pid, flush=True)
time.sleep(300)
"""
"""Opens the house as the app does, and says the number of the engine's process."""


@pytest.fixture
def runtime(settings_for):
    """The house as the app opens it, over a domain with two mailboxes."""
    users = {"fig": User.EXISTING, "pear": User.EXISTING}
    with Sandbox(world_of([Domain("plum.sandbox", users=users)])) as sandbox:
        settings = settings_for(sandbox).model_copy(update={"metrics_log_every": 1})
        opened = open_runtime(settings, engine_of=door.engine_beside)
        yield opened
        close_runtime(opened)


def start(runtime, *addresses):
    sheet = read_sheet("\n".join(["email", *addresses]).encode(), "fruits.csv")
    runtime.start_upload(save_upload(runtime.database, sheet, Choice(("email",))))


def is_done(runtime):
    return standings(runtime.database)[0].state is UploadState.DONE


def lease(database):
    with database.reading() as connection:
        return connection.execute(text("SELECT pid FROM engine_lease")).all()


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_checks_a_list_in_another_process_which_ends_with_the_house(runtime, eventually):
    start(runtime, "fig@plum.sandbox", "pear@plum.sandbox")
    eventually(lambda: is_done(runtime))
    holder = engine_holder(runtime.database)
    assert holder.pid == runtime.engine.pid != os.getpid()
    assert runtime.engine.is_alive

    runtime.engine.stop()
    assert not runtime.engine.is_alive
    assert not is_there(holder.pid)
    assert engine_holder(runtime.database) is None, "the lease was given back"


def test_a_wake_makes_it_look_at_once_and_stopping_twice_does_no_harm(runtime, eventually):
    eventually(lambda: engine_holder(runtime.database) is not None)
    start(runtime, "fig@plum.sandbox")
    eventually(lambda: is_done(runtime))
    runtime.engine.stop()
    runtime.engine.wake()
    runtime.engine.stop()
    assert not runtime.engine.is_alive


def test_what_it_counts_is_given_to_a_scraper_of_the_app(runtime, eventually):
    start(runtime, "fig@plum.sandbox", "pear@plum.sandbox")
    asked = Request({"type": "http", "headers": []})

    def told():
        return bytes(door.metrics(asked).body).decode()

    eventually(lambda: 'winnow_verdicts_total{reason="accepted",status="valid"} 2.0' in told())
    assert 'winnow_queue{state="waiting"} 0.0' in told()


def test_its_log_comes_out_of_the_app(settings_for, eventually, capfd):
    with Sandbox(world_of([Domain("plum.sandbox", users={"fig": User.EXISTING})])) as sandbox:
        settings = settings_for(sandbox).model_copy(update={"metrics_log_every": 1})
        runtime = open_runtime(settings, engine_of=door.engine_beside)
        start(runtime, "fig@plum.sandbox")
        eventually(lambda: is_done(runtime))
        close_runtime(runtime)
    said = capfd.readouterr()
    assert "winnow.metrics INFO verdicts=1 valid=1" in said.err
    assert said.out == ""


def test_a_killed_one_is_started_again_and_goes_on(settings_for, eventually):
    users = {"fig": User.EXISTING}
    with Sandbox(world_of([Domain("plum.sandbox", users=users)])) as sandbox:
        opened = open_runtime(
            settings_for(sandbox), engine_of=lambda usual, _: EngineProcess(usual, soon_s=0.0)
        )
        eventually(lambda: engine_holder(opened.database) is not None)
        first = opened.engine.pid
        os.kill(first, signal.SIGKILL)
        eventually(lambda: opened.engine.pid != first)
        start(opened, "fig@plum.sandbox")
        eventually(lambda: is_done(opened))
        assert engine_holder(opened.database).pid == opened.engine.pid
        close_runtime(opened)
        assert not opened.engine.is_alive


@pytest.fixture
def hopeless(settings_for):
    """The house over nobody, with an engine that is never started again."""
    with Sandbox(world_of([])) as sandbox:
        settings = settings_for(sandbox)
        opened = open_runtime(settings, engine_of=lambda usual, _: EngineProcess(usual, soon_s=math.inf))
        yield opened
        close_runtime(opened)


def test_one_that_is_dead_as_soon_as_it_began_stays_so_and_the_app_says_it(hopeless, eventually, caplog):
    runtime = hopeless
    os.kill(runtime.engine.pid, signal.SIGKILL)
    eventually(lambda: not runtime.engine.is_alive)
    eventually(lambda: "as soon as it began" in caplog.text)
    runtime.engine.wake()
    with pytest.raises(EngineGone):
        runtime.engine.exposition("", {})
    asked = Request({"type": "http", "headers": []})
    assert door.health(asked).status_code == 503
    assert json.loads(door.health(asked).body)["engine"] == "none"
    assert door.metrics(asked).status_code == 503


def test_one_that_gives_no_answer_holds_nobody_up(hopeless, eventually):
    runtime = hopeless
    eventually(lambda: engine_holder(runtime.database) is not None)
    os.kill(runtime.engine.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, runtime.engine.pid, os.WSTOPPED | os.WNOWAIT)  # until then it may still answer
    with pytest.raises(EngineGone):
        runtime.engine.exposition("", {})
    runtime.engine.wake()
    os.kill(runtime.engine.pid, signal.SIGCONT)
    assert b"winnow_queue" in runtime.engine.exposition("", {"waiting": 0})[0], (
        "not the answer it owed before"
    )


@pytest.mark.parametrize(
    "accept", ["text/plain;version=latest", "application/openmetrics-text;version=x", "\n"]
)
def test_a_scraper_that_asks_for_nonsense_is_answered_all_the_same(hopeless, accept):
    for _ in range(2):
        written, media_type = hopeless.engine.exposition(accept, {"waiting": 7})
        assert b'winnow_queue{state="waiting"} 7.0' in written
        assert media_type.startswith("text/plain")


def test_a_database_that_is_named_from_the_folder_one_stands_in_is_the_same_for_both(
    settings_for, eventually, monkeypatch, tmp_path
):
    with Sandbox(world_of([Domain("plum.sandbox", users={"fig": User.EXISTING})])) as sandbox:
        monkeypatch.chdir(tmp_path)
        settings = settings_for(sandbox).model_copy(update={"database_url": "sqlite:///here.db"})
        opened = open_runtime(settings, engine_of=door.engine_beside)
        start(opened, "fig@plum.sandbox")
        eventually(lambda: is_done(opened))
        close_runtime(opened)


def test_it_gives_back_what_it_has_and_ends_when_the_app_is_killed(environment_for, eventually):
    with Sandbox(world_of([Domain("plum.sandbox")])) as sandbox:
        environment = os.environ | environment_for(sandbox)
        command = [sys.executable, "-c", OPENED]
        with subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE) as app:
            engine = int(app.stdout.readline())
            database = open_database(environment["DATABASE_URL"])
            eventually(lambda: (holder := engine_holder(database)) and holder.pid == engine)
            app.kill()
            app.wait()
            eventually(lambda: lease(database) == [])
            database.close()


class Deaf(io.StringIO):
    """What nobody reads any more."""

    def write(self, _text):
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("orders", "answers"),
    [('["stop"]\n', io.StringIO()), ("", io.StringIO()), ('["counters", 0, "", {}]\n["wake"]\n', Deaf())],
)
def test_it_stops_at_the_word_at_the_end_of_all_words_and_where_nobody_hears(settings_for, orders, answers):
    with Sandbox(world_of([])) as sandbox:
        settings = settings_for(sandbox)
        open_database(settings.database_url).close()
        with opened(settings) as engine:
            with suppress(BrokenPipeError):
                obey(engine, io.StringIO(orders), answers)
            assert engine.was_stopped
            assert not engine.is_alive


def test_what_the_engine_logs_is_written_to_stderr_while_it_runs_and_not_after(capsys):
    with logged():
        logging.getLogger("winnow.metrics").info("verdicts=100")
    logging.getLogger("winnow.metrics").info("verdicts=200")
    said = capsys.readouterr()
    assert said.err.rstrip().endswith("winnow.metrics INFO verdicts=100")
    assert said.out == ""
