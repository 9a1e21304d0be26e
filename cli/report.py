"""The figures of a list that was checked, for a person or as JSON."""

import json
import sys
from pathlib import Path

from cli.screen import say
from engine.verdict import Status
from storage.exports import Selection
from storage.summaries import Standing


def report(standing: Standing, output: Path, selection: Selection, *, is_json: bool) -> None:
    """Print how many addresses have which status, and what the file written leaves open."""
    if is_json:
        sys.stdout.write(json.dumps(_figures(standing)) + "\n")
        return
    counted = ", ".join(f"{standing.statuses[status]:,} {status.value}" for status in Status)
    say(f"{output}: {counted}")
    if standing.waiting:
        say(
            f"{standing.waiting:,} still wait for their host and were written as unknown;"
            " run the same command again to go on."
        )
    if selection != Selection():
        say("Only the rows you chose were written.")


def _figures(standing: Standing) -> dict[str, int]:
    counted = {status.value: standing.statuses[status] for status in Status}
    return {"list": standing.upload, "entries": standing.entries, "waiting": standing.waiting, **counted}
