"""`python -m sandbox.internet`: serves a mail internet until SIGTERM, in a process of its own."""

import argparse
import asyncio
import json
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sandbox.internet.serve import Service
from sandbox.internet.shape import Shape

BANS_LOOKED_AT_S = 0.05


def main() -> None:
    """Print the environment as a line of JSON, then serve; SIGUSR1 and the end write the counters."""
    options = _read_options()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(options))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.internet", description="A large mail world.")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--strict-rows", type=int, default=0, metavar="N", help="of these at the strict one")
    parser.add_argument("--providers", action="store_true", help="give hosts the names of real providers")
    parser.add_argument("--round-trip-ms", type=float, default=0.0, metavar="MS")
    parser.add_argument("--greylist-delay", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--lenient", action="store_true", help="the strict provider lets everybody in")
    parser.add_argument("--counters", type=Path, required=True, metavar="FILE")
    return parser.parse_args()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Give uvloop's loop where it is there."""
    try:
        import uvloop  # not on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(options: argparse.Namespace) -> None:
    shape = Shape(options.rows, options.seed, options.providers, options.strict_rows, options.greylist_delay)
    service = Service(
        shape,
        round_trip_ms=options.round_trip_ms,
        pipelines=not options.no_pipelining,
        is_strict=not options.lenient,
    )
    await service.open()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    loop.add_signal_handler(signal.SIGINT, stopping.set)
    loop.add_signal_handler(signal.SIGUSR1, partial(_report, service, options.counters))
    sys.stdout.write(json.dumps(service.environment()) + "\n")
    sys.stdout.flush()
    while not stopping.is_set():
        service.enforce_bans()
        await _wait(stopping)
    service.close()
    _report(service, options.counters)


async def _wait(stopping: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(BANS_LOOKED_AT_S):
            await stopping.wait()
    except TimeoutError:
        return


def _report(service: Service, path: Path) -> None:
    """Write the counters, CPU seconds and peak memory (MB) of this process, in one piece."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    own = {"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(json.dumps(service.tally().as_json() | own), encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    main()
