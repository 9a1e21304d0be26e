"""Runs the terminal program in a process of its own: one that loads all of it, or a fork of one that did."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

LONGEST_S = 120
COMMANDS = ("check_address", "check_list", "client_policies", "examine", "never_probed", "show_lists")
LOADED = ("storage.migrate", *(f"cli.{each}" for each in COMMANDS))
"""What a server loads once, of which each run is a fork."""


def run_afresh(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run `python -m cli` in a folder as a person does, and give what became of it."""
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, said: Path
) -> subprocess.CompletedProcess[str]:
    """Do the same in less time; what it says is kept in another folder meanwhile."""
    begun = multiprocessing.get_context("forkserver")
    begun.set_forkserver_preload(list(LOADED))
    outputs = said / "stdout", said / "stderr"
    process = begun.Process(target=_become, args=(arguments, dict(environment), folder, outputs))
    process.start()
    process.join(LONGEST_S)
    if process.exitcode is None:
        process.kill()
        raise subprocess.TimeoutExpired(arguments, LONGEST_S)
    stdout, stderr = (each.read_text(encoding="utf-8") for each in outputs)
    return subprocess.CompletedProcess(arguments, process.exitcode, stdout, stderr)


def _become(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, outputs: Sequence[Path]
) -> None:
    """Do in this process as `python -m cli` does."""
    for stream, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["winnow", *arguments]
    from cli import main

    main()
