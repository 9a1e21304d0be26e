"""Sets of rows are written in few statements, and none is lost at the seams."""

import pytest

from storage.bulk import write_each, write_set

_HELD = "INSERT INTO never_probed (kind, name, why, added_at) SELECT kind, name, why, 0 FROM new"


def _rows(count):
    return [{"kind": "domain", "name": f"orchard{n}.com", "why": ""} for n in range(count)]


@pytest.fixture
def statements(desk):
    """Give what is said to the connection that writes."""
    seen: list[str] = []
    with desk.database.writing() as connection:
        connection.connection.driver_connection.set_trace_callback(seen.append)
    return seen


@pytest.mark.parametrize("count", [1, 3, 4, 63, 64, 65, 200])
def test_each_row_of_a_set_is_written_once(desk, count):
    with desk.database.writing() as connection:
        write_set(connection, _HELD, _rows(count))
    assert desk.value("SELECT count(*) FROM never_probed") == count


def test_a_set_takes_few_statements(desk, statements):
    with desk.database.writing() as connection:
        write_set(connection, _HELD, _rows(200))
    assert sum("never_probed" in each for each in statements) == 5


def test_a_set_of_no_rows_says_nothing(desk, statements):
    with desk.database.writing() as connection:
        write_set(connection, _HELD, [])
        write_each(connection, _HELD, [])
    assert not any("never_probed" in each for each in statements)


def test_rows_of_a_set_change_the_rows_they_name_and_no_other(desk):
    with desk.database.writing() as connection:
        write_set(connection, _HELD, _rows(70))
        named = [{"name": f"orchard{n}.com", "why": f"w{n}"} for n in range(0, 70, 2)]
        changed = "UPDATE never_probed SET why = new.why FROM new WHERE never_probed.name = new.name"
        write_set(connection, changed, named)
    told = dict(desk.rows("SELECT name, why FROM never_probed"))
    assert told == {f"orchard{n}.com": f"w{n}" if n % 2 == 0 else "" for n in range(70)}
