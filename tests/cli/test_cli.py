"""The terminal's program itself: how it is started, what it says of itself."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
HEAVY = ("engine", "storage", "pages", "pandas", "sqlalchemy", "streamlit")


def test_it_tells_its_version(winnow):
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = winnow("--version")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"winnow {project['version']}\n", "")


def test_begun_afresh_or_installed_it_is_the_same_program(winnow):
    program = Path(sys.executable).with_name("winnow")
    told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == winnow("--version").stdout == winnow("--version", afresh=True).stdout


def test_without_a_command_it_tells_which_there_are(winnow):
    told = winnow()
    for command in ("verify", "check", "doctor", "lists"):
        assert f" {command} " in told.stdout + told.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], *([command, "--help"] for command in ("verify", "check", "doctor", "lists"))],
)
def test_what_it_says_of_itself_is_said_without_loading_what_takes_long(arguments):
    watched = (
        "import sys, cli\n"
        f"sys.argv = ['winnow', *{arguments!r}]\n"
        "try:\n    cli.main()\n"
        f"finally:\n    sys.exit(str([each for each in {HEAVY!r} if each in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched], cwd=HOUSE, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == "[]\n"
    assert done.stdout


def test_nothing_happens_on_import():
    done = subprocess.run(
        [sys.executable, "-c", "import cli, cli.__main__; assert cli.app and cli.main"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("module", ["check_address", "client_policies", "never_probed", "show_lists"])
def test_a_command_that_reads_no_list_does_not_wait_for_what_reads_lists(module):
    watched = (
        f"import sys, cli.{module}; print([each for each in ('pandas', 'pyarrow') if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched], cwd=HOUSE, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
