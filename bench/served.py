"""Starts the mail internet in a process of its own, so that its cost is nobody else's."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.settings import Settings
from sandbox.internet import Shape

DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True)
class Wires:
    """How hosts are: the round trip in milliseconds, whether they offer PIPELINING, whether one is strict."""

    round_trip_ms: float = 40.0
    pipelines: bool = True
    is_strict: bool = True


@dataclass(frozen=True, slots=True)
class Served:
    """A mail internet that runs: the settings to live in it (environment variables), and its counters."""

    environment: dict[str, str]
    _child: "subprocess.Popen[str]"
    _file: Path

    def counters(self) -> dict[str, Any]:
        """Ask for the counters as they stand now."""
        before = self._file.stat().st_mtime_ns if self._file.exists() else 0
        self._child.send_signal(signal.SIGUSR1)
        ends_at = time.monotonic() + DEADLINE_S
        while not self._file.exists() or self._file.stat().st_mtime_ns == before:
            if time.monotonic() > ends_at:
                raise TimeoutError("the sandbox does not answer")
            time.sleep(0.02)
        counted: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return counted


@contextmanager
def served(shape: Shape, wires: Wires) -> Iterator[Served]:
    """Serve an internet while the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "counters.json")
        with subprocess.Popen(_command(shape, wires, file), stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            try:
                yield Served(json.loads(child.stdout.readline()), child, file)
            finally:
                child.terminate()


def _command(shape: Shape, wires: Wires, file: Path) -> list[str]:
    options = {
        "--rows": shape.rows,
        "--seed": shape.seed,
        "--strict-rows": shape.strict_rows,
        "--greylist-delay": shape.greylist_delay_s,
        "--round-trip-ms": wires.round_trip_ms,
        "--counters": file,
    }
    switches = {
        "--providers": shape.is_named,
        "--no-pipelining": not wires.pipelines,
        "--lenient": not wires.is_strict,
    }
    return [
        *(sys.executable, "-m", "sandbox.internet"),
        *(str(part) for pair in options.items() for part in pair),
        *(name for name, is_on in switches.items() if is_on),
    ]


def run_child(module: str, arguments: list[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    """Start a module in a process of its own, under these settings and none of the caller's."""
    ours = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=ours | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
