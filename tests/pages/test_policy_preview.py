"""What a preview says."""

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.policy_preview import counts_table, headline, kept_table, say_ground, say_move
from storage.preview import Move, Preview

NONE = dict.fromkeys(Status, 0)
MOVE = Move(
    Status.ACCEPT_ALL, Status.RISKY, Reason.ACCEPT_ALL, 1_312, ("fig@plum.example", "a*b@plum.example")
)
NOW, THEN = NONE | {Status.ACCEPT_ALL: 1_312}, NONE | {Status.RISKY: 1_312}


def test_the_headline_says_how_many_change_and_whether_that_was_counted():
    assert headline(Preview(NOW, THEN, (MOVE,), 5_000, 5_000)) == "1,312 of 5,000 addresses would change"
    assert headline(Preview(NOW, THEN, (MOVE,), 200, 5_000)).startswith("About 1,312 of 5,000")
    assert headline(Preview(NOW, NOW, (), 5_000, 5_000)) == "Nothing would change on this list"
    assert headline(Preview(NONE, NONE, (), 0, 0)) == "No address of this list has an answer yet"


def test_a_move_says_from_what_to_what_why_and_names_some():
    assert say_move(MOVE) == (
        "**1,312 accept-all become risky**: domain accepts everything  \n"
        "such as  \n`fig@plum.example`  \n`a*b@plum.example`"
    )


def test_the_table_marks_what_changes():
    table = counts_table(Preview(NOW, THEN, (MOVE,), 5_000, 5_000)).set_index("Status")
    assert table.loc["Accept-all"].tolist() == ["1,312", "**0** (-1,312)"]
    assert table.loc["Risky"].tolist() == ["0", "**1,312** (+1,312)"]
    assert table.loc["Valid"].tolist() == ["0", "0"]


def test_it_says_how_many_more_or_fewer_addresses_the_usual_choices_would_have():
    table = kept_table(Preview(NOW, THEN, (MOVE,), 5_000, 5_000)).set_index("Addresses of the choice")
    assert table.loc["Safe only"].tolist() == ["0", "0"]
    assert table.loc["Safe + accept-all"].tolist() == ["1,312", "**0** (-1,312)"]
    assert table.loc["All but dead"].tolist() == ["1,312", "1,312"]


def test_what_the_figures_rest_on_is_said():
    assert say_ground(Preview(NOW, THEN, (), 5_000, 5_000)).startswith("Each address was judged")
    assert say_ground(Preview(NOW, THEN, (), 200, 5_000)).startswith("Worked out from 200 of 5,000 addresses")
