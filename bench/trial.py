"""One run of a list through a mail internet: Winnow's, or the reference's, each in a process of its own."""

import csv
import json
import random
import signal
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.bound import Bound, Talk, bound
from bench.loads import limits_of, loads_of
from bench.served import Served, Wires, run_child, served
from engine.settings import Settings, read_settings
from sandbox.internet import Internet, Shape

UNPACED = {
    "DOMAIN_SESSIONS_PER_MINUTE": "0",
    "SESSION_BACKOFF_MS": "0",
    "GREYLIST_RETRY_SECONDS": "2.5,5,10",
}
"""Settings of a run without any rate: greylisted addresses come back after 2.5 s, since hosts want 2 s."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run: an internet, how it is reached, and Winnow's settings (environment variables).

    `stop_after` so many verdicts, 0 for all; with `has_page` the Results page is drawn meanwhile.
    """

    shape: Shape
    wires: Wires = field(default_factory=Wires)
    settings: Mapping[str, str] = field(default_factory=dict)
    stop_after: int = 0
    has_page: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run: what the child reports, what the hosts counted, how many verdicts are right."""

    plan: Plan
    report: dict[str, Any]
    counters: dict[str, Any]
    judged: int
    right: int
    wrong: Counter[str]

    @property
    def timed(self) -> int:
        """Verdicts that were there as the clock was stopped; a run that is stopped ends what is under way."""
        return int(self.report.get("settled", self.judged))

    @property
    def speed(self) -> float:
        """Verdicts a second."""
        return float(self.timed / self.report["run_s"])

    @property
    def connections(self) -> float:
        """Connections per address."""
        return float(self.counters["connections"] / max(self.judged, 1))

    @property
    def rcpts(self) -> float:
        """RCPTs per address."""
        return float(self.counters["rcpts"] / max(self.judged, 1))

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the verifier's own CPU time per address."""
        return float(self.report["cpu_s"] * 1000 / max(self.timed, 1))

    @property
    def accuracy(self) -> float:
        """The share of verdicts that are true."""
        return self.right / max(self.judged, 1)


def settings_of(plan: Plan) -> Settings:
    """Read the settings that the run has."""
    return read_settings(dict(plan.settings) | {"ALLOW_PRIVATE_NETWORKS": "true"})


def bound_of(plan: Plan, talk: Talk) -> Bound:
    """Compute the run's bound."""
    settings = settings_of(plan)
    loads = loads_of(Internet(plan.shape), settings)
    return bound(loads, limits_of(settings, plan.wires.round_trip_ms), talk)


def write_list(file: Path, addresses: Iterable[str]) -> None:
    """Write a list as businesses have them, in random order."""
    order = list(addresses)
    random.Random(1).shuffle(order)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["Customer no.", "Company", "E-mail", "Country"])
        writer.writerows((f"{n:07}", f"Orchard {n}", address, "NO") for n, address in enumerate(order))


def run_winnow(plan: Plan, watch: Callable[[Path, Served], None] | None = None) -> Result:
    """Run a list through Winnow; `watch` is called with the database's file while it runs."""
    with tempfile.TemporaryDirectory() as folder, served(plan.shape, plan.wires) as world:
        internet, file = Internet(plan.shape), Path(folder, "list.csv")
        write_list(file, internet.addresses())
        database = Path(folder, "winnow.db")
        settings = {"DATABASE_URL": f"sqlite:///{database}"} | world.environment | dict(plan.settings)
        with run_child("bench.run_list", _arguments(file, plan), settings) as child:
            if watch is not None:
                watch(database, world)
                child.send_signal(signal.SIGTERM)
            report = _last_line(child)
        judged, right, wrong = _judge(internet, _verdicts(database))
        return Result(plan, report, world.counters(), judged, right, wrong)


def run_reference(plan: Plan) -> Result:
    """Run a list through the reference verifier."""
    with tempfile.TemporaryDirectory() as folder, served(plan.shape, plan.wires) as world:
        internet, file = Internet(plan.shape), Path(folder, "list.csv")
        write_list(file, internet.addresses())
        with run_child("bench.reference", [str(file)], world.environment) as child:
            report = _last_line(child)
        found = json.loads(Path(f"{file}.found.json").read_text("utf-8"))
        judged, right, wrong = _judge(internet, ((each, status, "") for each, (status, _) in found.items()))
        return Result(plan, report, world.counters(), judged, right, wrong)


def _arguments(file: Path, plan: Plan) -> list[str]:
    stop = ["--stop-after", str(plan.stop_after)] if plan.stop_after else []
    return [str(file), *stop, *(["--page"] if plan.has_page else [])]


def _last_line(child: "subprocess.Popen[str]") -> dict[str, Any]:
    assert child.stdout is not None
    *_, last = child.stdout.read().splitlines() or [""]
    child.wait()
    assert child.returncode == 0, "the run itself has failed; see above"
    report: dict[str, Any] = json.loads(last)
    return report


def _verdicts(database: Path) -> Iterable[tuple[str, str, str]]:
    """Read each settled entry: its text, status and reason."""
    with sqlite3.connect(database) as connection:
        yield from connection.execute(
            "SELECT text, status, coalesce(reason, '') FROM entry WHERE status IS NOT NULL"
        )


def _judge(internet: Internet, verdicts: Iterable[tuple[str, str, str]]) -> tuple[int, int, Counter[str]]:
    """Count verdicts, the right ones, and what was wrong by kind. A reason of `""` is not looked at."""
    judged = right = 0
    wrong: Counter[str] = Counter()
    for address, status, reason in verdicts:
        truth = internet.truth(address)
        judged += 1
        if status == truth.status and (not reason or reason in truth.reasons):
            right += 1
        else:
            wrong[f"{status} {reason}, in truth {truth.status} {'/'.join(sorted(truth.reasons))}"] += 1
    return judged, right, wrong
