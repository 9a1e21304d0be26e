"""Which domains are rare in a list, and the entries at one of them."""

from storage.at_domain import ids_at_domain, is_rare


def test_a_domain_is_rare_where_one_entry_in_two_hundred_is_there_or_none(desk):
    upload = desk.save("fig@mill.com", *(f"pear{n}@orchard.com" for n in range(199)))
    with desk.database.reading() as connection:
        assert is_rare(connection, upload, "mill.com")
        assert is_rare(connection, upload, "nowhere.com")
        assert not is_rare(connection, upload, "orchard.com")


def test_the_entries_at_a_domain_come_in_the_order_of_their_rows_and_of_their_own_list(desk):
    desk.save("fig@mill.com")
    upload = desk.save("pear@mill.com", "fig@orchard.com", "fig@mill.com")
    given = {"upload": upload, "domain": "mill.com", "row": -1, "ordinal": -1, "limit": 9}
    with desk.database.reading() as connection:
        ids = ids_at_domain(connection, "", given)
        assert len(ids) == 2
        assert ids == sorted(ids)
        assert ids_at_domain(connection, "", given | {"row": 0, "ordinal": 0}) == ids[1:]
