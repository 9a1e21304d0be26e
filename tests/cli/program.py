"""Runs the terminal program in a process of its own, as a person does or in less time."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.forked import fork

LONGEST_S = 120


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
    outputs = said / "stdout", said / "stderr"
    for each in outputs:
        each.write_bytes(b"")
    process = fork(_main, ["winnow", *arguments], environment, folder, outputs)
    process.join(LONGEST_S)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise subprocess.TimeoutExpired(arguments, LONGEST_S)
    stdout, stderr = (each.read_text(encoding="utf-8") for each in outputs)
    return subprocess.CompletedProcess(arguments, process.exitcode, stdout, stderr)


def _main() -> None:
    from cli import main

    main()
