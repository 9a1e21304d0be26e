"""`python -m sandbox`: a world in a process of its own, and the settings it prints."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

SETTINGS = {"RESOLVERS", "SMTP_PORT", "ALLOW_PRIVATE_NETWORKS"}


@pytest.fixture
def serve_alone() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a small world with these options, and end it after the test."""
    begun: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "sandbox", "--addresses", "20", *options]
        begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return begun[-1]

    yield start
    for process in begun:
        process.terminate()
        process.communicate()


def test_the_settings_of_a_world_are_a_line_of_json(serve_alone):
    assert set(json.loads(serve_alone().stdout.readline())) == SETTINGS


def test_the_settings_can_be_lines_that_a_shell_reads(serve_alone):
    world = serve_alone("--export")
    lines = [world.stdout.readline() for _ in SETTINGS]
    assert all(line.startswith("export ") for line in lines)
    echoed = "; ".join(f'echo "${name}"' for name in sorted(SETTINGS))
    told = subprocess.run(
        ["/bin/sh", "-c", "".join(lines) + echoed], capture_output=True, text=True, check=True, env={}
    )
    named = dict(shlex.split(line)[1].split("=", 1) for line in lines)
    assert named.keys() == SETTINGS
    assert told.stdout.split() == [named[name] for name in sorted(SETTINGS)]
