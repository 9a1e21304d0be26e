"""`python -m sandbox`: serves a built world until SIGTERM or SIGINT."""

import argparse
import json
import shlex
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.mix import EVERYTHING, NO_WAITING, Mix, build_world
from sandbox.sample import sample_rows, write_csv, write_truth, write_xlsx
from sandbox.serve import Sandbox
from sandbox.world import World

_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGUSR1})


def main() -> None:
    """Build the world, write the files asked for, print the environment, and serve.

    The environment is a line of JSON, or with `--export` a line for a shell to read for each setting.
    """
    options = _read_options()
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    world = build_world(
        options.seed, options.addresses, greylist_delay_s=options.greylist_delay, mix=_mix_of(options)
    )
    _write_files(world, options)
    with Sandbox(
        world,
        dns_port=options.dns_port,
        smtp_port=options.smtp_port,
        round_trip_ms=options.round_trip_ms,
    ) as sandbox:
        _say_environment(sandbox.environment(), is_for_shell=options.export)
        while signal.sigwait(_SIGNALS) is signal.SIGUSR1:
            _report(sandbox, options.counters)
        _report(sandbox, options.counters)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A small mail world on loopback.")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same world")
    parser.add_argument("--addresses", type=int, default=1000)
    parser.add_argument("--largest-domain", type=int, default=EVERYTHING.largest_domain, metavar="N")
    parser.add_argument("--no-waiting", action="store_true", help="leave out what makes a client wait")
    parser.add_argument("--dns-port", type=int, default=0, help="0 is any free port")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 is any free port")
    parser.add_argument("--greylist-delay", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--round-trip-ms", type=float, default=0.0, metavar="MS")
    parser.add_argument("--sample", type=Path, metavar="FILE", help="write a list, .csv or .xlsx")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="write what is true of each address, CSV")
    parser.add_argument(
        "--counters", type=Path, metavar="FILE", help="where SIGUSR1 and the end write counters"
    )
    parser.add_argument(
        "--export", action="store_true", help="print the settings as lines `export NAME=value`, not as JSON"
    )
    return parser.parse_args()


def _mix_of(options: argparse.Namespace) -> Mix:
    weights = NO_WAITING.weights if options.no_waiting else EVERYTHING.weights
    return Mix(weights, largest_domain=options.largest_domain)


def _write_files(world: World, options: argparse.Namespace) -> None:
    if options.truth:
        write_truth(options.truth, world)
    if options.sample:
        write = write_xlsx if options.sample.suffix.lower() == ".xlsx" else write_csv
        write(options.sample, *sample_rows(world, seed=options.seed))


def _report(sandbox: Sandbox, path: Path | None) -> None:
    """Write the counters as JSON, to the file (in one piece) or as a line to the standard output."""
    counters = sandbox.counters().as_json()
    if path is None:
        _say(counters)
        return
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(json.dumps(counters), encoding="utf-8")
    draft.replace(path)


def _say_environment(environment: Mapping[str, str], *, is_for_shell: bool) -> None:
    if not is_for_shell:
        _say(environment)
        return
    lines = (f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
    sys.stdout.writelines(lines)
    sys.stdout.flush()


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
