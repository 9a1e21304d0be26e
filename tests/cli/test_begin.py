"""What becomes of a list that is handed in again, and that the terminal says so."""

import sqlite3
from contextlib import closing

import pytest

from cli.begin import ANEW, ANEW_IN_PART, AS_IT_STANDS, GOES_ON, say_how_long
from engine.intake.read import read_sheet
from engine.settings import Settings
from runtime import close_runtime, open_runtime
from sandbox import write_csv
from storage.uploads import Choice


@pytest.fixture
def verify(winnow, serve_world, environment_for, database_file, tmp_path):
    """Check a list; give what was said of it, how often it was asked about, how many lists are kept."""
    sandbox = serve_world(8, 12, "plain", "greylisting")
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in sandbox.world.addresses])

    def asked():
        counted = sandbox.counters().rcpts_by_address
        return sum(counted.get(address.lower(), 0) for address in sandbox.world.addresses)

    def run(*arguments, **changed):
        before = asked()
        environment = environment_for(sandbox) | changed
        done = winnow("verify", "in.csv", "-o", "out.csv", *arguments, environment=environment)
        assert done.returncode == 0, done.stderr
        with closing(sqlite3.connect(database_file)) as connection:
            ((lists,),) = connection.execute("SELECT count(*) FROM upload")
        said = [line for line in done.stderr.splitlines() if line.startswith("This list")]
        return said, asked() - before, lists

    return run


def test_a_new_list_needs_no_words(verify):
    said, asked, lists = verify()
    assert (said, lists) == ([], 1)
    assert asked > 0


def test_a_list_that_is_done_is_written_as_it_stands(verify):
    verify()
    assert verify() == ([AS_IT_STANDS], 0, 1)


def test_fresh_asks_about_every_address_anew_as_a_further_list_each_time_and_says_so(
    verify, tmp_path, rows_of
):
    verify()
    listed = len(rows_of(tmp_path / "in.csv")) - 1
    for number in (2, 3):
        said, asked, lists = verify("--fresh")
        assert (said, lists) == ([ANEW], number)
        assert asked >= listed
    assert verify() == ([AS_IT_STANDS], 0, 3)


def test_a_first_list_with_fresh_is_new_and_only_a_second_one_is_said_to_be_further(verify):
    assert (verify("--fresh")[0], verify("--fresh")[0]) == ([], [ANEW])


@pytest.mark.parametrize(("arguments", "how"), [([], ""), (["--fresh"], " with --fresh")])
def test_a_list_that_is_not_done_goes_on_and_says_from_where(verify, tmp_path, rows_of, arguments, how):
    later = {"GREYLIST_RETRY_SECONDS": "36000"}
    verify(*arguments, "--max-wait", "0", **later)
    _, *rows = rows_of(tmp_path / "out.csv")
    done = sum("greylisted" not in row for row in rows)
    assert 0 < done < len(rows)
    said, asked, lists = verify(*arguments, "--max-wait", "0", **later)
    assert said == [GOES_ON.format(how=how, checked=done, addresses=len(rows))]
    assert (asked, lists) == (0, 1)


@pytest.mark.parametrize(("addresses", "is_said"), [(600, True), (3, False)])
def test_it_is_said_beforehand_how_long_a_long_list_takes(database_file, capsys, addresses, is_said):
    settings = Settings(
        database_url=f"sqlite:///{database_file}",
        resolvers=("127.0.0.1:9",),
        validator_helo="winnow.sandbox",
    )
    lines = ["email", *(f"plum{number}@gmail.com" for number in range(addresses))]
    sheet = read_sheet("\n".join(lines).encode(), "fruits.csv", has_header=True)
    runtime = open_runtime(settings)
    try:
        say_how_long(runtime, sheet, Choice(("email",)))
    finally:
        close_runtime(runtime)
    said = capsys.readouterr().err
    assert ("It will take about" in said) is is_said
    assert ("600 addresses at gmail.com" in said) is is_said


def test_with_reuse_days_a_further_list_reuses_the_answers_that_are_young_enough(verify):
    verify()
    assert verify("--reuse-days", "7") == ([ANEW_IN_PART], 0, 2)
    said, asked, lists = verify("--reuse-days", "0")
    assert (said, lists) == ([ANEW], 3)
    assert asked > 0
