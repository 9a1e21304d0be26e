"""Lists that were handed in before."""

import pytest
from sqlalchemy import text

from engine.intake.read import read_sheet
from pages.parts.handed_in import earlier_list, say_earlier, say_followed
from storage.catalogue import rename_list
from storage.policies import NamedPolicy
from storage.uploads import Choice

FRUITS = "email,other\nfig@orchard.sandbox,plum@orchard.sandbox"


def test_the_same_file_is_told_by_its_lists_own_name_whatever_was_chosen(runtime, save):
    upload = save("fig@orchard.sandbox,plum@orchard.sandbox", head="email,other", is_dns_only=True)
    rename_list(runtime.database, upload, "Spring *fruits*")
    again = read_sheet(FRUITS.encode(), "renamed.csv")
    earlier = earlier_list(runtime.database, again)
    assert earlier.upload == upload
    said = say_earlier(runtime.database, earlier)
    assert said.startswith(
        "You handed in the same file before, just now: “Spring \\*fruits\\*” (ready to start"
    )
    assert "DNS only" in said


def test_another_file_of_the_same_name_is_no_earlier_list(runtime, save):
    save("fig@orchard.sandbox")
    other = read_sheet(b"email\nplum@orchard.sandbox\n", "customers.csv")
    assert earlier_list(runtime.database, other) is None


def test_of_a_file_that_is_being_saved_just_now_that_is_said(runtime, save):
    save("fig@orchard.sandbox,plum@orchard.sandbox", head="email,other", name="fruits.csv")
    with runtime.database.writing() as connection:
        connection.execute(text("UPDATE upload SET state = 'reading'"))
    earlier = earlier_list(runtime.database, read_sheet(FRUITS.encode(), "fruits.csv"))
    said = say_earlier(runtime.database, earlier)
    assert said.startswith("The same file is being saved just now, as “fruits\\.csv”.")


THEN = Choice(("other",), policy=NamedPolicy("Acme"))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (THEN, "Chosen as you did then: the address columns and the policy of Acme."),
        (Choice(("other",)), "Chosen as you did then: the address columns."),
        (Choice(("email",), policy=NamedPolicy("Acme")), "Chosen as you did then: the policy of Acme."),
        (Choice(("email",), policy=NamedPolicy("Mill")), ""),
        (None, ""),
    ],
)
def test_only_what_is_still_chosen_as_it_was_then_is_said_to_be_so(now, said):
    assert say_followed(THEN, now, read_sheet(FRUITS.encode(), "fruits.csv")) == said


def test_what_would_be_chosen_anyway_is_not_said_to_be_chosen_as_then():
    usual = Choice(("email",))
    assert say_followed(usual, usual, read_sheet(FRUITS.encode(), "fruits.csv")) == ""
