"""What is remembered while a list is read."""

import pytest

from engine.address import Address
from engine.intake.entries import EntryDraft
from storage.reader import Reader, first_row_of, is_alias, know_domains, know_mailboxes, mailbox_key

FIG, FIG_AGAIN, PEAR = Address("Fig", "mill.com"), Address("FIG", "mill.com"), Address("pear", "orchard.com")


@pytest.fixture
def reader():
    return Reader(upload=1)


def know(database, reader, *addresses):
    with database.writing() as connection:
        know_domains(connection, reader, [*addresses])
        know_mailboxes(connection, reader, [*addresses])


def draft(address, row, ordinal=0):
    return EntryDraft(row, "email", ordinal, str(address), address)


def test_each_domain_and_mailbox_has_one_row_with_the_spelling_first_seen(desk, reader):
    know(desk.database, reader, FIG, PEAR, FIG_AGAIN)
    assert reader.domains.keys() == {"mill.com", "orchard.com"}
    assert mailbox_key(reader, FIG) == mailbox_key(reader, FIG_AGAIN)
    assert len(reader.mailboxes) == 2
    rows = desk.rows("SELECT local_part, folded FROM mailbox ORDER BY local_part")
    assert [tuple(row) for row in rows] == [("Fig", "fig"), ("pear", "pear")]


def test_the_next_rows_find_the_ids_that_there_are_and_keep_only_their_own_mailboxes(desk, reader):
    know(desk.database, reader, FIG, PEAR)
    fig = reader.mailboxes[mailbox_key(reader, FIG)]
    know(desk.database, reader, FIG_AGAIN)
    assert reader.mailboxes == {mailbox_key(reader, FIG): fig}
    assert desk.value("SELECT count(*) FROM mailbox") == 2


def test_another_list_finds_the_same_ids(desk, reader):
    know(desk.database, reader, FIG)
    other = Reader(upload=2)
    know(desk.database, other, FIG_AGAIN)
    assert (other.domains, other.mailboxes) == (reader.domains, reader.mailboxes)


def test_rows_without_an_address_make_nothing(desk, reader):
    know(desk.database, reader)
    assert desk.value("SELECT count(*) FROM domain") == 0


def test_a_mailbox_stands_first_where_it_is_a_rows_own_address(reader):
    assert first_row_of(reader, 7, draft(FIG, 3, ordinal=1)) == 3, "behind another: its own row"
    assert first_row_of(reader, 7, draft(FIG, 4)) == 4
    assert first_row_of(reader, 7, draft(FIG, 9)) == 4
    assert first_row_of(reader, 7, draft(FIG, 9, ordinal=1)) == 4


def test_another_spelling_of_a_mailbox_is_an_alias_where_its_provider_has_such(reader):
    one, other = Address("anna.plum", "gmail.com"), Address("annaplum", "gmail.com")
    assert not is_alias(reader, one, draft(one, 0))
    assert is_alias(reader, other, draft(other, 1))
    elsewhere = [Address(each.local_part, "mill.com") for each in (one, other)]
    assert not any(is_alias(reader, each, draft(each, row)) for row, each in enumerate(elsewhere))
