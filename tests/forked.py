"""Programs of the house in processes of their own, each a fork of one that has loaded it all."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

HOUSE = Path(__file__).parents[1]
COMMANDS = ("check_address", "check_list", "client_policies", "examine", "never_probed", "show_lists")
LOADED = (
    "storage.migrate",
    *(f"cli.{each}" for each in COMMANDS),
    "pandas",
    "plotly.graph_objects",
    "streamlit.web.cli",
    "streamlit.web.server.starlette.starlette_server",
    "engine_process",
    "runtime",
    "sandbox",
)
"""What the process loads once, of which each program is a fork."""


def fork(
    program: Callable[[], object],
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    outputs: tuple[Path, Path],
) -> BaseProcess:
    """Start a program with its command line; what it says and complains of is added to the two files."""
    begun = multiprocessing.get_context("forkserver")
    begun.set_forkserver_preload(list(LOADED))
    process = begun.Process(target=_become, args=(program, arguments, dict(environment), folder, outputs))
    process.start()
    return process


def _become(
    program: Callable[[], object],
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    outputs: Sequence[Path],
) -> None:
    """Do in this process as the command line does."""
    for stream, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(arguments)
    program()
