"""How fast a list is checked, beside the least time it could take, and beside a plain verifier.

`python -m bench.speed --rows 10000 --sessions 500 --per-domain 2 [--reference]`. Without --defaults no rate
is limited; with it every setting is as it is installed. --providers gives hosts names that Winnow knows.
"""

import argparse
import platform
import time
from pathlib import Path
from typing import Any

from bench.bound import Talk
from bench.served import Wires
from bench.trial import UNPACED, Plan, Result, bound_of, run_reference, run_winnow
from sandbox.internet import Shape

USUAL = (1_000, 10_000, 100_000, 1_000_000)
STOP_AT = {1_000_000: 30_000}
"""A list of a million is stopped after so many verdicts: what is measured is how it begins."""
REFERENCE_UP_TO = 10_000
"""Longer lists are not given to the plain verifier, whose speed does not depend on their length."""
STEPS = {"read": "read_s", "stored": "store_s", "started": "start_s"}


def main(arguments: list[str] | None = None) -> None:
    """Measure and print, by the command line or these arguments."""
    options = read_options(arguments)
    print_machine()
    for rows in options.rows:
        plan = plan_of(options, rows)
        show(run_winnow(plan))
        if options.reference and rows <= REFERENCE_UP_TO:
            show_reference(run_reference(plan))


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=USUAL)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sessions", type=int, default=500, help="GLOBAL_CONCURRENCY")
    parser.add_argument("--per-domain", type=int, default=2, help="PER_DOMAIN_CONCURRENCY")
    parser.add_argument("--per-session", type=int, default=20, help="RCPTS_PER_SESSION")
    parser.add_argument("--round-trip-ms", type=float, default=40.0, metavar="MS")
    parser.add_argument("--defaults", action="store_true", help="change no setting at all")
    parser.add_argument("--providers", action="store_true", help="hosts have the names of real providers")
    parser.add_argument("--no-pipelining", action="store_true", help="no host offers PIPELINING")
    parser.add_argument("--reference", action="store_true", help="run the plain verifier as well")
    parser.add_argument("--page", action="store_true", help="draw the Results page meanwhile")
    parser.add_argument("--stop-after", type=int, default=0, metavar="N")
    return parser.parse_args(arguments)


def plan_of(options: argparse.Namespace, rows: int) -> Plan:
    """Make the plan of a run."""
    unpaced = {
        "GLOBAL_CONCURRENCY": str(options.sessions),
        "PER_DOMAIN_CONCURRENCY": str(options.per_domain),
        "RCPTS_PER_SESSION": str(options.per_session),
    } | UNPACED
    return Plan(
        Shape(rows, options.seed, options.providers),
        Wires(options.round_trip_ms, not options.no_pipelining),
        {} if options.defaults else unpaced,
        options.stop_after or STOP_AT.get(rows, 0),
        options.page,
    )


def print_machine() -> None:
    """Say what is measured on, and when."""
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    print(
        f"{time.strftime('%Y-%m-%d')}, {model[0] if model else platform.machine()}, {len(model)} cores,"
        f" Python {platform.python_version()}; the sandbox runs on the same cores"
    )


def show(result: Result) -> None:
    """Print what came of Winnow's run."""
    plan, report, counters = result.plan, result.report, result.counters
    settings = ", ".join(f"{name}={value}" for name, value in plan.settings.items()) or "all defaults"
    print(f"\n{plan.shape.rows:,} rows, {plan.wires.round_trip_ms:g} ms round trip; {settings}")
    times = ", ".join(f"{name} {report[key]:.1f} s" for name, key in STEPS.items())
    print(f"  file {times}")
    print(f"  {result.timed:,} verdicts in {report['run_s']:.1f} s: {result.speed:,.0f} addresses/s")
    if result.judged >= plan.shape.rows:
        _show_bounds(result)
    else:
        print(f"  first 10,000 verdicts after {seconds_to(report, 10_000):.1f} s")
    print(f"  per address {_per_address(result)}")
    print(
        f"  forced disconnects {counters['forced_disconnects']}, 452 4.5.3 {counters['over_limit']},"
        f" without QUIT {counters['abandoned']}, DATA {counters['data_commands']},"
        f" most connections at once {counters['peak']}"
    )
    print(f"  right {result.accuracy:.3%} ({result.judged - result.right} wrong)")
    for what, count in result.wrong.most_common(5):
        print(f"    {count:6} {what}")
    _show_cost(result)


def _per_address(result: Result) -> str:
    return f"{result.connections:.3f} connections, {result.rcpts:.3f} RCPTs, {result.cpu_ms:.3f} ms CPU"


def _show_bounds(result: Result) -> None:
    for talk, name in ((Talk.LOCKSTEP, "connection reuse"), (Talk.PIPELINED, "with PIPELINING")):
        least = bound_of(result.plan, talk)
        ratio = result.report["run_s"] / least.seconds
        sessions = least.sessions / result.plan.shape.rows
        print(f"  bound {name}: {least.seconds:.1f} s ({least.because}), {sessions:.3f} sessions per address")
        print(f"    ratio {ratio:.2f}")


def _show_cost(result: Result) -> None:
    report, counters = result.report, result.counters
    late = report["late"]
    print(
        f"  peak memory {report['peak_mb']:.0f} MB (taking in {report['intake_peak_mb']:.0f});"
        f" the sandbox {counters['peak_mb']:.0f} MB and {counters['cpu_s']:.1f} s CPU"
    )
    longest_ms = late["longest_s"] * 1000
    print(f"  the loop stood still for {longest_ms:.0f} ms at most, {late['late']} times over 50 ms")
    if report["drawn_s"]:
        first, *again = report["drawn_s"]
        print(f"  Results page first {first:.2f} s, again at most {max(again, default=0):.2f} s")


def seconds_to(report: dict[str, Any], verdicts: int) -> float:
    """Say how long it took to so many verdicts; infinity where there were fewer."""
    return next((at for at, settled in report["timeline"] if settled >= verdicts), float("inf"))


def show_reference(result: Result) -> None:
    """Print what came of the plain verifier's run."""
    counters = result.counters
    print("  the plain verifier, one connection per address, 50 at once:")
    print(f"    {result.report['run_s']:.1f} s, {result.speed:,.0f} addresses/s")
    print(f"    per address {_per_address(result)}")
    print(f"    forced disconnects {counters['forced_disconnects']}, without QUIT {counters['abandoned']}")
    print(f"    right {result.accuracy:.2%}")


if __name__ == "__main__":
    main()
