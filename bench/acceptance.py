"""What must be shown of the speed, each part by one command: `python -m bench.acceptance 1` to 6, or all.

Each line says PASS or FAIL, the figure, and what it has to be. Ratios are from one run on one machine.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace

from bench import strict
from bench.bound import Talk
from bench.served import Wires
from bench.speed import print_machine, seconds_to, show, show_reference
from bench.trial import UNPACED, Plan, Result, bound_of, run_reference, run_winnow
from sandbox.internet import Shape

WIDE = {"GLOBAL_CONCURRENCY": "500", "PER_DOMAIN_CONCURRENCY": "2"} | UNPACED
NARROW = WIDE | {"GLOBAL_CONCURRENCY": "50"}
FIRST = 10_000


class Checks:
    """Holds figures against what they have to be, and prints each; `has_failed` if any did not hold."""

    def __init__(self) -> None:
        self.has_failed = False

    def at_most(self, what: str, figure: float, limit: float) -> None:
        """Hold a figure that may be so large."""
        self._say(what, figure, f"at most {limit:g}", holds=figure <= limit)

    def at_least(self, what: str, figure: float, limit: float) -> None:
        """Hold a figure that must be so large."""
        self._say(what, figure, f"at least {limit:g}", holds=figure >= limit)

    def _say(self, what: str, figure: float, wanted: str, *, holds: bool) -> None:
        self.has_failed = self.has_failed or not holds
        print(f"{'PASS' if holds else 'FAIL'}  {what}: {figure:.3f} ({wanted})", flush=True)


def _run(plan: Plan) -> Result:
    result = run_winnow(plan)
    show(result)
    return result


def _ratio(result: Result) -> float:
    return float(result.report["run_s"] / bound_of(result.plan, Talk.LOCKSTEP).seconds)


def first(checks: Checks) -> None:
    """Run 10,000 addresses, 500 sessions at once, no provider known by name."""
    result = _run(Plan(Shape(10_000), settings=WIDE))
    checks.at_most("ratio to the bound for connection reuse", _ratio(result), 1.3)
    checks.at_least("verdicts that are true", result.accuracy, 1.0)
    checks.at_most("forced disconnects", result.counters["forced_disconnects"], 0)
    checks.at_most("sessions without QUIT", result.counters["abandoned"], 0)
    checks.at_most("connections per address", result.connections, 0.45)
    checks.at_most("ms CPU per address", result.cpu_ms, 0.6)
    checks.at_most("DATA", result.counters["data_commands"], 0)


def second(checks: Checks) -> None:
    """Run 50 sessions at once, beside the plain verifier with its 50."""
    plan = Plan(Shape(10_000), settings=NARROW)
    result, plain = _run(plan), run_reference(plan)
    show_reference(plain)
    checks.at_most("ratio to the bound for connection reuse", _ratio(result), 1.3)
    checks.at_least("times the plain verifier's speed", result.speed / plain.speed, 3.0)


def third(checks: Checks) -> None:
    """Run 100,000 addresses, and the beginning of a million."""
    small = _run(Plan(Shape(FIRST), settings=WIDE))
    large = _run(Plan(Shape(100_000), settings=WIDE))
    checks.at_most("ratio to the bound for connection reuse", _ratio(large), 1.4)
    checks.at_most("MB of memory in all", large.report["peak_mb"], 600)
    huge = _run(Plan(Shape(1_000_000), settings=WIDE, stop_after=2 * FIRST))
    checks.at_most("MB of memory with a million rows", huge.report["peak_mb"], 1000)
    slower = seconds_to(huge.report, FIRST) / seconds_to(small.report, FIRST)
    checks.at_most("time to the first 10,000 verdicts, in those of a list of 10,000", slower, 1.2)


def fourth(checks: Checks) -> None:
    """Ask a provider that takes 5 sessions and 60 RCPTs a minute, warns once, and then bans."""
    plan = Plan(Shape(4_000, strict_rows=2_000))
    lenient = strict.run(replace(plan, wires=Wires(is_strict=False)), until_others_are_done=True)
    found = strict.run(plan)
    checks.at_most("bans", found.bans, 0)
    checks.at_most("warnings", found.warnings, 1)
    checks.at_least("answers in the last two minutes there, of 120 it allows", found.latest, 60)
    limit_s = 1.2 * lenient.others_s if lenient.others_s < float("inf") else 0.0
    checks.at_most("seconds for all others, to 1.2 times that with a lenient one", found.others_s, limit_s)


def fifth(checks: Checks) -> None:
    """Run with all the defaults, at providers that Winnow knows by name."""
    result = _run(Plan(Shape(10_000, is_named=True)))
    checks.at_most("ratio to the bound of these limits", _ratio(result), 1.2)
    checks.at_least("verdicts that are true", result.accuracy, 1.0)
    checks.at_most("forced disconnects", result.counters["forced_disconnects"], 0)


def sixth(checks: Checks) -> None:
    """Draw the Results page again and again while 100,000 addresses are asked about."""
    result = _run(Plan(Shape(100_000), settings=WIDE, has_page=True))
    _, *again = result.report["drawn_s"]
    checks.at_most("seconds for a rerun of the Results page", max(again), 1.0)
    checks.at_most("seconds the engine's loop stood still", result.report["late"]["longest_s"], 0.05)


PARTS: dict[int, Callable[[Checks], None]] = {
    1: first,
    2: second,
    3: third,
    4: fourth,
    5: fifth,
    6: sixth,
}


def main(parts: list[int] | None = None) -> None:
    """Run these parts, or all; the exit code is 1 where something did not hold."""
    print_machine()
    checks = Checks()
    for part in parts or PARTS:
        print(f"\n=== {part}. {PARTS[part].__doc__}")
        PARTS[part](checks)
    sys.exit(int(checks.has_failed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.acceptance", description=__doc__)
    parser.add_argument("parts", type=int, nargs="*")
    main(parser.parse_args().parts)
