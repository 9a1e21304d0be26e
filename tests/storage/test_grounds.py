"""What entries' outcomes rest on."""

from engine.policy import DEFAULT_POLICY, Policy, Weight
from storage.grounds import found_by, found_in, grounds_of_entries, grounds_of_rows

STRICT = Policy(role=Weight.INVALID)


def _read(desk, read, *chosen):
    with desk.database.reading() as connection:
        return read(connection, *chosen)


def test_entries_rest_on_evidence_where_a_host_was_asked_and_those_alone_are_read(desk, replies):
    upload = desk.begin("pear@orchard.com", "info@orchard.com", "not an address")
    desk.finish(replies["accepted"])

    rows = _read(desk, grounds_of_rows, upload, (0, 3), DEFAULT_POLICY)
    assert [entry.text for entry, _ in rows] == ["pear@orchard.com", "info@orchard.com"]
    assert _read(desk, grounds_of_rows, upload, (2, 3), DEFAULT_POLICY) == []
    role = rows[1][0].id
    (drawn,) = _read(desk, grounds_of_entries, upload, [role], DEFAULT_POLICY)
    assert drawn == rows[1]


def test_an_outcome_is_found_anew_as_it_is_and_otherwise_by_another_policy(desk, replies):
    upload = desk.begin("info@orchard.com")
    desk.finish(replies["accepted"])
    (ground,) = _read(desk, grounds_of_rows, upload, (0, 1), STRICT)

    assert found_by(ground, DEFAULT_POLICY) == found_in(ground[0])
    assert found_by(ground, STRICT)[:2] == ("invalid", "role")


def test_the_domain_is_part_of_the_ground_where_a_policy_names_it(desk, replies):
    upload = desk.begin("info@orchard.com", "info@mill.com")
    desk.finish(replies["accepted"])
    named = Policy(trusted_domains=("mill.com",))
    one, other = _read(desk, grounds_of_rows, upload, (0, 2), named)
    assert "orchard" not in one[1]
    assert "mill.com" in other[1]
    assert found_by(other, named)[0] == "valid"
