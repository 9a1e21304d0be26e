"""What asking again has changed, in a sentence."""

import pytest

from pages.parts.asked_again import Asked, asked_again, note_asked, say_asked_again


@pytest.mark.parametrize(
    ("asked", "unknown", "said"),
    [
        (0, 9, ""),
        (1, 1, "Asked again about 1 address: none changed, it is still unknown."),
        (1_200, 1_200, "Asked again about 1,200 addresses: none changed, all are still unknown."),
        (12, 9, "Asked again about 12 addresses: 3 have an answer now, 9 are still unknown."),
        (12, 1, "Asked again about 12 addresses: 11 have an answer now, 1 is still unknown."),
        (2, 1, "Asked again about 2 addresses: 1 has an answer now, 1 is still unknown."),
        (12, 0, "Asked again about 12 addresses: 12 have an answer now."),
        (3, 5, "Asked again about 3 addresses: none changed, all are still unknown."),
    ],
)
def test_one_sentence_says_what_asking_again_has_changed(asked, unknown, said):
    assert say_asked_again(asked, unknown) == said


HELD = "held back by your never-asked list or policy."


@pytest.mark.parametrize(
    ("unknown", "held", "said"),
    [
        (0, 4, f"4 are {HELD}"),
        (1, 1, f"2 have an answer now, 1 is still unknown, 1 is {HELD}"),
    ],
)
def test_who_is_held_back_has_no_answer(unknown, held, said):
    assert say_asked_again(4, unknown, held) == f"Asked again about 4 addresses: {said}"


@pytest.mark.usefixtures("session")
def test_each_list_has_its_own_count_of_those_asked_again():
    note_asked(1, Asked(12))
    note_asked(2, Asked(3))
    assert [asked_again(upload).addresses for upload in (1, 2, 3)] == [12, 3, 0]
