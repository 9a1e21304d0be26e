"""Sets of rows are written in few statements, and none is lost at the seams."""

import pytest

from storage.bulk import read_set, write_each, write_set

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


@pytest.mark.parametrize("count", [1, 2, 3, 64, 65, 256, 257, 600])
def test_each_row_of_a_set_is_written_once(desk, count):
    with desk.database.writing() as connection:
        write_set(connection, _HELD, _rows(count))
    assert desk.value("SELECT count(*) FROM never_probed") == count


@pytest.mark.parametrize(("count", "said"), [(1, 1), (200, 1), (256, 1), (257, 2)])
def test_a_set_takes_few_statements(desk, statements, count, said):
    with desk.database.writing() as connection:
        write_set(connection, _HELD, _rows(count))
    assert sum("never_probed" in each for each in statements) == said


def test_sets_of_all_sizes_are_few_statements_to_prepare(desk, statements):
    for count in range(1, 257):
        with desk.database.writing() as connection:
            write_set(connection, _HELD + " WHERE false", _rows(count))
    sizes = {each.count("(") for each in statements if "never_probed" in each}
    assert len(sizes) == 9


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


def test_a_set_is_read_in_its_order_with_all_that_its_rows_hold(desk):
    held = [{"kind": "domain", "name": name, "why": why} for name, why in [("b", 'say "no"\n'), ("a", "née")]]
    with desk.database.writing() as connection:
        write_set(connection, _HELD, held)
        query = "SELECT name, why, added_at, NULL AS gap FROM never_probed WHERE kind = ? ORDER BY name"
        found = read_set(connection, "name, why, added_at, gap", query, "domain")
    assert found == [["a", "née", 0, None], ["b", 'say "no"\n', 0, None]]


def test_of_no_rows_a_set_is_empty(desk):
    with desk.database.reading() as connection:
        assert read_set(connection, "name", "SELECT name FROM never_probed") == []
