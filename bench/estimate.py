"""Estimates held against what really happened: lists are run in the sandbox, and asked for the time left.

`python -m bench.estimate [RUNS]` prints for each run how often the true time left lay in the estimated range,
at twice a second past half of the run, and how far its ends were apart.
"""

import csv
import io
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass

from engine.ahead import LONG_WAIT_S
from engine.estimate import Estimate
from engine.intake.read import read_sheet
from engine.settings import Settings
from runtime import Runtime, close_runtime, open_runtime
from sandbox import BUSINESS, NO_WAITING, Mix, Sandbox, build_world
from storage.estimates import estimate_list
from storage.intake import save_upload
from storage.summaries import Summary, summarise
from storage.uploads import Choice, UploadState

EVERY_S = 0.5
END_SEEN_EVERY_S = 0.1
LONGEST_S = 900.0
LARGE_DOMAINS = Mix(NO_WAITING.weights, largest_domain=600)
SHORT_RETRIES = {"greylist_retry_seconds": (2.2, 2.2, 2.2), "outage_retry_seconds": (1.0,)}


@dataclass(frozen=True, slots=True)
class Course:
    """A run: a world, its round-trip time, and the settings under which it is asked, or only the DNS."""

    name: str
    mix: Mix
    addresses: int
    settings: dict[str, object]
    round_trip_ms: float = 40.0
    is_dns_only: bool = False


COURSES = (
    Course("a minute's limit", BUSINESS, 600, {"domain_sessions_per_minute": 10, "session_backoff_ms": 300}),
    Course("few sessions", BUSINESS, 1200, {"global_concurrency": 4, "domain_sessions_per_minute": 0}),
    Course("defaults", BUSINESS, 400, {}),
    Course("back-off", LARGE_DOMAINS, 6000, {"global_concurrency": 8, "domain_sessions_per_minute": 30}),
    Course("by DNS alone", BUSINESS, 60_000, {}, is_dns_only=True),
)


@dataclass(frozen=True, slots=True)
class Look:
    """An estimate, and when it was made."""

    at: float
    said: Estimate | None


def main(runs: int = len(COURSES)) -> None:
    """Run, and print."""
    for seed, course in enumerate((COURSES * runs)[:runs], start=1):
        began, ended, looks = run(course, seed)
        past = [each for each in looks if each.at >= (began + ended) / 2]
        inside = sum(is_inside(each, ended) for each in past)
        widest = max((each.said.high_s / each.said.low_s for each in past if each.said), default=0.0)
        print(
            f"{course.name:<18} seed {seed}: {ended - began:6.1f} s, true time inside in"
            f" {inside / max(len(past), 1):.0%} of {len(past)} looks, ends at most {widest:.2f} to 1 apart"
        )


def is_inside(look: Look, ended: float) -> bool:
    """Tell whether the true time left lay in the range."""
    left_s = ended - look.at
    return look.said is not None and look.said.low_s <= left_s <= look.said.high_s


def run(course: Course, seed: int) -> tuple[float, float, list[Look]]:
    """Run a list, and ask for the time left all the while; give when it began and ended too."""
    world = build_world(seed, course.addresses, greylist_delay_s=2.0, mix=course.mix)
    with (
        Sandbox(world, round_trip_ms=course.round_trip_ms) as sandbox,
        tempfile.TemporaryDirectory() as folder,
    ):
        settings = Settings.model_validate(
            {name.lower(): value for name, value in sandbox.environment().items()}
            | {"database_url": f"sqlite:///{folder}/bench.db", "validator_helo": "winnow.sandbox"}
            | SHORT_RETRIES
            | course.settings
        )
        runtime = open_runtime(settings)
        try:
            return _watched(runtime, _handed_in(runtime, world.addresses, is_dns_only=course.is_dns_only))
        finally:
            close_runtime(runtime)


def _handed_in(runtime: Runtime, addresses: tuple[str, ...], *, is_dns_only: bool) -> int:
    text = io.StringIO()
    csv.writer(text).writerows([["email"], *([address] for address in addresses)])
    sheet = read_sheet(text.getvalue().encode(), "bench.csv", has_header=True)
    upload = save_upload(runtime.database, sheet, Choice(("email",), is_dns_only=is_dns_only))
    runtime.start_upload(upload)
    return upload


def _watched(runtime: Runtime, upload: int) -> tuple[float, float, list[Look]]:
    """Watch a list to its end: the first moment when only those are left who wait for long."""
    began, looks = time.time(), list(_looks(runtime, upload))
    return began, time.time() - END_SEEN_EVERY_S / 2, looks


def _looks(runtime: Runtime, upload: int) -> Iterator[Look]:
    """Look until the list is done, or its rows say that nobody is left but those who wait for long.

    The end is not taken from the estimates: one that is wrong must not make its own run longer.
    """
    now = look_at = time.monotonic()
    ends_at = now + LONGEST_S
    while now < ends_at and not _is_over(summarise(runtime.database, upload)):
        if now >= look_at:
            yield Look(time.time(), estimate_list(runtime.database, upload, runtime.settings))
            look_at = now + EVERY_S
        time.sleep(END_SEEN_EVERY_S)
        now = time.monotonic()


def _is_over(summary: Summary | None) -> bool:
    if summary is None:
        return True
    later = [each.count for each in summary.deferred if each.first_at > time.time() + LONG_WAIT_S]
    standing = summary.standing
    return standing.state is not UploadState.RUNNING or sum(later) >= standing.waiting


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
