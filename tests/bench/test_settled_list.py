"""A made-up list is settled as a real one is: all of it, and its counters say what its rows do."""

from collections import Counter
from pathlib import Path

from sqlalchemy import text

from bench.made_up import made_up_list
from bench.settled_list import make_list
from engine.verdict import Status
from storage.database import open_database
from storage.summaries import summarise

ROWS = 400


def test_all_rows_are_settled_and_counted_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "made.db"
    make_list(file, ROWS)
    database = open_database(f"sqlite:///{file}")
    summary = summarise(database, 1)
    with database.reading() as connection:
        found = Counter(connection.execute(text("SELECT status FROM entry")).scalars())
        open_work = connection.execute(
            text("SELECT count(*) FROM domain WHERE due_at > 0 OR resolve_at > 0 OR survey_at > 0")
        ).scalar_one()
    database.close()
    assert summary is not None
    assert summary.standing.state == "done"
    assert found.total() == summary.standing.settled == ROWS
    assert found == Counter(summary.standing.statuses)
    assert set(found) == set(Status)
    assert open_work == 0


def test_the_same_list_is_made_each_time() -> None:
    assert made_up_list(ROWS) == made_up_list(ROWS)
