"""A settled list of 300,000 rows judged again under another policy, and back: seconds, and the longest write.

`python -m bench.rejudge [ROWS]` prints them.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from bench.large_list import made_up_csv, settle_all, timed
from engine.intake.read import read_sheet
from engine.policy import AcceptAllAs, Policy, Weight
from storage.database import Database, open_database
from storage.intake import save_upload
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.uploads import Choice

STRICT = NamedPolicy("strict", Policy(AcceptAllAs.INVALID, full=Weight.INVALID, least_confidence=96))


class Watched(Database):
    """A database that remembers its longest write, in seconds."""

    longest_s = 0.0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write as the database does, and look at the clock."""
        with super().writing() as connection:
            began = time.perf_counter()
            yield connection
        self.longest_s = max(self.longest_s, time.perf_counter() - began)


def main(rows: int = 300_000) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder, 'bench.db')}")
        sheet = read_sheet(made_up_csv(rows), "bench.csv")
        upload = save_upload(database, sheet, Choice(("E-mail",)))
        settle_all(database)
        _judge_again(database, upload, STRICT)
        _judge_again(database, upload, NamedPolicy())
        _judge_again(database, upload, NamedPolicy("roles kept", Policy(role=Weight.KEPT)))
        database.close()


def _judge_again(database: Database, upload: int, named: NamedPolicy) -> None:
    watched = Watched(database._sql)  # noqa: SLF001 - the same rows, by the clock
    changed = timed(f"to {named.name or 'the usual'}", lambda: apply_policy(watched, upload, named))
    print(f"  other outcomes        {changed:7,}")
    print(f"  longest write         {watched.longest_s * 1000:7.0f} ms")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
