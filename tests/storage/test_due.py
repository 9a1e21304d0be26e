"""When a domain has something to ask."""

import pytest

from storage.due import refresh_due, refresh_due_by_name


@pytest.fixture
def domain(desk):
    """Give the id of a domain with two wanted mailboxes, due at 20 and at 10."""
    desk.begin("fig@mill.com", "pear@mill.com")
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailbox SET due_at = iif(folded = 'fig', 20, 10)")
        connection.exec_driver_sql("UPDATE domain SET due_at = 99")
    return desk.value("SELECT id FROM domain")


def change(desk, *statements):
    with desk.database.writing() as connection:
        for each in statements:
            connection.exec_driver_sql(each)


def refreshed(desk, domain):
    with desk.database.writing() as connection:
        refresh_due(connection, [domain])
    return desk.value("SELECT due_at FROM domain")


def test_a_domain_is_due_with_its_first_wanted_mailbox(desk, domain):
    assert refreshed(desk, domain) == 10
    change(desk, "UPDATE mailbox SET is_wanted = 0 WHERE folded = 'pear'")
    assert refreshed(desk, domain) == 20


def test_where_nobody_is_wanted_or_waits_nothing_is_due(desk, domain):
    change(desk, "UPDATE mailbox SET is_wanted = 0 WHERE folded = 'pear'", "UPDATE mailbox SET due_at = NULL")
    assert refreshed(desk, domain) is None


def test_a_hold_puts_its_domain_off_but_for_one_that_needs_nobody_asked(desk, domain):
    change(desk, f"INSERT INTO hold (domain_id, until, why) VALUES ({domain}, 50, 'unreachable')")
    assert refreshed(desk, domain) == 50
    change(desk, "UPDATE domain SET needs_probe = 0")
    assert refreshed(desk, domain) == 10


def test_a_domain_is_found_by_its_name_and_no_other_is_touched(desk, domain):
    with desk.database.writing() as connection:
        refresh_due_by_name(connection, ["nowhere.com"])
        refresh_due_by_name(connection, [])
        refresh_due(connection, [])
    assert desk.value("SELECT due_at FROM domain") == 99
    with desk.database.writing() as connection:
        refresh_due_by_name(connection, ["mill.com"])
    assert desk.value("SELECT due_at FROM domain") == 10
