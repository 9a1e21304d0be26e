"""What was dismissed stays so, until it is wanted back."""

from storage.database import open_database
from storage.dismissed import bring_back, dismiss, is_dismissed


def test_nothing_is_dismissed_at_first(database):
    assert not is_dismissed(database, "tour")


def test_what_was_dismissed_stays_so_when_the_house_is_opened_again(database_file, database):
    dismiss(database, "tour")
    dismiss(database, "tour")
    database.close()
    again = open_database(f"sqlite:///{database_file}")
    assert is_dismissed(again, "tour")
    assert not is_dismissed(again, "something else")
    again.close()


def test_what_was_dismissed_can_be_wanted_back(database):
    dismiss(database, "tour")
    bring_back(database, "tour")
    assert not is_dismissed(database, "tour")
